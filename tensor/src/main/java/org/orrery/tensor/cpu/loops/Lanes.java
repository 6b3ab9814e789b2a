package org.orrery.tensor.cpu.loops;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The one vector species of this virtual machine, the widest that it has. Loops of two widths in one process would
/// slow each other down tenfold.
final class Lanes {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  static final VectorMask<Float> ALL = SPECIES.maskAll(true);

  private static final FloatVector NUMBERS = FloatVector.zero(SPECIES).addIndex(1);

  private static final VectorShuffle<Float> BY_1 = SPECIES.iotaShuffle(1, 1, true);
  private static final VectorShuffle<Float> BY_2 = SPECIES.iotaShuffle(2 % LANES, 1, true);
  private static final VectorShuffle<Float> BY_4 = SPECIES.iotaShuffle(4 % LANES, 1, true);
  private static final VectorShuffle<Float> BY_8 = SPECIES.iotaShuffle(8 % LANES, 1, true);

  private static final VectorShuffle<Float> ACROSS_1 = across(1);
  private static final VectorShuffle<Float> ACROSS_2 = across(2 % LANES);
  private static final VectorShuffle<Float> ACROSS_4 = across(4 % LANES);
  private static final VectorShuffle<Float> ACROSS_8 = across(8 % LANES);
  private static final VectorMask<Float> UPPER_1 = upper(1);
  private static final VectorMask<Float> UPPER_2 = upper(2 % LANES);
  private static final VectorMask<Float> UPPER_4 = upper(4 % LANES);
  private static final VectorMask<Float> UPPER_8 = upper(8 % LANES);
  private static final VectorShuffle<Float> BITS_REVERSED = VectorShuffle.fromOp(SPECIES,
      lane -> Integer.reverse(lane) >>> Integer.numberOfLeadingZeros(LANES - 1));

  private static VectorShuffle<Float> across(int distance) {
    return VectorShuffle.fromOp(SPECIES, lane -> lane ^ distance);
  }

  private static VectorMask<Float> upper(int distance) {
    boolean[] upper = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      upper[lane] = (lane & distance) != 0;
    }
    return VectorMask.fromArray(SPECIES, upper, 0);
  }

  /// Written by [#keep(int)] alone, read by nobody.
  @SuppressWarnings({"unused", "NonFinalStaticField"})
  private static int kept;

  private Lanes() {
  }

  /// Takes the bits of numbers that were read ahead, so that the reads are not left out. They are joined where no multiply-add runs.
  static void keep(int bits) {
    if (bits == 1) {
      kept = bits;
    }
  }

  static FloatVector every(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  /// The first lanes, `count` of them.
  static VectorMask<Float> first(int count) {
    return NUMBERS.compare(VectorOperators.LT, (float) count);
  }

  /// The lanes of the vector from column j on that are columns of a row of this width.
  static VectorMask<Float> columns(int width, int j) {
    return width - j >= LANES ? ALL : first(width - j);
  }

  /// Where the vector starts that holds column j of a row at least a vector wide: the last ends with the row.
  static int start(int width, int j) {
    return Math.min(j, width - LANES);
  }

  /// Writes four vectors side by side.
  static void store(float[] y, int at, FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
    s0.intoArray(y, at);
    s1.intoArray(y, at + LANES);
    s2.intoArray(y, at + 2 * LANES);
    s3.intoArray(y, at + 3 * LANES);
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

  /// The sums of the lanes that belong to one head, where lane l belongs to head l modulo `heads`, in all of these lanes;
  /// `heads` divides [#LANES]. By a fixed tree.
  static FloatVector sumInTurn(FloatVector v, int heads) {
    FloatVector sum = v;
    if (LANES > 8 && heads <= 8) {
      sum = sum.add(sum.rearrange(ACROSS_8));
    }
    if (LANES > 4 && heads <= 4) {
      sum = sum.add(sum.rearrange(ACROSS_4));
    }
    if (LANES > 2 && heads <= 2) {
      sum = sum.add(sum.rearrange(ACROSS_2));
    }
    return heads == 1 ? sum.add(sum.rearrange(ACROSS_1)) : sum;
  }

  /// The maximum in the same sense.
  static FloatVector mostInTurn(FloatVector v, int heads) {
    FloatVector most = v;
    if (LANES > 8 && heads <= 8) {
      most = most.max(most.rearrange(ACROSS_8));
    }
    if (LANES > 4 && heads <= 4) {
      most = most.max(most.rearrange(ACROSS_4));
    }
    if (LANES > 2 && heads <= 2) {
      most = most.max(most.rearrange(ACROSS_2));
    }
    return heads == 1 ? most.max(most.rearrange(ACROSS_1)) : most;
  }

  /// Two vectors fold into one: lanes whose bit `LANES / 2` is not set hold a's lane plus that across, the others b's.
  static FloatVector foldHalf(FloatVector a, FloatVector b) {
    return LANES == 16 ? merged(a, b, ACROSS_8, UPPER_8) : merged(a, b, ACROSS_4, UPPER_4);
  }

  /// The same for the bit `LANES / 4`.
  static FloatVector foldQuarter(FloatVector a, FloatVector b) {
    return LANES == 16 ? merged(a, b, ACROSS_4, UPPER_4) : merged(a, b, ACROSS_2, UPPER_2);
  }

  private static FloatVector merged(FloatVector a, FloatVector b, VectorShuffle<Float> across,
      VectorMask<Float> upper) {
    return a.blend(b, upper).add(b.blend(a, upper).rearrange(across));
  }

  /// The sums of `rows` rows of [#LANES] numbers each, by the same tree as [#sum], to the front of the array. Pairs of
  /// rows fold into one, so that the last vector holds a sum in every lane. Rows up to the next multiple of [#LANES] are
  /// overwritten.
  static void foldRows(float[] x, int rows) {
    for (int start = 0; start < rows * LANES; start += LANES * LANES) {
      if (LANES > 8) {
        fold(x, start, 16, ACROSS_8, UPPER_8);
      }
      if (LANES > 4) {
        fold(x, start, 8, ACROSS_4, UPPER_4);
      }
      if (LANES > 2) {
        fold(x, start, 4, ACROSS_2, UPPER_2);
      }
      fold(x, start, 2, ACROSS_1, UPPER_1);
      load(x, start).rearrange(BITS_REVERSED).intoArray(x, start / LANES);
    }
  }

  /// The end of the same where [#foldHalf] and [#foldQuarter] have made one row of four: 4 sums for each of the rows, side by side.
  static void foldQuarters(float[] x, int rows) {
    int group = LANES / 4;
    for (int start = 0; start < rows * LANES; start += group * LANES) {
      if (LANES > 8) {
        fold(x, start, 4, ACROSS_2, UPPER_2);
      }
      fold(x, start, 2, ACROSS_1, UPPER_1);
      load(x, start).rearrange(BITS_REVERSED).intoArray(x, start / group);
    }
  }

  private static void fold(float[] x, int start, int count, VectorShuffle<Float> across, VectorMask<Float> upper) {
    for (int i = 0; i < count / 2; i++) {
      FloatVector a = load(x, start + 2 * i * LANES);
      FloatVector b = load(x, start + (2 * i + 1) * LANES);
      merged(a, b, across, upper).intoArray(x, start + i * LANES);
    }
  }
}
