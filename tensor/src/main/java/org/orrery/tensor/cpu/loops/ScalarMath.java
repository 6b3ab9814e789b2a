package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.FloatConstants.*;

/// Elementary functions in float, without tables and without branches that depend on where a number stands. Their
/// vector twin runs the same steps in the same order and gives the same bits. NaN gives NaN.
final class ScalarMath {
  private ScalarMath() {
  }

  /// e^x within about 1 ulp; denormal results are rounded once, beyond 88.72 it is infinity.
  static float exp(float x) {
    float bounded = Math.min(Math.max(x, EXP_LEAST), EXP_MOST);
    float rounded = Math.fma(bounded, LOG2_E, EXP_ROUND);
    float p = expOfRest(rounded - EXP_ROUND, bounded);
    // 2^n in two steps: n = 128 and n = -150 are powers that float does not have.
    int power = Float.floatToRawIntBits(rounded);
    int half = power >> 1;
    return p * withExponent(half) * withExponent(power - half);
  }

  /// e^x for x up to 0, likewise.
  static float decay(float x) {
    float bounded = Math.max(x, EXP_LEAST);
    float rounded = Math.fma(bounded, LOG2_E, DECAY_ROUND);
    float p = expOfRest(rounded - DECAY_ROUND, bounded);
    return p * withExponent(Float.floatToRawIntBits(rounded)) * DECAY_SCALE;
  }

  /// e^(x - n ln 2).
  private static float expOfRest(float n, float x) {
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    return Math.fma(expPolynomial(r), r * r, r + 1f);
  }

  /// The power of 2 whose exponent stands in the low bits.
  private static float withExponent(int exponent) {
    return Float.intBitsToFloat(exponent << 23);
  }

  private static float expPolynomial(float r) {
    float q = Math.fma(EXP_4, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    q = Math.fma(q, r, EXP_1);
    return Math.fma(q, r, EXP_0);
  }

  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }

  /// e^x - 1, relative error of about 1 ulp also near 0.
  static float expm1(float x) {
    float bounded = Math.min(Math.max(x, EXPM1_LEAST), EXP_MOST);
    float rounded = Math.fma(bounded, LOG2_E, ROUND);
    float n = rounded - ROUND;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, bounded));
    float e = Math.fma(expPolynomial(r), r * r, r);
    int power = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUND);
    // 2^(n-1) (e + 1) - 1/2, doubled: 2^128 does not exist.
    float half = powerOfTwo(power - 1);
    float y = Math.fma(half, e, half - 0.5f);
    return y + y;
  }

  /// Natural logarithm within about 1 ulp: -infinity at 0, NaN below.
  static float log(float x) {
    boolean denormal = x < Float.MIN_NORMAL;
    float scaled = denormal ? x * 8388608f : x;
    int bits = Float.floatToRawIntBits(scaled);
    int above = (bits - SQRT_HALF_BITS) & EXPONENT_BITS;
    float exponent = (float) (above >> 23) - (denormal ? 23f : 0f);
    float f = Float.intBitsToFloat(bits - above) - 1f;
    float z = f * f;
    float p = Math.fma(LOG_8, f, LOG_7);
    p = Math.fma(p, f, LOG_6);
    p = Math.fma(p, f, LOG_5);
    p = Math.fma(p, f, LOG_4);
    p = Math.fma(p, f, LOG_3);
    p = Math.fma(p, f, LOG_2);
    p = Math.fma(p, f, LOG_1);
    p = Math.fma(p, f, LOG_0);
    float y = Math.fma(exponent, LN2_LOW, f * z * p);
    y = f + Math.fma(-0.5f, z, y);
    y = Math.fma(exponent, LN2_HIGH, y);
    if (x == 0f) {
      return Float.NEGATIVE_INFINITY;
    }
    return x < Float.POSITIVE_INFINITY ? (x < 0f ? Float.NaN : y) : x;
  }

  /// log(1 + x), relative error of about 2 ulp also near 0: the rounding of 1 + x is put back to first order.
  static float log1p(float x) {
    float u = 1f + x;
    float correction = (x - (u - 1f)) / u;
    return log(u) + (Float.isNaN(correction) ? 0f : correction);
  }

  /// Hyperbolic tangent from t = (e^(2|x|) - 1) / 2 as t / (t + 1), so that small x keep their relative accuracy.
  static float tanh(float x) {
    float m = Math.min(Math.abs(x), TANH_MOST);
    float rounded = Math.fma(m, 2 * LOG2_E, TANH_ROUND);
    float n = rounded - TANH_ROUND;
    float r = Math.fma(n, -LN2_LOW / 2, Math.fma(n, -LN2_HIGH / 2, m));
    float q = Math.fma(r, 32 * EXP_4, 16 * EXP_3); // as in e^x, of 2 r
    q = Math.fma(q, r, 8 * EXP_2);
    q = Math.fma(q, r, 4 * EXP_1);
    q = Math.fma(q, r, 2 * EXP_0);
    float power = withExponent(Float.floatToRawIntBits(rounded));
    float t = Math.fma(power, Math.fma(q, r * r, r), Math.fma(power, 0.5f, -0.5f));
    return withSignOf(t / (t + 1f), x);
  }

  private static float withSignOf(float magnitude, float x) {
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(magnitude) | (Float.floatToRawIntBits(x) & Integer.MIN_VALUE));
  }

  /// 1 / (1 + e^-x), from e^-|x| so that nothing overflows and the lower tail keeps its relative accuracy.
  static float sigmoid(float x) {
    float e = decay(-Math.abs(x));
    return (x >= 0f ? 1f : e) / (1f + e);
  }

  /// e / (1 + e)^2, e = e^-|x|: the derivative of [#sigmoid], whose tails keep their relative accuracy.
  static float sigmoidSlope(float x) {
    float e = decay(-Math.abs(x));
    float inverse = 1f / (1f + e);
    return e * inverse * inverse;
  }

  /// 4 e / (1 + e)^2, e = e^(-2|x|): the derivative of [#tanh], likewise.
  static float tanhSlope(float x) {
    float e = decay(-2f * Math.abs(x));
    float inverse = 1f / (1f + e);
    return 4f * e * inverse * inverse;
  }

  /// x sigmoid(x).
  static float silu(float x) {
    float bounded = Math.max(-Math.abs(x), EXP_LEAST); // keeps -infinity times 0 away
    float e = decay(bounded);
    return (x >= 0f ? x : bounded * e) / (1f + e);
  }

  /// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
  static float softplus(float x) {
    return Math.max(x, 0f) + log1p(exp(-Math.abs(x)));
  }

  /// x tanh(log(1 + e^x)) = x n / (n + 2), n = u (u + 2), u = e^x.
  static float mish(float x) {
    float bounded = Math.max(x, SILU_LEAST);
    float u = exp(Math.min(bounded, MISH_MOST));
    float n = u * (u + 2f);
    return bounded * (n / (n + 2f));
  }

  /// n / (n + 2) + 4 x u (1 + u) / (n + 2)^2, the derivative of [#mish].
  static float mishSlope(float x) {
    float bounded = Math.min(Math.max(x, SILU_LEAST), MISH_MOST);
    float u = exp(bounded);
    float n = u * (u + 2f);
    float inverse = 1f / (n + 2f);
    return Math.fma(4f * bounded * u * inverse, (1f + u) * inverse, n * inverse);
  }

  /// s (1 + x (1 - s)), s = sigmoid(x), the derivative of [#silu].
  static float siluSlope(float x) {
    float bounded = Math.max(x, SILU_LEAST);
    float e = decay(-Math.abs(bounded));
    float inverse = 1f / (1f + e);
    float s = (bounded >= 0f ? 1f : e) * inverse;
    float opposite = (bounded >= 0f ? e : 1f) * inverse;
    float most = Math.min(bounded, -SILU_LEAST);
    return Math.fma(s * most, opposite, s);
  }

  /// Error function.
  static float erf(float x) {
    float z = x * x;
    float p = Math.fma(ERF_6, z, ERF_5);
    p = Math.fma(p, z, ERF_4);
    p = Math.fma(p, z, ERF_3);
    p = Math.fma(p, z, ERF_2);
    p = Math.fma(p, z, ERF_1);
    p = Math.fma(p, z, ERF_0);
    float magnitude = Math.abs(x);
    float bounded = Math.min(magnitude, TAIL_MOST);
    float large = withSignOf(1f - scaledTail(bounded) * exp(-(bounded * bounded)), x);
    return magnitude < 1f ? x * p : large;
  }

  /// e^(z^2) erfc z for z from 0 to 10.5.
  private static float scaledTail(float z) {
    float t = TAIL_SHIFT / (TAIL_SHIFT + z);
    float q = Math.fma(TAIL_9, t, TAIL_8);
    q = Math.fma(q, t, TAIL_7);
    q = Math.fma(q, t, TAIL_6);
    q = Math.fma(q, t, TAIL_5);
    q = Math.fma(q, t, TAIL_4);
    q = Math.fma(q, t, TAIL_3);
    q = Math.fma(q, t, TAIL_2);
    q = Math.fma(q, t, TAIL_1);
    q = Math.fma(q, t, TAIL_0);
    return q * t;
  }

  /// e^(-x^2/2); the rounding of x^2 is put back, else it would cost x^2 ulp.
  private static float bell(float x) {
    float square = x * x;
    float rest = Math.fma(x, x, -square);
    float e = exp(-0.5f * square);
    return Math.fma(-0.5f * rest, e, e);
  }

  /// x (1 + erf(x / sqrt 2)) / 2, through erfc, so that the lower tail keeps its relative accuracy.
  static float gelu(float x) {
    float bounded = Math.max(x, GELU_LEAST);
    return bounded * normalBelow(bounded, bell(Math.min(Math.abs(bounded), -GELU_LEAST)));
  }

  /// The probability that a standard normal number lies below x, given e^(-x^2/2).
  private static float normalBelow(float x, float bell) {
    float z = Math.min(Math.abs(x) * SQRT_HALF, TAIL_MOST);
    float tail = 0.5f * scaledTail(z) * bell;
    return x < 0f ? tail : 1f - tail;
  }

  /// P(x) + x p(x), P the distribution and p the density of a standard normal number: the derivative of [#gelu].
  static float geluSlope(float x) {
    float bounded = Math.min(Math.max(x, GELU_LEAST), -GELU_LEAST);
    float bell = bell(bounded);
    return Math.fma(INVERSE_SQRT_TWO_PI * bounded, bell, normalBelow(bounded, bell));
  }

  /// e^(-x^2) 2 / sqrt(pi), the derivative of [#erf]; the rounding of x^2 is put back.
  static float erfSlope(float x) {
    float bounded = Math.min(Math.abs(x), TAIL_MOST);
    float square = bounded * bounded;
    float rest = Math.fma(bounded, bounded, -square);
    float e = TWO_OVER_SQRT_PI * exp(-square);
    return Math.fma(-rest, e, e);
  }

  /// Sine of x radians; angles beyond [FloatConstants#ANGLE_MOST] are reduced in double.
  static float sin(float x) {
    return Math.abs(x) <= ANGLE_MOST ? sine(x, 0) : (float) StrictMath.sin(x);
  }

  /// Cosine of x radians.
  static float cos(float x) {
    return Math.abs(x) <= ANGLE_MOST ? sine(x, 1) : (float) StrictMath.cos(x);
  }

  /// sin(x + quarters pi / 2).
  private static float sine(float x, int quarters) {
    float rounded = Math.fma(x, TWO_OVER_PI, ROUND);
    float n = rounded - ROUND;
    float r = Math.fma(n, -HALF_PI_HIGH, x);
    r = Math.fma(n, -HALF_PI_LOW, Math.fma(n, -HALF_PI_MIDDLE, r));
    int quadrant = Float.floatToRawIntBits(rounded) + quarters;
    float z = r * r;
    float s = Math.fma(SIN_3, z, SIN_2);
    s = Math.fma(s, z, SIN_1);
    s = Math.fma(s, z, SIN_0);
    s = Math.fma(s * z, r, r);
    float c = Math.fma(COS_3, z, COS_2);
    c = Math.fma(c, z, COS_1);
    c = Math.fma(c, z, COS_0);
    c = Math.fma(c * z, z, Math.fma(-0.5f, z, 1f));
    float y = (quadrant & 1) == 0 ? s : c;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ ((quadrant & 2) << 30));
  }

  /// a^b, computed in double and rounded once; the usual exponents without a power.
  static float power(float a, float b) {
    if (b == 2f) {
      return a * a;
    }
    if (b == 0.5f) {
      return (float) Math.sqrt(a);
    }
    if (b == -1f) {
      return 1f / a;
    }
    return b == 1f ? a : (float) StrictMath.pow(a, b);
  }
}
