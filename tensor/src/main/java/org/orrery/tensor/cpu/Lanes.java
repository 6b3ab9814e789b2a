package org.orrery.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The one vector species of this virtual machine, the widest that it has. Kernels of two widths in one process would
/// slow each other down tenfold.
final class Lanes {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  private static final VectorShuffle<Float> BY_1 = SPECIES.iotaShuffle(1, 1, true);
  private static final VectorShuffle<Float> BY_2 = SPECIES.iotaShuffle(2 % LANES, 1, true);
  private static final VectorShuffle<Float> BY_4 = SPECIES.iotaShuffle(4 % LANES, 1, true);
  private static final VectorShuffle<Float> BY_8 = SPECIES.iotaShuffle(8 % LANES, 1, true);

  private Lanes() {
  }

  static FloatVector every(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  /// The first lanes, `count` of them.
  static VectorMask<Float> first(int count) {
    return SPECIES.indexInRange(0, count);
  }

  /// The sum of all lanes by a fixed tree. The library's own reduction adds in an order that differs between
  /// interpreted and compiled code.
  static float sum(FloatVector v) {
    FloatVector sum = v;
    if (LANES > 8) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    if (LANES > 2) {
      sum = sum.add(sum.rearrange(BY_2));
    }
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }
}
