package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.SPECIES;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;

/// [ColumnLoops] with vectors: a vector of columns runs down the rows, in two sums that take turns.
final class VectorColumns implements ColumnLoops {
  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void sums(float[] x, int at, int rows, int width, float[] sums) {
    for (int j = 0; j < width; j += LANES) {
      FloatVector even = load(sums, j);
      FloatVector odd = FloatVector.zero(SPECIES);
      int p = at + j;
      int r = 0;
      for (; r < rows - 1; r += 2) {
        even = even.add(load(x, p));
        odd = odd.add(load(x, p + width));
        p += 2 * width;
      }
      if (r < rows) {
        even = even.add(load(x, p));
      }
      even.add(odd).intoArray(sums, j);
    }
  }

  @Override
  public void squares(float[] x, int at, int rows, int width, float[] centers, float[] sums) {
    for (int j = 0; j < width; j += LANES) {
      FloatVector center = load(centers, j);
      FloatVector even = load(sums, j);
      FloatVector odd = FloatVector.zero(SPECIES);
      FloatVector rest = load(sums, width + j);
      int p = at + j;
      int r = 0;
      for (; r < rows - 1; r += 2) {
        FloatVector a = load(x, p).sub(center);
        FloatVector b = load(x, p + width).sub(center);
        even = a.fma(a, even);
        odd = b.fma(b, odd);
        rest = rest.add(a.add(b));
        p += 2 * width;
      }
      if (r < rows) {
        FloatVector a = load(x, p).sub(center);
        even = a.fma(a, even);
        rest = rest.add(a);
      }
      even.add(odd).intoArray(sums, j);
      rest.intoArray(sums, width + j);
    }
  }

  @Override
  public void products(float[] u, float[] x, int at, int rows, int width, float[] centers, float[] sums) {
    for (int j = 0; j < width; j += LANES) {
      FloatVector center = load(centers, j);
      FloatVector even = load(sums, j);
      FloatVector odd = FloatVector.zero(SPECIES);
      int p = at + j;
      int r = 0;
      for (; r < rows - 1; r += 2) {
        even = load(x, p).sub(center).fma(load(u, p), even);
        odd = load(x, p + width).sub(center).fma(load(u, p + width), odd);
        p += 2 * width;
      }
      if (r < rows) {
        even = load(x, p).sub(center).fma(load(u, p), even);
      }
      even.add(odd).intoArray(sums, j);
    }
  }

  @Override
  public void standardize(float[] x, int at, int rows, int width, float[] centers, float[] factors, float[] shifts,
      float[] y) {
    int p = at;
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j += LANES) {
        load(x, p).sub(load(centers, j)).fma(load(factors, j), load(shifts, j)).intoArray(y, p);
        p += LANES;
      }
    }
  }

  @Override
  public void combine(float[] u, float[] x, int at, int rows, int width, float[] scales, float[] centers,
      float[] factors, float[] shifts, float[] y) {
    int p = at;
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j += LANES) {
        FloatVector own = load(x, p).sub(load(centers, j)).fma(load(factors, j), load(shifts, j));
        load(u, p).fma(load(scales, j), own).intoArray(y, p);
        p += LANES;
      }
    }
  }
}
