package org.orrery.messagepassing;

import org.jspecify.annotations.Nullable;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// The power mean of each column, (mean m^p)^(1/p) of members kept within 0 to 100: p = 1 is the mean (of members as they
/// are), large p approach the maximum. Li et al. 2020, eq. 4.
///
/// @param p where nothing is learned
/// @param learned `[channels]` or `[1]`; null where nothing is learned
record PowerMean(double p, @Nullable Parameter learned) implements Aggregation {
  private static final double MOST = 100;

  /// Checks p.
  PowerMean {
    if (!Double.isFinite(p) || p == 0) {
      throw new IllegalArgumentException("power mean: p is " + p + "; a finite number other than 0 is required");
    }
  }

  @Override
  public Tensor reduce(Tensor members, Segments segments) {
    if (learned != null) {
      Tensor exponent = learned.value();
      return power(power(members, exponent).segmentMean(segments), exponent.reciprocal());
    }
    return p == 1
        ? members.segmentMean(segments)
        : power(power(members.clamp(0, MOST), p).segmentMean(segments).clamp(0, MOST), 1 / p);
  }

  /// x^e; at 0 without a gradient where that is infinite.
  private static Tensor power(Tensor x, double exponent) {
    if (exponent >= 1) {
      return x.pow(exponent);
    }
    Tensor zero = x.detach().equalTo(0);
    return Tensor.where(zero, x.detach().pow(exponent), x.add(zero).pow(exponent));
  }

  /// x^e of x kept within 0 to 100; 0 stays 0, where the derivatives by e would be 0 times an infinite logarithm.
  private static Tensor power(Tensor x, Tensor exponent) {
    Tensor kept = x.clamp(0, MOST);
    Tensor zero = kept.detach().equalTo(0);
    return kept.add(zero).pow(exponent).multiply(zero.negate().add(1));
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("p", learned);
  }
}
