package org.orrery.tensor.cpu.loops;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Reduction;

/// Loops over the slots `offsets[r]` up to `offsets[r + 1]` of the rows r, in slot order. Slot s stands for row
/// `columns[s]` of x (s itself without columns) and for edge `edges[s]` (s itself without edges).
public interface SegmentLoops {
  /// `y[r, :]` = sum over the slots of `weights[edge(s), head] x[column(s), :]`; without weights they are 1.
  void sum(Slots slots, float @Nullable [] weights, int heads, float[] x, int width, float[] y, int fromRow, int toRow);

  /// `y[r, h c + k]` = sum over the slots of `weights[edge(s), h]` f'(`own[r, h c + k]` + `other[column(s), h c + k]`), where f'
  /// is 1 above 0 and `slope` elsewhere.
  void sumTimesDerivative(Slots slots, float[] weights, int heads, float[] own, float[] other, float slope, int width,
      float[] y, int fromRow, int toRow);

  /// `y[r, :]` = product, maximum or minimum of `x[column(s), :]` over the slots; `empty` where there are none.
  void reduce(Reduction kind, Slots slots, float empty, float[] x, int width, float[] y, int fromRow, int toRow);

  /// `y[edge(s), h]` = sum over k of `a[r, h c + k] b[column(s), h c + k]`, c = width / heads.
  void dots(Slots slots, float[] a, float[] b, int heads, int width, float[] y, int fromRow, int toRow);

  /// `y[edge(s), h]` = sum over k of `vector[h c + k]` f(`own[r, h c + k]` + `other[column(s), h c + k]`), where f(z) is z above 0
  /// and slope z elsewhere.
  void rectifiedDots(Slots slots, float[] vector, float[] own, float[] other, float slope, int heads, int width,
      float[] y, int fromRow, int toRow);

  /// `y[r, start + h]` = sum over k of `a[r, h c + k] b[r, h c + k]`, c = width / heads; a row of y has `stride` numbers.
  void rowDots(float[] a, float[] b, int heads, int width, float[] y, int stride, int start, int fromRow, int toRow);

  /// `share[column(s), :]` = `upstream[r, :]` over how many slots of row r have `x[column(s), :]` = `y[r, :]`, where it is so.
  void extremeGradient(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] share, int fromRow,
      int toRow);

  /// `each[r, :]` = `upstream[r, :]` over how many slots of row r have `x[column(s), :]` = `y[r, :]`, at least 1.
  void tieShares(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] each, int fromRow, int toRow);

  /// `share[r, :]` = the sum over the slots of `each[column(s), :]` where `own[r, :]` = `other[column(s), :]`.
  void tiedSum(Slots slots, float[] own, float[] other, float[] each, int width, float[] share, int fromRow,
      int toRow);

  // In both loops below numbers are counted from the first of their row: float32 rounds the mean of large numbers by more than they may
  // differ by, but not that of what they differ by.

  /// `y[r, :]` = the mean over the slots of (`x[column(s), :]` - mean)^2.
  void variance(Slots slots, float[] x, int width, float[] y, int fromRow, int toRow);

  /// `share[column(s), :]` = 2 `upstream[r, :]` (`x[column(s), :]` - mean) / slots of the row.
  void varianceGradient(Slots slots, float[] x, float[] upstream, int width, float[] share, int fromRow, int toRow);

  /// `y[i - origin, :]` = `own[i - origin, :]` + the sum over t of `tables[t][rows[t][i], :]`, for i from `from` up to `to`; own
  /// may be null for 0, or y itself.
  void gatheredSum(float @Nullable [] own, float[][] tables, int[][] rows, int width, float[] y, int origin, int from,
      int to);

  // The loops below run over arrays that hold `heads` numbers for each of the slots from `slots.origin()` on, in order,
  // and room for [#ROOM] numbers behind them, which they may overwrite.

  /// How many numbers an array needs behind those of its slots.
  int ROOM = 64;

  /// `y[s, h]` = `column[column(s), h]` + `row[r, h]`.
  void pairSums(Slots slots, float[] column, float[] row, int heads, float[] y, int fromRow, int toRow);

  /// `first[s, h]`, `second[s, h]` and `third[s, h]` = `table[column(s), 0 to 2, h]`, where room for [#ROOM] is behind the last row.
  void spread(Slots slots, float[] table, int heads, float[] first, float[] second, float[] third, int fromRow,
      int toRow);

  /// `y[r, h]` = the sum over the slots of `x[s, h]`.
  void rowSums(Slots slots, float[] x, int heads, float[] y, int fromRow, int toRow);

  /// `y[s, h]` = e^(f - m) over the sum of e^(f - m) over the slots of the row, m the maximum of f there, where f is
  /// above `z[s, h]` for positive z and below `z[s, h]` for others. For each row r, `kept[r, 0, h]` = m and `kept[r, 1, h]` = one over the
  /// sum; both are 0 where there are no slots.
  void softmax(Slots slots, float[] z, float above, float below, int heads, float[] y, float[] kept, int fromRow,
      int toRow);

  /// The result y of [#softmax] again and the gradient by z, number by number: y = e^(f - most) inverse with the bits of
  /// before, share = y (upstream - mean) times above or below.
  void softmaxAgain(float[] z, float above, float below, float[] most, float[] inverse, float[] mean, float[] upstream,
      float[] y, float[] share, int count);
}
