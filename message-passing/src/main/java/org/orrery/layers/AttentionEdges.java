package org.orrery.layers;

import org.jspecify.annotations.Nullable;
import org.orrery.graph.EdgeMap;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.Inputs;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Tensor;

/// The edges that attention runs over, with their features.
///
/// @param sparse the edges
/// @param features `[edges, width]`; null for none
record AttentionEdges(Sparse sparse, @Nullable Tensor features) {
  /// The given edges, or those with exactly one loop at each node.
  static AttentionEdges of(Inputs in, AttentionOptions options) {
    Sparse sparse = in.adjacency().sparse();
    Tensor features = in.optionalEdges();
    if (options.loops == AttentionOptions.Loops.UNCHANGED) {
      return new AttentionEdges(sparse, features);
    }
    EdgeMap bare = sparse.untyped().withoutSelfLoops();
    EdgeMap looped = bare.edges().withSelfLoops();
    if (features == null) {
      return new AttentionEdges(looped.edges(), null);
    }
    Tensor kept = bare.apply(features, 0);
    Tensor loops = options.loopFill.features(kept, bare.edges().byReceiver());
    return new AttentionEdges(looped.edges(), looped.apply(kept, loops));
  }

  /// What is done with the sum over the edges: heads joined, residual and bias added.
  ///
  /// @param residual a linear map of the receivers; null for none
  static Tensor joined(Tensor sum, AttentionOptions options, @Nullable Tensor residual, @Nullable Parameter bias) {
    Tensor joined = switch (options.joining) {
      case CONCATENATED -> sum;
      case AVERAGED -> sum.reshape(sum.rows(), options.heads, sum.columns() / options.heads).mean(1);
    };
    joined = residual == null ? joined : joined.add(residual);
    return bias == null ? joined : joined.add(bias.value());
  }
}
