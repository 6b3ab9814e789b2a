package org.orrery.messagepassing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Graph;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Rows;
import org.orrery.tensor.Tensor;

/// A layer that gives a graph new features: of the nodes alone, as most do, or of edges, positions and the whole graph
/// too.
///
/// A layer states its equation in [#update(Inputs, Mode)]; one that changes more than the nodes in
/// [#update(Graph, Activation, Mode)]. The `apply` methods are what callers use: they check the rows and run the equation
/// under observation where there is any ([Observed]).
/// ```java
/// record Gin(Layer network, double epsilon) implements GraphLayer {
///   public Tensor update(Inputs in, Mode mode) {
///     return network.apply(in.receivers().multiply(1 + epsilon).add(in.received(Aggregation.sum())), mode);
///   }
///
///   public EdgeUse edgeUse() {
///     return EdgeUse.NONE; // a sum of what senders have reads no edge features
///   }
/// }
/// ```
public interface GraphLayer extends Block {
  // ---- what a layer states ----

  /// The equation: new features of the receivers, `[receivers, out]`.
  Tensor update(Inputs in, Mode mode);

  /// f of the equation, for a layer that can apply f in its last pass.
  ///
  /// @param after f
  default Tensor update(Inputs in, Activation after, Mode mode) {
    return after.of(update(in, mode));
  }

  /// The equation of a layer that changes more than the nodes.
  ///
  /// @param after an activation of the new node features
  default Graph update(Graph graph, Activation after, Mode mode) {
    return graph.withNodes(update(Inputs.of(graph), after, mode));
  }

  /// What it does with the features of edges. A layer that reads none states so, and refuses those that it is given.
  default EdgeUse edgeUse() {
    return EdgeUse.OPTIONAL;
  }

  /// How wide the senders' features must be; empty where the layer takes any width, or does not know.
  default OptionalInt inputWidth() {
    return OptionalInt.empty();
  }

  /// How wide the result is for senders of this width; empty where the layer does not know.
  default OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.empty();
  }

  // ---- what callers use ----

  /// The graph with new features; what the layer does not change is kept.
  default Graph apply(Graph graph, Mode mode) {
    return apply(graph, Activation.IDENTITY, mode);
  }

  /// The graph with new features, an activation behind those of the nodes.
  ///
  /// @param after the activation, in the last pass of the layer where both allow it
  default Graph apply(Graph graph, Activation after, Mode mode) {
    if (after.function() != null && Observed.wantsEveryPart()) {
      Graph plain = apply(graph, Activation.IDENTITY, mode);
      return plain.withNodes(after.apply(plain.nodes(), mode));
    }
    return Observed.call(this, () -> {
      Inputs.of(graph).requireFit(this);
      return update(graph, after, mode);
    }, features(graph), updated -> changed(graph, updated));
  }

  /// New features of the nodes of a graph whose edges have none.
  default Tensor apply(Adjacency adjacency, Tensor nodes, Mode mode) {
    return apply(Inputs.of(adjacency, nodes, null), Activation.IDENTITY, mode);
  }

  /// New features of the nodes of a graph.
  default Tensor apply(Adjacency adjacency, Tensor nodes, @Nullable Tensor edges, Mode mode) {
    return apply(Inputs.of(adjacency, nodes, edges), Activation.IDENTITY, mode);
  }

  /// New features of the receivers.
  ///
  /// @param adjacency who sends to whom
  /// @param senders `[senders, width]`
  /// @param receivers `[receivers, width]`; the same tensor as the senders where they are the same nodes
  /// @param edges `[edges, width]` in the caller's edge order; null where edges have no features
  /// @return `[receivers, out]`
  default Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return apply(new Inputs(adjacency, Rows.of(senders), Rows.of(receivers), edges), Activation.IDENTITY, mode);
  }

  /// New features of the receivers.
  default Tensor apply(Inputs in, Mode mode) {
    return apply(in, Activation.IDENTITY, mode);
  }

  /// f of the new features of the receivers.
  ///
  /// @param after f, in the last pass of the layer where both allow it and nobody wants to see each part
  default Tensor apply(Inputs in, Activation after, Mode mode) {
    if (after.function() != null && Observed.wantsEveryPart()) {
      return after.apply(apply(in, Activation.IDENTITY, mode), mode);
    }
    return Observed.call(this, () -> {
      in.requireFit(this);
      return update(in, after, mode);
    }, in.tensors(), List::of);
  }

  private static List<Tensor> features(Graph graph) {
    return Stream.of(graph.nodes(), graph.edges(), graph.globals()).filter(Objects::nonNull).toList();
  }

  /// The features that are new; those of the nodes in any case.
  private static List<Tensor> changed(Graph before, Graph after) {
    List<Tensor> changed = new ArrayList<>(features(after));
    changed.removeAll(features(before));
    return changed.isEmpty() ? List.of(after.nodes()) : changed;
  }
}
