package org.orrery.tensor.cpu;

import java.util.List;
import org.orrery.tensor.backend.AdamKernels;

/// One step of Adam over a range of a parameter, in one pass. Kingma & Ba 2015, algorithm 1; decoupled weight decay as
/// Loshchilov & Hutter 2019, algorithm 2.
///
/// @param shrink the factor on the parameter before the step: 1, or 1 - rate weightDecay where decoupled
/// @param decay how much of the parameter is added to the gradient
/// @param rate the rate over the first correction
/// @param scale 1 over the second correction
record AdamStep(float shrink, float decay, float rate, float beta1, float rest1, float beta2, float rest2, float scale,
    float epsilon) {
  private static final int PIECE = 1 << 13;
  /// How many pieces one thread takes at a time.
  private static final int PIECES = 8;

  static AdamStep of(double rate, double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled,
      double correction1, double correction2) {
    return new AdamStep((float) (decoupled ? 1 - rate * weightDecay : 1), (float) (decoupled ? 0 : weightDecay),
        (float) (rate / correction1), (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2),
        (float) (1 / correction2), (float) epsilon);
  }

  /// Pieces of large parameters and whole small ones are shared out alike.
  void run(Parallel parallel, List<AdamKernels.Moments> all) {
    int pieces = 0;
    int[] starts = new int[all.size() + 1];
    for (int p = 0; p < all.size(); p++) {
      pieces += (all.get(p).parameter().size() + PIECE - 1) / PIECE;
      starts[p + 1] = pieces;
    }
    parallel.forChunks(pieces, PIECES, (from, to) -> {
      int p = 0;
      for (int piece = from; piece < to; piece++) {
        while (starts[p + 1] <= piece) {
          p++;
        }
        AdamKernels.Moments each = all.get(p);
        int first = (piece - starts[p]) * PIECE;
        run(CpuStorage.valuesOf(each.parameter()), CpuStorage.valuesOf(each.gradient()), CpuStorage.valuesOf(each.m()),
            CpuStorage.valuesOf(each.v()), first, Math.min(each.parameter().size(), first + PIECE));
      }
    });
  }

  void run(float[] parameter, float[] gradient, float[] m, float[] v, int from, int to) {
    update(parameter, gradient, m, v, from, to, shrink, decay, rate, beta1, rest1, beta2, rest2, scale, epsilon);
  }

  /// All arrays share one index and all numbers are local: the compiler makes vectors of this loop.
  private static void update(float[] parameter, float[] gradient, float[] m, float[] v, int from, int to, float shrink,
      float decay, float rate, float beta1, float rest1, float beta2, float rest2, float scale, float epsilon) {
    for (int i = from; i < to; i++) {
      float g = Math.fma(decay, parameter[i], gradient[i]);
      float mean = Math.fma(beta1, m[i], rest1 * g);
      float square = Math.fma(beta2, v[i], rest2 * g * g);
      m[i] = mean;
      v[i] = square;
      parameter[i] = shrink * parameter[i] - rate * mean / ((float) Math.sqrt(square * scale) + epsilon);
    }
  }
}
