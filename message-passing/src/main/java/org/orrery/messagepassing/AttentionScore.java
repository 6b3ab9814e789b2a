package org.orrery.messagepassing;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.EdgeMap;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.EdgeAttentionKernels;
import org.orrery.tensor.backend.EdgeScore;

/// How much a receiver attends to a sender before the softmax, in a form that [EdgeAttention] runs without an array of
/// size edges times width.
public sealed interface AttentionScore {
  /// How many attentions side by side.
  int heads();

  /// The tensors that it depends on, the senders' table first.
  List<Tensor> operands();

  /// `[edges, heads]` in the caller's edge order: the meaning of [#onDevice()].
  Tensor along(Sparse edges);

  /// The same for a kernel.
  EdgeScore onDevice();

  /// Offers the operands their shares.
  ///
  /// @param column the gradient by the senders' table, as [EdgeAttentionKernels.Shares] has it
  /// @param share that at the edges
  void backward(Sparse edges, Tensor column, Tensor share, Gradients sink);

  /// The same score of the same edges in another order.
  default AttentionScore along(EdgeMap order) {
    return this;
  }

  /// Checks the shapes of the operands.
  void require(Sparse edges);

  private static void requireShape(String what, Tensor x, int rows, int columns) {
    if (x.rank() != 2 || x.rows() != rows || x.columns() != columns) {
      throw new IllegalArgumentException(
          "edge attention: " + what + " " + x.shape() + "; [" + rows + ", " + columns + "] is required");
    }
  }

  /// LeakyReLU(s_j + t_i + e_ij): [org.orrery.layers.Gat].
  ///
  /// @param sender s, `[senders, heads]`
  /// @param receiver t, `[receivers, heads]`
  /// @param edge e, `[edges, heads]`; null for 0
  /// @param negative slope of the rectifier where it is negative
  record Additive(Tensor sender, Tensor receiver, @Nullable Tensor edge, double negative) implements AttentionScore {
    @Override
    public int heads() {
      return sender.columns();
    }

    @Override
    public List<Tensor> operands() {
      return edge == null ? List.of(sender, receiver) : List.of(sender, receiver, edge);
    }

    @Override
    public AttentionScore along(EdgeMap order) {
      return edge == null ? this : new Additive(sender, receiver, order.apply(edge, 0), negative);
    }

    @Override
    public void require(Sparse edges) {
      requireShape("senders' terms", sender, edges.senders(), heads());
      requireShape("receivers' terms", receiver, edges.receivers(), heads());
      if (edge != null) {
        requireShape("edges' terms", edge, edges.edges(), heads());
      }
    }

    private Tensor sum(Sparse edges) {
      Tensor sum = sender.gatherRows(edges.bySender()).add(receiver.gatherRows(edges.byReceiver()));
      return edge == null ? sum : sum.add(edge);
    }

    @Override
    public Tensor along(Sparse edges) {
      return sum(edges).leakyRelu(negative);
    }

    @Override
    public EdgeScore onDevice() {
      return new EdgeScore.Sum(sender.data(), receiver.data(), edge == null ? null : edge.data(), negative);
    }

    @Override
    public void backward(Sparse edges, Tensor column, Tensor share, Gradients sink) {
      sink.add(sender, () -> column);
      sink.add(receiver, () -> share.segmentSum(edges.byReceiver()));
      if (edge != null) {
        sink.add(edge, () -> share);
      }
    }
  }

  /// v . LeakyReLU(l_j + r_i), head by head: [org.orrery.layers.GatV2].
  ///
  /// Its gradients need no sum over edges of their own for v: with D_i = sum_j d_ij f'(l_j + r_i) and
  /// D_j = sum_i d_ij f'(l_j + r_i), dr = v D_i, dl = v D_j, and as f(z) = f'(z) z, dv = sum_i r_i D_i + sum_j l_j D_j.
  ///
  /// @param sender l, `[senders, heads channels]`
  /// @param receiver r, `[receivers, heads channels]`
  /// @param vector v, `[heads channels]`
  /// @param negative slope of the rectifier where it is negative
  record Rectified(Tensor sender, Tensor receiver, Tensor vector, int heads, double negative)
      implements
        AttentionScore {
    @Override
    public List<Tensor> operands() {
      return List.of(sender, receiver, vector);
    }

    @Override
    public void require(Sparse edges) {
      requireShape("senders", sender, edges.senders(), vector.columns());
      requireShape("receivers", receiver, edges.receivers(), vector.columns());
    }

    @Override
    public Tensor along(Sparse edges) {
      Tensor sum = sender.gatherRows(edges.bySender()).add(receiver.gatherRows(edges.byReceiver()));
      return sum.leakyRelu(negative).multiply(vector)
          .reshape(edges.edges(), heads, vector.columns() / heads).sum(2);
    }

    @Override
    public EdgeScore onDevice() {
      return new EdgeScore.RectifiedSum(sender.data(), receiver.data(), vector.data(), vector.columns(), negative);
    }

    @Override
    public void backward(Sparse edges, Tensor column, Tensor share, Gradients sink) {
      Tensor atReceivers = Tensor.of(new SumTimesDerivative(edges, share, receiver, sender, negative));
      sink.add(receiver, () -> atReceivers.multiply(vector));
      sink.add(sender, () -> column.multiply(vector));
      sink.add(vector, () -> atReceivers.columnDot(receiver).add(column.columnDot(sender)));
    }
  }

  /// scale q_i . k_j, head by head: [org.orrery.layers.TransformerConv].
  ///
  /// @param key k, `[senders, heads channels]`
  /// @param query q, `[receivers, heads channels]`
  record ScaledProduct(Tensor key, Tensor query, int heads, double scale) implements AttentionScore {
    @Override
    public List<Tensor> operands() {
      return List.of(key, query);
    }

    @Override
    public void require(Sparse edges) {
      requireShape("keys", key, edges.senders(), query.columns());
      requireShape("queries", query, edges.receivers(), query.columns());
    }

    @Override
    public Tensor along(Sparse edges) {
      return Tensor.of(new EdgeDot(edges, query, key, heads)).multiply(scale);
    }

    @Override
    public EdgeScore onDevice() {
      return new EdgeScore.Product(key.data(), query.data(), key.columns(), scale);
    }

    @Override
    public void backward(Sparse edges, Tensor column, Tensor share, Gradients sink) {
      sink.add(query, () -> NeighborSum.of(edges, key, share));
      sink.add(key, () -> column);
    }
  }

  /// All operands of the score and others.
  static List<Tensor> operands(AttentionScore score, Tensor... others) {
    return Stream.concat(score.operands().stream(), Stream.of(others)).toList();
  }
}
