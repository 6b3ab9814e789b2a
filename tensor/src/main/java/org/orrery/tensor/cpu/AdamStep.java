package org.orrery.tensor.cpu;

/// One step of Adam over a range of a parameter, in one pass. Kingma & Ba 2015, algorithm 1; decoupled weight decay as
/// Loshchilov & Hutter 2019, algorithm 2.
///
/// @param shrink the factor on the parameter before the step: 1, or 1 - rate weightDecay where decoupled
/// @param decay how much of the parameter is added to the gradient
/// @param rate the rate over the first correction
/// @param scale 1 over the second correction
record AdamStep(float shrink, float decay, float rate, float beta1, float rest1, float beta2, float rest2, float scale,
    float epsilon) {
  static AdamStep of(double rate, double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled,
      double correction1, double correction2) {
    return new AdamStep((float) (decoupled ? 1 - rate * weightDecay : 1), (float) (decoupled ? 0 : weightDecay),
        (float) (rate / correction1), (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2),
        (float) (1 / correction2), (float) epsilon);
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
