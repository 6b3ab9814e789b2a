package org.orrery.messagepassing;

import java.util.List;
import java.util.Locale;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.NeighborExtremeKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;

/// `y[i, k]` is the largest (or smallest) `x[j, k]` over the senders j of i; 0 where there are none. Equal ones share the gradient
/// equally. No array of size edges times width is made, forward or backward.
///
/// Shapes: x `[senders, width]`, result `[receivers, width]`.
///
/// @param edges who sends to whom
/// @param x what each sender says
/// @param kind maximum or minimum
record NeighborExtreme(Sparse edges, Tensor x, Reduction kind) implements Op {
  NeighborExtreme {
    NeighborSum.requireRows("neighbor extreme", edges, x);
    if (kind != Reduction.MAXIMUM && kind != Reduction.MINIMUM) {
      throw new IllegalArgumentException("neighbor extreme: " + kind + "; a maximum or minimum is required");
    }
  }

  @Override
  public String name() {
    return "neighbor " + kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return Shape.of(edges.receivers(), x.columns());
  }

  @Override
  public Storage forward(Backend backend) {
    NeighborExtremeKernels kernels = backend.kernels(NeighborExtremeKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.neighborExtreme(kind, edges.byReceiver().offsets(), edges.columns(), x.data(), x.columns());
  }

  @Override
  public Tensor definition() {
    return x.gatherRows(edges.bySender()).segmentReduce(kind, edges.byReceiver());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Share(edges, x.detach(), y.detach(), upstream)));
  }

  @Override
  public Cost cost() {
    long width = x.columns();
    return Cost.ofNumbers(edges.edges() * (width + 1) + edges.byReceiver().indices(), edges.receivers() * width,
        edges.edges() * width, edges.byReceiver().scratch(x.columns()));
  }

  /// What each sender gets back.
  record Share(Sparse edges, Tensor x, Tensor y, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "neighbor extreme gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(x, y, upstream);
    }

    @Override
    public Shape shape() {
      return x.shape();
    }

    @Override
    public Storage forward(Backend backend) {
      NeighborExtremeKernels kernels = backend.kernels(NeighborExtremeKernels.class);
      return kernels == null
          ? Op.super.forward(backend)
          : kernels.neighborExtremeGradient(edges.byReceiver().offsets(), edges.columns(), edges.bySender().offsets(),
              edges.reversed().columns(), x.data(), y.data(), upstream.data(), x.columns());
    }

    @Override
    public Tensor definition() {
      Tensor holds = x.gatherRows(edges.bySender()).equalTo(y.gatherRows(edges.byReceiver()));
      Tensor each = upstream.divide(holds.segmentSum(edges.byReceiver()).clamp(1, Float.MAX_VALUE));
      return holds.multiply(each.gatherRows(edges.byReceiver())).segmentSum(edges.bySender());
    }

    @Override
    public Cost cost() {
      long width = x.columns();
      return Cost.ofNumbers(edges.edges() * (3 * width + 2) + edges.byReceiver().indices(), x.shape().elements(),
          3L * edges.edges() * width, edges.receivers() * width);
    }
  }
}
