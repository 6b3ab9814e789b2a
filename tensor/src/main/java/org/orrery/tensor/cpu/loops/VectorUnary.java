package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static org.orrery.tensor.cpu.loops.FloatConstants.*;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import org.orrery.tensor.backend.Unary;

/// y = f(x; alpha) and upstream f'(x; alpha) with vectors, a small loop for each. What the compiler turns into vectors by itself is left
/// to [ScalarUnary]. The last numbers, fewer than a vector has lanes, run through the same loop in a padded array: an
/// element's result does not depend on where it lies.
final class VectorUnary {
  /// The loops, each called through a handle that the compiler does not know: it would inline the loops of two functions into
  /// one method, give up in the midst of the second, and leave vectors that cross calls, ten times slower.
  private static final Map<Unary, MethodHandle> LOOPS = handles();

  private VectorUnary() {
  }

  static void run(Unary kind, float alpha, float[] x, float[] y, int from, int to) {
    MethodHandle loop = LOOPS.get(kind);
    if (loop == null) {
      ScalarUnary.run(kind, alpha, x, y, from, to);
      return;
    }
    int rest = (to - from) % LANES;
    whole(loop, alpha, x, y, from, to - rest);
    if (rest > 0) {
      float[] padded = new float[LANES];
      System.arraycopy(x, to - rest, padded, 0, rest);
      whole(loop, alpha, padded, padded, 0, LANES);
      System.arraycopy(padded, 0, y, to - rest, rest);
    }
  }

  /// upstream f'(x; alpha), from y = f(x; alpha) where that is cheaper.
  static void slope(Unary kind, float alpha, float[] x, float[] y, float[] upstream, float[] share, int from, int to) {
    switch (kind) {
      case RELU, LEAKY_RELU, EXPM1, TANH, SIGMOID, ELU, SELU, ERF, SILU, SOFTPLUS, MISH, HARDSWISH, AT_LEAST, AT_MOST,
          SIN, COS, GELU -> {
        int rest = (to - from) % LANES;
        int tail = to - rest;
        wholeSlope(kind, alpha, x, upstream, share, from, tail);
        if (rest > 0) {
          float[] padded = new float[LANES];
          wholeSlope(kind, alpha, padded(x, tail, to), padded(upstream, tail, to), padded, 0, LANES);
          System.arraycopy(padded, 0, share, tail, rest);
        }
      }
      default -> ScalarUnary.slope(kind, alpha, x, y, upstream, share, from, to);
    }
  }

  /// The slope over y from y alone, with upstream from `start` where y begins at `yStart`.
  static void slopeOver(Unary kind, float alpha, float[] upstream, int start, float[] y, int yStart, int length) {
    int whole = kind == Unary.RELU || kind == Unary.LEAKY_RELU ? length - length % LANES : 0;
    int shift = start - yStart;
    if (kind == Unary.RELU) {
      reluSlope(y, upstream, shift, y, yStart, yStart + whole);
    } else if (kind == Unary.LEAKY_RELU) {
      leakyReluSlope(alpha, y, upstream, shift, y, yStart, yStart + whole);
    }
    ScalarUnary.slopeOver(kind, alpha, upstream, start + whole, y, yStart + whole, length - whole);
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

  private static void whole(MethodHandle loop, float alpha, float[] x, float[] y, int from, int to) {
    try {
      loop.invokeExact(alpha, x, y, from, to);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable other) { // declared by handles, thrown by no loop
      throw new IllegalStateException("a loop throws no checked exception", other);
    }
  }

  private static float[] padded(float[] x, int from, int to) {
    return Arrays.copyOf(Arrays.copyOfRange(x, from, to), LANES);
  }

  private static void wholeSlope(Unary kind, float alpha, float[] x, float[] upstream, float[] share, int from,
      int to) {
    switch (kind) {
      case RELU -> reluSlope(x, upstream, 0, share, from, to);
      case LEAKY_RELU -> leakyReluSlope(alpha, x, upstream, 0, share, from, to);
      case EXPM1 -> expm1Slope(x, upstream, share, from, to);
      case TANH -> tanhSlope(x, upstream, share, from, to);
      case SIGMOID -> sigmoidSlope(x, upstream, share, from, to);
      case ELU -> eluSlope(alpha, x, upstream, share, from, to);
      case SELU -> seluSlope(x, upstream, share, from, to);
      case ERF -> erfSlope(x, upstream, share, from, to);
      case SILU -> siluSlope(x, upstream, share, from, to);
      case SOFTPLUS -> softplusSlope(x, upstream, share, from, to);
      case MISH -> mishSlope(x, upstream, share, from, to);
      case HARDSWISH -> hardswishSlope(x, upstream, share, from, to);
      case AT_LEAST -> atLeastSlope(alpha, x, upstream, share, from, to);
      case AT_MOST -> atMostSlope(alpha, x, upstream, share, from, to);
      case SIN -> sinSlope(x, upstream, share, from, to);
      case COS -> cosSlope(x, upstream, share, from, to);
      case GELU -> VectorStages.geluGradient(x, upstream, share, from, to);
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

  private static void expm1Slope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.exp(v).mul(g).intoArray(share, i);
    }
  }

  private static void tanhSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.tanhSlope(v).mul(g).intoArray(share, i);
    }
  }

  private static void sigmoidSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.sigmoidSlope(v).mul(g).intoArray(share, i);
    }
  }

  private static void silu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.silu(v).intoArray(y, i);
    }
  }

  private static void siluSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.siluSlope(v).mul(g).intoArray(share, i);
    }
  }

  private static void mish(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.mish(v).intoArray(y, i);
    }
  }

  private static void mishSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.mishSlope(v).mul(g).intoArray(share, i);
    }
  }

  private static void hardswishSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector slope = v.mul(1f / 3f).add(0.5f).blend(1f, v.compare(GE, 3f));
      slope.mul(load(upstream, i)).blend(0f, v.compare(LE, -3f)).intoArray(share, i);
    }
  }

  private static void leakyRelu(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(alpha).blend(v, v.compare(GT, 0f)).intoArray(y, i);
    }
  }

  private static void leakyReluSlope(float alpha, float[] x, float[] upstream, int shift, float[] share, int from,
      int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i + shift);
      g.mul(alpha).blend(g, v.compare(GT, 0f)).intoArray(share, i);
    }
  }

  private static void elu(float alpha, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.expm1(v).mul(alpha).blend(v, v.compare(GT, 0f)).intoArray(y, i);
    }
  }

  private static void eluSlope(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.exp(v).mul(alpha).mul(g).blend(g, v.compare(GT, 0f)).intoArray(share, i);
    }
  }

  private static void selu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      VectorMath.expm1(v).mul(ScalarUnary.SELU_BELOW).blend(v.mul(ScalarUnary.SELU_SCALE), v.compare(GT, 0f))
          .intoArray(y, i);
    }
  }

  private static void seluSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.exp(v).mul(ScalarUnary.SELU_BELOW).mul(g).blend(g.mul(ScalarUnary.SELU_SCALE), v.compare(GT, 0f))
          .intoArray(share, i);
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

  private static void sinSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      if (v.abs().compare(GT, ANGLE_MOST).anyTrue()) {
        ScalarUnary.slope(Unary.SIN, 0f, x, x, upstream, share, i, i + LANES);
      } else {
        VectorMath.sine(v, 1).mul(load(upstream, i)).intoArray(share, i);
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

  private static void cosSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      if (v.abs().compare(GT, ANGLE_MOST).anyTrue()) {
        ScalarUnary.slope(Unary.COS, 0f, x, x, upstream, share, i, i + LANES);
      } else {
        VectorMath.sine(v, 0).neg().mul(load(upstream, i)).intoArray(share, i);
      }
    }
  }

  private static void reluSlope(float[] x, float[] upstream, int shift, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i + shift);
      every(0f).blend(g, v.compare(GT, 0f)).intoArray(share, i);
    }
  }

  private static void erfSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.erfSlope(v).mul(g).intoArray(share, i);
    }
  }

  private static void softplusSlope(float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      VectorMath.sigmoid(v).mul(g).intoArray(share, i);
    }
  }

  private static void atLeastSlope(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      every(0f).blend(g, v.compare(GE, alpha)).intoArray(share, i);
    }
  }

  private static void atMostSlope(float alpha, float[] x, float[] upstream, float[] share, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(upstream, i);
      every(0f).blend(g, v.compare(LE, alpha)).intoArray(share, i);
    }
  }
}
