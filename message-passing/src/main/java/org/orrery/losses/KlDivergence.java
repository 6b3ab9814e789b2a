package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// KL(q || p) = sum_k q_k (log q_k - log p_k) along the last axis, for logits of p (the prediction) and of q (the target).
/// Log-probabilities are logits too. The mean is over the rows ("batchmean").
///
/// A class of q = 0, whose target logit is minus infinity, counts nothing, whatever p is there; one of p = 0 makes the divergence
/// infinite where q is not 0.
///
/// Kullback & Leibler 1951. Shape: `[..., classes]` to `[...]`.
public record KlDivergence() implements TensorLoss {
  @Override
  public Tensor each(Tensor prediction, Tensor target) {
    Require.sameShape("kl divergence", prediction, target);
    Tensor logQ = target.logSoftmax(-1);
    Tensor q = logQ.exp();
    Tensor surplus = logQ.subtract(prediction.logSoftmax(-1));
    return q.multiply(Tensor.where(q.detach().equalTo(0), Masks.zerosLike(q), surplus)).sum(-1);
  }

  @Override
  public boolean rowwise() {
    return true;
  }
}
