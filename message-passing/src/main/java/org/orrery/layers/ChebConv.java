package org.orrery.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Laplacian;
import org.orrery.graph.WeightedEdges;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.nn.Activation;
import org.orrery.nn.Initializer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Chebyshev graph convolution: h = sum_k W_k T_k + b with T_0 = x, T_1 = M x, T_k = 2 M T_(k-1) - T_(k-2) and
/// M = 2 L / lambda - 1, L the Laplacian. Defferrard et al. 2016, eqs. 4 and 5.
///
/// Shape: `[nodes, in]` to `[nodes, out]`. Edge features, where given, are the weights, `[edges]` or `[edges, 1]`.
///
/// @param lins W_0, W_1, ...
/// @param bias b; null for 0
/// @param laplacian which Laplacian L is
/// @param lambda its largest eigenvalue, or a bound; empty for twice the largest entry of L, over all graphs of a batch
public record ChebConv(List<Linear> lins, @Nullable Parameter bias, Laplacian laplacian, OptionalDouble lambda)
    implements
      GraphLayer {
  /// With the symmetric Laplacian: W Glorot uniform, b zero.
  ///
  /// @param terms how many W_k there are: each node hears those `terms - 1` edges away
  public static ChebConv create(int in, int out, int terms, Key key) {
    Initializer glorot = Initializer.glorotUniform(1);
    return new ChebConv(
        IntStream.range(0, terms).mapToObj(k -> Linear.withoutBias(in, out, glorot, key.fold(k))).toList(),
        Parameter.of(Tensor.zeros(out)), Laplacian.SYMMETRIC, OptionalDouble.empty());
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    return update(in, Activation.IDENTITY, mode);
  }

  @Override
  public Tensor update(Inputs in, Activation after, Mode mode) {
    Tensor x = in.receivers();
    WeightedEdges scaled = scaled(in, x);
    List<Tensor> t = new ArrayList<>(List.of(x));
    for (int k = 1; k < lins.size(); k++) {
      Tensor last = t.getLast();
      Tensor own = k == 1 ? last.negate() : last.multiply(-2).subtract(t.get(k - 2));
      Tensor entries = k == 1 ? scaled.weights() : scaled.weights().multiply(2);
      t.add(Tensor.of(new NeighborSum(scaled.edges(), last, entries, 1, own)));
    }
    List<Tensor> weights = lins.stream().map(lin -> lin.weight().value()).toList();
    return after.of(Tensor.affine(t, weights, bias == null ? null : bias.value()));
  }

  /// The entries of 2 L / lambda, `[edges, 1]`.
  private WeightedEdges scaled(Inputs in, Tensor x) {
    WeightedEdges entries = Backends.with(x.backend(),
        () -> laplacian.of(in.adjacency().sparse().untyped(), in.weights()));
    Tensor two = entries.weights().multiply(2).unsqueeze(1);
    if (lambda.isPresent() || two.rows() == 0) {
      return new WeightedEdges(entries.edges(), two.multiply(1 / lambda.orElse(1)));
    }
    Tensor bound = two.max(0);
    return new WeightedEdges(entries.edges(), two.divide(bound.add(bound.detach().equalTo(0)))); // no edges: 0 / 1
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(lins.getFirst().in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(lins.getFirst().out());
  }
}
