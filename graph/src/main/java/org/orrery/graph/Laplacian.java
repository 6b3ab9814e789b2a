package org.orrery.graph;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// The Laplacian of a weighted graph. Self loops are taken out first; w_st is the weight of an edge s -> t, and D_s the
/// sum of the weights that s sends. Written over (sender, receiver) as is usual; [WeightedEdges#toDense()] gives the
/// transpose, as for every matrix of messages.
///
/// The result has the edges without self loops, in their order, then one self loop a node: the diagonal. It is
/// differentiable in the weights; without weights it is kept with the structure. The same as PyTorch Geometric's
/// `get_laplacian`.
public enum Laplacian {
  /// L = D - A
  COMBINATORIAL,
  /// L = I - D^-1/2 A D^-1/2; D^-1/2 is 0 where D is
  SYMMETRIC,
  /// L = I - D^-1 A; D^-1 is 0 where D is
  RANDOM_WALK;

  /// The entries of the Laplacian.
  ///
  /// @param weights one an edge, `[edges]` or `[edges, ...]`; null for 1
  /// @throws IllegalArgumentException where there is not one an edge, edges have types, or senders and receivers differ; where
  ///         weights are data and one is not finite, or the root of a negative degree would be taken, naming the edge
  public WeightedEdges of(Sparse edges, @Nullable Tensor weights) {
    if (weights == null) {
      return edges.kept(new Sparse.OnBackend(this, Backends.current()), () -> entries(edges, edges.unitWeights()));
    }
    WeightedEdges.requireWeights(edges, weights);
    WeightCheck.require(name().toLowerCase(Locale.ROOT).replace('_', ' ') + " Laplacian", this, edges, weights,
        this == SYMMETRIC ? edges.senderOf() : null, "sends", () -> {
          EdgeMap map = edges.withoutSelfLoops();
          return map.edges().outDegree(map.apply(weights, 0));
        });
    return entries(edges, weights);
  }

  private WeightedEdges entries(Sparse edges, Tensor weights) {
    EdgeMap map = edges.withoutSelfLoops();
    Sparse plain = map.edges();
    Tensor w = map.apply(weights, 0);
    Tensor degrees = plain.outDegree(w);
    EdgeMap diagonal = plain.withSelfLoops();
    return new WeightedEdges(diagonal.edges(), switch (this) {
      case COMBINATORIAL -> diagonal.apply(w.negate(), degrees);
      case SYMMETRIC -> {
        Tensor root = WeightedEdges.inverseRoot(degrees);
        yield diagonal.apply(
            root.gatherRows(plain.bySender()).multiply(w).multiply(root.gatherRows(plain.byReceiver())).negate(), 1);
      }
      case RANDOM_WALK -> diagonal.apply(
          WeightedEdges.inverse(degrees).gatherRows(plain.bySender()).multiply(w).negate(), 1);
    });
  }
}
