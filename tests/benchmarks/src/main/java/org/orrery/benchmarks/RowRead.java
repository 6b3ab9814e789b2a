package org.orrery.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Rows of a table read in a given order with whole vectors: what no gather or sum over neighbors can exceed.
final class RowRead {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private RowRead() {
  }

  /// Reads the rows `order[from]` up to `order[to]`, each whole (but for what is left over from the last vector), and gives
  /// something of their sum so that none is left out.
  static float run(int[] order, int from, int to, float[] table, int width) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    int lanes = SPECIES.length();
    for (int e = from; e < to; e++) {
      int at = order[e] * width;
      int j = 0;
      for (; j <= width - 2 * lanes; j += 2 * lanes) {
        a = a.add(FloatVector.fromArray(SPECIES, table, at + j));
        b = b.add(FloatVector.fromArray(SPECIES, table, at + j + lanes));
      }
      for (; j <= width - lanes; j += lanes) {
        a = a.add(FloatVector.fromArray(SPECIES, table, at + j));
      }
    }
    return a.add(b).lane(0);
  }
}
