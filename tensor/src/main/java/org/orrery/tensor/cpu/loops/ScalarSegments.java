package org.orrery.tensor.cpu.loops;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Reduction;

/// Loops over segments in plain Java: eight columns at a time in eight accumulators, which the compiler keeps in
/// registers.
final class ScalarSegments implements SegmentLoops {
  private static final int STRIP = 8;

  @Override
  public void sum(Slots slots, float @Nullable [] weights, int heads, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    int channels = width / heads;
    for (int r = fromRow; r < toRow; r++) {
      int from = slots.offsets()[r];
      int to = slots.offsets()[r + 1];
      int j = 0;
      if (weights == null) {
        for (; j <= width - STRIP; j += STRIP) {
          sumStrip(slots, from, to, x, width, j, y, r * width + j);
        }
      } else if (heads == 1) {
        for (; j <= width - STRIP; j += STRIP) {
          weightedStrip(slots, from, to, weights, x, width, j, y, r * width + j);
        }
      }
      for (; j < width; j++) {
        y[r * width + j] = sumColumn(slots, from, to, weights, heads, j / channels, x, width, j);
      }
    }
  }

  private static void sumStrip(Slots slots, int from, int to, float[] x, int width, int j, float[] y, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int s = from; s < to; s++) {
      int p = slots.column(s) * width + j;
      s0 += x[p];
      s1 += x[p + 1];
      s2 += x[p + 2];
      s3 += x[p + 3];
      s4 += x[p + 4];
      s5 += x[p + 5];
      s6 += x[p + 6];
      s7 += x[p + 7];
    }
    storeStrip(y, at, s0, s1, s2, s3, s4, s5, s6, s7);
  }

  private static void weightedStrip(Slots slots, int from, int to, float[] weights, float[] x, int width, int j,
      float[] y, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int s = from; s < to; s++) {
      float w = weights[slots.edge(s)];
      int p = slots.column(s) * width + j;
      s0 = Math.fma(w, x[p], s0);
      s1 = Math.fma(w, x[p + 1], s1);
      s2 = Math.fma(w, x[p + 2], s2);
      s3 = Math.fma(w, x[p + 3], s3);
      s4 = Math.fma(w, x[p + 4], s4);
      s5 = Math.fma(w, x[p + 5], s5);
      s6 = Math.fma(w, x[p + 6], s6);
      s7 = Math.fma(w, x[p + 7], s7);
    }
    storeStrip(y, at, s0, s1, s2, s3, s4, s5, s6, s7);
  }

  private static void storeStrip(float[] y, int at, float s0, float s1, float s2, float s3, float s4, float s5,
      float s6, float s7) {
    y[at] = s0;
    y[at + 1] = s1;
    y[at + 2] = s2;
    y[at + 3] = s3;
    y[at + 4] = s4;
    y[at + 5] = s5;
    y[at + 6] = s6;
    y[at + 7] = s7;
  }

  private static float sumColumn(Slots slots, int from, int to, float @Nullable [] weights, int heads, int head,
      float[] x, int width, int j) {
    float sum = 0;
    for (int s = from; s < to; s++) {
      float value = x[slots.column(s) * width + j];
      sum = weights == null ? sum + value : Math.fma(weights[slots.edge(s) * heads + head], value, sum);
    }
    return sum;
  }

  @Override
  public void sumTimesDerivative(Slots slots, float[] weights, int heads, float[] own, float[] other, float slope,
      int width,
      float[] y, int fromRow, int toRow) {
    int channels = width / heads;
    for (int r = fromRow; r < toRow; r++) {
      int at = r * width;
      Arrays.fill(y, at, at + width, 0f);
      for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
        int column = slots.column(s) * width;
        int weight = slots.edge(s) * heads;
        for (int j = 0; j < width; j++) {
          float w = weights[weight + j / channels];
          y[at + j] += own[at + j] + other[column + j] > 0 ? w : slope * w;
        }
      }
    }
  }

  @Override
  public void reduce(Reduction kind, Slots slots, float empty, float[] x, int width, float[] y, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      int from = slots.offsets()[r];
      int to = slots.offsets()[r + 1];
      int at = r * width;
      if (from == to) {
        Arrays.fill(y, at, at + width, empty);
        continue;
      }
      System.arraycopy(x, slots.column(from) * width, y, at, width);
      for (int s = from + 1; s < to; s++) {
        combine(kind, x, slots.column(s) * width, y, at, width);
      }
    }
  }

  private static void combine(Reduction kind, float[] x, int from, float[] y, int at, int width) {
    switch (kind) {
      case SUM -> {
        for (int j = 0; j < width; j++) {
          y[at + j] += x[from + j];
        }
      }
      case PRODUCT -> {
        for (int j = 0; j < width; j++) {
          y[at + j] *= x[from + j];
        }
      }
      case MAXIMUM -> {
        for (int j = 0; j < width; j++) {
          y[at + j] = Math.max(y[at + j], x[from + j]);
        }
      }
      case MINIMUM -> {
        for (int j = 0; j < width; j++) {
          y[at + j] = Math.min(y[at + j], x[from + j]);
        }
      }
    }
  }

  @Override
  public void dots(Slots slots, float[] a, float[] b, int heads, int width, float[] y, int fromRow, int toRow) {
    int channels = width / heads;
    for (int r = fromRow; r < toRow; r++) {
      for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
        int column = slots.column(s) * width;
        int at = slots.edge(s) * heads;
        for (int h = 0; h < heads; h++) {
          y[at + h] = dot(a, r * width + h * channels, b, column + h * channels, channels);
        }
      }
    }
  }

  @Override
  public void rectifiedDots(Slots slots, float[] vector, float[] own, float[] other, float slope, int heads, int width,
      float[] y, int fromRow, int toRow) {
    int channels = width / heads;
    for (int r = fromRow; r < toRow; r++) {
      for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
        int column = slots.column(s) * width;
        int at = slots.edge(s) * heads;
        for (int h = 0; h < heads; h++) {
          float sum = 0;
          for (int j = h * channels; j < (h + 1) * channels; j++) {
            float z = own[r * width + j] + other[column + j];
            sum = Math.fma(z > 0 ? vector[j] : slope * vector[j], z, sum);
          }
          y[at + h] = sum;
        }
      }
    }
  }

  @Override
  public void rowDots(float[] a, float[] b, int heads, int width, float[] y, int stride, int start, int fromRow,
      int toRow) {
    int channels = width / heads;
    for (int r = fromRow; r < toRow; r++) {
      for (int h = 0; h < heads; h++) {
        int at = r * width + h * channels;
        y[r * stride + start + h] = dot(a, at, b, at, channels);
      }
    }
  }

  private static float dot(float[] a, int aStart, float[] b, int bStart, int length) {
    float even = 0;
    float odd = 0;
    int i = 0;
    for (; i <= length - 2; i += 2) {
      even = Math.fma(a[aStart + i], b[bStart + i], even);
      odd = Math.fma(a[aStart + i + 1], b[bStart + i + 1], odd);
    }
    return i < length ? Math.fma(a[aStart + i], b[bStart + i], even + odd) : even + odd;
  }

  @Override
  public void extremeGradient(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] share,
      int fromRow, int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int j = 0; j < width; j++) {
        float extreme = y[r * width + j];
        int ties = 0;
        for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
          ties += x[slots.column(s) * width + j] == extreme ? 1 : 0;
        }
        float each = upstream[r * width + j] / Math.max(1, ties);
        for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
          int at = slots.column(s) * width + j;
          share[at] = x[at] == extreme ? each : 0;
        }
      }
    }
  }

  @Override
  public void tieShares(Slots slots, float[] x, float[] y, float[] upstream, int width, float[] each, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int j = 0; j < width; j++) {
        int ties = 0;
        for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
          ties += x[slots.column(s) * width + j] == y[r * width + j] ? 1 : 0;
        }
        each[r * width + j] = upstream[r * width + j] / Math.max(1, ties);
      }
    }
  }

  @Override
  public void tiedSum(Slots slots, float[] own, float[] other, float[] each, int width, float[] share, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      int at = r * width;
      Arrays.fill(share, at, at + width, 0f);
      for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
        int there = slots.column(s) * width;
        for (int j = 0; j < width; j++) {
          share[at + j] += own[at + j] == other[there + j] ? each[there + j] : 0;
        }
      }
    }
  }

  @Override
  public void variance(Slots slots, float[] x, int width, float[] y, int fromRow, int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int j = 0; j < width; j++) {
        float first = first(slots, r, x, width, j);
        float mean = mean(slots, r, x, width, j, first);
        float sum = 0;
        float rest = 0;
        for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
          float off = x[slots.column(s) * width + j] - first - mean;
          sum = Math.fma(off, off, sum);
          rest += off;
        }
        float count = Math.max(1, slots.offsets()[r + 1] - slots.offsets()[r]);
        y[r * width + j] = Math.max(0, sum - rest * rest / count) / count;
      }
    }
  }

  private static float first(Slots slots, int row, float[] x, int width, int j) {
    int from = slots.offsets()[row];
    return from == slots.offsets()[row + 1] ? 0 : x[slots.column(from) * width + j];
  }

  /// The mean over the slots of a row, less `first`.
  private static float mean(Slots slots, int row, float[] x, int width, int j, float first) {
    float sum = 0;
    for (int s = slots.offsets()[row]; s < slots.offsets()[row + 1]; s++) {
      sum += x[slots.column(s) * width + j] - first;
    }
    return sum / Math.max(1, slots.offsets()[row + 1] - slots.offsets()[row]);
  }

  @Override
  public void varianceGradient(Slots slots, float[] x, float[] upstream, int width, float[] share, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      int size = Math.max(1, slots.offsets()[r + 1] - slots.offsets()[r]);
      for (int j = 0; j < width; j++) {
        float first = first(slots, r, x, width, j);
        float mean = mean(slots, r, x, width, j, first);
        float each = 2 * upstream[r * width + j] / size;
        for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
          int at = slots.column(s) * width + j;
          share[at] = each * (x[at] - first - mean);
        }
      }
    }
  }

  @Override
  public void gatheredSum(float @Nullable [] own, float[][] tables, int[][] rows, int width, float[] y,
      int origin, int from, int to) {
    for (int i = from; i < to; i++) {
      int at = (i - origin) * width;
      if (own == null) {
        System.arraycopy(tables[0], rows[0][i] * width, y, at, width);
      } else {
        System.arraycopy(own, at, y, at, width);
      }
      for (int t = own == null ? 1 : 0; t < tables.length; t++) {
        float[] table = tables[t];
        int row = rows[t][i] * width;
        for (int j = 0; j < width; j++) {
          y[at + j] += table[row + j];
        }
      }
    }
  }

  @Override
  public void pairSums(Slots slots, float[] column, float[] row, int heads, float[] y, int fromRow, int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
        int there = slots.column(s) * heads;
        int at = (s - slots.origin()) * heads;
        for (int h = 0; h < heads; h++) {
          y[at + h] = column[there + h] + row[r * heads + h];
        }
      }
    }
  }

  @Override
  public void spread(Slots slots, float[] table, int heads, float[] first, float[] second, float[] third, int fromRow,
      int toRow) {
    for (int s = slots.offsets()[fromRow]; s < slots.offsets()[toRow]; s++) {
      int there = slots.column(s) * 3 * heads;
      int at = (s - slots.origin()) * heads;
      for (int h = 0; h < heads; h++) {
        first[at + h] = table[there + h];
        second[at + h] = table[there + heads + h];
        third[at + h] = table[there + 2 * heads + h];
      }
    }
  }

  @Override
  public void rowSums(Slots slots, float[] x, int heads, float[] y, int fromRow, int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      int from = (slots.offsets()[r] - slots.origin()) * heads;
      int to = (slots.offsets()[r + 1] - slots.origin()) * heads;
      for (int h = 0; h < heads; h++) {
        double sum = 0;
        for (int i = from + h; i < to; i += heads) {
          sum += x[i];
        }
        y[r * heads + h] = (float) sum;
      }
    }
  }

  @Override
  public void softmax(Slots slots, float[] z, float above, float below, int heads, float[] y, float[] kept, int fromRow,
      int toRow) {
    for (int r = fromRow; r < toRow; r++) {
      int from = (slots.offsets()[r] - slots.origin()) * heads;
      int to = (slots.offsets()[r + 1] - slots.origin()) * heads;
      for (int h = 0; h < heads; h++) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = from + h; i < to; i += heads) {
          y[i] = z[i] * (z[i] > 0 ? above : below);
          most = Math.max(most, y[i]);
        }
        double sum = 0;
        for (int i = from + h; i < to; i += heads) {
          y[i] = ScalarMath.decay(y[i] - most);
          sum += y[i];
        }
        float inverse = 1 / (float) sum;
        for (int i = from + h; i < to; i += heads) {
          y[i] *= inverse;
        }
        kept[r * 2 * heads + h] = from == to ? 0 : most;
        kept[r * 2 * heads + heads + h] = from == to ? 0 : inverse;
      }
    }
  }

  @Override
  public void softmaxAgain(float[] z, float above, float below, float[] most, float[] inverse, float[] mean,
      float[] upstream, float[] y, float[] share, int count) {
    for (int i = 0; i < count; i++) {
      float slope = z[i] > 0 ? above : below;
      y[i] = ScalarMath.decay(z[i] * slope - most[i]) * inverse[i];
      share[i] = y[i] * (upstream[i] - mean[i]) * slope;
    }
  }
}
