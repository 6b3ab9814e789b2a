package org.orrery.tensor.cpu.loops;

import org.orrery.tensor.backend.Unary;

/// y = f(x; alpha) and upstream f'(x; alpha) in plain Java, a small loop for each: the compiler makes vectors of the simple ones. A
/// function is a line in each of the two switches, a loop for its value and one for its slope.
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
      case HARDSWISH -> hardswish(x, y, from, to);
      case AT_LEAST -> atLeast(alpha, x, y, from, to);
      case AT_MOST -> atMost(alpha, x, y, from, to);
    }
  }

  /// upstream f'(x; alpha), from y = f(x; alpha) where that is cheaper.
  static void slope(Unary kind, float alpha, float[] x, float[] y, float[] upstream, float[] share, int from, int to) {
    switch (kind) {
      case SCALE -> scaleSlope(alpha, upstream, share, from, to);
      case SHIFT -> shiftSlope(upstream, share, from, to);
      case ABS -> absSlope(x, upstream, share, from, to);
      case SIGN, STEP, FLOOR -> zeroSlope(share, from, to);
      case EXP -> expSlope(y, upstream, share, from, to);
      case EXPM1 -> expm1Slope(x, upstream, share, from, to);
      case LOG -> logSlope(x, upstream, share, from, to);
      case LOG1P -> log1pSlope(x, upstream, share, from, to);
      case SQRT -> sqrtSlope(y, upstream, share, from, to);
      case RECIPROCAL -> reciprocalSlope(y, upstream, share, from, to);
      case SQUARE -> squareSlope(x, upstream, share, from, to);
      case POWER -> powerSlope(alpha, x, upstream, share, from, to);
      case SIN -> sinSlope(x, upstream, share, from, to);
      case COS -> cosSlope(x, upstream, share, from, to);
      case TANH -> tanhSlope(x, upstream, share, from, to);
      case ERF -> erfSlope(x, upstream, share, from, to);
      case SIGMOID -> sigmoidSlope(x, upstream, share, from, to);
      case RELU -> reluSlope(x, upstream, 0, share, from, to);
      case LEAKY_RELU -> leakyReluSlope(alpha, x, upstream, 0, share, from, to);
      case ELU -> eluSlope(alpha, x, upstream, share, from, to);
      case SELU -> seluSlope(x, upstream, share, from, to);
      case SILU -> siluSlope(x, upstream, share, from, to);
      case GELU -> geluSlope(x, upstream, share, from, to);
      case SOFTPLUS -> softplusSlope(x, upstream, share, from, to);
      case MISH -> mishSlope(x, upstream, share, from, to);
      case HARDSWISH -> hardswishSlope(x, upstream, share, from, to);
      case AT_LEAST -> atLeastSlope(alpha, x, upstream, share, from, to);
      case AT_MOST -> atMostSlope(alpha, x, upstream, share, from, to);
    }
  }

  /// The slope over y from y alone, with upstream from `start` where y begins at `yStart`.
  static void slopeOver(Unary kind, float alpha, float[] upstream, int start, float[] y, int yStart, int length) {
    int shift = start - yStart;
    int end = yStart + length;
    switch (kind) {
      case RELU -> reluSlope(y, upstream, shift, y, yStart, end);
      case LEAKY_RELU -> leakyReluSlope(alpha, y, upstream, shift, y, yStart, end);
      default -> throw new IllegalArgumentException("the slope of " + kind + " does not follow from its result");
    }
  }

  private static void scale(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = alpha * x[i];
    }
  }

  private static void scaleSlope(float alpha, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = alpha * upstream[i];
    }
  }

  private static void shift(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] + alpha;
    }
  }

  private static void shiftSlope(float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = upstream[i];
    }
  }

  private static void abs(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.abs(x[i]);
    }
  }

  private static void absSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = Math.signum(x[i]) * upstream[i];
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

  private static void expSlope(float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = y[i] * upstream[i];
    }
  }

  private static void expm1(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.expm1(x[i]);
    }
  }

  private static void expm1Slope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.exp(x[i]) * upstream[i];
    }
  }

  private static void log(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.log(x[i]);
    }
  }

  private static void logSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = upstream[i] / x[i];
    }
  }

  private static void log1p(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.log1p(x[i]);
    }
  }

  private static void log1pSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = upstream[i] / (x[i] + 1f);
    }
  }

  private static void sqrt(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (float) Math.sqrt(x[i]);
    }
  }

  private static void sqrtSlope(float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = 0.5f * upstream[i] / y[i];
    }
  }

  private static void reciprocal(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = 1f / x[i];
    }
  }

  private static void reciprocalSlope(float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = -(y[i] * y[i]) * upstream[i];
    }
  }

  private static void square(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] * x[i];
    }
  }

  private static void squareSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = 2f * x[i] * upstream[i];
    }
  }

  private static void power(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.power(x[i], alpha);
    }
  }

  private static void powerSlope(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = alpha * ScalarMath.power(x[i], alpha - 1f) * upstream[i];
    }
  }

  private static void sin(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.sin(x[i]);
    }
  }

  private static void sinSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.cos(x[i]) * upstream[i];
    }
  }

  private static void cos(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.cos(x[i]);
    }
  }

  private static void cosSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = -ScalarMath.sin(x[i]) * upstream[i];
    }
  }

  private static void tanh(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.tanh(x[i]);
    }
  }

  private static void tanhSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.tanhSlope(x[i]) * upstream[i];
    }
  }

  private static void erf(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.erf(x[i]);
    }
  }

  private static void erfSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.erfSlope(x[i]) * upstream[i];
    }
  }

  private static void sigmoid(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.sigmoid(x[i]);
    }
  }

  private static void sigmoidSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.sigmoidSlope(x[i]) * upstream[i];
    }
  }

  private static void relu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], 0f);
    }
  }

  private static void reluSlope(float[] x, float[] upstream, int shift, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] > 0f ? upstream[i + shift] : 0f;
    }
  }

  private static void leakyRelu(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] > 0f ? x[i] : alpha * x[i];
    }
  }

  private static void leakyReluSlope(float alpha, float[] x, float[] upstream, int shift, float[] share, int from,
      int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] > 0f ? upstream[i + shift] : alpha * upstream[i + shift];
    }
  }

  private static void elu(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] > 0f ? x[i] : alpha * ScalarMath.expm1(x[i]);
    }
  }

  private static void eluSlope(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] > 0f ? upstream[i] : alpha * ScalarMath.exp(x[i]) * upstream[i];
    }
  }

  private static void selu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] > 0f ? SELU_SCALE * x[i] : SELU_BELOW * ScalarMath.expm1(x[i]);
    }
  }

  private static void seluSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] > 0f ? SELU_SCALE * upstream[i] : SELU_BELOW * ScalarMath.exp(x[i]) * upstream[i];
    }
  }

  private static void silu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.silu(x[i]);
    }
  }

  private static void siluSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.siluSlope(x[i]) * upstream[i];
    }
  }

  private static void gelu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.gelu(x[i]);
    }
  }

  private static void geluSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.geluSlope(x[i]) * upstream[i];
    }
  }

  private static void softplus(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.softplus(x[i]);
    }
  }

  private static void softplusSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.sigmoid(x[i]) * upstream[i];
    }
  }

  private static void mish(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = ScalarMath.mish(x[i]);
    }
  }

  private static void mishSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = ScalarMath.mishSlope(x[i]) * upstream[i];
    }
  }

  private static void hardswish(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      float bounded = Math.max(x[i], -3f);
      y[i] = bounded * (Math.min(bounded + 3f, 6f) / 6f);
    }
  }

  private static void hardswishSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      float slope = x[i] >= 3f ? 1f : x[i] * (1f / 3f) + 0.5f;
      share[i] = x[i] <= -3f ? 0f : slope * upstream[i];
    }
  }

  private static void atLeast(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], alpha);
    }
  }

  private static void atLeastSlope(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = x[i] >= alpha ? upstream[i] : 0f;
    }
  }

  private static void atMost(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(x[i], alpha);
    }
  }

  private static void atMostSlope(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = alpha >= x[i] ? upstream[i] : 0f;
    }
  }

  private static void zeroSlope(float[] share, int from, int to) {
    for (int i = from; i < to; i++) {
      share[i] = 0f;
    }
  }
}
