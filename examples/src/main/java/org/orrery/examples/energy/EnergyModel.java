package org.orrery.examples.energy;

import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.Pooling;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// An energy that depends on distances alone: E = sum_i phi(sum_j psi(g(|x_j - x_i|))), g_k(r) = e^(-(r - c_k)^2 / 2 w^2).
/// It does not change when the bodies are moved, turned, mirrored or renumbered together. After Behler & Parrinello 2007.
///
/// Forces are F = -dE/dx. They are differentiable, so that a model can be fitted to forces.
///
/// @param basis the distances g looks at
/// @param pair psi, from distances to a pair's features
/// @param body phi, from what a body receives to its energy
public record EnergyModel(Basis basis, Mlp pair, Mlp body) implements Block {
  /// Gaussians at c_0 = nearest, ..., c_(count-1) = farthest, as wide as they are apart.
  ///
  /// @param nearest first center
  /// @param farthest last center
  /// @param count how many, at least 2
  public record Basis(double nearest, double farthest, int count) {
    /// Checks that there are centers.
    public Basis {
      if (count < 2 || !(nearest < farthest)) {
        throw new IllegalArgumentException("basis: " + count + " centers from " + nearest + " to " + farthest
            + "; at least 2 in rising order are required");
      }
    }

    /// `[edges]` to `[edges, count]`.
    Tensor apply(Tensor distance) {
      double width = (farthest - nearest) / (count - 1);
      Tensor centers = Tensor.range(count).multiply(width).add(nearest);
      Tensor apart = distance.unsqueeze(1).subtract(centers).divide(width);
      return apart.square().multiply(-0.5).exp();
    }
  }

  /// A model that has learned nothing.
  public static EnergyModel create(Basis basis, int width, Key key) {
    return new EnergyModel(basis,
        Mlp.create(key.fold("pair"), basis.count(), width, width).withActivation(Activation.SILU),
        Mlp.create(key.fold("body"), width, width, 1).withActivation(Activation.SILU));
  }

  /// The energy of each graph, `[graphs, 1]`.
  ///
  /// @param graph who acts on whom; its nodes are not read
  /// @param positions `[nodes, dimensions]`
  public Tensor energy(Graph graph, Tensor positions, Mode mode) {
    Sparse edges = graph.adjacency().sparse();
    Tensor apart = positions.gatherRows(edges.bySender()).subtract(positions.gatherRows(edges.byReceiver()));
    Tensor distance = apart.square().sum(1).sqrt();
    Tensor received = pair.apply(basis.apply(distance), mode).segmentSum(edges.byReceiver());
    Tensor each = body.apply(received, mode);
    return Pooling.sum().apply(graph.withNodes(each));
  }

  /// F = -dE/dx at the graph's nodes, `[nodes, dimensions]`, with a history: a loss of forces can be differentiated by
  /// the parameters, and by positions that are themselves computed.
  public Tensor forces(Graph graph, Mode mode) {
    Tensor positions = graph.nodes().isTracked() ? graph.nodes() : graph.nodes().tracked();
    Tensor total = energy(graph, positions, mode).sum();
    return Gradients.differentiable(total, positions).withRespectTo(positions).negate();
  }
}
