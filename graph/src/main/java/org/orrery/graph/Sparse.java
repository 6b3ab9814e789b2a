package org.orrery.graph;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;

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
    boolean sound = senders.areBelow(senderCount) && receivers.areBelow(receiverCount)
        && (types == null || types.areBelow(Integer.MAX_VALUE));
    if (!sound) {
      requireEach(senderCount, receiverCount, senders, receivers, types);
    }
    return new Sparse(senderCount, receiverCount, Segments.of(senders, senderCount),
        Segments.of(receivers, receiverCount), types);
  }

  /// Names the first edge that is not sound.
  private static void requireEach(int senderCount, int receiverCount, Indices senders, Indices receivers,
      @Nullable Indices types) {
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
    return kept("reversed", () -> {
      Sparse back = new Sparse(receiverCount, senderCount, byReceiver, bySender, types);
      back.kept.put("reversed", this);
      return back;
    });
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
  /// with the same result. It lives as long as these edges do, and with it a backend whose tensors it holds or that is
  /// part of its key. A backend that only plans keeps what is not yet there ([Backend#kept]): a plan leaves nothing behind.
  @SuppressWarnings("TypeParameterUnusedInFormals") // one key is used with one type
  public <T> T kept(Object key, Supplier<T> compute) {
    return Backends.current().kept(kept, key, () -> Scope.outside(compute));
  }

  // ---- degrees ----

  /// How many edges each node receives.
  public Indices inDegree() {
    return kept("in degree", () -> sizes(byReceiver));
  }

  /// How many edges each node sends.
  public Indices outDegree() {
    return kept("out degree", () -> sizes(bySender));
  }

  /// d_t = sum over the edges s -> t of w_st: `[edges, ...]` to `[receivers, ...]`.
  public Tensor inDegree(Tensor weights) {
    return weights.segmentSum(byReceiver);
  }

  /// d_s = sum over the edges s -> t of w_st: `[edges, ...]` to `[senders, ...]`.
  public Tensor outDegree(Tensor weights) {
    return weights.segmentSum(bySender);
  }

  /// The nodes without any edge, ascending. A node with a self loop has one.
  public Indices isolatedNodes() {
    int nodes = requireOneNodeSet("isolated nodes");
    int[] alone = new int[nodes];
    int count = 0;
    for (int i = 0; i < nodes; i++) {
      if (bySender.size(i) == 0 && byReceiver.size(i) == 0) {
        alone[count++] = i;
      }
    }
    return Indices.wrap(Arrays.copyOf(alone, count));
  }

  /// Whether an edge runs from a node to itself.
  public boolean hasSelfLoops() {
    for (int e = 0; e < edges(); e++) {
      if (senderOf().at(e) == receiverOf().at(e)) {
        return senderCount == receiverCount;
      }
    }
    return false;
  }

  /// Whether as many edges run t -> s as s -> t, for all s and t (and each type): an undirected graph.
  public boolean isSymmetric() { return kept("symmetric", () -> RepeatedEdges.areSymmetric(this)); }

  // ---- other edges from these ----

  /// The same edges in the same order without types, for layers that read none.
  public Sparse untyped() {
    return types == null
        ? this
        : kept("untyped", () -> new Sparse(senderCount, receiverCount, bySender, byReceiver, null));
  }

  /// One more edge i -> i for every node, after the others.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ, or edges have types
  public EdgeMap withSelfLoops() {
    return kept("self loops", () -> SelfLoops.add(this, false));
  }

  /// An edge i -> i of this type more for every node, after the others.
  public EdgeMap withSelfLoops(int type) {
    return SelfLoops.add(this, false, type);
  }

  /// An edge i -> i for every node that has none, after the others; loops that are there stay as they are.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ, or edges have types
  public EdgeMap withRemainingSelfLoops() {
    return kept("remaining self loops", () -> SelfLoops.add(this, true));
  }

  /// An edge i -> i of this type for every node that has no self loop of any type, after the others.
  public EdgeMap withRemainingSelfLoops(int type) {
    return SelfLoops.add(this, true, type);
  }

  /// The edges between different nodes.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ
  public EdgeMap withoutSelfLoops() {
    return kept("no self loops", () -> SelfLoops.remove(this));
  }

  /// One edge for each sender, receiver and type, where the first of them stood.
  public EdgeMap coalesced() {
    return kept("coalesced", () -> RepeatedEdges.coalesce(this));
  }

  /// One edge s -> t and one t -> s wherever there is either, of each type: first those of the given edges, then the
  /// missing directions. Both stand for all edges between s and t; a self loop stands for itself once.
  ///
  /// @throws IllegalArgumentException where senders and receivers differ
  public EdgeMap undirected() {
    return kept("undirected", () -> RepeatedEdges.undirected(this));
  }

  /// The edges for which `keep` says so, in their order.
  ///
  /// @throws IllegalArgumentException where there is not one answer an edge
  public EdgeMap filtered(boolean[] keep) {
    if (keep.length != edges()) {
      throw new IllegalArgumentException("edges: " + keep.length + " answers for " + edges() + " edges");
    }
    int[] stay = new int[keep.length];
    int count = 0;
    for (int e = 0; e < keep.length; e++) {
      if (keep[e]) {
        stay[count++] = e;
      }
    }
    Indices origin = Indices.wrap(Arrays.copyOf(stay, count));
    return EdgeMap.of(select(origin), edges(), origin);
  }

  /// The same edges in another order: new edge e is the old edge `order_e`.
  ///
  /// @throws IllegalArgumentException where the order does not name each edge once
  public EdgeMap permutedEdges(Indices order) {
    requirePermutation(order, edges(), "edges");
    return EdgeMap.of(select(order), edges(), order);
  }

  /// The same edges sorted by receiver, those of a receiver in their order: what is computed for each edge there lies as
  /// kernels visit it.
  public EdgeMap inReceiverOrder() {
    return kept("receiver order", () -> {
      Indices order = byReceiver.order();
      Indices origin = order == null ? Indices.range(0, edges()) : order;
      return EdgeMap.of(order == null ? this : select(order), edges(), origin);
    });
  }

  /// The same graph with other node numbers: new node i is the old node `order_i`. Edges keep their order.
  ///
  /// @throws IllegalArgumentException where the order does not name each node once
  public Sparse permuted(Indices order) {
    requirePermutation(order, requireOneNodeSet("permutation"), "nodes");
    return Subgraph.induced(this, order).edges();
  }

  /// These nodes and all edges between them; new node i is the old node `nodes_i`.
  ///
  /// @throws IllegalArgumentException where a node is named twice, or senders and receivers differ
  /// @throws IndexOutOfBoundsException where there is no such node
  public Subgraph induced(Indices nodes) {
    return Subgraph.induced(this, nodes);
  }

  /// What `hops` rounds of messages to the seeds can depend on: the seeds first, then the nodes from which a seed is
  /// reached along at most `hops` edges, nearest first, and all edges between them. The nodes of the last hop may lack
  /// some of their own senders.
  ///
  /// @throws IllegalArgumentException where a seed is named twice, or senders and receivers differ
  /// @throws IndexOutOfBoundsException where there is no such node
  public Subgraph neighborhood(Indices seeds, int hops) {
    return Subgraph.induced(this, Subgraph.reaching(this, seeds, hops));
  }

  // ---- numbers ----

  /// 1 for each edge, `[edges]`, on the current backend: the weights of an unweighted graph.
  public Tensor unitWeights() {
    return kept(new OnBackend("unit weights", Backends.current()), () -> Tensor.ones(edges()));
  }

  /// The matrix A with A[t, s] = sum of the weights of the edges s -> t: `[edges, ...]` to `[receivers, senders, ...]`,
  /// so that A x is what each node receives. Differentiable in the weights.
  ///
  /// @throws ArithmeticException where the matrix would have more than 2^31 - 1 entries
  public Tensor toDense(Tensor weights) {
    Segments entries = kept("entries", () -> {
      int count = EdgeMemory.count("dense matrix", "entries", (double) receiverCount * senderCount);
      int[] entry = new int[edges()];
      for (int e = 0; e < entry.length; e++) {
        entry[e] = receiverOf().at(e) * senderCount + senderOf().at(e);
      }
      return Segments.of(Indices.wrap(entry), count);
    });
    Tensor sums = weights.segmentSum(entries);
    return sums.reshape(sums.shape().with(0, senderCount).inserting(0, receiverCount));
  }

  /// The key of what is kept for one backend.
  record OnBackend(Object what, Backend backend) {
  }

  /// How many nodes, where senders and receivers are the same.
  int requireOneNodeSet(String operation) {
    if (senderCount != receiverCount) {
      throw new IllegalArgumentException(operation + ": " + senderCount + " senders and " + receiverCount
          + " receivers; one set of nodes is required");
    }
    return senderCount;
  }

  /// The edges at these positions.
  Sparse select(Indices positions) {
    return of(senderCount, receiverCount, senderOf().at(positions), receiverOf().at(positions),
        types == null ? null : types.at(positions));
  }

  private static Indices sizes(Segments segments) {
    int[] sizes = new int[segments.count()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = segments.size(i);
    }
    return Indices.wrap(sizes);
  }

  private static void requirePermutation(Indices order, int count, String what) {
    if (order.size() != count) {
      throw new IllegalArgumentException("permutation: " + order.size() + " entries for " + count + " " + what);
    }
    boolean[] seen = new boolean[count];
    order.requireBelow(count, "permutation");
    for (int i = 0; i < count; i++) {
      if (seen[order.at(i)]) {
        throw new IllegalArgumentException("permutation: entry " + i + ", " + order.at(i) + ", is there twice");
      }
      seen[order.at(i)] = true;
    }
  }

  @Override
  public String toString() {
    return "Sparse[" + (senderCount == receiverCount
        ? senderCount + " nodes"
        : senderCount + " senders, " + receiverCount + " receivers") + ", " + edges() + " edges]";
  }
}
