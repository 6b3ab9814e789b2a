package org.orrery.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Graph;
import org.orrery.graph.GraphBuilder;
import org.orrery.graph.Normalization;
import org.orrery.io.NumericArray;
import org.orrery.layers.ChebConv;
import org.orrery.layers.EdgeConv;
import org.orrery.layers.Gcn;
import org.orrery.layers.Gin;
import org.orrery.layers.GraphSage;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.GraphNetwork;
import org.orrery.messagepassing.GraphNetwork.EdgeTerm;
import org.orrery.messagepassing.GraphNetwork.GlobalTerm;
import org.orrery.messagepassing.GraphNetwork.NodeTerm;
import org.orrery.messagepassing.LstmAggregation;
import org.orrery.nn.Activation;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Layers of the area `mp`: convolutions and the graph-network block.
final class LayerSubjects {
  private static final Key KEY = Key.of(1);
  /// What the note says stands between the linear maps of inner networks.
  private static final Pattern BETWEEN = Pattern.compile("Linear(?:\\([^)]*\\))?, (\\w+)(?:\\(\\))?, Linear");

  private LayerSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("GCNConv", LayerSubjects::gcn);
    all.put("SAGEConv", LayerSubjects::sage);
    all.put("GINConv", LayerSubjects::gin);
    all.put("EdgeConv", LayerSubjects::edgeConv);
    all.put("ChebConv", LayerSubjects::chebyshev);
    all.put("MetaLayer", LayerSubjects::metaLayer);
    AttentionSubjects.register(all);
    AggregationSubjects.register(all);
    NormSubjects.register(all);
    EdgeLayerSubjects.register(all);
  }

  private static Answer gcn(Case in) {
    Config c = in.config();
    c.require("aggr", "add", "sum");
    GraphInput graph = GraphInput.of(in);
    boolean normalize = c.flag("normalize", true);
    boolean loops = normalize && (!c.has("add_self_loops") || c.flag("add_self_loops", true));
    boolean weighty = c.flag("improved", false) && in.has("edge_weight"); // without weights the reference's loops weigh 1
    Gcn.Options options = Gcn.Options.standard().withLoopWeight(weighty ? 2 : 1)
        .withNormalization(normalize ? Normalization.SYMMETRIC : Normalization.NONE);
    options = loops ? options : options.withoutLoops();
    options = c.flag("bias", true) ? options : options.withoutBias();
    Gcn layer = Gcn.create(graph.width(c), c.integer("out_channels"), options, KEY);
    in.load(layer);
    Tensor weights = in.tensorIfThere("edge_weight");
    if (!normalize && weights == null) {
      weights = graph.edges().unitWeights();
    }
    return graph.apply(layer, weights);
  }

  private static Answer sage(Case in) {
    Config c = in.config();
    GraphInput graph = GraphInput.of(in);
    GraphInput.Widths widths = graph.widths(c);
    GraphSage.Options options = GraphSage.Options.standard().withAggregation(sageAggregation(c, widths.sender()));
    options = c.flag("root_weight", true) ? options : options.withoutRoot();
    options = c.flag("bias", true) ? options : options.withoutBias();
    options = c.flag("normalize", false) ? options.withUnitRows() : options;
    options = c.flag("project", false) ? options.withProjection() : options;
    GraphSage layer = GraphSage.create(widths.sender(), widths.receiver(), c.integer("out_channels"),
        options, KEY);
    in.load(layer);
    return graph.apply(layer, null);
  }

  /// The reference gives an LSTM the width of the senders.
  private static Aggregation sageAggregation(Config c, int width) {
    return !c.isList("aggr") && c.text("aggr", "mean").equals("lstm")
        ? LstmAggregation.create(width, width, KEY)
        : AggregationSubjects.of(c, "mean");
  }

  private static Answer gin(Case in) {
    Config c = in.config();
    c.ignore("in_channels", "hidden", "out_channels"); // the parameters say them
    Mlp network = network(in, "nn");
    double epsilon = c.number("eps", 0);
    Gin layer = c.flag("train_eps", false) ? Gin.withLearnedEpsilon(network, epsilon) : Gin.create(network, epsilon);
    layer = new Gin(layer.network(), layer.epsilon(), AggregationSubjects.ofOneWidth(c, "add"));
    in.load(layer);
    return GraphInput.of(in).apply(layer, null);
  }

  private static Answer edgeConv(Case in) {
    Config c = in.config();
    c.ignore("in_channels", "hidden", "out_channels"); // the parameters say them
    EdgeConv layer = new EdgeConv(network(in, "nn"), AggregationSubjects.of(c, "max"));
    in.load(layer);
    return GraphInput.of(in).apply(layer, null);
  }

  private static Answer chebyshev(Case in) {
    Config c = in.config();
    if (GraphInput.isReversed(in)) {
      throw new Unsupported("no option flow = target_to_source: the Laplacian is that of the other direction");
    }
    GraphInput graph = GraphInput.of(in);
    ChebConv plain = ChebConv.create(graph.width(c), c.integer("out_channels"), c.integer("K"), KEY);
    ChebConv layer = new ChebConv(plain.lins(), c.flag("bias", true) ? plain.bias() : null,
        GraphSubjects.laplacian(in, "sym"),
        c.has("lambda_max") ? OptionalDouble.of(c.number("lambda_max", 2)) : OptionalDouble.empty());
    in.load(layer);
    return graph.apply(layer, in.tensorIfThere("edge_weight"));
  }

  /// The block with the inputs of PyTorch Geometric's documentation: edges read (sender, receiver, edge, global), nodes
  /// (node, received, global), globals (global, nodes).
  private static Answer metaLayer(Case in) {
    Config c = in.config();
    c.ignore("node", "edge", "global", "hidden", "out"); // the parameters say them
    Tensor u = in.tensorIfThere("u");
    List<EdgeTerm> edge = new ArrayList<>(List.of(EdgeTerm.SENDER, EdgeTerm.RECEIVER, EdgeTerm.EDGE));
    List<NodeTerm> node = new ArrayList<>(List.of(NodeTerm.NODE, NodeTerm.RECEIVED));
    if (u != null) {
      edge.add(EdgeTerm.GLOBAL);
      node.add(NodeTerm.GLOBAL);
    }
    GraphNetwork block = new GraphNetwork(networkIfThere(in, "edge_model.mlp"), networkIfThere(in, "node_model.mlp"),
        networkIfThere(in, "global_model.mlp"),
        new GraphNetwork.Wiring(edge, node, List.of(GlobalTerm.GLOBAL, GlobalTerm.NODES),
            AggregationSubjects.of(c, "mean"), Aggregation.mean(), Aggregation.mean()));
    in.load(block, name -> name.replace(".mlp.", "."));
    GraphInput graph = GraphInput.of(in);
    int count = u == null ? 1 : u.rows();
    GraphBuilder builder = Graph.builder(graph.edges()).nodes(graph.senders()).edges(in.tensor("edge_attr"));
    if (in.has("batch")) {
      builder.offsets(in.segments("batch", count).offsets());
    }
    Graph before = builder.build();
    Graph result = block.apply(u == null ? before : before.withGlobals(u), Mode.inference());
    Answer answer = new Answer().with("out.y0", result.nodes()).with("out.y1", required(result.edges()));
    return result.globals() == null ? answer : answer.with("out.y2", result.globals());
  }

  private static Tensor required(@Nullable Tensor part) {
    if (part == null) {
      throw new IllegalStateException("the block gave no features");
    }
    return part;
  }

  /// The inner network of a reference: linear maps as wide as `name.0.weight`, `name.2.weight`, ... and between them
  /// max(x, 0), or what the note says.
  static Mlp network(Case in, String name) {
    Mlp network = networkIfThere(in, name);
    if (network == null) {
      throw new Unsupported("no network of linear maps and activations has the parameters " + name + ".*");
    }
    return network;
  }

  private static @Nullable Mlp networkIfThere(Case in, String name) {
    List<Linear> linears = new ArrayList<>();
    NumericArray weight = in.parameter(name + ".0.weight");
    for (int i = 2; weight != null; i += 2) {
      int from = weight.shape().size(1);
      int to = weight.shape().size(0);
      boolean bias = in.parameter(name + "." + (i - 2) + ".bias") != null;
      linears.add(bias ? Linear.create(from, to, KEY) : Linear.withoutBias(from, to, KEY));
      weight = in.parameter(name + "." + i + ".weight");
    }
    return linears.isEmpty() ? null : Mlp.of(linears).withActivation(activation(in.config()));
  }

  /// What stands between the linear maps of an inner network.
  static Activation activation(Config c) {
    String name = c.noted(BETWEEN, "relu");
    for (String key : List.of("act", "activation")) {
      name = c.text(key, name);
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "relu" -> Activation.RELU;
      case "silu" -> Activation.SILU;
      case "tanh" -> Activation.TANH;
      case "sigmoid" -> Activation.SIGMOID;
      case "gelu" -> Activation.GELU;
      case "selu" -> Activation.SELU;
      case "softplus" -> Activation.SOFTPLUS;
      case "elu" -> Activation.elu(1);
      default -> throw new Unsupported("no activation " + name);
    };
  }
}
