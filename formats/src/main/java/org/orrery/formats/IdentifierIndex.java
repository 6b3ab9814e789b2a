package org.orrery.formats;

import java.util.Arrays;
import org.orrery.io.FormatException;

/// Where each identifier stands. Sorting bounds the time whatever the identifiers are.
final class IdentifierIndex {
  private final long[] sorted;
  private final int[] places;

  private IdentifierIndex(long[] sorted, int[] places) {
    this.sorted = sorted;
    this.places = places;
  }

  /// @throws FormatException where one is there twice
  static IdentifierIndex of(String what, long[] ids) throws FormatException {
    long[] sorted = ids.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw new FormatException(what + ": two nodes have the id " + sorted[i] + "; ids of their own are required");
      }
    }
    int[] places = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      places[Arrays.binarySearch(sorted, ids[i])] = i;
    }
    return new IdentifierIndex(sorted, places);
  }

  /// The place, or -1.
  int placeOf(long id) {
    int rank = Arrays.binarySearch(sorted, id);
    return rank < 0 ? -1 : places[rank];
  }
}
