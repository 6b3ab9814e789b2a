package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static org.orrery.tensor.cpu.loops.FloatConstants.*;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.orrery.tensor.backend.Unary;

/// upstream f'(x; alpha) with vectors. What the compiler turns into vectors by itself is left to [ScalarUnaryGradient];
/// the last numbers run through the same loop in padded arrays.
final class VectorUnaryGradient {
  private VectorUnaryGradient() {
  }

  static void run(Unary kind, float alpha, float[] x, float[] y, float[] upstream, float[] share, int from, int to) {
    switch (kind) {
      case SCALE, SHIFT, ABS, SIGN, STEP, FLOOR, EXP, EXPM1, LOG, LOG1P, SQRT, RECIPROCAL, SQUARE, POWER, TANH,
          SIGMOID ->
        ScalarUnaryGradient.run(kind, alpha, x, y, upstream, share, from, to);
      default -> {
        int rest = (to - from) % LANES;
        int tail = to - rest;
        whole(kind, alpha, x, y, upstream, share, from, tail);
        if (rest > 0) {
          float[] padded = new float[LANES];
          whole(kind, alpha, padded(x, tail, to), padded(y, tail, to), padded(upstream, tail, to), padded, 0, LANES);
          System.arraycopy(padded, 0, share, tail, rest);
        }
      }
    }
  }

  /// The same over y from y alone, with upstream from `start` where y begins at `yStart`.
  static void over(Unary kind, float alpha, float[] upstream, int start, float[] y, int yStart, int length) {
    int whole = kind == Unary.RELU || kind == Unary.LEAKY_RELU ? length - length % LANES : 0;
    int shift = start - yStart;
    if (kind == Unary.RELU) {
      relu(y, upstream, shift, y, yStart, yStart + whole);
    } else if (kind == Unary.LEAKY_RELU) {
      leakyRelu(alpha, y, upstream, shift, y, yStart, yStart + whole);
    }
    ScalarUnaryGradient.over(kind, alpha, upstream, start + whole, y, yStart + whole, length - whole);
  }

  private static float[] padded(float[] x, int from, int to) {
    return Arrays.copyOf(Arrays.copyOfRange(x, from, to), LANES);
  }

  private static void whole(Unary kind, float alpha, float[] x, float[] y, float[] upstream, float[] share, int from,
      int to) {
    switch (kind) {
      case RELU -> relu(x, upstream, 0, share, from, to);
      case LEAKY_RELU -> leakyRelu(alpha, x, upstream, 0, share, from, to);
      case ELU -> elu(alpha, x, y, upstream, share, from, to);
      case SELU -> selu(x, y, upstream, share, from, to);
      case ERF -> erf(x, upstream, share, from, to);
      case SILU -> silu(x, upstream, share, from, to);
      case SOFTPLUS -> softplus(x, upstream, share, from, to);
      case MISH -> mish(x, upstream, share, from, to);
      case AT_LEAST -> atLeast(alpha, x, upstream, share, from, to);
      case AT_MOST -> atMost(alpha, x, upstream, share, from, to);
      case SIN -> sin(x, upstream, share, from, to);
      case COS -> cos(x, upstream, share, from, to);
      case GELU -> VectorStages.geluGradient(x, upstream, share, from, to);
      default -> throw new IllegalArgumentException("no vector loop for " + kind);
    }
  }

  private static void relu(float[] x, float[] upstream, int shift, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i + shift);
      every(0f).blend(g, v.compare(GT, 0f)).intoArray(share, i);
    }
  }

  private static void leakyRelu(float alpha, float[] x, float[] upstream, int shift, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i + shift);
      g.mul(alpha).blend(g, v.compare(GT, 0f)).intoArray(share, i);
    }
  }

  private static void elu(float alpha, float[] x, float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      load(y, i).add(alpha).mul(g).blend(g, v.compare(GT, 0f)).intoArray(share, i);
    }
  }

  private static void selu(float[] x, float[] y, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      load(y, i).add(ScalarUnary.SELU_BELOW).mul(g).blend(g.mul(ScalarUnary.SELU_SCALE), v.compare(GT, 0f))
          .intoArray(share, i);
    }
  }

  private static void erf(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.erfSlope(v).mul(g).intoArray(share, i);
    }
  }

  private static void silu(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.siluSlope(v).mul(g).intoArray(share, i);
    }
  }

  private static void softplus(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.sigmoid(v).mul(g).intoArray(share, i);
    }
  }

  private static void mish(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.mishSlope(v).mul(g).intoArray(share, i);
    }
  }

  private static void atLeast(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      every(0f).blend(g, v.compare(GE, alpha)).intoArray(share, i);
    }
  }

  private static void atMost(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      every(0f).blend(g, v.compare(LE, alpha)).intoArray(share, i);
    }
  }

  private static void sin(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      if (v.abs().compare(GT, ANGLE_MOST).anyTrue()) {
        ScalarUnaryGradient.run(Unary.SIN, 0f, x, x, upstream, share, i, i + LANES);
      } else {
        VectorMath.sine(v, 1).mul(load(upstream, i)).intoArray(share, i);
      }
    }
  }

  private static void cos(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      if (v.abs().compare(GT, ANGLE_MOST).anyTrue()) {
        ScalarUnaryGradient.run(Unary.COS, 0f, x, x, upstream, share, i, i + LANES);
      } else {
        VectorMath.sine(v, 0).neg().mul(load(upstream, i)).intoArray(share, i);
      }
    }
  }
}
