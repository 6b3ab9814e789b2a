package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.FloatVector.fromArray;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.SPECIES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// [RowLoops] with vectors. Rows are often shorter than what the compiler unrolls a plain loop to. What is left of a row
/// behind whole vectors is one masked vector.
final class VectorRows implements RowLoops {
  @Override
  public void shift(float[] x, int xStart, float[] amounts, int rows, int width, float[] y, int yStart) {
    int whole = width - width % LANES;
    VectorMask<Float> rest = Lanes.first(width - whole);
    for (int r = 0; r < rows; r++) {
      FloatVector amount = every(amounts[r]);
      int from = xStart + r * width;
      int to = yStart + r * width;
      for (int j = 0; j < whole; j += LANES) {
        load(x, from + j).add(amount).intoArray(y, to + j);
      }
      if (whole < width) {
        fromArray(SPECIES, x, from + whole, rest).add(amount).intoArray(y, to + whole, rest);
      }
    }
  }

  @Override
  public void scale(float[] x, int xStart, float[] factors, int rows, int width, float[] y, int yStart) {
    int whole = width - width % LANES;
    VectorMask<Float> rest = Lanes.first(width - whole);
    for (int r = 0; r < rows; r++) {
      FloatVector factor = every(factors[r]);
      int from = xStart + r * width;
      int to = yStart + r * width;
      for (int j = 0; j < whole; j += LANES) {
        load(x, from + j).mul(factor).intoArray(y, to + j);
      }
      if (whole < width) {
        fromArray(SPECIES, x, from + whole, rest).mul(factor).intoArray(y, to + whole, rest);
      }
    }
  }

  @Override
  public void multiplyDifference(float[] a, float[] b, int start, float[] amounts, int rows, int width, float[] y) {
    int whole = width - width % LANES;
    VectorMask<Float> rest = Lanes.first(width - whole);
    for (int r = 0; r < rows; r++) {
      FloatVector amount = every(amounts[r]);
      int at = start + r * width;
      int end = at + whole;
      for (int i = at; i < end; i += LANES) {
        load(a, i).mul(load(b, i).sub(amount)).intoArray(y, i);
      }
      if (whole < width) {
        FloatVector difference = fromArray(SPECIES, b, end, rest).sub(amount);
        fromArray(SPECIES, a, end, rest).mul(difference).intoArray(y, end, rest);
      }
    }
  }

  @Override
  public void subtractMultiple(float[] a, float[] b, int start, float[] amounts, int rows, int width, float[] y) {
    int whole = width - width % LANES;
    VectorMask<Float> rest = Lanes.first(width - whole);
    for (int r = 0; r < rows; r++) {
      FloatVector amount = every(-amounts[r]);
      int at = start + r * width;
      int end = at + whole;
      for (int i = at; i < end; i += LANES) {
        amount.fma(load(b, i), load(a, i)).intoArray(y, i);
      }
      if (whole < width) {
        amount.fma(fromArray(SPECIES, b, end, rest), fromArray(SPECIES, a, end, rest)).intoArray(y, end, rest);
      }
    }
  }

  @Override
  public void standardize(float[] x, int xStart, float[] shifts, float[] factors, float[] weight, float[] bias,
      int rows, int width, float[] y, int yStart) {
    int whole = width - width % LANES;
    VectorMask<Float> rest = Lanes.first(width - whole);
    for (int r = 0; r < rows; r++) {
      FloatVector shift = every(shifts[r]);
      FloatVector factor = every(factors[r]);
      int from = xStart + r * width;
      int to = yStart + r * width;
      for (int j = 0; j < whole; j += LANES) {
        load(x, from + j).add(shift).mul(factor).fma(load(weight, j), load(bias, j)).intoArray(y, to + j);
      }
      if (whole < width) {
        FloatVector z = fromArray(SPECIES, x, from + whole, rest).add(shift).mul(factor);
        z.fma(fromArray(SPECIES, weight, whole, rest), fromArray(SPECIES, bias, whole, rest))
            .intoArray(y, to + whole, rest);
      }
    }
  }

  @Override
  public void standardizeGradient(float[] h, int hStart, float[] shifts, float[] factors, float[] means,
      float[] slopes, int rows, int width, float[] y, int yStart) {
    int whole = width - width % LANES;
    VectorMask<Float> rest = Lanes.first(width - whole);
    for (int r = 0; r < rows; r++) {
      FloatVector shift = every(shifts[r]);
      FloatVector factor = every(factors[r]);
      FloatVector mean = every(means[r]);
      FloatVector slope = every(-slopes[r]);
      int from = hStart + r * width;
      int to = yStart + r * width;
      for (int j = 0; j < whole; j += LANES) {
        FloatVector z = load(y, to + j).add(shift).mul(factor);
        slope.fma(z, load(h, from + j).sub(mean)).mul(factor).intoArray(y, to + j);
      }
      if (whole < width) {
        FloatVector z = fromArray(SPECIES, y, to + whole, rest).add(shift).mul(factor);
        slope.fma(z, fromArray(SPECIES, h, from + whole, rest).sub(mean)).mul(factor).intoArray(y, to + whole, rest);
      }
    }
  }
}
