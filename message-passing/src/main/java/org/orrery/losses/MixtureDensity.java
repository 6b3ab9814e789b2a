package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// A mixture of Gaussians with diagonal covariances: p(y) = sum_c a_c prod_d N(y_d; m_cd, s_cd) with a = softmax(logits).
///
/// Bishop 1994, "Mixture density networks".
///
/// @param logits of the components, `[batch, components]`
/// @param mean `[batch, components, dimensions]`
/// @param logSigma the logarithm of the standard deviation, `[batch, components, dimensions]`
public record MixtureDensity(Tensor logits, Tensor mean, Tensor logSigma) {
  private static final double HALF_LOG_2_PI = 0.91893853320467274178;

  /// Checks the shapes.
  ///
  /// @throws IllegalArgumentException where they do not fit together
  public MixtureDensity {
    Require.that(mean.rank() == 3 && mean.shape().equals(logSigma.shape()) && logits.rank() == 2
        && logits.rows() == mean.rows() && logits.columns() == mean.size(1), "mixture density",
        "logits " + logits.shape() + ", mean " + mean.shape() + ", log sigma " + logSigma.shape()
            + "; [batch, components] and twice [batch, components, dimensions] are required");
  }

  /// -log p(y) for each of the batch, constants included: `[batch, dimensions]` to `[batch]`.
  public Tensor negativeLogLikelihood(Tensor y) {
    Require.that(y.shape().equals(Shape.of(mean.rows(), mean.size(2))), "mixture density",
        "y " + y.shape() + "; [" + mean.rows() + ", " + mean.size(2) + "] is required");
    Tensor deviation = reachable(Limits.over(y.unsqueeze(1).subtract(mean), logSigma));
    Tensor logNormal = deviation.square().multiply(-0.5).subtract(logSigma).subtract(HALF_LOG_2_PI).sum(-1);
    return logits.logSoftmax(-1).add(logNormal).logSumExp(-1).negate();
  }

  /// The same; no gradient flows to a deviation that is infinite, where a component has no share in p(y).
  private static Tensor reachable(Tensor deviation) {
    Tensor far = deviation.detach().abs().equalTo(Double.POSITIVE_INFINITY);
    return Tensor.where(far, deviation.detach(), deviation);
  }
}
