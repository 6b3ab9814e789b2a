package org.orrery.messagepassing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Buffer;
import org.orrery.tensor.backend.EdgeAttentionKernels;

/// y_i = sum over the edges e = (j, i) of f_e a_e v_j, a the softmax of a score over what i receives, head by head.
///
/// Shapes: values `[senders, heads channels]`, factors `[edges, heads]`, result `[receivers, heads channels]`. Forward keeps
/// nothing; backward makes the weights again. A factor has no derivative: it is noise.
///
/// @param edges who sends to whom
/// @param score how much a receiver attends to a sender
/// @param values v
/// @param factors f, in the caller's edge order, as dropout makes them; null for 1
record EdgeAttention(Sparse edges, AttentionScore score, Tensor values, @Nullable Tensor factors) implements Op {
  /// About how many numbers of the rows that are gathered a kernel works on at a time.
  private static final long PIECE = 1 << 15;

  EdgeAttention {
    score.require(edges);
    int heads = score.heads();
    if (values.rank() != 2 || values.rows() != edges.senders() || values.columns() % heads != 0) {
      throw new IllegalArgumentException("edge attention: values " + values.shape() + " and " + heads
          + " heads; one row for each of " + edges.senders() + " senders and a width that divides are required");
    }
    if (factors != null && !factors.shape().equals(Shape.of(edges.edges(), heads))) {
      throw new IllegalArgumentException("edge attention: factors " + factors.shape() + "; "
          + Shape.of(edges.edges(), heads) + " (edges, heads) is required");
    }
  }

  @Override
  public String name() {
    return "edge attention";
  }

  @Override
  public List<Tensor> operands() {
    return AttentionScore.operands(score, values);
  }

  @Override
  public Shape shape() {
    return Shape.of(edges.receivers(), values.columns());
  }

  @Override
  public Buffer forward(Backend backend) {
    return backend instanceof EdgeAttentionKernels kernels
        ? kernels.edgeAttention(edges.byReceiver().offsets(), edges.columns(), edges.byReceiver().order(),
            score.onDevice(), factors == null ? null : factors.data(), score.heads(), values.data(), values.columns())
        : Op.super.forward(backend);
  }

  @Override
  public Tensor definition() {
    return NeighborSum.of(edges, values, weights(edges, score, factors));
  }

  private static Tensor weights(Sparse edges, AttentionScore score, @Nullable Tensor factors) {
    Tensor weights = score.along(edges).segmentSoftmax(edges.byReceiver());
    return factors == null ? weights : weights.multiply(factors);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    int count = edges.edges();
    Tensor planes = Tensor.of(new Planes(edges, score, values, factors, upstream));
    Tensor share = planes.slice(0, count, 2 * count);
    sink.add(values, () -> NeighborSum.of(edges.reversed(), upstream, planes.slice(0, 0, count)));
    score.backward(edges, share, sink);
  }

  @Override
  public Cost cost() {
    return cost(edges, score, values, shape().elements(), 1);
  }

  /// Both run over some rows at a time and hold, for each edge and head of these, one number in each of `tables`.
  private static Cost cost(Sparse edges, AttentionScore score, Tensor values, long written, int tables) {
    long width = values.columns();
    for (Tensor operand : score.operands()) {
      width += operand.columns();
    }
    long read = edges.byReceiver().indices() + edges.edges() * (1 + width);
    long threads = Runtime.getRuntime().availableProcessors();
    long piece = PIECE / Math.max(1, values.columns()) + edges.byReceiver().longest();
    return Cost.ofNumbers(read, written, 2L * edges.edges() * width,
        Math.min(edges.edges(), threads * piece) * (long) score.heads() * tables);
  }

  /// The weights f a and, below them, the gradient by what the score is made of: `[2 edges, heads]`.
  record Planes(Sparse edges, AttentionScore score, Tensor values, @Nullable Tensor factors, Tensor upstream)
      implements
        Op {
    @Override
    public String name() {
      return "edge attention gradient";
    }

    @Override
    public List<Tensor> operands() {
      return AttentionScore.operands(score, values, upstream);
    }

    @Override
    public Shape shape() {
      return Shape.of(Math.multiplyExact(2, edges.edges()), score.heads());
    }

    @Override
    public Buffer forward(Backend backend) {
      return backend instanceof EdgeAttentionKernels kernels
          ? kernels.edgeAttentionGradient(edges.byReceiver().offsets(), edges.columns(), edges.byReceiver().order(),
              score.onDevice(), factors == null ? null : factors.data(), score.heads(), values.data(),
              upstream.data(), values.columns())
          : Op.super.forward(backend);
    }

    @Override
    public Tensor definition() {
      Tensor weights = score.along(edges).segmentSoftmax(edges.byReceiver());
      Tensor products = Tensor.of(new EdgeDot(edges, upstream, values, score.heads()));
      products = factors == null ? products : products.multiply(factors);
      Tensor mean = weights.multiply(products).segmentSum(edges.byReceiver()).gatherRows(edges.byReceiver());
      Tensor share = score.through(edges, weights.multiply(products.subtract(mean)));
      return Tensor.concat(0, factors == null ? weights : weights.multiply(factors), share);
    }

    @Override
    public Cost cost() {
      return EdgeAttention.cost(edges, score, values, shape().elements(), 3);
    }
  }
}
