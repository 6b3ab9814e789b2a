package org.orrery.conformance;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Normalization;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.AttentionOptions;
import org.orrery.messagepassing.AttentionOptions.Loops;
import org.orrery.messagepassing.EdgeConv;
import org.orrery.messagepassing.Gat;
import org.orrery.messagepassing.GatV2;
import org.orrery.messagepassing.Gcn;
import org.orrery.messagepassing.Gin;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.GraphNetwork;
import org.orrery.messagepassing.GraphNetwork.EdgeTerm;
import org.orrery.messagepassing.GraphNetwork.GlobalTerm;
import org.orrery.messagepassing.GraphNetwork.NodeTerm;
import org.orrery.messagepassing.GraphSage;
import org.orrery.messagepassing.LoopFill;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// Layers of the area `mp`: convolutions, aggregations and the graph-network block.
final class LayerSubjects {
  private static final Key KEY = Key.of(1);

  private LayerSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("GCNConv", LayerSubjects::gcn);
    all.put("SAGEConv", LayerSubjects::sage);
    all.put("GATConv", LayerSubjects::gat);
    all.put("GATv2Conv", LayerSubjects::gatV2);
    all.put("GINConv", LayerSubjects::gin);
    all.put("EdgeConv", LayerSubjects::edgeConv);
    all.put("MetaLayer", LayerSubjects::metaLayer);
    aggregations(all);
    NormSubjects.register(all);
    EdgeLayerSubjects.register(all);
  }

  private static Answer gcn(Case in) {
    Config c = in.config();
    c.ignore("cached");
    boolean normalize = c.flag("normalize", true);
    boolean loops = normalize && c.flag("add_self_loops", true);
    Gcn layer = Gcn.create(c.integer("in_channels"), c.integer("out_channels"),
        new Gcn.Options(normalize ? Normalization.SYMMETRIC : Normalization.NONE,
            loops ? Loops.ADDED : Loops.UNCHANGED, c.flag("improved", false) ? 2 : 1, c.flag("bias", true)),
        KEY);
    in.load(layer);
    Tensor weights = in.tensorIfThere("edge_weight");
    if (!normalize && weights == null) {
      weights = graph(in).unitWeights();
    }
    return apply(in, layer, weights);
  }

  private static Answer sage(Case in) {
    Config c = in.config();
    int width = c.integer("in_channels");
    Aggregation aggregation = c.isList("aggr")
        ? Aggregation.several(c.texts("aggr").stream().map(LayerSubjects::aggregation).toArray(Aggregation[]::new))
        : aggregation(c.text("aggr", "mean"));
    GraphSage layer = GraphSage.create(width, width, c.integer("out_channels"),
        new GraphSage.Options(aggregation, c.flag("root_weight", true), c.flag("bias", true),
            c.flag("normalize", false), c.flag("project", false)),
        KEY);
    in.load(layer);
    return apply(in, layer, null);
  }

  private static AttentionOptions attention(Case in) {
    Config c = in.config();
    AttentionOptions options = AttentionOptions.heads(c.integer("heads", 1)).withSlope(c.number("negative_slope", 0.2))
        .withEdges(c.integer("edge_dim", 0));
    c.ignore("dropout"); // cases are deterministic
    options = c.flag("concat", true) ? options : options.averaged();
    options = c.flag("add_self_loops", true) ? options : options.withoutLoops();
    options = c.flag("bias", true) ? options : options.withoutBias();
    options = c.flag("residual", false) ? options.withResidual() : options;
    if (c.isNumber("fill_value")) {
      return options.withLoopFill(new LoopFill.Constant(c.number("fill_value", 0)));
    }
    return options.withLoopFill(new LoopFill.Incoming(aggregation(c.text("fill_value", "mean"))));
  }

  private static Answer gat(Case in) {
    Config c = in.config();
    Gat layer = Gat.create(c.integer("in_channels"), c.integer("out_channels"), attention(in), KEY);
    in.load(layer);
    return apply(in, layer, in.tensorIfThere("edge_attr"));
  }

  private static Answer gatV2(Case in) {
    Config c = in.config();
    AttentionOptions options = attention(in);
    options = c.flag("share_weights", false) ? options.withSharedWeights() : options;
    GatV2 layer = GatV2.create(c.integer("in_channels"), c.integer("out_channels"), options, KEY);
    in.load(layer);
    return apply(in, layer, in.tensorIfThere("edge_attr"));
  }

  private static Answer gin(Case in) {
    Config c = in.config();
    Mlp network = mlp(c.integer("in_channels"), c.integer("hidden"), c.integer("out_channels"));
    double epsilon = c.number("eps", 0);
    Gin layer = c.flag("train_eps", false) ? Gin.withLearnedEpsilon(network, epsilon) : Gin.create(network, epsilon);
    in.load(layer);
    return apply(in, layer, null);
  }

  private static Answer edgeConv(Case in) {
    Config c = in.config();
    Mlp network = mlp(2 * c.integer("in_channels"), c.integer("hidden"), c.integer("out_channels"));
    EdgeConv layer = EdgeConv.create(network, aggregation(c.text("aggr", "max")));
    in.load(layer);
    return apply(in, layer, null);
  }

  /// The block with the inputs of PyTorch Geometric's documentation: edges read (sender, receiver, edge, global), nodes
  /// (node, received, global), globals (global, nodes).
  private static Answer metaLayer(Case in) {
    Config c = in.config();
    int node = c.integer("node");
    int edge = c.integer("edge");
    int global = c.integer("global");
    int hidden = c.integer("hidden");
    int out = c.integer("out");
    Aggregation aggregation = aggregation(c.text("aggr", "mean"));
    GraphNetwork block = new GraphNetwork(mlp(2 * node + edge + global, hidden, out),
        mlp(node + out + global, hidden, out), mlp(global + out, hidden, out),
        new GraphNetwork.Wiring(List.of(EdgeTerm.SENDER, EdgeTerm.RECEIVER, EdgeTerm.EDGE, EdgeTerm.GLOBAL),
            List.of(NodeTerm.NODE, NodeTerm.RECEIVED, NodeTerm.GLOBAL), List.of(GlobalTerm.GLOBAL, GlobalTerm.NODES),
            aggregation, Aggregation.mean(), Aggregation.mean()));
    in.load(block, name -> name.replace(".mlp.", "."));
    Tensor u = in.tensor("u");
    Segments graphs = in.segments("batch", u.rows());
    GraphNetwork.Features result = block.apply(graph(in),
        new GraphNetwork.Features(in.tensor("x"), in.tensor("edge_attr"), u), graphs, Mode.inference());
    return new Answer().with("out.y0", result.nodes()).with("out.y1", required(result.edges())).with("out.y2",
        required(result.globals()));
  }

  private static Tensor required(@Nullable Tensor part) {
    if (part == null) {
      throw new IllegalStateException("the block gave no features");
    }
    return part;
  }

  private static void aggregations(Map<String, Subject> all) {
    for (String name : List.of("sum", "mean", "max", "min", "mul", "var", "std")) {
      all.put("aggregate_" + name, in -> Answer.of(aggregation(name).apply(in.tensor("x"), GraphSubjects.rows(in))));
    }
    all.put("aggregate_softmax", in -> {
      Config c = in.config();
      double temperature = c.number("t", 1);
      int channels = c.integer("channels", 1);
      Aggregation softmax = c.flag("learn", false)
          ? Aggregation.learnedSoftmax(temperature, channels)
          : Aggregation.softmax(temperature);
      if (c.flag("semi_grad", false)) {
        throw new Unsupported("no option semi_grad = true");
      }
      in.load(softmax);
      return Answer.of(softmax.apply(in.tensor("x"), GraphSubjects.rows(in)));
    });
  }

  /// The project's aggregation of PyTorch Geometric's name.
  static Aggregation aggregation(String name) {
    return switch (name) {
      case "sum", "add" -> Aggregation.sum();
      case "mean" -> Aggregation.mean();
      case "max" -> Aggregation.max();
      case "min" -> Aggregation.min();
      case "mul", "prod" -> Aggregation.product();
      case "var" -> Aggregation.variance();
      case "std" -> Aggregation.standardDeviation();
      case "softmax" -> Aggregation.softmax(1);
      default -> throw new Unsupported("no aggregation " + name);
    };
  }

  /// Linear, ReLU, Linear.
  static Mlp mlp(int in, int hidden, int out) {
    return Mlp.create(KEY, in, hidden, out);
  }

  private static Sparse graph(Case in) {
    return GraphSubjects.edges(in, in.tensor("x").rows());
  }

  static Answer apply(Case in, GraphLayer layer, @Nullable Tensor edges) {
    Tensor features = edges != null && edges.rank() == 1 ? edges.unsqueeze(1) : edges;
    return Answer.of(layer.apply(graph(in), in.tensor("x"), features, Mode.inference()));
  }
}
