package org.orrery.messagepassing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Block;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// How what a node receives becomes one row, whatever the number of its neighbors and their order; also how the nodes
/// of a graph become one row.
///
/// Shape: `[members, width]` to `[segments, width factor]`. An empty segment gives 0 (a product gives 1).
public interface Aggregation extends Block {
  /// The formula of the aggregation; callers use [#apply].
  Tensor reduce(Tensor members, Segments segments);

  /// The rows of each segment as one.
  default Tensor apply(Tensor members, Segments segments) {
    return Observed.call(this, () -> reduce(members, segments), members);
  }

  /// How wide the result is for members of this width.
  default int width(int memberWidth) {
    return memberWidth;
  }

  /// The sum.
  static Aggregation sum() {
    return new Reduced(Reduction.SUM);
  }

  /// The mean; 0 over nothing.
  static Aggregation mean() {
    return new Mean();
  }

  /// The largest, column by column; equal entries share the gradient equally.
  static Aggregation max() {
    return new Reduced(Reduction.MAXIMUM);
  }

  /// The smallest, column by column; equal entries share the gradient equally.
  static Aggregation min() {
    return new Reduced(Reduction.MINIMUM);
  }

  /// The product; 1 over nothing.
  static Aggregation product() {
    return new Reduced(Reduction.PRODUCT);
  }

  /// What gradients flow through.
  enum Flow {
    /// everything
    FULL,
    /// not the costlier part, which counts as a constant: the mean of squares of a variance, the weights of a softmax
    PARTIAL
  }

  /// The population variance, mean (m - mean m)^2.
  static Aggregation variance() {
    return variance(Flow.FULL);
  }

  /// The same; with a partial flow the gradient is that of -(mean m)^2 alone.
  static Aggregation variance(Flow flow) {
    return new Variance(flow);
  }

  /// The standard deviation, and 0 with no gradient where the variance is at most 1e-5, where a root would have an
  /// unbounded one.
  static Aggregation standardDeviation() {
    return standardDeviation(Flow.FULL);
  }

  /// The same over a variance with this flow.
  static Aggregation standardDeviation(Flow flow) {
    return new StandardDeviation(flow);
  }

  /// The mean weighted by softmax(temperature m), column by column: 0 is the mean, large temperatures approach the
  /// maximum. Li et al. 2020.
  ///
  /// @throws IllegalArgumentException where the temperature is not finite
  static Aggregation softmax(double temperature) {
    return softmax(temperature, Flow.FULL);
  }

  /// The same; with a partial flow the weights are constants to the gradient.
  static Aggregation softmax(double temperature, Flow flow) {
    return new Softmax(temperature, null, flow);
  }

  /// The same with a learned temperature for each of `channels` columns, or one for all with `channels` 1.
  static Aggregation learnedSoftmax(double temperature, int channels) {
    return new Softmax(temperature, Parameter.of(Tensor.full(Shape.of(channels), temperature)), Flow.FULL);
  }

  /// The lower median, column by column; the gradient is that of the member chosen.
  static Aggregation median() {
    return new Median();
  }

  /// The power mean (mean m^p)^(1/p) of members kept within 0 to 100. Li et al. 2020, eq. 4.
  ///
  /// @throws IllegalArgumentException where p is 0 or not finite
  static Aggregation powerMean(double p) {
    return new PowerMean(p, null);
  }

  /// The same with a learned p for each of `channels` columns, or one for all with `channels` 1.
  static Aggregation learnedPowerMean(double p, int channels) {
    return new PowerMean(p, Parameter.of(Tensor.full(Shape.of(channels), p)));
  }

  /// Several side by side: `[members, width]` to `[segments, sum of their widths]`. Corso et al. 2020.
  static Aggregation several(Aggregation... parts) {
    return new Several(List.of(parts));
  }

  /// The reductions of the backend that it can be finished from, side by side; null where it is none of these.
  ///
  /// @see #finished
  default @Nullable List<Reduction> reductions() {
    return null;
  }

  /// The aggregate, from its [#reductions()] side by side `[segments, reductions width]`.
  default Tensor finished(Tensor reduced, Segments segments) {
    return reduced;
  }

  /// A reduction of the backend.
  ///
  /// @param kind sum, product, maximum or minimum
  record Reduced(Reduction kind) implements Aggregation {
    @Override
    public Tensor reduce(Tensor members, Segments segments) {
      return members.segmentReduce(kind, segments);
    }

    @Override
    public @Nullable List<Reduction> reductions() {
      return kind == Reduction.PRODUCT ? null : List.of(kind);
    }
  }

  /// The mean.
  record Mean() implements Aggregation {
    @Override
    public Tensor reduce(Tensor members, Segments segments) {
      return members.segmentMean(segments);
    }

    @Override
    public List<Reduction> reductions() {
      return List.of(Reduction.SUM);
    }

    @Override
    public Tensor finished(Tensor reduced, Segments segments) {
      return reduced.divide(segments.sizesAtLeastOne(reduced.backend()).unsqueeze(1));
    }
  }

  /// The population variance.
  ///
  /// @param flow of gradients
  record Variance(Flow flow) implements Aggregation {
    @Override
    public Tensor reduce(Tensor members, Segments segments) {
      Tensor variance = members.segmentVariance(segments);
      return switch (flow) {
        case FULL -> variance;
        case PARTIAL -> {
          Tensor square = members.segmentMean(segments).square();
          yield variance.detach().add(square.detach().subtract(square)); // adds 0, and a gradient
        }
      };
    }
  }

  /// The standard deviation.
  ///
  /// @param flow of gradients
  record StandardDeviation(Flow flow) implements Aggregation {
    private static final double SMALLEST = 1e-5;

    @Override
    public Tensor reduce(Tensor members, Segments segments) {
      Tensor variance = new Variance(flow).apply(members, segments);
      Tensor large = variance.detach().greater(SMALLEST);
      return variance.clamp(SMALLEST, Double.POSITIVE_INFINITY).sqrt().multiply(large);
    }
  }

  /// Softmax-weighted mean.
  ///
  /// @param temperature where nothing is learned
  /// @param learned `[channels]` or `[1]`; null where nothing is learned
  /// @param flow of gradients
  record Softmax(double temperature, @Nullable Parameter learned, Flow flow) implements Aggregation {
    /// Checks the temperature.
    public Softmax {
      if (!Double.isFinite(temperature)) {
        throw new IllegalArgumentException("softmax aggregation: temperature " + temperature + "; it must be finite");
      }
    }

    @Override
    public Tensor reduce(Tensor members, Segments segments) {
      Tensor scaled = learned == null ? members.multiply(temperature) : members.multiply(learned.value());
      Tensor weights = scaled.segmentSoftmax(segments);
      return (flow == Flow.FULL ? weights : weights.detach()).multiply(members).segmentSum(segments);
    }

    @Override
    public void describe(Parts parts) {
      if (learned != null) {
        parts.parameter("t", learned);
      }
    }
  }

  /// Several side by side.
  ///
  /// @param parts in the order of their columns
  record Several(List<Aggregation> parts) implements Aggregation {
    /// At least one part.
    public Several {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("several aggregations: none given");
      }
    }

    @Override
    public Tensor reduce(Tensor members, Segments segments) {
      return Tensor.concat(1, parts.stream().map(part -> part.apply(members, segments)).toList());
    }

    @Override
    public @Nullable List<Reduction> reductions() {
      List<Reduction> all = new ArrayList<>();
      for (Aggregation part : parts) {
        List<Reduction> own = part.reductions();
        if (own == null) {
          return null;
        }
        all.addAll(own);
      }
      return all;
    }

    @Override
    public Tensor finished(Tensor reduced, Segments segments) {
      List<Reduction> kinds = reductions();
      if (kinds == null) {
        throw new IllegalStateException("several aggregations: one is no reduction");
      }
      int width = reduced.columns() / kinds.size();
      List<Tensor> finished = new ArrayList<>();
      int from = 0;
      for (Aggregation part : parts) {
        List<Reduction> own = part.reductions();
        int to = from + (own == null ? 0 : own.size()) * width;
        finished.add(part.finished(reduced.slice(1, from, to), segments));
        from = to;
      }
      return Tensor.concat(1, finished);
    }

    @Override
    public int width(int memberWidth) {
      return parts.stream().mapToInt(part -> part.width(memberWidth)).sum();
    }

    @Override
    public void describe(Parts list) {
      list.blocks("aggrs", parts);
    }
  }
}
