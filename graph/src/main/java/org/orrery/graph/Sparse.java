package org.orrery.graph;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Segments;

/// A list of directed edges sender -> receiver, compressed by receiver and, for gradients, by sender.
///
/// Edges keep the caller's order everywhere in public: edge features and edge results are in that order. Repeated edges
/// and self loops are edges like others. What depends on the structure alone is computed once and kept here, never in a
/// layer.
public final class Sparse implements Adjacency {
  private final int senderCount;
  private final int receiverCount;
  private final Segments bySender;
  private final Segments byReceiver;
  private final @Nullable Indices types;
  private final ConcurrentHashMap<Object, Object> kept = new ConcurrentHashMap<>();

  private Sparse(int senderCount, int receiverCount, Segments bySender, Segments byReceiver, @Nullable Indices types) {
    this.senderCount = senderCount;
    this.receiverCount = receiverCount;
    this.bySender = bySender;
    this.byReceiver = byReceiver;
    this.types = types;
  }

  /// Edge e runs from `senders_e` to `receivers_e` in a graph of `nodes` nodes.
  ///
  /// @throws IndexOutOfBoundsException naming the first edge that leaves the graph
  /// @throws IllegalArgumentException where the two lists differ in length
  public static Sparse of(int nodes, Indices senders, Indices receivers) {
    return of(nodes, nodes, senders, receivers, null);
  }

  /// Edges from one set of nodes to another, with an optional type for each edge.
  ///
  /// @throws IndexOutOfBoundsException naming the first edge that leaves the graph
  /// @throws IllegalArgumentException where the lists differ in length, or a type is negative
  public static Sparse of(int senderCount, int receiverCount, Indices senders, Indices receivers,
      @Nullable Indices types) {
    if (senderCount < 0 || receiverCount < 0) {
      throw new IllegalArgumentException("a graph of " + senderCount + " senders and " + receiverCount + " receivers");
    }
    if (senders.size() != receivers.size()) {
      throw new IllegalArgumentException(
          "edges: " + senders.size() + " senders and " + receivers.size() + " receivers; one of each an edge");
    }
    if (types != null && types.size() != senders.size()) {
      throw new IllegalArgumentException("edges: " + types.size() + " types for " + senders.size() + " edges");
    }
    for (int e = 0; e < senders.size(); e++) {
      int from = senders.at(e);
      int to = receivers.at(e);
      if (from < 0 || from >= senderCount || to < 0 || to >= receiverCount) {
        throw new IndexOutOfBoundsException("edge " + e + " runs " + from + " -> " + to + " in a graph of "
            + (senderCount == receiverCount
                ? senderCount + " nodes"
                : senderCount + " senders and " + receiverCount + " receivers"));
      }
      if (types != null && types.at(e) < 0) {
        throw new IllegalArgumentException("edge " + e + " has type " + types.at(e) + "; types are 0 and up");
      }
    }
    return new Sparse(senderCount, receiverCount, Segments.of(senders, senderCount),
        Segments.of(receivers, receiverCount), types);
  }

  @Override
  public int senders() {
    return senderCount;
  }

  @Override
  public int receivers() {
    return receiverCount;
  }

  @Override
  public int edges() {
    return byReceiver.members();
  }

  @Override
  public Sparse sparse() {
    return this;
  }

  @Override
  public Sparse reversed() {
    return kept("reversed", () -> new Sparse(receiverCount, senderCount, byReceiver, bySender, types));
  }

  /// The edges grouped by the node they come from: `x.gatherRows(bySender())` gives each edge its sender's row.
  public Segments bySender() {
    return bySender;
  }

  /// The edges grouped by the node they go to: `m.segmentSum(byReceiver())` sums what each node receives.
  public Segments byReceiver() {
    return byReceiver;
  }

  /// The sender of each edge, in the caller's order.
  public Indices senderOf() {
    return bySender.index();
  }

  /// The receiver of each edge, in the caller's order.
  public Indices receiverOf() {
    return byReceiver.index();
  }

  /// The type of each edge, in the caller's order; null where edges have none.
  public @Nullable Indices types() {
    return types;
  }

  /// The sender of each edge in receiver order, which is `byReceiver().order()`: the columns of the compressed rows.
  public Indices columns() {
    return kept("columns", () -> {
      Indices order = byReceiver.order();
      return order == null ? senderOf() : senderOf().at(order);
    });
  }

  /// What was computed from the structure under this key, or what the supplier computes now, outside every scope.
  /// Several threads may ask at once; the structure is computed once or, if it is asked for while it is computed, again
  /// with the same result.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // one key is used with one type
  public <T> T kept(Object key, Supplier<T> compute) {
    Object known = kept.get(key);
    if (known == null) {
      Object fresh = Scope.outside(compute);
      Object raced = kept.putIfAbsent(key, fresh);
      known = raced == null ? fresh : raced;
    }
    return (T) known;
  }

  @Override
  public String toString() {
    return "Sparse[" + (senderCount == receiverCount
        ? senderCount + " nodes"
        : senderCount + " senders, " + receiverCount + " receivers") + ", " + edges() + " edges]";
  }
}
