package org.orrery.graph;

import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// How edge weights are divided by the degrees of their ends. A quotient with a degree of 0 is 0.
///
/// The result is differentiable in the weights. Without weights each edge has weight 1; such a result depends on the
/// structure alone and is kept with it. Weights that are data are checked when they are first met with these edges; computed ones,
/// such as learned ones, are not read, and a negative degree under the root makes them NaN.
public enum Normalization {
  /// w_st, checked
  NONE,
  /// w_st / sqrt(d_s d_t), d the sum of the incoming weights of a node. Kipf & Welling 2017, eq. 2; for directed edges
  /// as PyTorch Geometric's `gcn_norm`.
  SYMMETRIC,
  /// w_st / d_t, d_t the sum of the incoming weights: what is received becomes a weighted mean
  MEAN,
  /// w_st / d_s, d_s the sum of the outgoing weights: the probability that a walker at s steps to t
  RANDOM_WALK;

  private record Unweighted(Normalization kind, double loopWeight) {
  }

  /// The normalized weight of each edge, in the shape of the weights.
  ///
  /// @param weights one an edge, `[edges]` or `[edges, ...]`; null for 1
  /// @throws IllegalArgumentException where there is not one an edge, or where the kind needs one set of nodes; where weights are
  ///         data and one is not finite, or the root of a negative degree would be taken, naming the edge
  public Tensor of(Sparse edges, @Nullable Tensor weights) {
    if (weights == null) {
      return edges.kept(new Sparse.OnBackend(this, Backends.current()), () -> normalize(edges, edges.unitWeights()));
    }
    WeightedEdges.requireWeights(edges, weights);
    requireSound(this, edges, weights, () -> edges.inDegree(weights));
    return normalize(edges, weights);
  }

  /// First gives every node that has no self loop one of weight `loopWeight` (one that is there keeps its weight), then
  /// normalizes: with [#SYMMETRIC] and 1 the matrix of a graph convolution.
  ///
  /// @param weights one an edge, `[edges]` or `[edges, ...]`; null for 1
  /// @throws IllegalArgumentException as [#of] says
  public WeightedEdges withSelfLoops(Sparse edges, @Nullable Tensor weights, double loopWeight) {
    if (weights == null) {
      return edges.kept(new Sparse.OnBackend(new Unweighted(this, loopWeight), Backends.current()),
          () -> looped(edges, edges.unitWeights(), loopWeight));
    }
    WeightedEdges.requireWeights(edges, weights);
    requireSound(new Unweighted(this, loopWeight), edges, weights, () -> {
      EdgeMap map = edges.withRemainingSelfLoops();
      return map.edges().inDegree(map.apply(weights, loopWeight));
    });
    return looped(edges, weights, loopWeight);
  }

  private void requireSound(Object rule, Sparse edges, Tensor weights, Supplier<Tensor> degrees) {
    String who = this == NONE ? "edge weights" : name().toLowerCase(Locale.ROOT).replace('_', ' ') + " normalization";
    WeightCheck.require(who, rule, edges, weights, this == SYMMETRIC ? edges.receiverOf() : null, "receives", degrees);
  }

  private WeightedEdges looped(Sparse edges, Tensor weights, double loopWeight) {
    EdgeMap map = edges.withRemainingSelfLoops();
    return new WeightedEdges(map.edges(), normalize(map.edges(), map.apply(weights, loopWeight)));
  }

  private Tensor normalize(Sparse edges, Tensor weights) {
    return switch (this) {
      case NONE -> weights;
      case SYMMETRIC -> {
        edges.requireOneNodeSet("symmetric normalization");
        Tensor root = WeightedEdges.inverseRoot(edges.inDegree(weights));
        yield root.gatherRows(edges.bySender()).multiply(weights).multiply(root.gatherRows(edges.byReceiver()));
      }
      case MEAN -> weights.multiply(WeightedEdges.inverse(edges.inDegree(weights)).gatherRows(edges.byReceiver()));
      case RANDOM_WALK ->
        weights.multiply(WeightedEdges.inverse(edges.outDegree(weights)).gatherRows(edges.bySender()));
    };
  }
}
