package org.orrery.messagepassing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.nn.Activation;
import org.orrery.nn.ConcatenatedRows;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.tensor.Tensor;

/// The full graph-network block: edges, then nodes, then the whole graph are updated in turn. Battaglia et al. 2018,
/// algorithm 1.
///
/// e'_ij = phi_e(e_ij, v_i, v_j, u);
/// v'_i = phi_v(rho(e'_ij over j), v_i, u);
/// u' = phi_u(rho(e'), rho(v'), u).
///
/// A model that is null leaves its part as it is. What each model reads, and in which order, is its [Wiring]: an
/// interaction network, a MetaLayer or a deep set are wirings. The first layer of the edge model is never computed on
/// the concatenation of its inputs.
public final class GraphNetwork implements GraphLayer {
  private final @Nullable Layer edgeModel;
  private final @Nullable Layer nodeModel;
  private final @Nullable Layer globalModel;
  private final Wiring wiring;

  /// What an edge model can read.
  public enum EdgeTerm {
    /// the node that the edge comes from
    SENDER,
    /// the node that the edge goes to
    RECEIVER,
    /// the edge itself
    EDGE,
    /// the graph
    GLOBAL
  }

  /// What a node model can read.
  public enum NodeTerm {
    /// the node itself
    NODE,
    /// its incoming edges, updated and aggregated
    RECEIVED,
    /// the graph
    GLOBAL
  }

  /// What a global model can read.
  public enum GlobalTerm {
    /// the graph itself
    GLOBAL,
    /// its nodes, updated and aggregated
    NODES,
    /// its edges, updated and aggregated
    EDGES
  }

  /// Which inputs each model reads, in the order of their columns, and how many become one.
  ///
  /// @param edge read by the edge model
  /// @param node read by the node model
  /// @param global read by the global model
  /// @param edgesToNode how incoming edges become one row of their receiver
  /// @param edgesToGlobal how edges become one row of their graph
  /// @param nodesToGlobal how nodes become one row of their graph
  public record Wiring(List<EdgeTerm> edge, List<NodeTerm> node, List<GlobalTerm> global, Aggregation edgesToNode,
      Aggregation edgesToGlobal, Aggregation nodesToGlobal) {
    /// Copies the lists.
    public Wiring {
      edge = List.copyOf(edge);
      node = List.copyOf(node);
      global = List.copyOf(global);
    }

    /// Every model reads everything: (e, v_i, v_j, u), (received, v, u), (edges, nodes, u).
    public static Wiring full(Aggregation aggregation) {
      return new Wiring(List.of(EdgeTerm.EDGE, EdgeTerm.RECEIVER, EdgeTerm.SENDER, EdgeTerm.GLOBAL),
          List.of(NodeTerm.RECEIVED, NodeTerm.NODE, NodeTerm.GLOBAL),
          List.of(GlobalTerm.EDGES, GlobalTerm.NODES, GlobalTerm.GLOBAL), aggregation, aggregation, aggregation);
    }

    /// Without globals, as in an interaction network: (v_i, v_j, e), (v, received). Battaglia et al. 2016.
    public static Wiring interaction(Aggregation aggregation) {
      return new Wiring(List.of(EdgeTerm.RECEIVER, EdgeTerm.SENDER, EdgeTerm.EDGE),
          List.of(NodeTerm.NODE, NodeTerm.RECEIVED), List.of(), aggregation, aggregation, aggregation);
    }
  }

  /// A block of these models.
  public GraphNetwork(@Nullable Layer edgeModel, @Nullable Layer nodeModel, @Nullable Layer globalModel,
      Wiring wiring) {
    this.edgeModel = edgeModel;
    this.nodeModel = nodeModel;
    this.globalModel = globalModel;
    this.wiring = wiring;
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    return update(in.graph("GraphNetwork"), Activation.IDENTITY, mode).nodes();
  }

  /// @throws IllegalArgumentException where a model reads features that are not there
  @Override
  public Graph update(Graph graph, Activation after, Mode mode) {
    Graph now = graph;
    if (edgeModel != null) {
      now = now.withEdges(edgeModel.apply(edgeInput(now), mode));
    }
    if (nodeModel != null) {
      now = now.withNodes(nodeModel.apply(nodeInput(now), mode));
    }
    if (globalModel != null) {
      now = now.withGlobals(globalModel.apply(globalInput(now), mode));
    }
    return after.function() == null ? now : now.withNodes(after.of(now.nodes()));
  }

  /// Whether a model reads the edges' own features: the edge model, or without one those that read edges as they are.
  @Override
  public EdgeUse edgeUse() {
    boolean reads = edgeModel != null
        ? wiring.edge().contains(EdgeTerm.EDGE)
        : (nodeModel != null && wiring.node().contains(NodeTerm.RECEIVED))
            || (globalModel != null && wiring.global().contains(GlobalTerm.EDGES));
    return reads ? EdgeUse.REQUIRED : EdgeUse.NONE;
  }

  private ConcatenatedRows edgeInput(Graph x) {
    Sparse sparse = x.adjacency().sparse();
    ConcatenatedRows input = ConcatenatedRows.of(sparse.edges(), "edge");
    for (EdgeTerm term : wiring.edge()) {
      input = switch (term) {
        case SENDER -> input.with(x.nodes(), sparse.bySender());
        case RECEIVER -> input.with(x.nodes(), sparse.byReceiver());
        case EDGE -> input.with(need(x.edges(), "edge"));
        case GLOBAL -> input.with(need(x.globals(), "global"), x.graphOfEdges());
      };
    }
    return input;
  }

  private ConcatenatedRows nodeInput(Graph x) {
    ConcatenatedRows input = ConcatenatedRows.of(x.nodeCount(), "node");
    for (NodeTerm term : wiring.node()) {
      input = switch (term) {
        case NODE -> input.with(x.nodes());
        case RECEIVED ->
          input.with(wiring.edgesToNode().apply(need(x.edges(), "edge"), x.adjacency().sparse().byReceiver()));
        case GLOBAL -> input.with(need(x.globals(), "global"), x.graphOf());
      };
    }
    return input;
  }

  private ConcatenatedRows globalInput(Graph x) {
    ConcatenatedRows input = ConcatenatedRows.of(x.graphCount(), "graph");
    for (GlobalTerm term : wiring.global()) {
      input = switch (term) {
        case GLOBAL -> input.with(need(x.globals(), "global"));
        case NODES -> input.with(wiring.nodesToGlobal().apply(x.nodes(), x.graphOf()));
        case EDGES -> input.with(wiring.edgesToGlobal().apply(need(x.edges(), "edge"), x.graphOfEdges()));
      };
    }
    return input;
  }

  private static Tensor need(@Nullable Tensor features, String what) {
    if (features == null) {
      throw new IllegalArgumentException("graph network: the wiring reads " + what + " features, and there are none");
    }
    return features;
  }

  @Override
  public void describe(Parts parts) {
    parts.block("edge_model", edgeModel);
    parts.block("node_model", nodeModel);
    parts.block("global_model", globalModel);
    parts.block("edges_to_node", wiring.edgesToNode());
    parts.block("edges_to_global", wiring.edgesToGlobal());
    parts.block("nodes_to_global", wiring.nodesToGlobal());
  }
}
