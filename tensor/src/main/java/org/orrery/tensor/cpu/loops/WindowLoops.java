package org.orrery.tensor.cpu.loops;

/// One output of a window: the maximum over the cells that it sees, and its gradient. Places are those of a first channel.
public interface WindowLoops {
  /// `y[at + c]` = the largest of `x[cells[t] + c]` over t below count; NaN where one is. What lies from `at + channels` up to `end`
  /// may be overwritten: outputs come in order.
  void maximum(float[] x, int[] cells, int count, int channels, float[] y, int at, int end);

  /// Adds `upstream[at + c]` to `share[cells[t] + c]` for the first t with x equal to y there. Where no two windows share a cell,
  /// what lies behind a cell of a row of outputs may be overwritten by zeros as long as `at + channels` up to `end` is still to come.
  void maximumGradient(float[] x, int[] cells, int count, int channels, boolean apart, float[] y, float[] upstream,
      float[] share, int at, int end);
}
