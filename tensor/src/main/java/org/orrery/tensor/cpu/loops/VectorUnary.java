package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.VectorOperators.GT;
import static org.orrery.tensor.cpu.loops.FloatConstants.*;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.EnumMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import org.orrery.tensor.backend.Unary;

/// y = f(x; alpha) with vectors, a small loop for each function. What the compiler turns into vectors by itself is left
/// to [ScalarUnary]. The last numbers, fewer than a vector has lanes, run through the same loop in a padded array: an
/// element's result does not depend on where it lies.
final class VectorUnary {
  /// The loops, each called through a handle that the compiler does not know: it would inline the loops of two functions into
  /// one method, give up in the midst of the second, and leave vectors that cross calls, ten times slower.
  private static final Map<Unary, MethodHandle> LOOPS = handles();

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

  /// y = f(x; alpha) for whole vectors.
  interface Loop {
    void run(float alpha, float[] x, float[] y, int from, int to);
  }

  private static Map<Unary, MethodHandle> handles() {
    Map<Unary, Loop> loops = new EnumMap<>(Unary.class);
    loops.put(Unary.STEP, (alpha, x, y, from, to) -> step(x, y, from, to));
    loops.put(Unary.EXP, (alpha, x, y, from, to) -> exp(x, y, from, to));
    loops.put(Unary.EXPM1, (alpha, x, y, from, to) -> expm1(x, y, from, to));
    loops.put(Unary.LOG, (alpha, x, y, from, to) -> log(x, y, from, to));
    loops.put(Unary.LOG1P, (alpha, x, y, from, to) -> log1p(x, y, from, to));
    loops.put(Unary.TANH, (alpha, x, y, from, to) -> tanh(x, y, from, to));
    loops.put(Unary.SIGMOID, (alpha, x, y, from, to) -> sigmoid(x, y, from, to));
    loops.put(Unary.SILU, (alpha, x, y, from, to) -> silu(x, y, from, to));
    loops.put(Unary.MISH, (alpha, x, y, from, to) -> mish(x, y, from, to));
    loops.put(Unary.SELU, (alpha, x, y, from, to) -> selu(x, y, from, to));
    loops.put(Unary.SIN, (alpha, x, y, from, to) -> sin(x, y, from, to));
    loops.put(Unary.COS, (alpha, x, y, from, to) -> cos(x, y, from, to));
    loops.put(Unary.SOFTPLUS, (alpha, x, y, from, to) -> VectorStages.softplus(x, y, from, to));
    loops.put(Unary.ERF, (alpha, x, y, from, to) -> VectorStages.erf(x, y, from, to));
    loops.put(Unary.GELU, (alpha, x, y, from, to) -> VectorStages.gelu(x, y, from, to));
    loops.put(Unary.LEAKY_RELU, VectorUnary::leakyRelu);
    loops.put(Unary.ELU, VectorUnary::elu);
    Map<Unary, MethodHandle> handles = new EnumMap<>(Unary.class);
    try {
      MethodHandle run = MethodHandles.lookup().findVirtual(Loop.class, "run",
          MethodType.methodType(void.class, float.class, float[].class, float[].class, int.class, int.class));
      loops.forEach((kind, loop) -> handles.put(kind, run.bindTo(loop)));
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("an interface without its method", missing);
    }
    return handles;
  }

  private static void whole(Unary kind, float alpha, float[] x, float[] y, int from, int to) {
    MethodHandle loop = LOOPS.get(kind);
    if (loop == null) {
      throw new IllegalArgumentException("no vector loop for " + kind);
    }
    try {
      loop.invokeExact(alpha, x, y, from, to);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable other) { // declared by handles, thrown by no loop
      throw new IllegalStateException("a loop throws no checked exception", other);
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
