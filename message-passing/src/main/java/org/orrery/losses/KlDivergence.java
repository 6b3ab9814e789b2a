package org.orrery.losses;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// KL(q || p) = sum_k q_k (log q_k - log p_k) along the last axis, for logits of p (the prediction) and of q (the target).
/// Log-probabilities are logits too. The mean is over the rows ("batchmean").
///
/// Kullback & Leibler 1951. Shape: `[..., classes]` to `[...]`.
public record KlDivergence() implements TensorLoss {
  @Override
  public Tensor each(Tensor prediction, Tensor target) {
    Require.sameShape("kl divergence", prediction, target);
    Tensor logQ = target.logSoftmax(-1);
    return logQ.exp().multiply(logQ.subtract(prediction.logSoftmax(-1))).sum(-1);
  }

  @Override
  public boolean rowwise() {
    return true;
  }
}
