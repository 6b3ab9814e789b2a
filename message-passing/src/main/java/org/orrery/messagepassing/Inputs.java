package org.orrery.messagepassing;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Complete;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Rows;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// What a graph layer reads: who sends to whom, x_j of the senders, x_i of the receivers and e_ij of the edges; and the
/// aggregates that equations are made of.
///
/// @param adjacency who sends to whom
/// @param senderRows `[senders, width]`, in any form
/// @param receiverRows `[receivers, width]`; the same object as the senders where they are the same nodes
/// @param optionalEdges `[edges, width]` in the caller's edge order; null where edges have no features
public record Inputs(Adjacency adjacency, Rows senderRows, Rows receiverRows, @Nullable Tensor optionalEdges) {
  /// Nodes that send to each other, over edges without features.
  public static Inputs of(Adjacency adjacency, Rows nodes) {
    return new Inputs(adjacency, nodes, nodes, null);
  }

  /// Nodes that send to each other.
  public static Inputs of(Adjacency adjacency, Tensor nodes, @Nullable Tensor edges) {
    Rows rows = Rows.of(nodes);
    return new Inputs(adjacency, rows, rows, edges);
  }

  /// The nodes and edges of a graph.
  public static Inputs of(Graph graph) {
    return of(graph.adjacency(), graph.nodes(), graph.edges());
  }

  // ---- looking ----

  /// x_j, `[senders, width]`.
  public Tensor senders() {
    return senderRows.dense();
  }

  /// x_i, `[receivers, width]`.
  public Tensor receivers() {
    return receiverRows.dense();
  }

  /// e_ij, `[edges, width]` in the caller's edge order.
  ///
  /// @throws IllegalArgumentException where edges have no features
  public Tensor edges() {
    if (optionalEdges == null) {
      throw new IllegalArgumentException("message passing: edge features are read, and there are none");
    }
    return optionalEdges;
  }

  /// The edges' features as one weight each, `[edges]`; null where there are none.
  ///
  /// @throws IllegalArgumentException where there are several an edge
  public @Nullable Tensor weights() {
    if (optionalEdges == null || optionalEdges.rank() == 1) {
      return optionalEdges;
    }
    if (optionalEdges.rank() != 2 || optionalEdges.columns() != 1) {
      throw new IllegalArgumentException("message passing: edge features " + optionalEdges.shape()
          + " as weights; [edges] or [edges, 1] is required");
    }
    return optionalEdges.squeeze(1);
  }

  /// Whether senders and receivers are the same nodes.
  public boolean isOneSet() { return senderRows.equals(receiverRows); }

  /// Whether what the senders have is one tensor.
  public boolean isDense() { return senderRows instanceof Rows.Dense; }

  // ---- what receivers get ----

  /// (+)_j x_j, `[receivers, width]`.
  ///
  /// @throws IllegalArgumentException where edges have features, which it does not read: [#withoutEdges()] leaves them out
  public Tensor received(Aggregation aggregation) {
    return received(new SenderFeatures(), aggregation, Mode.inference());
  }

  /// own_i + (+)_j x_j, in one pass for sums and means.
  ///
  /// @param own `[receivers, width]`
  /// @throws IllegalArgumentException where edges have features, which it does not read: [#withoutEdges()] leaves them out
  public Tensor receivedOnto(Tensor own, Aggregation aggregation) {
    Tensor x = senders();
    requireRead(EdgeUse.NONE, new SenderFeatures());
    if (x.rank() == 2 && Complete.in(adjacency).isEmpty()) {
      if (aggregation instanceof Aggregation.Mean) {
        return Tensor.of(new NeighborMean(adjacency.sparse(), x, own));
      }
      if (aggregation.equals(new Aggregation.Reduced(Reduction.SUM))) {
        return Tensor.of(new NeighborSum(adjacency.sparse(), x, null, 1, own));
      }
    }
    return own.add(received(aggregation));
  }

  /// (+)_j psi(x_i, x_j, e_ij), by a kernel where the message has one for this structure.
  ///
  /// @throws IllegalArgumentException where edges have features that the message does not read: [#withoutEdges()] leaves them out
  public Tensor received(Message message, Aggregation aggregation, Mode mode) {
    requireRead(message.edgeUse(), message);
    Tensor fast = message.aggregated(adjacency, aggregation, senders(), receivers(), optionalEdges, mode);
    if (fast != null) {
      return fast;
    }
    Sparse sparse = adjacency.sparse();
    return aggregation.apply(message.along(sparse, senders(), receivers(), optionalEdges, mode), sparse.byReceiver());
  }

  // ---- others from these ----

  /// The same edges between nodes that send to each other and have these features.
  public Inputs withNodes(Tensor nodes) {
    return of(adjacency, nodes, optionalEdges);
  }

  /// Other features of the senders.
  public Inputs withSenders(Tensor senders) {
    return new Inputs(adjacency, Rows.of(senders), receiverRows, optionalEdges);
  }

  /// Other features of senders and receivers.
  public Inputs with(Tensor senders, Tensor receivers) {
    return new Inputs(adjacency, Rows.of(senders), Rows.of(receivers), optionalEdges);
  }

  /// Other features of the edges, or none.
  public Inputs withEdges(@Nullable Tensor edges) {
    return new Inputs(adjacency, senderRows, receiverRows, edges);
  }

  /// The same without features of the edges: for what reads none, and refuses them.
  public Inputs withoutEdges() {
    return withEdges(null);
  }

  /// The same nodes over other edges.
  ///
  /// @param features of these edges; null for none
  public Inputs over(Adjacency edges, @Nullable Tensor features) {
    return new Inputs(edges, senderRows, receiverRows, features);
  }

  /// The graph of these nodes and edges, as one graph without globals.
  ///
  /// @param reader who needs it, for the message
  /// @throws IllegalArgumentException where senders and receivers are not the same nodes
  public Graph graph(String reader) {
    if (!isOneSet()) {
      throw new IllegalArgumentException(reader + ": senders " + text(senderRows) + " and receivers "
          + text(receiverRows) + " of their own; one set of nodes is required");
    }
    Tensor wide = optionalEdges != null && optionalEdges.rank() == 1 ? optionalEdges.unsqueeze(1) : optionalEdges;
    return Graph.builder(adjacency).build().withNodes(senders()).withEdges(wide); // computed values are not read
  }

  // ---- for the layers' frame ----

  /// Checks that there is a row for each node and edge, and features of edges where the layer reads them and only there.
  ///
  /// @throws IllegalArgumentException naming the layer
  public void requireFit(GraphLayer layer) {
    requireRows(senderRows, adjacency.senders(), "senders");
    requireRows(receiverRows, adjacency.receivers(), "receivers");
    if (optionalEdges != null) {
      requireRows(Rows.of(optionalEdges), adjacency.edges(), "edges");
    }
    EdgeUse use = layer.edgeUse();
    requireRead(use, layer);
    if (use == EdgeUse.REQUIRED && optionalEdges == null) {
      throw new IllegalArgumentException(
          layer.getClass().getSimpleName() + ": it reads edge features, and there are none");
    }
  }

  private void requireRead(EdgeUse use, Block reader) {
    if (use == EdgeUse.NONE && optionalEdges != null) {
      throw new IllegalArgumentException(reader.getClass().getSimpleName() + ": edge features " + optionalEdges.shape()
          + " are given, and it reads none; withoutEdges leaves them out");
    }
  }

  private static void requireRows(Rows rows, int count, String what) {
    boolean isScalar = rows instanceof Rows.Dense(Tensor x) && x.rank() == 0;
    if (isScalar || rows.count() != count) {
      throw new IllegalArgumentException("message passing: features " + text(rows) + " for " + count + " " + what
          + "; one row each is required");
    }
  }

  private static String text(Rows rows) {
    return rows instanceof Rows.Dense(Tensor x)
        ? x.shape().toString()
        : "[" + rows.count() + ", " + rows.width() + "]";
  }

  /// What an observer sees: senders, receivers, edges.
  List<Tensor> tensors() {
    Stream<Tensor> nodes = Stream.concat(senderRows.tensors().stream(), receiverRows.tensors().stream());
    return Stream.concat(nodes, Stream.ofNullable(optionalEdges)).toList();
  }
}
