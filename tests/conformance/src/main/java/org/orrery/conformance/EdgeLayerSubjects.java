package org.orrery.conformance;

import java.util.Map;
import org.orrery.messagepassing.Gine;
import org.orrery.messagepassing.GraphConv;
import org.orrery.messagepassing.NnConv;
import org.orrery.messagepassing.TransformerConv;
import org.orrery.messagepassing.TransformerConv.Skip;
import org.orrery.nn.Mlp;
import org.orrery.tensor.Key;

/// Layers of the area `mp` whose messages read the edges.
final class EdgeLayerSubjects {
  private static final Key KEY = Key.of(1);

  private EdgeLayerSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("GraphConv", in -> {
      Config c = in.config();
      int from = c.integer("in_channels");
      int to = c.integer("out_channels");
      var aggregation = LayerSubjects.aggregation(c.text("aggr", "add"));
      GraphConv layer = c.flag("bias", true)
          ? GraphConv.create(from, to, aggregation, KEY)
          : GraphConv.withoutBias(from, to, aggregation, KEY);
      in.load(layer);
      return LayerSubjects.apply(in, layer, in.tensorIfThere("edge_weight"));
    });
    all.put("GINEConv", in -> {
      Config c = in.config();
      int width = c.integer("in_channels");
      Mlp network = LayerSubjects.mlp(width, c.integer("hidden"), c.integer("out_channels"));
      double epsilon = c.number("eps", 0);
      Gine layer = c.flag("train_eps", false)
          ? Gine.withLearnedEpsilon(network, epsilon)
          : Gine.create(network, epsilon);
      layer = c.has("edge_dim") ? layer.withEdges(c.integer("edge_dim"), width, KEY) : layer;
      in.load(layer);
      return LayerSubjects.apply(in, layer, in.tensor("edge_attr"));
    });
    all.put("NNConv", in -> {
      Config c = in.config();
      int from = c.integer("in_channels");
      int to = c.integer("out_channels");
      Mlp network = LayerSubjects.mlp(c.integer("edge_dim"), c.integer("hidden"), from * to);
      NnConv layer = NnConv.create(from, to, network, new NnConv.Options(
          LayerSubjects.aggregation(c.text("aggr", "add")), c.flag("root_weight", true), c.flag("bias", true)), KEY);
      in.load(layer);
      return LayerSubjects.apply(in, layer, in.tensor("edge_attr"));
    });
    all.put("TransformerConv", in -> {
      Config c = in.config();
      c.ignore("dropout"); // cases are deterministic
      TransformerConv.Options options = TransformerConv.Options.heads(c.integer("heads", 1))
          .withEdges(c.integer("edge_dim", 0));
      options = c.flag("concat", true) ? options : options.averaged();
      options = c.flag("bias", true) ? options : options.withoutBias();
      boolean gated = c.flag("beta", false);
      boolean root = c.flag("root_weight", true);
      options = options.withSkip(!root ? Skip.NONE : gated ? Skip.GATED : Skip.ADDED);
      TransformerConv layer = TransformerConv.create(c.integer("in_channels"), c.integer("out_channels"), options, KEY);
      in.load(layer);
      return LayerSubjects.apply(in, layer, in.tensorIfThere("edge_attr"));
    });
  }
}
