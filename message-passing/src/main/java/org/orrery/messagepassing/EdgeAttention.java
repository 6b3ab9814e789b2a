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
import org.orrery.tensor.backend.EdgeAttentionKernels;
import org.orrery.tensor.backend.Storage;

/// y_i = sum over the edges e = (j, i) of f_e a_e v_j, a the softmax of a score over what i receives, head by head.
///
/// Shapes: values `[senders, heads channels]`, factors `[edges, heads]`, result `[receivers, heads channels]`. A factor has no
/// derivative: it is noise.
///
/// Forward keeps two numbers for each receiver and head, from which backward makes the weights again. As the inner product of y_i
/// and its gradient is the mean that the derivative of a softmax subtracts, backward runs sender by sender, reads what
/// receivers hold once, and needs no sum over a receiver's edges first (Dao et al. 2022, appendix B, for attention on a complete
/// graph).
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

  /// The sum: by one kernel where the backend has it, else by its definition.
  static Tensor of(Sparse edges, AttentionScore score, Tensor values, @Nullable Tensor factors) {
    EdgeAttention sum = new EdgeAttention(edges, score, values, factors);
    return values.backend().has(EdgeAttentionKernels.class) ? Tensor.of(sum) : sum.definition();
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

  /// The sum and what its derivative needs.
  @Override
  public List<Shape> shapes() {
    return List.of(shape(), Shape.of(edges.receivers(), 2, heads()));
  }

  @Override
  public List<Storage> forwardAll(Backend backend) {
    EdgeAttentionKernels.Attended attended = kernels(backend).edgeAttention(
        edges.byReceiver().offsets(), edges.columns(), edges.byReceiver().order(), score.onDevice(),
        onDevice(factors), heads(), values.data(), values.columns());
    return List.of(attended.y(), attended.softmax());
  }

  @Override
  public Tensor definition() {
    Tensor weights = score.along(edges).segmentSoftmax(edges.byReceiver());
    return NeighborSum.of(edges, values, factors == null ? weights : weights.multiply(factors));
  }

  @Override
  public void backward(Tensor result, Tensor upstream, Gradients sink) {
    if (Tensor.isRecording()) {
      Op.super.backward(result, upstream, sink);
      return;
    }
    List<Tensor> shares = Tensor.allOf(new Shares(this, result, result.besides(0), upstream));
    sink.add(values, () -> shares.get(0));
    score.backward(edges, shares.get(1), shares.get(2), sink);
  }

  @Override
  public Cost cost() {
    return cost(edges, values.columns() + scoreWidth(), (long) edges.receivers() * (values.columns() + 2L * heads()),
        2);
  }

  private int heads() {
    return score.heads();
  }

  private long scoreWidth() {
    return score.operands().stream().mapToInt(Tensor::columns).sum();
  }

  /// Kernels run over some rows at a time and hold, for each edge and head of these, one number in each of `tables`.
  private Cost cost(Sparse along, long width, long written, int tables) {
    long read = along.byReceiver().indices() + along.edges() * (1 + width);
    long threads = Runtime.getRuntime().availableProcessors();
    long piece = PIECE / Math.max(1, values.columns()) + along.byReceiver().longest();
    return Cost.ofNumbers(read, written, 2L * along.edges() * width,
        Math.min(along.edges(), threads * piece) * heads() * tables);
  }

  private static EdgeAttentionKernels kernels(Backend backend) {
    EdgeAttentionKernels kernels = backend.kernels(EdgeAttentionKernels.class);
    if (kernels != null) {
      return kernels;
    }
    throw new IllegalStateException("edge attention on " + backend.name() + ", which has no kernel for it");
  }

  private static @Nullable Storage onDevice(@Nullable Tensor factors) {
    return factors == null ? null : factors.data();
  }

  /// The gradients by the values, by the senders' table of the score, and at the edges.
  private record Shares(EdgeAttention sum, Tensor y, Tensor softmax, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "edge attention gradient";
    }

    @Override
    public List<Tensor> operands() {
      return AttentionScore.operands(sum.score, sum.values, y, softmax, upstream);
    }

    @Override
    public Shape shape() {
      return sum.values.shape();
    }

    @Override
    public List<Shape> shapes() {
      return List.of(shape(), sum.score.operands().getFirst().shape(), Shape.of(sum.edges.edges(), sum.heads()));
    }

    @Override
    public List<Storage> forwardAll(Backend backend) {
      Sparse back = sum.edges.reversed();
      EdgeAttentionKernels.Shares shares = kernels(backend).edgeAttentionGradient(
          back.byReceiver().offsets(), back.columns(), back.byReceiver().order(), sum.score.onDevice(),
          onDevice(sum.factors), sum.heads(), sum.values.data(),
          new EdgeAttentionKernels.Attended(y.data(), softmax.data()), upstream.data(), sum.values.columns());
      return List.of(shares.values(), shares.column(), shares.edges());
    }

    @Override
    public Cost cost() {
      Cost edges = sum.cost(sum.edges.reversed(),
          2L * sum.values.columns() + sum.scoreWidth() + sum.score.operands().getFirst().columns(),
          shapes().stream().mapToLong(Shape::elements).sum(), 7);
      Cost table = Cost.ofNumbers(2L * y.shape().elements() + softmax.shape().elements(), 0,
          2L * y.shape().elements(), 3L * sum.edges.receivers() * sum.heads());
      return new Cost(edges.bytes() + table.bytes(), edges.flops() + table.flops(), edges.scratch() + table.scratch());
    }
  }
}
