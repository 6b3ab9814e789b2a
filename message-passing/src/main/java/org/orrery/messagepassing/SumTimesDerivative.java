package org.orrery.messagepassing;

import java.util.List;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.SumTimesDerivativeKernels;

/// `y[i, h c + k]` is the sum over the edges e = (j, i) of `w[e, h]` f'(`own[i, h c + k]` + `other[j, h c + k]`), f' the
/// derivative of LeakyReLU: what the score of [org.orrery.layers.GatV2] gives back to a node.
///
/// @param weights w, `[edges, heads]` in the caller's edge order
/// @param own `[receivers, heads channels]`
/// @param other `[senders, heads channels]`
/// @param negative slope of the rectifier where it is negative
record SumTimesDerivative(Sparse edges, Tensor weights, Tensor own, Tensor other, double negative) implements Op {
  @Override
  public String name() {
    return "sloped sum";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(weights, own, other);
  }

  @Override
  public Shape shape() {
    return own.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    SumTimesDerivativeKernels kernels = backend.kernels(SumTimesDerivativeKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.sumTimesDerivative(edges.byReceiver().offsets(), edges.columns(), edges.byReceiver().order(),
            weights.data(),
            weights.columns(), own.data(), other.data(), own.columns(), negative);
  }

  @Override
  public Tensor definition() {
    int heads = weights.columns();
    Tensor z = own.detach().gatherRows(edges.byReceiver()).add(other.detach().gatherRows(edges.bySender()));
    Tensor slope = z.greater(0).multiply(1 - negative).add(negative);
    return slope.reshape(edges.edges(), heads, own.columns() / heads).multiply(weights.unsqueeze(2))
        .reshape(edges.edges(), own.columns()).segmentSum(edges.byReceiver());
  }

  @Override
  public Cost cost() {
    long width = own.columns();
    return Cost.ofNumbers(edges.edges() * (width + 1 + weights.columns()) + edges.byReceiver().indices()
        + own.shape().elements(), own.shape().elements(), 2L * edges.edges() * width, 0);
  }
}
