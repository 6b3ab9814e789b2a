package org.orrery.examples;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.stream.Stream;

/// Data that the project does not contain: the folder `shared/data` beside or above the checkout.
public final class SharedData {
  private SharedData() {
  }

  /// The first `shared/data/NAME` found in the working directory or a folder above it, else in one above the code.
  public static Optional<Path> folder(String name) {
    return Stream.of(Optional.of(Path.of("").toAbsolutePath()), codeLocation())
        .flatMap(Optional::stream).flatMap(start -> above(start, name).stream()).findFirst();
  }

  /// The first `shared/data/NAME` in this folder or one above it.
  static Optional<Path> above(Path start, String name) {
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      Path found = folder.resolve("shared").resolve("data").resolve(name);
      if (Files.isDirectory(found)) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> codeLocation() {
    CodeSource source = SharedData.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(source.getLocation().toURI()).toAbsolutePath());
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException notAFile) {
      return Optional.empty();
    }
  }
}
