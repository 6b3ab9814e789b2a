package org.orrery.conformance;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.EdgeMap;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.LoopFill;
import org.orrery.layers.TransformerConv;
import org.orrery.layers.TransformerConv.Skip;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// Attentional layers of the area `mp`.
final class AttentionSubjects {
  private static final Key KEY = Key.of(1);

  private AttentionSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("GATConv", AttentionSubjects::gat);
    all.put("GATv2Conv", AttentionSubjects::gatV2);
    all.put("TransformerConv", AttentionSubjects::transformer);
  }

  private static Answer gat(Case in) {
    Config c = in.config();
    GraphInput graph = GraphInput.of(in);
    GraphInput.Widths widths = graph.widths(c);
    AttentionOptions options = options(in);
    int channels = c.integer("out_channels");
    if (widths.separate()) {
      return run(in, graph, Gat.bipartite(widths.sender(), widths.receiver(), channels, options, KEY), options);
    }
    return graph.isBipartite()
        ? run(in, graph, Gat.create(widths.sender(), channels, options.withoutLoops(), KEY), options)
        : runWithOwnLoops(in, graph, Gat.create(widths.sender(), channels, options, KEY), options);
  }

  private static Answer gatV2(Case in) {
    Config c = in.config();
    GraphInput graph = GraphInput.of(in);
    GraphInput.Widths widths = graph.widths(c);
    AttentionOptions options = options(in);
    options = c.flag("share_weights", false) ? options.withSharedWeights() : options;
    int channels = c.integer("out_channels");
    return graph.isBipartite() || widths.sender() != widths.receiver()
        ? run(in, graph, GatV2.bipartite(widths.sender(), widths.receiver(), channels, options, KEY), options)
        : runWithOwnLoops(in, graph, GatV2.create(widths.sender(), channels, options, KEY), options);
  }

  private static AttentionOptions options(Case in) {
    Config c = in.config();
    AttentionOptions options = AttentionOptions.heads(c.integer("heads", 1)).withSlope(c.number("negative_slope", 0.2))
        .withEdges(c.integer("edge_dim", 0));
    c.ignore("dropout"); // cases are deterministic
    c.require("aggr", "add", "sum");
    options = c.flag("concat", true) ? options : options.averaged();
    options = c.flag("add_self_loops", true) ? options : options.withoutLoops();
    options = c.flag("bias", true) ? options : options.withoutBias();
    options = c.flag("residual", false) ? options.withResidual() : options;
    if (c.isNumber("fill_value")) {
      return options.withLoopFill(new LoopFill.Constant(c.number("fill_value", 0)));
    }
    return options
        .withLoopFill(new LoopFill.Incoming(AggregationSubjects.aggregation(c.text("fill_value", "mean"))));
  }

  private static Answer runWithOwnLoops(Case in, GraphInput graph, GraphLayer layer, AttentionOptions options) {
    in.load(layer);
    boolean filled = options.loops() == AttentionOptions.Loops.ADDED
        && options.loopFill() instanceof LoopFill.Incoming;
    @Nullable
    Tensor features = features(in, options.edgeWidth());
    if (GraphInput.isReversed(in) && filled && features != null) {
      throw new Unsupported("no option flow = target_to_source with loops that are filled from edges");
    }
    return graph.apply(layer, features);
  }

  /// A layer without loops on edges that have them: the project's layers add none where senders and receivers have
  /// parameters of their own.
  private static Answer run(Case in, GraphInput graph, GraphLayer layer, AttentionOptions options) {
    in.load(layer);
    @Nullable
    Tensor features = features(in, options.edgeWidth());
    if (options.loops() == AttentionOptions.Loops.UNCHANGED) {
      return graph.apply(layer, features);
    }
    if (GraphInput.isReversed(in)) {
      throw new Unsupported("no option flow = target_to_source with loops and two widths");
    }
    Sparse edges = graph.edges();
    boolean[] proper = new boolean[edges.edges()];
    for (int e = 0; e < proper.length; e++) {
      proper[e] = edges.senderOf().at(e) != edges.receiverOf().at(e);
    }
    EdgeMap kept = edges.filtered(proper);
    int loops = Math.min(edges.senders(), edges.receivers());
    Sparse looped = Sparse.of(edges.senders(), edges.receivers(), withRange(kept.edges().senderOf(), loops),
        withRange(kept.edges().receiverOf(), loops), null);
    if (features != null) {
      Tensor wide = features.rank() == 1 ? features.unsqueeze(1) : features;
      Tensor rest = kept.apply(wide, 0);
      Segments incoming = Segments.of(kept.edges().receiverOf(), loops);
      features = Tensor.concat(0, rest, options.loopFill().features(rest, incoming));
    }
    return new GraphInput(looped, graph.senders(), graph.receivers()).apply(layer, features);
  }

  private static Indices withRange(Indices nodes, int count) {
    int[] all = new int[nodes.size() + count];
    for (int i = 0; i < all.length; i++) {
      all[i] = i < nodes.size() ? nodes.at(i) : i - nodes.size();
    }
    return Indices.wrap(all);
  }

  /// The edge features; null, whatever the case gives, for a layer without parameters for them, as in the reference.
  private static @Nullable Tensor features(Case in, int edgeWidth) {
    if (edgeWidth == 0) {
      in.ignore("edge_attr");
      return null;
    }
    return in.tensor("edge_attr");
  }

  private static Answer transformer(Case in) {
    Config c = in.config();
    c.ignore("dropout"); // cases are deterministic
    c.require("aggr", "add", "sum");
    GraphInput graph = GraphInput.of(in);
    GraphInput.Widths widths = graph.widths(c);
    int edgeWidth = c.integer("edge_dim", 0);
    TransformerConv.Options options = TransformerConv.Options.heads(c.integer("heads", 1)).withEdges(edgeWidth);
    options = c.flag("concat", true) ? options : options.averaged();
    options = c.flag("bias", true) ? options : options.withoutBias();
    boolean gated = c.flag("beta", false);
    boolean root = c.flag("root_weight", true);
    options = options.withSkip(!root ? Skip.NONE : gated ? Skip.GATED : Skip.ADDED);
    TransformerConv layer = TransformerConv.bipartite(widths.sender(), widths.receiver(), c.integer("out_channels"),
        options, KEY);
    in.load(layer, name -> root || !name.startsWith("lin_skip.") ? name : null); // the reference has it all the same
    return graph.apply(layer, features(in, edgeWidth));
  }
}
