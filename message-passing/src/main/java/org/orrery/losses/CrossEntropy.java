package org.orrery.losses;

import org.jspecify.annotations.Nullable;
import org.orrery.nn.Require;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// -log softmax(x)_c for logits x and the true class c of each row.
///
/// With smoothing e: -(1 - e) w_c log p_c - e / C sum_k w_k log p_k. Szegedy et al. 2016. The mean is over the weights
/// w_c of the true classes, as in `torch.nn.functional.cross_entropy`.
///
/// Shape: logits `[..., classes]`, labels row-major over the leading axes; [#each] gives the leading axes.
///
/// @param classWeights `[classes]`, or null for 1
/// @param smoothing from 0 to 1
public record CrossEntropy(@Nullable Tensor classWeights, double smoothing) implements Loss<Indices> {
  /// Checks the smoothing.
  ///
  /// @throws IllegalArgumentException unless it is between 0 and 1
  public CrossEntropy {
    Require.that(smoothing >= 0 && smoothing <= 1, "cross entropy", "smoothing " + smoothing + "; 0 to 1 is required");
  }

  /// All classes alike, no smoothing.
  public CrossEntropy() {
    this(null, 0);
  }

  /// With these weights of classes.
  public CrossEntropy withClassWeights(Tensor weights) {
    return new CrossEntropy(weights, smoothing);
  }

  /// With this smoothing.
  public CrossEntropy withSmoothing(double value) {
    return new CrossEntropy(classWeights, value);
  }

  @Override
  public Tensor each(Tensor logits, Indices labels) {
    int classes = logits.columns();
    Shape leading = logits.shape().without(-1);
    Require.that(labels.size() == leading.elements(), "cross entropy",
        "logits " + logits.shape() + " and " + labels.size() + " labels; one label a row is required");
    labels.requireBelow(classes, "cross entropy: labels");
    if (classWeights != null) {
      Require.that(classWeights.shape().equals(Shape.of(classes)), "cross entropy",
          "class weights " + classWeights.shape() + "; [" + classes + "] is required");
    }
    Tensor rows = logits.reshape(leading.elements(), classes);
    return (smoothing == 0 ? sharp(rows, labels) : smoothed(rows, labels)).reshape(leading);
  }

  private Tensor sharp(Tensor logits, Indices labels) {
    Tensor each = logits.crossEntropy(labels);
    return classWeights == null ? each : Limits.share(classWeights.gatherRows(labels), each);
  }

  private Tensor smoothed(Tensor logits, Indices labels) {
    Tensor surprise = logits.logSoftmax(-1).negate();
    Tensor weighted = classWeights == null ? surprise : Limits.share(classWeights.expand(surprise.shape()), surprise);
    return weighted.elementPerRow(labels).multiply(1 - smoothing)
        .add(weighted.sum(-1).multiply(smoothing / logits.columns()));
  }

  @Override
  public Tensor weights(Tensor each, Indices labels) {
    return classWeights == null
        ? Loss.super.weights(each, labels)
        : classWeights.detach().gatherRows(labels).reshape(each.shape());
  }

  /// Class 0 where the mask is 0.
  @Override
  public Indices shielded(Indices labels, Tensor logits, Tensor mask) {
    float[] kept = mask.expand(logits.shape().without(-1)).toArray();
    int[] safe = labels.toArray();
    for (int i = 0; i < Math.min(safe.length, kept.length); i++) {
      safe[i] = kept[i] == 0 ? 0 : safe[i];
    }
    return Indices.wrap(safe);
  }
}
