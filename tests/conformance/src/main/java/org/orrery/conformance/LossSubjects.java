package org.orrery.conformance;

import java.util.Map;
import org.orrery.tensor.Tensor;
import org.orrery.training.AbsoluteError;
import org.orrery.training.BinaryCrossEntropy;
import org.orrery.training.CrossEntropy;
import org.orrery.training.GaussianNll;
import org.orrery.training.Huber;
import org.orrery.training.KlDivergence;
import org.orrery.training.MixtureDensity;
import org.orrery.training.MomentNetwork;
import org.orrery.training.SmoothAbsoluteError;
import org.orrery.training.SquaredError;
import org.orrery.training.TensorLoss;

/// Losses of the area `tensor`.
final class LossSubjects {
  private LossSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("mse_loss", in -> mean(in, new SquaredError()));
    all.put("l1_loss", in -> mean(in, new AbsoluteError()));
    all.put("huber_loss", in -> mean(in, new Huber(in.config().fromNote("delta", 1))));
    all.put("smooth_l1_loss", in -> mean(in, new SmoothAbsoluteError(in.config().fromNote("beta", 1))));
    all.put("kl_div", in -> mean(in, new KlDivergence()));
    all.put("gaussian_nll", in -> {
      Tensor t = in.tensor("t");
      return Answer.of(GaussianNll.ofVariance(t.square().add(0.5)).mean(in.tensor("p"), t));
    });
    all.put("bce_with_logits",
        in -> Answer.of(new BinaryCrossEntropy().mean(in.tensor("p"), in.tensor("t").sigmoid())));
    all.put("cross_entropy", in -> {
      CrossEntropy loss = new CrossEntropy().withSmoothing(in.config().number("label_smoothing", 0));
      loss = in.has("weight") ? loss.withClassWeights(in.tensor("weight")) : loss;
      return Answer.of(loss.mean(in.tensor("logits"), in.indices("target")));
    });
    all.put("mixture_density_nll", in -> {
      in.config().require("covariance", "diagonal");
      in.config().ignore("components", "dimensions");
      return Answer.of(new MixtureDensity(in.tensor("logits"), in.tensor("mean"), in.tensor("log_sigma"))
          .negativeLogLikelihood(in.tensor("y")).mean());
    });
    all.put("moment_network_loss",
        in -> Answer.of(MomentNetwork.loss(in.tensor("m"), in.tensor("s"), in.tensor("y"))));
  }

  private static Answer mean(Case in, TensorLoss loss) {
    return Answer.of(loss.mean(in.tensor("p"), in.tensor("t")));
  }
}
