package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.cpu.loops.RunReductions;
import org.orrery.tensor.cpu.loops.Slots;

/// Reductions of the middle axis of x `[outer, length, inner]`. Long sums are cut into blocks whose sums are added in
/// double, in block order.
final class Reductions {
  private static final int BLOCK = 512;
  private static final int BLOCKS_PER_CHUNK = 128;
  /// Sums down columns run one by one; pieces of so many rows keep the error of ten million terms below 1e-6.
  private static final int PIECE = 64;

  private final Machine machine;
  private final RunReductions runs;

  Reductions(Machine machine) {
    this.machine = machine;
    this.runs = machine.kernels().runs();
  }

  void reduce(Reduction kind, float[] x, int outer, int length, int inner, float[] y) {
    if (length == 0) {
      Arrays.fill(y, 0, outer * inner, identity(kind));
    } else if (inner != 1) {
      columns(kind, x, outer, length, inner, y);
    } else if (length <= BLOCK) {
      machine.parallel().forChunks(outer, Math.max(1, (1 << 16) / length), (from, to) -> {
        for (int o = from; o < to; o++) {
          y[o] = (float) run(kind, x, o * length, o * length + length);
        }
      });
    } else {
      blocks(kind, x, outer, length, y);
    }
  }

  private static float identity(Reduction kind) {
    return switch (kind) {
      case SUM -> 0f;
      case PRODUCT -> 1f;
      case MAXIMUM -> Float.NEGATIVE_INFINITY;
      case MINIMUM -> Float.POSITIVE_INFINITY;
    };
  }

  private void columns(Reduction kind, float[] x, int outer, int length, int inner, float[] y) {
    int[] offsets = new int[outer + 1];
    for (int o = 0; o < outer; o++) {
      offsets[o + 1] = (o + 1) * length;
    }
    new Segments(machine).reduce(kind, new Slots(offsets, null, null), identity(kind), x, inner, y, PIECE);
  }

  private void blocks(Reduction kind, float[] x, int outer, int length, float[] y) {
    int blocks = (length + BLOCK - 1) / BLOCK;
    double[] parts = new double[outer * blocks];
    machine.parallel().forChunks(parts.length, BLOCKS_PER_CHUNK, (from, to) -> {
      for (int p = from; p < to; p++) {
        int row = p / blocks * length;
        int start = p % blocks * BLOCK;
        parts[p] = run(kind, x, row + start, row + Math.min(length, start + BLOCK));
      }
    });
    for (int o = 0; o < outer; o++) {
      double result = identity(kind);
      for (int p = o * blocks; p < (o + 1) * blocks; p++) {
        result = combine(kind, result, parts[p]);
      }
      y[o] = (float) result;
    }
  }

  private double run(Reduction kind, float[] x, int from, int to) {
    return switch (kind) {
      case SUM -> runs.sum(x, from, to);
      case MAXIMUM -> runs.maximum(x, from, to);
      case MINIMUM -> runs.minimum(x, from, to);
      case PRODUCT -> {
        double product = 1;
        for (int i = from; i < to; i++) {
          product *= x[i];
        }
        yield product;
      }
    };
  }

  private static double combine(Reduction kind, double a, double b) {
    return switch (kind) {
      case SUM -> a + b;
      case PRODUCT -> a * b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
    };
  }

  /// The sum of x[i] for i from `from` up to `to`, in blocks.
  double sum(float[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i += BLOCK) {
      sum += runs.sum(x, i, Math.min(to, i + BLOCK));
    }
    return sum;
  }

  /// sum_i a[aStart + i] b[bStart + i], in blocks.
  double dot(float[] a, int aStart, float[] b, int bStart, int length) {
    double sum = 0;
    for (int i = 0; i < length; i += BLOCK) {
      sum += runs.dot(a, aStart + i, b, bStart + i, Math.min(BLOCK, length - i));
    }
    return sum;
  }

  /// The first position of a number that is NaN or infinite, or -1.
  int firstNonFinite(float[] x, int size) {
    int blocks = (size + BLOCK - 1) / BLOCK;
    boolean[] bad = new boolean[blocks];
    machine.parallel().forChunks(blocks, BLOCKS_PER_CHUNK, (from, to) -> {
      for (int p = from; p < to; p++) {
        bad[p] = !runs.allFinite(x, p * BLOCK, Math.min(size, (p + 1) * BLOCK));
      }
    });
    for (int p = 0; p < blocks; p++) {
      for (int i = p * BLOCK; bad[p] && i < size; i++) {
        if (!Float.isFinite(x[i])) {
          return i;
        }
      }
    }
    return -1;
  }
}
