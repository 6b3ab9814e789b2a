package org.orrery.messagepassing;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.WeightedSumKernels;

/// The sum of what each node receives: `y[i, h c + k]` is the sum over the edges e = (j, i) of `w[e, h] x[j, h c + k]`.
///
/// Shapes: x `[senders, heads channels]`, weights `[edges, heads]` or none (all 1), result `[receivers, heads channels]`.
/// No array of size edges times width is made. Its derivative by x is the same sum over the reversed edges, by the
/// weights an [EdgeDot].
///
/// @param edges who sends to whom
/// @param x what each sender says
/// @param weights for each edge and head, in the caller's edge order; null for 1
/// @param heads how many groups of columns have a weight of their own
/// @param own what each receiver starts from, `[receivers, heads channels]`; null for 0
public record NeighborSum(Sparse edges, Tensor x, @Nullable Tensor weights, int heads, @Nullable Tensor own)
    implements
      Op {
  /// Checks the shapes.
  public NeighborSum {
    requireRows("neighbor sum", edges, x);
    if (heads < 1 || x.columns() % heads != 0) {
      throw new IllegalArgumentException(
          "neighbor sum: x " + x.shape() + " and " + heads + " heads; heads must divide the width");
    }
    if (weights != null && !weights.shape().equals(Shape.of(edges.edges(), heads))) {
      throw new IllegalArgumentException("neighbor sum: weights " + weights.shape() + "; "
          + Shape.of(edges.edges(), heads) + " (edges, heads) is required");
    }
    requireOwn("neighbor sum", edges, x, own);
  }

  static void requireRows(String operation, Sparse edges, Tensor x) {
    if (x.rank() != 2 || x.rows() != edges.senders()) {
      throw new IllegalArgumentException(
          operation + ": x " + x.shape() + "; one row for each of " + edges.senders() + " senders is required");
    }
  }

  static void requireOwn(String operation, Sparse edges, Tensor x, @Nullable Tensor own) {
    if (own != null && !own.shape().equals(Shape.of(edges.receivers(), x.columns()))) {
      throw new IllegalArgumentException(operation + ": own rows " + own.shape() + "; "
          + Shape.of(edges.receivers(), x.columns()) + " is required");
    }
  }

  /// A sum that starts from 0.
  public NeighborSum(Sparse edges, Tensor x, @Nullable Tensor weights, int heads) {
    this(edges, x, weights, heads, null);
  }

  /// The sum over all neighbors.
  public static Tensor of(Sparse edges, Tensor x) {
    return Tensor.of(new NeighborSum(edges, x, null, 1));
  }

  /// The sum weighted by `[edges, heads]`, or by `[edges]` for one head.
  public static Tensor of(Sparse edges, Tensor x, Tensor weights) {
    Tensor table = weights.rank() == 1 ? weights.unsqueeze(1) : weights;
    return Tensor.of(new NeighborSum(edges, x, table, table.columns()));
  }

  @Override
  public String name() {
    return "neighbor sum";
  }

  @Override
  public List<Tensor> operands() {
    return Stream.of(x, weights, own).filter(Objects::nonNull).toList();
  }

  @Override
  public Shape shape() {
    return Shape.of(edges.receivers(), x.columns());
  }

  @Override
  public Storage forward(Backend backend) {
    WeightedSumKernels kernels = backend.kernels(WeightedSumKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.weightedSum(edges.byReceiver().offsets(), edges.columns(), edges.byReceiver().order(),
            weights == null ? null : weights.data(), heads, x.data(), x.columns(), own == null ? null : own.data());
  }

  @Override
  public Tensor definition() {
    Tensor messages = x.gatherRows(edges.bySender());
    if (weights != null) {
      int channels = x.columns() / heads;
      messages = messages.reshape(edges.edges(), heads, channels).multiply(weights.unsqueeze(2))
          .reshape(edges.edges(), x.columns());
    }
    Tensor sum = messages.segmentSum(edges.byReceiver());
    return own == null ? sum : own.add(sum);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    boolean isSame = own == x; // its two shares are one sum
    sink.add(x, () -> Tensor.of(new NeighborSum(edges.reversed(), upstream, weights, heads, isSame ? upstream : null)));
    if (weights != null) {
      sink.add(weights, () -> Tensor.of(new EdgeDot(edges, upstream, x, heads)));
    }
    if (own != null && !isSame) {
      sink.add(own, () -> upstream);
    }
  }

  @Override
  public Cost cost() {
    long width = x.columns();
    long read = edges.edges() * (width + 1 + (weights == null ? 0 : heads)) + edges.byReceiver().indices()
        + (own == null ? 0 : own.shape().elements());
    return Cost.ofNumbers(read, edges.receivers() * width, (weights == null ? 1L : 2L) * edges.edges() * width,
        edges.byReceiver().scratch(x.columns()));
  }
}
