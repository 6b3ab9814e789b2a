package org.orrery.conformance;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.losses.AbsoluteError;
import org.orrery.losses.BinaryCrossEntropy;
import org.orrery.losses.CrossEntropy;
import org.orrery.losses.GaussianNll;
import org.orrery.losses.Huber;
import org.orrery.losses.KlDivergence;
import org.orrery.losses.MixtureDensity;
import org.orrery.losses.MomentNetwork;
import org.orrery.losses.SmoothAbsoluteError;
import org.orrery.losses.SquaredError;
import org.orrery.losses.TensorLoss;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Losses of the area `tensor`.
final class LossSubjects {
  private static final Pattern REDUCTION = Pattern
      .compile("(?i)\\b(mean|sum|none|batchmean)[ -]reduction|reduction\\W{0,3}(mean|sum|none|batchmean)\\b");
  /// The variance of the normal distribution as a function of its target.
  private static final Pattern VARIANCE = Pattern.compile("t\\*t \\+ #");

  private LossSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("mse_loss", in -> loss(in, new SquaredError()));
    all.put("l1_loss", in -> loss(in, new AbsoluteError()));
    all.put("huber_loss", in -> loss(in, new Huber(in.config().noted("delta", 1))));
    all.put("smooth_l1_loss", in -> loss(in, new SmoothAbsoluteError(in.config().noted("beta", 1))));
    all.put("kl_div", LossSubjects::divergence);
    all.put("gaussian_nll", LossSubjects::gaussian);
    all.put("bce_with_logits", LossSubjects::binary);
    all.put("cross_entropy", in -> in.array("in.target").shape().equals(in.array("in.logits").shape())
        && !in.array("in.logits").shape().equals(Shape.of(1))
            ? ofProbabilities(in)
            : ofLabels(in));
    all.put("mixture_density_nll", in -> {
      in.config().require("covariance", "diagonal");
      in.config().ignore("components", "dimensions");
      return reduced(in, new MixtureDensity(in.tensor("logits"), in.tensor("mean"), in.tensor("log_sigma"))
          .negativeLogLikelihood(in.tensor("y")));
    });
    all.put("moment_network_loss",
        in -> Answer.of(MomentNetwork.loss(in.tensor("m"), in.tensor("s"), in.tensor("y"))));
  }

  /// `mean`, `sum`, `none` or `batchmean`, from the configuration or else the notes.
  private static String reduction(Case in, String otherwise) {
    return in.config().text("reduction", in.config().noted(REDUCTION, otherwise));
  }

  private static Answer loss(Case in, TensorLoss loss) {
    Tensor p = in.tensor("p");
    Tensor t = in.tensor("t");
    return Answer.of(switch (reduction(in, "mean")) {
      case "mean" -> loss.mean(p, t);
      case "sum" -> loss.sum(p, t);
      case "none" -> loss.each(p, t);
      default -> throw new Unsupported("no such reduction");
    });
  }

  private static Answer reduced(Case in, Tensor each) {
    return Answer.of(switch (reduction(in, "mean")) {
      case "mean" -> each.mean();
      case "sum" -> each.sum();
      case "none" -> each;
      default -> throw new Unsupported("no such reduction");
    });
  }

  /// KL(softmax(t) || softmax(p)) over the last axis.
  private static Answer divergence(Case in) {
    in.config().ignore("log_target"); // the target is made here
    Tensor p = in.tensor("p");
    Tensor t = in.tensor("t");
    Tensor each = new KlDivergence().each(p, t);
    return Answer.of(switch (reduction(in, "batchmean")) {
      case "batchmean" -> each.sum().divide(p.rows());
      case "mean" -> each.sum().divide(p.shape().elements());
      case "sum" -> each.sum();
      case "none" -> t.softmax(-1).multiply(t.logSoftmax(-1).subtract(p.logSoftmax(-1)));
      default -> throw new Unsupported("no such reduction");
    });
  }

  /// With the variance `var`, or t t + 0.5 of the target, or with another number that the note says.
  private static Answer gaussian(Case in) {
    Tensor t = in.tensor("t");
    Tensor variance = in.has("var") ? in.tensor("var") : t.square().add(in.config().noted(VARIANCE, 0.5));
    double least = in.config().noted("eps", 1e-6);
    Tensor raised = variance.add(variance.detach().negate().add(least).relu()); // the gradient ignores it
    Tensor each = GaussianNll.ofVariance(raised).each(in.tensor("p"), t);
    return reduced(in, in.config().flag("full", false) ? each.add(0.5 * Math.log(2 * Math.PI)) : each);
  }

  private static Answer binary(Case in) {
    Tensor t = in.tensor("t");
    @Nullable
    Tensor weight = in.tensorIfThere("weight");
    Tensor each = new BinaryCrossEntropy(in.tensorIfThere("pos_weight")).each(in.tensor("p"),
        isProbability(in) ? t : t.sigmoid());
    return reduced(in, weight == null ? each : each.multiply(weight));
  }

  /// Whether the targets are probabilities as they stand; the notes say `sigmoid(t)` where they are not.
  private static boolean isProbability(Case in) {
    boolean between = true;
    for (double value : in.array("in.t").doubles()) {
      between &= value >= 0 && value <= 1;
    }
    return between && !in.config().isNoted("sigmoid(t)");
  }

  private static Answer ofLabels(Case in) {
    Tensor logits = classesLast(in.tensor("logits"));
    CrossEntropy loss = new CrossEntropy().withSmoothing(in.config().noted("label_smoothing", 0));
    loss = in.has("weight") ? loss.withClassWeights(in.tensor("weight")) : loss;
    Indices labels = in.indices("target");
    int ignored = in.config().integer("ignore_index", -100);
    Tensor mask = Tensor.of(logits.shape().without(-1),
        IntStream.of(labels.toArray()).mapToDouble(label -> label == ignored ? 0 : 1).toArray());
    return Answer.of(switch (reduction(in, "mean")) {
      case "mean" -> loss.mean(logits, labels, mask);
      case "sum" -> loss.sum(logits, labels, mask);
      case "none" -> loss.each(logits, loss.shielded(labels, logits, mask)).multiply(mask);
      default -> throw new Unsupported("no such reduction");
    });
  }

  /// -sum_k w_k t_k log p_k for probabilities t, which smoothing moves to the uniform ones; the mean is over rows.
  private static Answer ofProbabilities(Case in) {
    Tensor logits = classesLast(in.tensor("logits"));
    double smoothing = in.config().noted("label_smoothing", 0);
    Tensor target = classesLast(in.tensor("target")).multiply(1 - smoothing).add(smoothing / logits.columns());
    Tensor each = logits.logSoftmax(-1).multiply(target).negate();
    in.config().ignore("ignore_index"); // of labels
    return reduced(in, (in.has("weight") ? each.multiply(in.tensor("weight")) : each).sum(-1));
  }

  /// The classes are the second axis of the reference, or the only one.
  private static Tensor classesLast(Tensor x) {
    int[] order = IntStream.range(0, x.rank()).map(axis -> axis == 0 ? 0 : axis == x.rank() - 1 ? 1 : axis + 1)
        .toArray();
    return switch (x.rank()) {
      case 1 -> x.unsqueeze(0);
      case 2 -> x;
      default -> x.permute(order);
    };
  }
}
