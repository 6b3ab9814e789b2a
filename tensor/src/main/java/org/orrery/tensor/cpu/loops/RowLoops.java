package org.orrery.tensor.cpu.loops;

/// Functions of the elements of rows and of a number of each row. Rows lie one after the other from a start; those of
/// the result may overwrite those of an operand at the same places. An element's result does not depend on where it lies.
public interface RowLoops {
  /// `y[r, j]` = `x[r, j]` + `amounts[r]`.
  void shift(float[] x, int xStart, float[] amounts, int rows, int width, float[] y, int yStart);

  /// `y[r, j]` = `x[r, j] factors[r]`.
  void scale(float[] x, int xStart, float[] factors, int rows, int width, float[] y, int yStart);

  /// `y[r, j]` = `a[r, j]` (`b[r, j]` - `amounts[r]`), all three from `start`.
  void multiplyDifference(float[] a, float[] b, int start, float[] amounts, int rows, int width, float[] y);

  /// `y[r, j]` = `a[r, j]` - `amounts[r] b[r, j]`, all three from `start`.
  void subtractMultiple(float[] a, float[] b, int start, float[] amounts, int rows, int width, float[] y);

  /// `y[r, j]` = (`x[r, j]` + `shifts[r]`) `factors[r] weight[j]` + `bias[j]`.
  void standardize(float[] x, int xStart, float[] shifts, float[] factors, float[] weight, float[] bias, int rows,
      int width, float[] y, int yStart);

  /// `y[r, j]` = `factors[r]` (`h[r, j]` - `slopes[r]` z - `means[r]`) with z = (`y[r, j]` + `shifts[r]`) `factors[r]`.
  void standardizeGradient(float[] h, int hStart, float[] shifts, float[] factors, float[] means, float[] slopes,
      int rows, int width, float[] y, int yStart);
}
