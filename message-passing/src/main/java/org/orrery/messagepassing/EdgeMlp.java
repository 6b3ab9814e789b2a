package org.orrery.messagepassing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.EdgeMap;
import org.orrery.graph.Sparse;
import org.orrery.nn.ConcatenatedRows;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parts;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// A network of what an edge sees: f(`[x_i ; x_j ; e_ij]`), or other terms in another order. Where f begins with a
/// matrix, the concatenation is never made ([ConcatenatedRows]).
///
/// @param network f, from the widths of the terms together
/// @param terms what it reads, in the order of their columns
public record EdgeMlp(Layer network, List<Term> terms) implements Message {
  /// What an edge network can read.
  public enum Term {
    /// x_i
    RECEIVER,
    /// x_j
    SENDER,
    /// x_j - x_i
    DIFFERENCE,
    /// e_ij
    EDGE
  }

  /// Copies the list.
  public EdgeMlp {
    terms = List.copyOf(terms);
  }

  /// A network of `[x_i ; x_j ; e_ij]`.
  public static EdgeMlp of(Layer network) {
    return new EdgeMlp(network, List.of(Term.RECEIVER, Term.SENDER, Term.EDGE));
  }

  @Override
  public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features, Mode mode) {
    return network.apply(input(edges, senders, receivers, features), mode);
  }

  private ConcatenatedRows input(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features) {
    ConcatenatedRows input = ConcatenatedRows.of(edges.edges(), "edge");
    for (Term term : terms) {
      input = switch (term) {
        case RECEIVER -> input.with(receivers, edges.byReceiver());
        case SENDER -> input.with(senders, edges.bySender());
        case DIFFERENCE -> input.withDifference(senders, edges.bySender(), receivers, edges.byReceiver());
        case EDGE -> input.with(requireFeatures(features));
      };
    }
    return input;
  }

  /// A network of one hidden layer whose messages are summed, averaged or reduced to the largest or smallest runs edge by
  /// edge in cache ([org.orrery.tensor.EdgeNetwork]); another, or one that is watched, as its meaning.
  @Override
  public @Nullable Tensor aggregated(Adjacency adjacency, Aggregation aggregation, Tensor senders, Tensor receivers,
      @Nullable Tensor features, Mode mode) {
    List<Reduction> kinds = aggregation.reductions();
    if (kinds == null || Observed.wantsEveryPart()) {
      return null;
    }
    EdgeMap order = adjacency.sparse().inReceiverOrder();
    Segments byReceiver = order.edges().byReceiver();
    Tensor all = network.reduced(() -> {
      Tensor sorted = features == null || adjacency.sparse().byReceiver().order() == null
          ? features
          : order.apply(features, 0);
      return input(order.edges(), senders, receivers, sorted);
    }, byReceiver, kinds, mode);
    return all == null ? null : aggregation.finished(all, byReceiver);
  }

  private static Tensor requireFeatures(@Nullable Tensor features) {
    if (features == null) {
      throw new IllegalArgumentException("edge network: it reads edge features, and there are none");
    }
    return features;
  }

  @Override
  public EdgeUse edgeUse() {
    return terms.contains(Term.EDGE) ? EdgeUse.REQUIRED : EdgeUse.NONE;
  }

  @Override
  public void describe(Parts parts) {
    parts.block("nn", network);
  }
}
