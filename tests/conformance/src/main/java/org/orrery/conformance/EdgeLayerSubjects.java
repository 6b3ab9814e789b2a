package org.orrery.conformance;

import java.util.Map;
import org.orrery.layers.DegreeScaling;
import org.orrery.layers.DegreeScaling.Scaler;
import org.orrery.layers.Gine;
import org.orrery.layers.GraphConv;
import org.orrery.layers.NnConv;
import org.orrery.layers.Pna;
import org.orrery.layers.Pna.Options.Input;
import org.orrery.messagepassing.Aggregation;
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
      GraphInput graph = GraphInput.of(in);
      int from = graph.width(c);
      int to = c.integer("out_channels");
      Aggregation aggregation = AggregationSubjects.ofOneWidth(c, "add");
      GraphConv layer = c.flag("bias", true)
          ? GraphConv.create(from, to, aggregation, KEY)
          : GraphConv.withoutBias(from, to, aggregation, KEY);
      in.load(layer);
      return graph.apply(layer, in.tensorIfThere("edge_weight"));
    });
    all.put("GINEConv", in -> {
      Config c = in.config();
      c.ignore("in_channels", "hidden", "out_channels"); // the parameters say them
      Mlp network = LayerSubjects.network(in, "nn");
      double epsilon = c.number("eps", 0);
      Gine layer = c.flag("train_eps", false)
          ? Gine.withLearnedEpsilon(network, epsilon)
          : Gine.create(network, epsilon);
      layer = c.has("edge_dim") ? layer.withEdges(c.integer("edge_dim"), network.in(), KEY) : layer;
      layer = layer.withAggregation(AggregationSubjects.ofOneWidth(c, "add"));
      in.load(layer);
      return GraphInput.of(in).apply(layer, in.tensor("edge_attr"));
    });
    all.put("NNConv", in -> {
      Config c = in.config();
      c.ignore("edge_dim", "hidden"); // the parameters say them
      GraphInput graph = GraphInput.of(in);
      NnConv.Options options = NnConv.Options.standard()
          .withAggregation(AggregationSubjects.ofOneWidth(c, "add"));
      options = c.flag("root_weight", true) ? options : options.withoutRoot();
      options = c.flag("bias", true) ? options : options.withoutBias();
      NnConv layer = NnConv.create(graph.width(c), c.integer("out_channels"), LayerSubjects.network(in, "nn"),
          options,
          KEY);
      in.load(layer);
      return graph.apply(layer, in.tensor("edge_attr"));
    });
    all.put("PNAConv", EdgeLayerSubjects::pna);
  }

  private static Answer pna(Case in) {
    Config c = in.config();
    GraphInput graph = GraphInput.of(in);
    long[] degrees = c.integers("deg").stream().mapToLong(Integer::longValue).toArray();
    Aggregation[] aggregations = c.texts("aggregators").stream().map(AggregationSubjects::aggregation)
        .toArray(Aggregation[]::new);
    Pna.Options options = Pna.Options.standard().withAggregation(
        aggregations.length == 1 ? aggregations[0] : Aggregation.several(aggregations))
        .withScalers(c.texts("scalers").stream().map(EdgeLayerSubjects::scaler).toList())
        .withEdges(c.integer("edge_dim", 0)).withTowers(c.integer("towers", 1))
        .withInput(c.flag("divide_input", false) ? Input.DIVIDED : Input.WHOLE)
        .withLayersBefore(c.integer("pre_layers", 1)).withLayersAfter(c.integer("post_layers", 1))
        .withActivation(LayerSubjects.activation(c));
    Pna layer = Pna.create(graph.width(c), c.integer("out_channels"), options,
        c.flag("train_norm", false) ? DegreeScaling.learned(degrees) : DegreeScaling.of(degrees), KEY);
    in.load(layer);
    return graph.apply(layer, in.tensorIfThere("edge_attr"));
  }

  private static Scaler scaler(String name) {
    return switch (name) {
      case "identity" -> Scaler.IDENTITY;
      case "amplification" -> Scaler.AMPLIFICATION;
      case "attenuation" -> Scaler.ATTENUATION;
      case "linear" -> Scaler.LINEAR;
      case "inverse_linear" -> Scaler.INVERSE_LINEAR;
      default -> throw new Unsupported("no scaler " + name);
    };
  }
}
