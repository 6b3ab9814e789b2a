package org.orrery.tensor.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static org.orrery.tensor.cpu.FloatConstants.*;
import static org.orrery.tensor.cpu.Lanes.LANES;
import static org.orrery.tensor.cpu.Lanes.every;
import static org.orrery.tensor.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import org.orrery.tensor.backend.Unary;

/// y = f(x; alpha) with vectors, a small loop for each function. What the compiler turns into vectors by itself is left
/// to [ScalarUnary]. The last numbers, fewer than a vector has lanes, run through the same loop in a padded array: an
/// element's result does not depend on where it lies.
final class VectorUnary {
  private VectorUnary() {
  }

  static void run(Unary kind, float alpha, float[] x, float[] y, int from, int to) {
    switch (kind) {
      case SCALE, SHIFT, ABS, SIGN, FLOOR, SQRT, RECIPROCAL, SQUARE, POWER, RELU, AT_LEAST, AT_MOST ->
        ScalarUnary.run(kind, alpha, x, y, from, to);
      default -> {
        int rest = (to - from) % LANES;
        whole(kind, alpha, x, y, from, to - rest);
        if (rest > 0) {
          float[] padded = new float[LANES];
          System.arraycopy(x, to - rest, padded, 0, rest);
          whole(kind, alpha, padded, padded, 0, LANES);
          System.arraycopy(padded, 0, y, to - rest, rest);
        }
      }
    }
  }

  private static void whole(Unary kind, float alpha, float[] x, float[] y, int from, int to) {
    switch (kind) {
      case STEP -> step(x, y, from, to);
      case EXP -> exp(x, y, from, to);
      case EXPM1 -> expm1(x, y, from, to);
      case LOG -> log(x, y, from, to);
      case LOG1P -> log1p(x, y, from, to);
      case TANH -> tanh(x, y, from, to);
      case SIGMOID -> sigmoid(x, y, from, to);
      case SILU -> silu(x, y, from, to);
      case MISH -> mish(x, y, from, to);
      case LEAKY_RELU -> leakyRelu(alpha, x, y, from, to);
      case ELU -> elu(alpha, x, y, from, to);
      case SELU -> selu(x, y, from, to);
      case SIN -> sin(x, y, from, to);
      case COS -> cos(x, y, from, to);
      case SOFTPLUS -> VectorStages.softplus(x, y, from, to);
      case ERF -> VectorStages.erf(x, y, from, to);
      case GELU -> VectorStages.gelu(x, y, from, to);
      default -> throw new IllegalArgumentException("no vector loop for " + kind);
    }
  }

  private static void step(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      every(0f).blend(1f, v.compare(GT, 0f)).intoArray(y, i);
    }
  }

  private static void exp(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.exp(v).intoArray(y, i);
    }
  }

  private static void expm1(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.expm1(v).intoArray(y, i);
    }
  }

  private static void log(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.log(v).intoArray(y, i);
    }
  }

  private static void log1p(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.log1p(v).intoArray(y, i);
    }
  }

  private static void tanh(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.tanh(v).intoArray(y, i);
    }
  }

  private static void sigmoid(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.sigmoid(v).intoArray(y, i);
    }
  }

  private static void silu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.silu(v).intoArray(y, i);
    }
  }

  private static void mish(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.mish(v).intoArray(y, i);
    }
  }

  private static void leakyRelu(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(alpha).blend(v, v.compare(GT, 0f)).intoArray(y, i);
    }
  }

  private static void elu(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.expm1(v).mul(alpha).blend(v, v.compare(GT, 0f)).intoArray(y, i);
    }
  }

  private static void selu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.expm1(v).mul(ScalarUnary.SELU_BELOW).blend(v.mul(ScalarUnary.SELU_SCALE), v.compare(GT, 0f))
          .intoArray(y, i);
    }
  }

  private static void sin(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      if (v.abs().compare(GT, ANGLE_MOST).anyTrue()) {
        ScalarUnary.run(Unary.SIN, 0f, x, y, i, i + LANES);
      } else {
        VectorMath.sine(v, 0).intoArray(y, i);
      }
    }
  }

  private static void cos(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      if (v.abs().compare(GT, ANGLE_MOST).anyTrue()) {
        ScalarUnary.run(Unary.COS, 0f, x, y, i, i + LANES);
      } else {
        VectorMath.sine(v, 1).intoArray(y, i);
      }
    }
  }
}
