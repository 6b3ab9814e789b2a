package org.orrery.tensor.cpu.loops;

/// [WindowLoops] in plain Java.
public final class ScalarWindows implements WindowLoops {
  @Override
  public void maximum(float[] x, int[] cells, int count, int channels, float[] y, int at, int end) {
    maximum(x, cells, count, 0, channels, y, at);
  }

  static void maximum(float[] x, int[] cells, int count, int first, int channels, float[] y, int at) {
    for (int c = first; c < channels; c++) {
      float most = Float.NEGATIVE_INFINITY;
      for (int t = 0; t < count; t++) {
        most = Math.max(most, x[cells[t] + c]);
      }
      y[at + c] = most;
    }
  }

  @Override
  public void maximumGradient(float[] x, int[] cells, int count, int channels, boolean apart, float[] y,
      float[] upstream, float[] share, int at, int end) {
    maximumGradient(x, cells, count, 0, channels, y, upstream, share, at);
  }

  static void maximumGradient(float[] x, int[] cells, int count, int first, int channels, float[] y, float[] upstream,
      float[] share, int at) {
    for (int c = first; c < channels; c++) {
      share[place(x, cells, count, c, y[at + c])] += upstream[at + c];
    }
  }

  /// The first place that holds this value in a channel; the last, where none does.
  public static int place(float[] x, int[] cells, int count, int channel, float value) {
    for (int t = 0; t < count - 1; t++) {
      float own = x[cells[t] + channel];
      if (own == value || (Float.isNaN(own) && Float.isNaN(value))) {
        return cells[t] + channel;
      }
    }
    return cells[count - 1] + channel;
  }
}
