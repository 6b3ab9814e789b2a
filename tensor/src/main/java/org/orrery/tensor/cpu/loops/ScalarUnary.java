package org.orrery.tensor.cpu.loops;

import org.orrery.tensor.backend.Unary;

/// y = f(x; alpha) in plain Java, a small loop for each function: the compiler makes vectors of the simple ones.
final class ScalarUnary {
  static final float SELU_SCALE = (float) Unary.SELU_SCALE;
  static final float SELU_BELOW = (float) (Unary.SELU_SCALE * Unary.SELU_ALPHA);

  private ScalarUnary() {
  }

  static void run(Unary kind, float alpha, float[] x, float[] y, int from, int to) {
    switch (kind) {
      case SCALE -> scale(alpha, x, y, from, to);
      case SHIFT -> shift(alpha, x, y, from, to);
      case ABS -> abs(x, y, from, to);
      case SIGN -> sign(x, y, from, to);
      case STEP -> step(x, y, from, to);
      case FLOOR -> floor(x, y, from, to);
      case EXP -> exp(x, y, from, to);
      case EXPM1 -> expm1(x, y, from, to);
      case LOG -> log(x, y, from, to);
      case LOG1P -> log1p(x, y, from, to);
      case SQRT -> sqrt(x, y, from, to);
      case RECIPROCAL -> reciprocal(x, y, from, to);
      case SQUARE -> square(x, y, from, to);
      case POWER -> power(alpha, x, y, from, to);
      case SIN -> sin(x, y, from, to);
      case COS -> cos(x, y, from, to);
      case TANH -> tanh(x, y, from, to);
      case ERF -> erf(x, y, from, to);
      case SIGMOID -> sigmoid(x, y, from, to);
      case RELU -> relu(x, y, from, to);
      case LEAKY_RELU -> leakyRelu(alpha, x, y, from, to);
      case ELU -> elu(alpha, x, y, from, to);
      case SELU -> selu(x, y, from, to);
      case SILU -> silu(x, y, from, to);
      case GELU -> gelu(x, y, from, to);
      case SOFTPLUS -> softplus(x, y, from, to);
      case MISH -> mish(x, y, from, to);
      case AT_LEAST -> atLeast(alpha, x, y, from, to);
      case AT_MOST -> atMost(alpha, x, y, from, to);
    }
  }

  private static void scale(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = alpha * x[i];
    }
  }

  private static void shift(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] + alpha;
    }
  }

  private static void abs(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.abs(x[i]);
    }
  }

  private static void sign(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.signum(x[i]);
    }
  }

  private static void step(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] > 0f ? 1f : 0f;
    }
  }

  private static void floor(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (float) Math.floor(x[i]);
    }
  }

  private static void exp(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.exp(x[i]);
    }
  }

  private static void expm1(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.expm1(x[i]);
    }
  }

  private static void log(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.log(x[i]);
    }
  }

  private static void log1p(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.log1p(x[i]);
    }
  }

  private static void sqrt(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (float) Math.sqrt(x[i]);
    }
  }

  private static void reciprocal(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = 1f / x[i];
    }
  }

  private static void square(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] * x[i];
    }
  }

  private static void power(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.power(x[i], alpha);
    }
  }

  private static void sin(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.sin(x[i]);
    }
  }

  private static void cos(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.cos(x[i]);
    }
  }

  private static void tanh(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.tanh(x[i]);
    }
  }

  private static void erf(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.erf(x[i]);
    }
  }

  private static void sigmoid(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.sigmoid(x[i]);
    }
  }

  private static void relu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], 0f);
    }
  }

  private static void leakyRelu(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] > 0f ? x[i] : alpha * x[i];
    }
  }

  private static void elu(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] > 0f ? x[i] : alpha * ScalarMath.expm1(x[i]);
    }
  }

  private static void selu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] > 0f ? SELU_SCALE * x[i] : SELU_BELOW * ScalarMath.expm1(x[i]);
    }
  }

  private static void silu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.silu(x[i]);
    }
  }

  private static void gelu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.gelu(x[i]);
    }
  }

  private static void softplus(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.softplus(x[i]);
    }
  }

  private static void mish(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.mish(x[i]);
    }
  }

  private static void atLeast(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], alpha);
    }
  }

  private static void atMost(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(x[i], alpha);
    }
  }
}
