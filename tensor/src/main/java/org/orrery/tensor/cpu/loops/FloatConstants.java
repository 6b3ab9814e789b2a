package org.orrery.tensor.cpu.loops;

/// The numbers behind the elementary functions, shared by [ScalarMath] and its vector twin so that both give the same
/// bits. The polynomials are minimax fits (Lawson's iteration on Chebyshev nodes), rounded to float.
final class FloatConstants {
  /// Adding 1.5 2^23 leaves the nearest integer in the low bits of a float's representation.
  static final float ROUND = 12582912f;
  /// Likewise, with room for the exponents of a float: the low bits of the sum are n + 254, and half of that, and the rest,
  /// are the exponents of two powers whose product is 2^n.
  static final float EXP_ROUND = ROUND + 254f;
  /// The low bits are the exponent of 2^(n + 64), for n from -150 to 0.
  static final float DECAY_ROUND = ROUND + 191f;
  static final float DECAY_SCALE = 0x1p-64f;
  /// The low bits are the exponent of 2^n.
  static final float TANH_ROUND = ROUND + 127f;
  static final float LOG2_E = 1.442695f;
  /// ln 2 in two parts; the first has 12 bits, so that its multiples by an exponent are exact.
  static final float LN2_HIGH = 0.693115234375f;
  static final float LN2_LOW = 3.194618329871446e-05f;

  /// e^r = 1 + r + r^2 q(r) for |r| up to ln 2 / 2; relative to e^r - 1 the fit is within 1.4e-8.
  static final float EXP_4 = 0.0013882470084354281f;
  static final float EXP_3 = 0.008366787806153297f;
  static final float EXP_2 = 0.041667208075523376f;
  static final float EXP_1 = 0.16666541993618011f;
  static final float EXP_0 = 0.4999999701976776f;
  /// Beyond these e^x is 0 or infinity in float.
  static final float EXP_LEAST = -104f;
  static final float EXP_MOST = 89f;
  /// Below this e^x - 1 is -1 in float.
  static final float EXPM1_LEAST = -30f;

  /// log(1 + f) = f - f^2 / 2 + f^3 p(f) for 1 + f between sqrt(1/2) and sqrt 2; relative 7.5e-10.
  static final float LOG_8 = 0.06746640056371689f;
  static final float LOG_7 = -0.11675652116537094f;
  static final float LOG_6 = 0.11888162046670914f;
  static final float LOG_5 = -0.1240558922290802f;
  static final float LOG_4 = 0.14219552278518677f;
  static final float LOG_3 = -0.1666799634695053f;
  static final float LOG_2 = 0.2000211924314499f;
  static final float LOG_1 = -0.25000008940696716f;
  static final float LOG_0 = 0.3333331346511841f;
  /// The bits of sqrt(1/2): subtracting them leaves in the exponent field which power of 2 is nearest.
  static final int SQRT_HALF_BITS = 0x3f3504f3;
  static final int EXPONENT_BITS = 0xff800000;

  /// erf x = x p(x^2) for |x| up to 1; relative 1.3e-9.
  static final float ERF_6 = 7.853882561903447e-05f;
  static final float ERF_5 = -0.0008010200690478086f;
  static final float ERF_4 = 0.005188328679651022f;
  static final float ERF_3 = -0.026853812858462334f;
  static final float ERF_2 = 0.1128358542919159f;
  static final float ERF_1 = -0.3761262595653534f;
  static final float ERF_0 = 1.1283791065216064f;

  /// e^(z^2) erfc z = t q(t), t = 3 / (3 + z), for z from 0 to 10.5; relative 2.5e-9.
  static final float TAIL_9 = 0.05521092563867569f;
  static final float TAIL_8 = -0.2893804609775543f;
  static final float TAIL_7 = 0.5291659832000732f;
  static final float TAIL_6 = -0.4323360025882721f;
  static final float TAIL_5 = 0.39606258273124695f;
  static final float TAIL_4 = 0.002138874726369977f;
  static final float TAIL_3 = 0.1907157003879547f;
  static final float TAIL_2 = 0.17173664271831512f;
  static final float TAIL_1 = 0.18864798545837402f;
  static final float TAIL_0 = 0.18803775310516357f;
  static final float TAIL_SHIFT = 3f;
  /// Beyond this erfc is 0 in float.
  static final float TAIL_MOST = 10.5f;

  /// sin r = r + r^3 s(r^2) and cos r = 1 - r^2 / 2 + r^4 c(r^2) for |r| up to pi / 4; relative 6e-12 and 2e-13.
  static final float SIN_3 = 2.718046516747563e-06f;
  static final float SIN_2 = -0.0001983930415008217f;
  static final float SIN_1 = 0.008333329111337662f;
  static final float SIN_0 = -0.1666666716337204f;
  static final float COS_3 = -2.720504710396199e-07f;
  static final float COS_2 = 2.479945214872714e-05f;
  static final float COS_1 = -0.0013888883404433727f;
  static final float COS_0 = 0.0416666679084301f;
  static final float TWO_OVER_PI = 0.63661975f;
  /// pi / 2 in three parts.
  static final float HALF_PI_HIGH = 1.5707963705062866f;
  static final float HALF_PI_MIDDLE = -4.371138828673793e-08f;
  static final float HALF_PI_LOW = -1.7151245100058819e-15f;
  /// Up to here the three parts suffice; larger angles are reduced in double.
  static final float ANGLE_MOST = 8192f;

  static final float SQRT_HALF = 0.70710677f;
  static final float INVERSE_SQRT_TWO_PI = 0.3989423f;
  static final float TWO_OVER_SQRT_PI = 1.1283792f;
  /// tanh is 1 in float from here on.
  static final float TANH_MOST = 10f;
  /// x sigmoid(x) and x tanh(softplus(x)) are 0 in float from here down; the bound keeps -infinity times 0 away.
  static final float SILU_LEAST = -200f;
  /// x cdf(x) is 0 in float from here down.
  static final float GELU_LEAST = -20f;
  /// tanh(softplus(x)) is 1 in float from here on.
  static final float MISH_MOST = 20f;

  private FloatConstants() {
  }
}
