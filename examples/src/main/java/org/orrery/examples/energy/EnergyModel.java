package org.orrery.examples.energy;

import org.orrery.geometry.RadialBasis;
import org.orrery.graph.Graph;
import org.orrery.messagepassing.Pooling;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// An energy that depends on distances alone: E = sum_i phi(sum_j psi(g(|x_j - x_i|))), with the functions g of a radial basis.
/// It does not change when the bodies are moved, turned, mirrored or renumbered together. After Behler & Parrinello 2007.
///
/// Forces are F = -dE/dx, the stress is dE/de / V for a strain e of space. They are differentiable, so that a model can be
/// fitted to them. Space may be open or periodic: distances are those of the graph.
///
/// @param basis g
/// @param pair psi, from distances to a pair's features
/// @param body phi, from what a body receives to its energy
public record EnergyModel(RadialBasis basis, Mlp pair, Mlp body) implements Block {
  /// A model that has learned nothing.
  public static EnergyModel create(RadialBasis basis, int width, Key key) {
    return new EnergyModel(basis,
        Mlp.create(key.fold("pair"), basis.count(), width, width).withActivation(Activation.SILU),
        Mlp.create(key.fold("body"), width, width, 1).withActivation(Activation.SILU));
  }

  /// The energy of each graph, `[graphs, 1]`.
  ///
  /// @param graph who acts on whom, with positions; its node features are not read
  public Tensor energy(Graph graph, Mode mode) {
    Tensor pairs = pair.apply(basis.of(graph.distances()), mode);
    Tensor each = body.apply(pairs.segmentSum(graph.adjacency().sparse().byReceiver()), mode);
    return Pooling.sum().apply(graph.withNodes(each));
  }

  /// F = -dE/dx, `[nodes, dimensions]`, with a history: a loss of forces can be differentiated by the parameters, and by
  /// positions that are themselves computed.
  public Tensor forces(Graph graph, Mode mode) {
    Tensor positions = graph.positions().isTracked() ? graph.positions() : graph.positions().tracked();
    Tensor energy = energy(graph.withPositions(positions), mode).sum();
    return Gradients.differentiable(energy, positions).withRespectTo(positions).negate();
  }

  /// The stress dE/de / V of each graph, `[graphs, dimensions, dimensions]`, at a strain e of 0; with a history.
  ///
  /// @throws IllegalStateException where a graph is in a space with an open axis
  public Tensor stress(Graph graph, Mode mode) {
    Tensor strain = graph.cells().multiply(0).detach().tracked();
    Tensor energy = energy(graph.strained(strain), mode).sum();
    return Gradients.differentiable(energy, strain).withRespectTo(strain)
        .divide(graph.volumes().reshape(graph.graphCount(), 1, 1));
  }
}
