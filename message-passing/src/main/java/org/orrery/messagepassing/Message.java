package org.orrery.messagepassing;

import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// What a sender says to a receiver along an edge, psi(x_i, x_j, e_ij).
///
/// [#along] is its meaning. A message that has a faster way to its aggregate for some structure gives it in
/// [#aggregated], and must agree with its meaning there; [MessagePassing] asks for it first.
public interface Message extends Block {
  /// The message of every edge.
  ///
  /// @param edges who sends to whom
  /// @param senders `[senders, width]`
  /// @param receivers `[receivers, width]`
  /// @param features `[edges, width]`, null where edges have none
  /// @return `[edges, out]` in the caller's edge order
  Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features, Mode mode);

  /// What each receiver gets, `[receivers, out]`, by a kernel for this structure and aggregation; null where there is
  /// none.
  default @Nullable Tensor aggregated(Adjacency adjacency, Aggregation aggregation, Tensor senders, Tensor receivers,
      @Nullable Tensor features, Mode mode) {
    return null;
  }

  /// What it does with the features of edges.
  default EdgeUse edgeUse() {
    return EdgeUse.OPTIONAL;
  }

  /// Any function of the gathered rows of both ends and of the edge, all `[edges, width]`. It uses no parameters: a
  /// network is handed over by [#of(Block, NetworkFunction)].
  static Message of(EdgeFunction function) {
    return new OfEdge(function);
  }

  /// The same for a function that is noisy in training.
  static Message of(NoisyEdgeFunction function) {
    return new OfNoisyEdge(function);
  }

  /// The same for a function that uses a network, which is trained and saved with the model.
  /// ```java
  /// Message.of(mlp, (network, receiver, sender, edge, mode) -> network.apply(sender.subtract(receiver), mode))
  /// ```
  ///
  /// @param <N> of the network
  /// @param network a layer, or a block of your own that holds several
  static <N extends Block> Message of(N network, NetworkFunction<N> function) {
    return new OfNetwork<>(network, function);
  }

  /// A message as a function of what an edge sees.
  interface EdgeFunction {
    /// psi(x_i, x_j, e_ij) for all edges at once.
    ///
    /// @param receiver the receivers' rows, `[edges, width]`
    /// @param sender the senders' rows, `[edges, width]`
    /// @param edge the edges' own rows, null where edges have none
    Tensor apply(Tensor receiver, Tensor sender, @Nullable Tensor edge);
  }

  /// A message as a function of what an edge sees, and of the mode.
  interface NoisyEdgeFunction {
    /// psi(x_i, x_j, e_ij) for all edges at once.
    ///
    /// @param receiver the receivers' rows, `[edges, width]`
    /// @param sender the senders' rows, `[edges, width]`
    /// @param edge the edges' own rows, null where edges have none
    /// @param mode where noise comes from
    Tensor apply(Tensor receiver, Tensor sender, @Nullable Tensor edge, Mode mode);
  }

  /// A message as a function of a network and of what an edge sees.
  ///
  /// @param <N> of the network
  interface NetworkFunction<N> {
    /// psi(x_i, x_j, e_ij) for all edges at once.
    ///
    /// @param network that was handed over
    /// @param receiver the receivers' rows, `[edges, width]`
    /// @param sender the senders' rows, `[edges, width]`
    /// @param edge the edges' own rows, null where edges have none
    Tensor apply(N network, Tensor receiver, Tensor sender, @Nullable Tensor edge, Mode mode);
  }

  /// A function of both ends and the edge.
  ///
  /// @param function psi
  record OfEdge(EdgeFunction function) implements Message {
    @Override
    public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features, Mode mode) {
      return function.apply(receivers.gatherRows(edges.byReceiver()), senders.gatherRows(edges.bySender()), features);
    }
  }

  /// A function of both ends, the edge and the mode.
  ///
  /// @param function psi
  record OfNoisyEdge(NoisyEdgeFunction function) implements Message {
    @Override
    public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features, Mode mode) {
      return function.apply(receivers.gatherRows(edges.byReceiver()), senders.gatherRows(edges.bySender()), features,
          mode);
    }
  }

  /// A function of a network, both ends and the edge.
  ///
  /// @param <N> of the network
  /// @param network its parts are named `network.part`
  /// @param function psi
  record OfNetwork<N extends Block>(N network, NetworkFunction<N> function) implements Message {
    @Override
    public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features, Mode mode) {
      return function.apply(network, receivers.gatherRows(edges.byReceiver()), senders.gatherRows(edges.bySender()),
          features, mode);
    }
  }
}
