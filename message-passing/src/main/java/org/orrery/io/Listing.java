package org.orrery.io;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/// Names of a file in a message, which holds only so many.
final class Listing {
  private static final int MOST = 200;

  private Listing() {
  }

  static String of(Map<String, ?> named) {
    return named.entrySet().stream().limit(MOST).map(entry -> ZipArchive.shown(entry.getKey()) + "=" + entry.getValue())
        .collect(Collectors.joining(", ", "{", more(named.size()) + "}"));
  }

  static String of(Collection<String> names) {
    return names.stream().limit(MOST).map(ZipArchive::shown)
        .collect(Collectors.joining(", ", "[", more(names.size()) + "]"));
  }

  private static String more(int count) {
    return count > MOST ? ", and " + (count - MOST) + " more" : "";
  }
}
