package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.SPECIES;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [WindowLoops] with vectors of channels. Where channels fill no vector, whole vectors are written nonetheless, and what follows
/// writes over their ends; the last outputs of a row go number by number.
final class VectorWindows implements WindowLoops {
  @Override
  public void maximum(float[] x, int[] cells, int count, int channels, float[] y, int at, int end) {
    int c = 0;
    for (; c < channels && at + c + LANES <= end && inside(x, cells, count, c); c += LANES) {
      FloatVector most = load(x, cells[0] + c);
      for (int t = 1; t < count; t++) {
        FloatVector other = load(x, cells[t] + c);
        VectorMask<Float> keeps = most.compare(VectorOperators.GE, other).or(most.test(VectorOperators.IS_NAN));
        most = other.blend(most, keeps);
      }
      most.intoArray(y, at + c);
    }
    ScalarWindows.maximum(x, cells, count, c, channels, y, at);
  }

  private static boolean inside(float[] x, int[] cells, int count, int c) {
    return cells[count - 1] + c + LANES <= x.length;
  }

  @Override
  public void maximumGradient(float[] x, int[] cells, int count, int channels, boolean apart, float[] y,
      float[] upstream, float[] share, int at, int end) {
    int c = 0;
    for (; c < channels && at + c + LANES <= end && inside(x, cells, count, c)
        && (c + LANES <= channels || (apart && channels < LANES)); c += LANES) {
      FloatVector most = load(y, at + c);
      FloatVector left = load(upstream, at + c);
      if (channels < LANES) {
        left = FloatVector.zero(SPECIES).blend(left, Lanes.first(channels));
      }
      for (int t = 0; t < count; t++) { // what is left is given once; a vector, for a mask would not stay in a register
        FloatVector seen = load(x, cells[t] + c);
        VectorMask<Float> holds = seen.compare(VectorOperators.EQ, most).or(seen.test(VectorOperators.IS_NAN));
        FloatVector given = FloatVector.zero(SPECIES).blend(left, holds);
        left = left.blend(0f, holds);
        FloatVector sum = apart ? given : load(share, cells[t] + c).add(given);
        sum.intoArray(share, cells[t] + c);
      }
    }
    ScalarWindows.maximumGradient(x, cells, count, c, channels, y, upstream, share, at);
  }
}
