package org.orrery.messagepassing;

import java.util.List;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.WeightedSumKernels;

/// The inner product of what both ends of each edge hold: `y[e, h]` is the sum over k of `a[i, h c + k] b[j, h c + k]`
/// for the edge e = (j, i).
///
/// Shapes: a `[receivers, heads channels]`, b `[senders, heads channels]`, result `[edges, heads]` in the caller's edge
/// order.
///
/// @param edges who sends to whom
/// @param a what each receiver holds
/// @param b what each sender holds
/// @param heads how many groups of columns give a product of their own
public record EdgeDot(Sparse edges, Tensor a, Tensor b, int heads) implements Op {
  /// Checks the shapes.
  public EdgeDot {
    if (a.rank() != 2 || b.rank() != 2 || a.rows() != edges.receivers() || b.rows() != edges.senders()
        || a.columns() != b.columns()) {
      throw new IllegalArgumentException("edge dot: " + a.shape() + " and " + b.shape() + "; ["
          + edges.receivers() + ", width] and [" + edges.senders() + ", width] are required");
    }
    if (heads < 1 || a.columns() % heads != 0) {
      throw new IllegalArgumentException(
          "edge dot: " + a.shape() + " and " + heads + " heads; heads must divide the width");
    }
  }

  @Override
  public String name() {
    return "edge dot";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(a, b);
  }

  @Override
  public Shape shape() {
    return Shape.of(edges.edges(), heads);
  }

  @Override
  public Storage forward(Backend backend) {
    WeightedSumKernels kernels = backend.kernels(WeightedSumKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.edgeDot(edges.byReceiver().offsets(), edges.columns(), edges.byReceiver().order(), a.data(),
            b.data(), heads, a.columns());
  }

  @Override
  public Tensor definition() {
    Tensor products = a.gatherRows(edges.byReceiver()).multiply(b.gatherRows(edges.bySender()));
    return products.reshape(edges.edges(), heads, a.columns() / heads).sum(2);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(a, () -> Tensor.of(new NeighborSum(edges, b, upstream, heads)));
    sink.add(b, () -> Tensor.of(new NeighborSum(edges.reversed(), a, upstream, heads)));
  }

  @Override
  public Cost cost() {
    long width = a.columns();
    return Cost.ofNumbers(edges.edges() * (width + 1) + edges.byReceiver().indices() + edges.receivers() * width,
        (long) edges.edges() * heads, 2L * edges.edges() * width, 0);
  }
}
