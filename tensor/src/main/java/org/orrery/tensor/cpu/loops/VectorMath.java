package org.orrery.tensor.cpu.loops;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.orrery.tensor.cpu.loops.FloatConstants.*;
import static org.orrery.tensor.cpu.loops.Lanes.every;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/// Elementary functions of vectors: step for step those of [ScalarMath], where they are explained, so that both give the
/// same bits.
///
/// Each method is small enough to be inlined into its loop: a vector that crosses a call lies in memory, ten times
/// slower. The compiler gives up inlining beyond some fifty operations in one loop; functions of functions therefore run
/// in [VectorStages].
final class VectorMath {
  private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

  private VectorMath() {
  }

  /// The greater of both for a bound that is not 0; NaN stays. `max` spends five operations on the sign of 0.
  private static FloatVector atLeast(FloatVector x, float bound) {
    return x.blend(bound, x.compare(LT, bound));
  }

  private static FloatVector atMost(FloatVector x, float bound) {
    return x.blend(bound, x.compare(GT, bound));
  }

  static FloatVector exp(FloatVector x) {
    FloatVector bounded = atMost(atLeast(x, EXP_LEAST), EXP_MOST);
    FloatVector rounded = bounded.fma(every(LOG2_E), every(EXP_ROUND));
    FloatVector p = expOfRest(rounded.sub(EXP_ROUND), bounded);
    IntVector power = rounded.reinterpretAsInts();
    IntVector half = power.lanewise(ASHR, 1);
    return p.mul(withExponent(half)).mul(withExponent(power.sub(half)));
  }

  /// e^x for x up to 0.
  static FloatVector decay(FloatVector x) {
    return boundedDecay(atLeast(x, EXP_LEAST));
  }

  private static FloatVector boundedDecay(FloatVector x) {
    FloatVector rounded = x.fma(every(LOG2_E), every(DECAY_ROUND));
    FloatVector p = expOfRest(rounded.sub(DECAY_ROUND), x);
    return p.mul(withExponent(rounded.reinterpretAsInts())).mul(DECAY_SCALE);
  }

  /// e^(x - n ln 2).
  private static FloatVector expOfRest(FloatVector n, FloatVector x) {
    FloatVector r = n.fma(every(-LN2_LOW), n.fma(every(-LN2_HIGH), x));
    return expPolynomial(r).fma(r.mul(r), r.add(1f));
  }

  /// The power of 2 whose exponent stands in the low bits.
  private static FloatVector withExponent(IntVector exponent) {
    return exponent.lanewise(LSHL, 23).reinterpretAsFloats();
  }

  /// -|x|.
  private static FloatVector negative(FloatVector x) {
    return x.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
  }

  private static FloatVector expPolynomial(FloatVector r) {
    FloatVector q = r.fma(every(EXP_4), every(EXP_3));
    q = q.fma(r, every(EXP_2));
    q = q.fma(r, every(EXP_1));
    return q.fma(r, every(EXP_0));
  }

  private static FloatVector powerOfTwo(IntVector n) {
    return n.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
  }

  static FloatVector expm1(FloatVector x) {
    FloatVector bounded = atMost(atLeast(x, EXPM1_LEAST), EXP_MOST);
    FloatVector rounded = bounded.fma(every(LOG2_E), every(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(every(-LN2_LOW), n.fma(every(-LN2_HIGH), bounded));
    FloatVector e = expPolynomial(r).fma(r.mul(r), r);
    FloatVector half = powerOfTwo(rounded.reinterpretAsInts().sub(ROUND_BITS + 1));
    FloatVector y = half.fma(e, half.sub(0.5f));
    return y.add(y);
  }

  static FloatVector log(FloatVector x) {
    VectorMask<Float> denormal = x.compare(LT, Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(8388608f), denormal).reinterpretAsInts();
    IntVector above = bits.sub(SQRT_HALF_BITS).and(EXPONENT_BITS);
    FloatVector exponent = (FloatVector) above.lanewise(ASHR, 23).convert(I2F, 0);
    exponent = exponent.blend(exponent.sub(23f), denormal);
    FloatVector f = bits.sub(above).reinterpretAsFloats().sub(1f);
    FloatVector z = f.mul(f);
    FloatVector y = exponent.fma(every(LN2_LOW), f.mul(z).mul(logPolynomial(f)));
    y = f.add(z.fma(every(-0.5f), y));
    y = exponent.fma(every(LN2_HIGH), y);
    y = y.blend(Float.NaN, x.compare(LT, 0f));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
    return x.blend(y, x.compare(LT, Float.POSITIVE_INFINITY));
  }

  private static FloatVector logPolynomial(FloatVector f) {
    FloatVector p = f.fma(every(LOG_8), every(LOG_7));
    p = p.fma(f, every(LOG_6));
    p = p.fma(f, every(LOG_5));
    p = p.fma(f, every(LOG_4));
    p = p.fma(f, every(LOG_3));
    p = p.fma(f, every(LOG_2));
    p = p.fma(f, every(LOG_1));
    return p.fma(f, every(LOG_0));
  }

  static FloatVector log1p(FloatVector x) {
    FloatVector u = x.add(1f);
    FloatVector correction = x.sub(u.sub(1f)).div(u);
    return log(u).add(correction.blend(0f, correction.compare(NE, correction)));
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector m = atMost(x.abs(), TANH_MOST);
    FloatVector rounded = m.fma(every(2 * LOG2_E), every(TANH_ROUND));
    FloatVector n = rounded.sub(TANH_ROUND);
    FloatVector r = n.fma(every(-LN2_LOW / 2), n.fma(every(-LN2_HIGH / 2), m));
    FloatVector q = r.fma(every(32 * EXP_4), every(16 * EXP_3));
    q = q.fma(r, every(8 * EXP_2));
    q = q.fma(r, every(4 * EXP_1));
    q = q.fma(r, every(2 * EXP_0));
    FloatVector power = withExponent(rounded.reinterpretAsInts());
    FloatVector t = power.fma(q.fma(r.mul(r), r), power.fma(every(0.5f), every(-0.5f)));
    return withSignOf(t.div(t.add(1f)), x);
  }

  private static FloatVector withSignOf(FloatVector magnitude, FloatVector x) {
    return magnitude.reinterpretAsInts().or(x.reinterpretAsInts().and(Integer.MIN_VALUE)).reinterpretAsFloats();
  }

  static FloatVector sigmoid(FloatVector x) {
    FloatVector e = decay(negative(x));
    return e.blend(1f, x.compare(GE, 0f)).div(e.add(1f));
  }

  static FloatVector sigmoidSlope(FloatVector x) {
    FloatVector e = decay(negative(x));
    FloatVector inverse = every(1f).div(e.add(1f));
    return e.mul(inverse).mul(inverse);
  }

  static FloatVector tanhSlope(FloatVector x) {
    FloatVector e = decay(x.abs().mul(-2f));
    FloatVector inverse = every(1f).div(e.add(1f));
    return e.mul(4f).mul(inverse).mul(inverse);
  }

  static FloatVector silu(FloatVector x) {
    FloatVector bounded = atLeast(negative(x), EXP_LEAST);
    FloatVector e = boundedDecay(bounded);
    return bounded.mul(e).blend(x, x.compare(GE, 0f)).div(e.add(1f));
  }

  static FloatVector mish(FloatVector x) {
    FloatVector bounded = atLeast(x, SILU_LEAST);
    FloatVector u = exp(atMost(bounded, MISH_MOST));
    FloatVector n = u.mul(u.add(2f));
    return bounded.mul(n.div(n.add(2f)));
  }

  static FloatVector mishSlope(FloatVector x) {
    FloatVector bounded = atMost(atLeast(x, SILU_LEAST), MISH_MOST);
    FloatVector u = exp(bounded);
    FloatVector n = u.mul(u.add(2f));
    FloatVector inverse = every(1f).div(n.add(2f));
    return bounded.mul(4f).mul(u).mul(inverse).fma(u.add(1f).mul(inverse), n.mul(inverse));
  }

  static FloatVector siluSlope(FloatVector x) {
    FloatVector bounded = atLeast(x, SILU_LEAST);
    FloatVector e = decay(negative(bounded));
    FloatVector inverse = every(1f).div(e.add(1f));
    VectorMask<Float> positive = bounded.compare(GE, 0f);
    FloatVector s = e.blend(1f, positive).mul(inverse);
    FloatVector opposite = every(1f).blend(e, positive).mul(inverse);
    return s.mul(atMost(bounded, -SILU_LEAST)).fma(opposite, s);
  }

  /// The error function of x, given erfc of |x|.
  static FloatVector erf(FloatVector x, FloatVector tail) {
    FloatVector z = x.mul(x);
    FloatVector p = z.fma(every(ERF_6), every(ERF_5));
    p = p.fma(z, every(ERF_4));
    p = p.fma(z, every(ERF_3));
    p = p.fma(z, every(ERF_2));
    p = p.fma(z, every(ERF_1));
    p = p.fma(z, every(ERF_0));
    return withSignOf(every(1f).sub(tail), x).blend(x.mul(p), x.abs().compare(LT, 1f));
  }

  static FloatVector scaledTail(FloatVector z) {
    FloatVector t = every(TAIL_SHIFT).div(z.add(TAIL_SHIFT));
    FloatVector q = t.fma(every(TAIL_9), every(TAIL_8));
    q = q.fma(t, every(TAIL_7));
    q = q.fma(t, every(TAIL_6));
    q = q.fma(t, every(TAIL_5));
    q = q.fma(t, every(TAIL_4));
    q = q.fma(t, every(TAIL_3));
    q = q.fma(t, every(TAIL_2));
    q = q.fma(t, every(TAIL_1));
    return q.fma(t, every(TAIL_0)).mul(t);
  }

  static FloatVector bell(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector rest = x.fma(x, square.neg());
    FloatVector e = exp(square.mul(-0.5f));
    return rest.mul(-0.5f).fma(e, e);
  }

  static FloatVector normalBelow(FloatVector x, FloatVector bell) {
    FloatVector z = atMost(x.abs().mul(SQRT_HALF), TAIL_MOST);
    FloatVector tail = scaledTail(z).mul(0.5f).mul(bell);
    return every(1f).sub(tail).blend(tail, x.compare(LT, 0f));
  }

  static FloatVector erfSlope(FloatVector x) {
    FloatVector bounded = atMost(x.abs(), TAIL_MOST);
    FloatVector square = bounded.mul(bounded);
    FloatVector rest = bounded.fma(bounded, square.neg());
    FloatVector e = exp(square.neg()).mul(TWO_OVER_SQRT_PI);
    return rest.neg().fma(e, e);
  }

  /// sin(x + quarters pi / 2), for |x| up to [FloatConstants#ANGLE_MOST].
  static FloatVector sine(FloatVector x, int quarters) {
    FloatVector rounded = x.fma(every(TWO_OVER_PI), every(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(every(-HALF_PI_HIGH), x);
    r = n.fma(every(-HALF_PI_LOW), n.fma(every(-HALF_PI_MIDDLE), r));
    IntVector quadrant = rounded.reinterpretAsInts().add(quarters);
    FloatVector z = r.mul(r);
    FloatVector s = z.fma(every(SIN_3), every(SIN_2));
    s = s.fma(z, every(SIN_1));
    s = s.fma(z, every(SIN_0));
    s = s.mul(z).fma(r, r);
    FloatVector c = z.fma(every(COS_3), every(COS_2));
    c = c.fma(z, every(COS_1));
    c = c.fma(z, every(COS_0));
    c = c.mul(z).fma(z, z.fma(every(-0.5f), every(1f)));
    VectorMask<Float> even = quadrant.and(1).compare(EQ, 0).cast(Lanes.SPECIES);
    IntVector sign = quadrant.and(2).lanewise(LSHL, 30);
    return c.blend(s, even).reinterpretAsInts().lanewise(XOR, sign)
        .reinterpretAsFloats();
  }
}
