package org.orrery.tensor.cpu;

import org.orrery.tensor.backend.Unary;

/// Softmax and its relatives over rows. The exponentials of the rows of a chunk run as one array.
final class Rows {
  private static final int CHUNK = 1 << 14;

  private final Machine machine;
  private final ElementwiseLoops elementwise;
  private final Reductions reductions;
  private final int rows;
  private final int width;

  Rows(Machine machine, int rows, int width) {
    this.machine = machine;
    this.elementwise = machine.kernels().elementwise();
    this.reductions = new Reductions(machine);
    this.rows = rows;
    this.width = width;
  }

  private void forChunks(Parallel.Body body) {
    machine.parallel().forChunks(rows, Math.max(1, CHUNK / Math.max(1, width)), body);
  }

  void softmax(float[] x, float[] y) {
    forChunks((from, to) -> {
      for (int r = from; r < to; r++) {
        subtract(x, y, r * width, machine.kernels().runs().maximum(x, r * width, r * width + width));
      }
      elementwise.unary(Unary.EXP, 0f, y, y, from * width, to * width);
      for (int r = from; r < to; r++) {
        float sum = (float) reductions.sum(y, r * width, r * width + width);
        for (int i = r * width; i < r * width + width; i++) {
          y[i] /= sum;
        }
      }
    });
  }

  void logSoftmax(float[] x, float[] y) {
    forChunks((from, to) -> {
      int start = from * width;
      int count = to * width - start;
      float[] powers = machine.pool().take(count);
      for (int r = from; r < to; r++) {
        subtract(x, y, r * width, machine.kernels().runs().maximum(x, r * width, r * width + width));
      }
      System.arraycopy(y, start, powers, 0, count);
      elementwise.unary(Unary.EXP, 0f, powers, powers, 0, count);
      for (int r = from; r < to; r++) {
        double sum = reductions.sum(powers, r * width - start, r * width - start + width);
        subtract(y, y, r * width, ScalarMath.log((float) sum));
      }
      machine.pool().give(powers);
    });
  }

  private void subtract(float[] x, float[] y, int at, float amount) {
    for (int i = at; i < at + width; i++) {
      y[i] = x[i] - amount;
    }
  }

  void softmaxGradient(float[] y, float[] upstream, float[] share) {
    forChunks((from, to) -> {
      for (int r = from; r < to; r++) {
        float mean = (float) reductions.dot(y, r * width, upstream, r * width, width);
        for (int i = r * width; i < r * width + width; i++) {
          share[i] = y[i] * (upstream[i] - mean);
        }
      }
    });
  }

  void logSoftmaxGradient(float[] y, float[] upstream, float[] share) {
    forChunks((from, to) -> {
      elementwise.unary(Unary.EXP, 0f, y, share, from * width, to * width);
      for (int r = from; r < to; r++) {
        float sum = (float) reductions.sum(upstream, r * width, r * width + width);
        for (int i = r * width; i < r * width + width; i++) {
          share[i] = upstream[i] - share[i] * sum;
        }
      }
    });
  }

  void normalize(float[] x, double epsilon, float[] y) {
    forChunks((from, to) -> {
      for (int r = from; r < to; r++) {
        int at = r * width;
        subtract(x, y, at, (float) (reductions.sum(x, at, at + width) / width));
        // The mean was rounded to float: what is left of it is taken off the variance.
        double rest = reductions.sum(y, at, at + width) / width;
        double variance = Math.max(0, reductions.dot(y, at, y, at, width) / width - rest * rest);
        float scale = (float) (1 / Math.sqrt(variance + epsilon));
        float shift = (float) rest;
        for (int i = at; i < at + width; i++) {
          y[i] = (y[i] - shift) * scale;
        }
      }
    });
  }
}
