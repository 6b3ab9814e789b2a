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
import org.orrery.tensor.backend.NeighborMeanKernels;
import org.orrery.tensor.backend.Storage;

/// The mean of what each node receives: `y[i, :]` is `own[i, :]` plus the sum over the edges (j, i) of `x[j, :]` over their number,
/// at least 1. The division and the own row cost no array and no pass of their own.
///
/// @param edges who sends to whom
/// @param x what each sender says, `[senders, width]`
/// @param own what is added to each mean, `[receivers, width]`; null for 0
public record NeighborMean(Sparse edges, Tensor x, @Nullable Tensor own) implements Op {
  /// Checks the shapes.
  public NeighborMean {
    NeighborSum.requireRows("neighbor mean", edges, x);
    NeighborSum.requireOwn("neighbor mean", edges, x, own);
  }

  @Override
  public String name() {
    return "neighbor mean";
  }

  @Override
  public List<Tensor> operands() {
    return own == null ? List.of(x) : List.of(x, own);
  }

  @Override
  public Shape shape() {
    return Shape.of(edges.receivers(), x.columns());
  }

  @Override
  public Storage forward(Backend backend) {
    NeighborMeanKernels kernels = backend.kernels(NeighborMeanKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.neighborMean(edges.byReceiver().offsets(), edges.columns(), x.data(), x.columns(),
            own == null ? null : own.data());
  }

  @Override
  public Tensor definition() {
    Tensor mean = overSizes(x.gatherRows(edges.bySender()).segmentSum(edges.byReceiver()));
    return own == null ? mean : own.add(mean);
  }

  private Tensor overSizes(Tensor rows) {
    return rows.divide(edges.byReceiver().sizesAtLeastOne(x.backend()).unsqueeze(1));
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> NeighborSum.of(edges.reversed(), overSizes(upstream)));
    if (own != null) {
      sink.add(own, () -> upstream);
    }
  }

  @Override
  public Cost cost() {
    long width = x.columns();
    long results = edges.receivers() * width;
    long read = edges.edges() * (width + 1) + edges.byReceiver().indices() + (own == null ? 0 : results);
    return Cost.ofNumbers(read, results, edges.edges() * width + results, edges.byReceiver().scratch(x.columns()));
  }
}
