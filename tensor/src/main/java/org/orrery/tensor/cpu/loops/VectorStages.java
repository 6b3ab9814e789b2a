package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.FloatConstants.GELU_LEAST;
import static org.orrery.tensor.cpu.loops.FloatConstants.INVERSE_SQRT_TWO_PI;
import static org.orrery.tensor.cpu.loops.FloatConstants.TAIL_MOST;
import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;

/// Functions that need two others, in stages over a block that stays in cache. In one loop they would be more than the
/// compiler inlines, and the vectors would pass through memory as objects: fifteen times slower.
final class VectorStages {
  private static final int BLOCK = 2048;

  private VectorStages() {
  }

  private interface Stage {
    void run(float[] x, float[] scratch, int start, int end);
  }

  /// First fills scratch[0, end - start), then finishes, block by block.
  private static void inBlocks(int from, int to, float[] x, Stage first, Stage last) {
    float[] scratch = new float[Math.min(BLOCK, to - from)];
    for (int start = from; start < to; start += BLOCK) {
      int end = Math.min(to, start + BLOCK);
      first.run(x, scratch, start, end);
      last.run(x, scratch, start, end);
    }
  }

  static void softplus(float[] x, float[] y, int from, int to) {
    inBlocks(from, to, x, VectorStages::decay, (in, e, start, end) -> softplus(in, e, y, start, end));
  }

  /// e^-|x|.
  private static void decay(float[] x, float[] e, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      VectorMath.exp(load(x, i).abs().neg()).intoArray(e, i - start);
    }
  }

  private static void softplus(float[] x, float[] e, float[] y, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      load(x, i).max(0f).add(VectorMath.log1p(load(e, i - start))).intoArray(y, i);
    }
  }

  static void erf(float[] x, float[] y, int from, int to) {
    inBlocks(from, to, x, VectorStages::squareDecay, (in, e, start, end) -> {
      tail(in, e, start, end);
      erf(in, e, y, start, end);
    });
  }

  /// e^(-x^2).
  private static void squareDecay(float[] x, float[] e, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      FloatVector bounded = load(x, i).abs().min(TAIL_MOST);
      VectorMath.exp(bounded.mul(bounded).neg()).intoArray(e, i - start);
    }
  }

  /// erfc |x| in the place of e^(-x^2).
  private static void tail(float[] x, float[] e, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      FloatVector bounded = load(x, i).abs().min(TAIL_MOST);
      VectorMath.scaledTail(bounded).mul(load(e, i - start)).intoArray(e, i - start);
    }
  }

  private static void erf(float[] x, float[] tail, float[] y, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      VectorMath.erf(load(x, i), load(tail, i - start)).intoArray(y, i);
    }
  }

  static void gelu(float[] x, float[] y, int from, int to) {
    inBlocks(from, to, x, VectorStages::bell, (in, bell, start, end) -> gelu(in, bell, y, start, end));
  }

  private static void bell(float[] x, float[] bell, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      VectorMath.bell(load(x, i).max(GELU_LEAST).min(-GELU_LEAST)).intoArray(bell, i - start);
    }
  }

  private static void gelu(float[] x, float[] bell, float[] y, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      FloatVector bounded = load(x, i).max(GELU_LEAST);
      bounded.mul(VectorMath.normalBelow(bounded, load(bell, i - start))).intoArray(y, i);
    }
  }

  static void geluGradient(float[] x, float[] upstream, float[] share, int from, int to) {
    inBlocks(from, to, x, VectorStages::bell,
        (in, bell, start, end) -> geluGradient(in, bell, upstream, share, start, end));
  }

  private static void geluGradient(float[] x, float[] bell, float[] upstream, float[] share, int start, int end) {
    for (int i = start; i < end; i += LANES) {
      FloatVector bounded = load(x, i).max(GELU_LEAST).min(-GELU_LEAST);
      FloatVector density = load(bell, i - start);
      FloatVector below = VectorMath.normalBelow(bounded, density);
      bounded.mul(INVERSE_SQRT_TWO_PI).fma(density, below).mul(load(upstream, i)).intoArray(share, i);
    }
  }
}
