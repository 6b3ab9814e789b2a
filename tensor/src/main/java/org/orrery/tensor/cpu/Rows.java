package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;
import org.orrery.tensor.cpu.loops.RowLoops;
import org.orrery.tensor.cpu.loops.RunReductions;

/// Softmax, layer normalization and their relatives over rows. Each step runs over all rows of a chunk that stays in cache: the exponentials as
/// one array, the logarithms of the sums as another.
final class Rows {
  private static final int CHUNK = 1 << 13;
  /// Longer sums are cut into blocks that are added in double.
  private static final int LONG = 512;

  private final Machine machine;
  private final ElementwiseLoops elementwise;
  private final RowLoops loops;
  private final RunReductions runs;
  private final Reductions reductions;
  private final int rows;
  private final int width;

  Rows(Machine machine, int rows, int width) {
    this.machine = machine;
    this.elementwise = machine.kernels().elementwise();
    this.loops = machine.kernels().rows();
    this.runs = machine.kernels().runs();
    this.reductions = new Reductions(machine);
    this.rows = rows;
    this.width = width;
  }

  /// The work on `count` rows whose first number is `start`.
  private interface Body {
    void run(int first, int count, int start);
  }

  private void forChunks(Body body) {
    machine.parallel().forChunks(rows, Math.max(1, CHUNK / Math.max(1, width)),
        (from, to) -> body.run(from, to - from, from * width));
  }

  void softmax(float[] x, float[] y) {
    forChunks((first, count, start) -> {
      loops.shift(x, start, negated(maxima(x, start, count)), count, width, y, start);
      elementwise.unary(Unary.EXP, 0f, y, y, start, start + count * width);
      float[] sums = sums(y, start, count);
      elementwise.unary(Unary.RECIPROCAL, 0f, sums, sums, 0, count);
      loops.scale(y, start, sums, count, width, y, start);
    });
  }

  void logSoftmax(float[] x, float[] y) {
    forChunks((first, count, start) -> {
      loops.shift(x, start, negated(maxima(x, start, count)), count, width, y, start);
      loops.shift(y, start, negated(logOfSums(y, start, count)), count, width, y, start);
    });
  }

  /// -log softmax(x)_c of each row for its label c.
  void crossEntropy(float[] x, int[] labels, float[] y) {
    forChunks((first, count, start) -> {
      float[] shifted = machine.pool().take(count * width);
      loops.shift(x, start, negated(maxima(x, start, count)), count, width, shifted, 0);
      float[] logs = logOfSums(shifted, 0, count);
      for (int r = 0; r < count; r++) {
        y[first + r] = logs[r] - shifted[r * width + labels[first + r]];
      }
      machine.pool().give(shifted);
    });
  }

  /// upstream (softmax(x) - 1 at the label), with softmax(x) = e^(x - each - x_c).
  void crossEntropyGradient(float[] x, int[] labels, float[] each, float[] upstream, float[] share) {
    forChunks((first, count, start) -> {
      float[] shifts = new float[count];
      for (int r = 0; r < count; r++) {
        int row = start + r * width;
        float surprise = each[first + r];
        shifts[r] = Float.isInfinite(surprise) ? -logOfSum(x, row) : -surprise - x[row + labels[first + r]];
      }
      loops.shift(x, start, shifts, count, width, share, start);
      elementwise.unary(Unary.EXP, 0f, share, share, start, start + count * width);
      loops.scale(share, start, Arrays.copyOfRange(upstream, first, first + count), count, width, share, start);
      for (int r = 0; r < count; r++) {
        share[start + r * width + labels[first + r]] -= upstream[first + r];
      }
    });
  }

  /// log sum e^x of a row, for one whose label has probability 0.
  private float logOfSum(float[] x, int row) {
    double top = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < width; k++) {
      top = Math.max(top, x[row + k]);
    }
    double sum = 0;
    for (int k = 0; k < width; k++) {
      sum += StrictMath.exp(x[row + k] - top);
    }
    return (float) (top + StrictMath.log(sum));
  }

  void softmaxGradient(float[] y, float[] upstream, float[] share) {
    forChunks((first, count, start) -> loops.multiplyDifference(y, upstream, start, dots(y, upstream, start, count),
        count, width, share));
  }

  void logSoftmaxGradient(float[] y, float[] upstream, float[] share) {
    forChunks((first, count, start) -> {
      elementwise.unary(Unary.EXP, 0f, y, share, start, start + count * width);
      loops.subtractMultiple(upstream, share, start, sums(upstream, start, count), count, width, share);
    });
  }

  void normalize(float[] x, double epsilon, float[] y) {
    layerNorm(x, filled(1f), filled(0f), epsilon, y);
  }

  private float[] filled(float value) {
    float[] values = new float[width];
    Arrays.fill(values, value);
    return values;
  }

  /// weight (x - mean) / sqrt(variance + epsilon) + bias of each row.
  void layerNorm(float[] x, float[] weight, float[] bias, double epsilon, float[] y) {
    forChunks((first, count, start) -> {
      Moments moments = center(x, start, count, epsilon, y, start);
      loops.standardize(y, start, moments.shifts(), moments.factors(), weight, bias, count, width, y, start);
    });
  }

  /// The share of x of the gradient of [#layerNorm]: s (h - mean h - z mean(h z)) with h = upstream weight, z the
  /// normalized x and s = 1 / sqrt(variance + epsilon).
  void layerNormGradient(float[] x, float[] weight, float[] upstream, double epsilon, float[] share) {
    float[] nothing = filled(0f);
    forChunks((first, count, start) -> {
      Moments moments = center(x, start, count, epsilon, share, start);
      float[] h = machine.pool().take(count * width);
      loops.standardize(upstream, start, new float[count], ones(count), weight, nothing, count, width, h, 0);
      float[] means = new float[count];
      float[] slopes = new float[count];
      for (int r = 0; r < count; r++) {
        double sum = sum(h, r * width);
        double dot = dot(h, r * width, share, start + r * width);
        means[r] = (float) (sum / width);
        slopes[r] = (float) (moments.factors()[r] * (dot + moments.shifts()[r] * sum) / width);
      }
      loops.standardizeGradient(h, 0, moments.shifts(), moments.factors(), means, slopes, count, width, share, start);
      machine.pool().give(h);
    });
  }

  /// sum_r upstream[r, j] z[r, j], z the normalized x: chunk by chunk, in order.
  void layerNormScaleGradient(float[] x, float[] upstream, double epsilon, float[] share) {
    float[] weight = filled(1f);
    float[] bias = filled(0f);
    int chunk = Math.max(1, CHUNK / width);
    float[][] parts = new float[(rows + chunk - 1) / chunk][];
    machine.parallel().forChunks(rows, chunk, (from, to) -> {
      int count = to - from;
      float[] z = machine.pool().take(count * width);
      Moments moments = center(x, from * width, count, epsilon, z, 0);
      loops.standardize(z, 0, moments.shifts(), moments.factors(), weight, bias, count, width, z, 0);
      elementwise.binary(Binary.MULTIPLY, z, 0, upstream, from * width, z, 0, count * width);
      float[] part = new float[width];
      for (int r = 0; r < count; r++) {
        elementwise.binary(Binary.ADD, part, 0, z, r * width, part, 0, width);
      }
      machine.pool().give(z);
      parts[from / chunk] = part;
    });
    double[] sums = new double[width];
    for (float[] part : parts) {
      for (int j = 0; j < width; j++) {
        sums[j] += part[j];
      }
    }
    for (int j = 0; j < width; j++) {
      share[j] = (float) sums[j];
    }
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1f);
    return ones;
  }

  /// (d + shift) factor is the normalized row, d the row less its mean as a float holds it.
  @SuppressWarnings("ArrayRecordComponent") // two results, never compared
  private record Moments(float[] shifts, float[] factors) {
  }

  /// Writes each row less its mean. The mean was rounded to float: what is left of it is the shift, and is taken off the
  /// variance.
  private Moments center(float[] x, int start, int count, double epsilon, float[] d, int at) {
    float[] shifts = new float[count];
    float[] factors = new float[count];
    for (int r = 0; r < count; r++) {
      shifts[r] = (float) -(sum(x, start + r * width) / width);
    }
    loops.shift(x, start, shifts, count, width, d, at);
    for (int r = 0; r < count; r++) {
      double rest = sum(d, at + r * width) / width;
      double variance = Math.max(0, dot(d, at + r * width, d, at + r * width) / width - rest * rest);
      factors[r] = (float) (1 / Math.sqrt(variance + epsilon));
      shifts[r] = (float) -rest;
    }
    return new Moments(shifts, factors);
  }

  private float[] maxima(float[] x, int start, int count) {
    float[] most = new float[count];
    for (int r = 0; r < count; r++) {
      most[r] = runs.maximum(x, start + r * width, start + r * width + width);
    }
    return most;
  }

  private float[] negated(float[] values) {
    elementwise.unary(Unary.SCALE, -1f, values, values, 0, values.length);
    return values;
  }

  /// log sum_j e^(x[r, j]).
  private float[] logOfSums(float[] x, int start, int count) {
    float[] powers = machine.pool().take(count * width);
    System.arraycopy(x, start, powers, 0, count * width);
    elementwise.unary(Unary.EXP, 0f, powers, powers, 0, count * width);
    float[] sums = sums(powers, 0, count);
    machine.pool().give(powers);
    elementwise.unary(Unary.LOG, 0f, sums, sums, 0, count);
    return sums;
  }

  private float[] sums(float[] x, int start, int count) {
    float[] sums = new float[count];
    for (int r = 0; r < count; r++) {
      sums[r] = (float) sum(x, start + r * width);
    }
    return sums;
  }

  private float[] dots(float[] a, float[] b, int start, int count) {
    float[] dots = new float[count];
    for (int r = 0; r < count; r++) {
      dots[r] = (float) dot(a, start + r * width, b, start + r * width);
    }
    return dots;
  }

  private double sum(float[] x, int at) {
    return width <= LONG ? runs.sum(x, at, at + width) : reductions.sum(x, at, at + width);
  }

  private double dot(float[] a, int aAt, float[] b, int bAt) {
    return width <= LONG ? runs.dot(a, aAt, b, bAt, width) : reductions.dot(a, aAt, b, bAt, width);
  }
}
