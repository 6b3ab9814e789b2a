package org.orrery.layers;

import java.util.OptionalInt;
import org.orrery.graph.Normalization;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.messagepassing.Weighted;
import org.orrery.nn.Activation;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.Rows;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Higher-order graph convolution: h_i = W_1 (+)_j w_ji x_j + b + W_2 x_i, (+) the sum unless another is chosen. Morris
/// et al. 2019, eq. 5.
///
/// Shape: `[nodes, in]` to `[nodes, out]`. Edge features, where given, are the weights, `[edges]` or `[edges, 1]`.
public final class GraphConv implements GraphLayer {
  private final Linear fromNeighbors;
  private final Linear fromSelf;
  private final Aggregation aggregation;

  private GraphConv(Linear fromNeighbors, Linear fromSelf, Aggregation aggregation) {
    this.fromNeighbors = fromNeighbors;
    this.fromSelf = fromSelf;
    this.aggregation = aggregation;
  }

  /// The sum over the neighbors, with a bias.
  public static GraphConv create(int in, int out, Key key) {
    return new GraphConv(Linear.create(in, out, key.fold(0)), Linear.withoutBias(in, out, key.fold(1)),
        Aggregation.sum());
  }

  /// The same with another aggregation.
  public static GraphConv create(int in, int out, Aggregation aggregation, Key key) {
    return new GraphConv(Linear.create(aggregation.width(in), out, key.fold(0)),
        Linear.withoutBias(in, out, key.fold(1)), aggregation);
  }

  /// The same without b.
  public static GraphConv withoutBias(int in, int out, Aggregation aggregation, Key key) {
    return new GraphConv(Linear.withoutBias(aggregation.width(in), out, key.fold(0)),
        Linear.withoutBias(in, out, key.fold(1)), aggregation);
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    return update(in, Activation.IDENTITY, mode);
  }

  @Override
  public Tensor update(Inputs in, Activation after, Mode mode) {
    Tensor weights = in.weights();
    Rows received = Rows.of(weights == null
        ? in.received(aggregation)
        : in.withEdges(Normalization.NONE.of(in.adjacency().sparse(), weights))
            .received(new Weighted(), aggregation, mode));
    return fromNeighbors.applyAndAdd(received, fromSelf, in.receiverRows(), after, mode);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(fromSelf.in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(fromSelf.out());
  }

  @Override
  public void describe(Parts parts) {
    parts.block("aggr_module", aggregation).block("lin_rel", fromNeighbors).block("lin_root", fromSelf);
  }
}
