package org.orrery.tensor.cpu.loops;

import org.orrery.tensor.backend.Unary;

/// upstream f'(x; alpha) in plain Java, from y = f(x; alpha) where that is cheaper.
final class ScalarUnaryGradient {
  private static final float SELU_SCALE = ScalarUnary.SELU_SCALE;
  private static final float SELU_BELOW = ScalarUnary.SELU_BELOW;

  private ScalarUnaryGradient() {
  }

  static void run(Unary kind, float alpha, float[] x, float[] y, float[] upstream, float[] share, int from, int to) {
    switch (kind) {
      case SCALE -> scale(alpha, upstream, share, from, to);
      case SHIFT -> shift(upstream, share, from, to);
      case ABS -> abs(x, upstream, share, from, to);
      case SIGN, STEP, FLOOR -> zero(share, from, to);
      case EXP -> exp(y, upstream, share, from, to);
      case EXPM1 -> expm1(y, upstream, share, from, to);
      case LOG -> log(x, upstream, share, from, to);
      case LOG1P -> log1p(x, upstream, share, from, to);
      case SQRT -> sqrt(y, upstream, share, from, to);
      case RECIPROCAL -> reciprocal(y, upstream, share, from, to);
      case SQUARE -> square(x, upstream, share, from, to);
      case POWER -> power(alpha, x, upstream, share, from, to);
      case SIN -> sin(x, upstream, share, from, to);
      case COS -> cos(x, upstream, share, from, to);
      case TANH -> tanh(y, upstream, 0, share, from, to);
      case ERF -> erf(x, upstream, share, from, to);
      case SIGMOID -> sigmoid(y, upstream, 0, share, from, to);
      case RELU -> relu(x, upstream, 0, share, from, to);
      case LEAKY_RELU -> leakyRelu(alpha, x, upstream, 0, share, from, to);
      case ELU -> elu(alpha, x, y, upstream, share, from, to);
      case SELU -> selu(x, y, upstream, share, from, to);
      case SILU -> silu(x, upstream, share, from, to);
      case GELU -> gelu(x, upstream, share, from, to);
      case SOFTPLUS -> softplus(x, upstream, share, from, to);
      case MISH -> mish(x, upstream, share, from, to);
      case AT_LEAST -> atLeast(alpha, x, upstream, share, from, to);
      case AT_MOST -> atMost(alpha, x, upstream, share, from, to);
    }
  }

  /// The same over y from y alone, with upstream from `start` where y begins at `yStart`.
  static void over(Unary kind, float alpha, float[] upstream, int start, float[] y, int yStart, int length) {
    int shift = start - yStart;
    int end = yStart + length;
    switch (kind) {
      case RELU -> relu(y, upstream, shift, y, yStart, end);
      case LEAKY_RELU -> leakyRelu(alpha, y, upstream, shift, y, yStart, end);
      case TANH -> tanh(y, upstream, shift, y, yStart, end);
      case SIGMOID -> sigmoid(y, upstream, shift, y, yStart, end);
      default -> throw new IllegalArgumentException("the slope of " + kind + " does not follow from its result");
    }
  }

  private static void scale(float alpha, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = alpha * upstream[i];
    }
  }

  private static void shift(float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = upstream[i];
    }
  }

  private static void abs(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = Math.signum(x[i]) * upstream[i];
    }
  }

  private static void zero(float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = 0f;
    }
  }

  private static void exp(float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = y[i] * upstream[i];
    }
  }

  private static void expm1(float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = (y[i] + 1f) * upstream[i];
    }
  }

  private static void log(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = upstream[i] / x[i];
    }
  }

  private static void log1p(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = upstream[i] / (x[i] + 1f);
    }
  }

  private static void sqrt(float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = 0.5f * upstream[i] / y[i];
    }
  }

  private static void reciprocal(float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = -(y[i] * y[i]) * upstream[i];
    }
  }

  private static void square(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = 2f * x[i] * upstream[i];
    }
  }

  private static void power(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = alpha * ScalarMath.power(x[i], alpha - 1f) * upstream[i];
    }
  }

  private static void sin(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.cos(x[i]) * upstream[i];
    }
  }

  private static void cos(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = -ScalarMath.sin(x[i]) * upstream[i];
    }
  }

  private static void tanh(float[] y, float[] upstream, int shift, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = (1f - y[i] * y[i]) * upstream[i + shift];
    }
  }

  private static void erf(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.erfSlope(x[i]) * upstream[i];
    }
  }

  private static void sigmoid(float[] y, float[] upstream, int shift, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = y[i] * (1f - y[i]) * upstream[i + shift];
    }
  }

  private static void relu(float[] x, float[] upstream, int shift, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] > 0f ? upstream[i + shift] : 0f;
    }
  }

  private static void leakyRelu(float alpha, float[] x, float[] upstream, int shift, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] > 0f ? upstream[i + shift] : alpha * upstream[i + shift];
    }
  }

  private static void elu(float alpha, float[] x, float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] > 0f ? upstream[i] : (y[i] + alpha) * upstream[i];
    }
  }

  private static void selu(float[] x, float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] > 0f ? SELU_SCALE * upstream[i] : (y[i] + SELU_BELOW) * upstream[i];
    }
  }

  private static void silu(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.siluSlope(x[i]) * upstream[i];
    }
  }

  private static void gelu(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.geluSlope(x[i]) * upstream[i];
    }
  }

  private static void softplus(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.sigmoid(x[i]) * upstream[i];
    }
  }

  private static void mish(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.mishSlope(x[i]) * upstream[i];
    }
  }

  private static void atLeast(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] >= alpha ? upstream[i] : 0f;
    }
  }

  private static void atMost(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = alpha >= x[i] ? upstream[i] : 0f;
    }
  }
}
