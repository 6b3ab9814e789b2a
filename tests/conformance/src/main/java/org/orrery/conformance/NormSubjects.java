package org.orrery.conformance;

import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.orrery.layers.GraphLayerNorm;
import org.orrery.layers.GraphNorm;
import org.orrery.layers.GraphwiseNorm;
import org.orrery.layers.InstanceNorm;
import org.orrery.layers.MeanSubtraction;
import org.orrery.layers.PairNorm;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Mode;
import org.orrery.nn.RunningMoments;
import org.orrery.nn.ScaleShift;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// Norms of the area `mp`.
final class NormSubjects {
  private NormSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("norm_batch_norm", in -> {
      Config c = in.config();
      int width = c.integer("channels");
      boolean running = c.flag("track_running_stats", true);
      BatchNorm norm = new BatchNorm(width, c.number("eps", 1e-5), rescale(in, "module.weight", width),
          running ? RunningMoments.create(width, momentum(c)) : null,
          c.flag("allow_single_element", false) ? BatchNorm.SingleRow.AS_INFERENCE : BatchNorm.SingleRow.REFUSED);
      in.load(norm, name -> name.replace("module.", ""));
      return Answer.of(norm.apply(in.tensor("x"), mode(c)));
    });
    all.put("norm_layer_norm_node", in -> {
      Config c = in.config();
      c.require("norm_mode", "node");
      in.ignore("batch");
      int width = c.integer("channels");
      LayerNorm norm = new LayerNorm(width, c.number("eps", 1e-5), rescale(in, "weight", width));
      in.load(norm);
      return Answer.of(norm.apply(in.tensor("x"), mode(c)));
    });
    all.put("norm_layer_norm_graph", in -> {
      Config c = in.config();
      c.require("norm_mode", "graph");
      int width = c.integer("channels");
      double epsilon = c.number("eps", 1e-5);
      ScaleShift rescale = rescale(in, "weight", width);
      return in.has("batch")
          ? graphwise(in, new GraphLayerNorm(width, epsilon, rescale))
          : alone(in, width, epsilon, rescale);
    });
    all.put("norm_graph_norm", in -> {
      Config c = in.config();
      GraphNorm norm = GraphNorm.create(c.integer("channels"));
      return graphwise(in, new GraphNorm(c.number("eps", 1e-5), norm.rescale(), norm.meanScale()));
    });
    all.put("norm_instance_norm", in -> {
      Config c = in.config();
      int width = c.integer("channels");
      boolean running = in.parameter("running_mean") != null;
      c.ignore("affine", "track_running_stats");
      return graphwise(in, new InstanceNorm(width, c.number("eps", 1e-5), rescale(in, "weight", width),
          running ? RunningMoments.create(width, momentum(c)) : null));
    });
    all.put("norm_mean_subtraction", in -> {
      in.config().ignore("channels");
      return graphwise(in, new MeanSubtraction());
    });
    all.put("norm_pair_norm", in -> {
      Config c = in.config();
      c.ignore("channels");
      return graphwise(in, new PairNorm(c.number("scale", 1),
          c.flag("scale_individually", false) ? PairNorm.Scaling.NODE : PairNorm.Scaling.GRAPH,
          c.number("eps", 1e-5)));
    });
  }

  /// (x - mean) / (standard deviation + epsilon), rescaled: what the reference computes for a graph outside a batch,
  /// where the project's layer gives what it gives in one.
  private static Answer alone(Case in, int width, double epsilon, @Nullable ScaleShift rescale) {
    in.load(new GraphLayerNorm(width, epsilon, rescale));
    in.config().ignore("mode");
    Tensor x = in.tensor("x");
    Tensor centered = x.subtract(x.mean());
    Tensor normalized = centered.divide(centered.square().mean().sqrt().add(epsilon));
    return Answer.of(rescale == null ? normalized : rescale.apply(normalized));
  }

  private static Answer graphwise(Case in, GraphwiseNorm norm) {
    in.load(norm);
    int nodes = in.tensor("x").rows();
    Segments graphs = in.has("batch") ? graphs(in.indices("batch")) : Segments.of(Indices.of(new int[nodes]), 1);
    return Answer.of(norm.apply(in.tensor("x"), graphs, mode(in.config())));
  }

  private static Segments graphs(Indices batch) {
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      count = Math.max(count, batch.at(i) + 1);
    }
    return Segments.of(batch, count);
  }

  private static @Nullable ScaleShift rescale(Case in, String name, int width) {
    in.config().ignore("affine", "elementwise_affine");
    return in.parameter(name) == null ? null : ScaleShift.create(width);
  }

  private static OptionalDouble momentum(Config c) {
    return OptionalDouble.of(c.number("momentum", 0.1));
  }

  private static Mode mode(Config c) {
    return c.text("mode", "training").equals("training") ? Mode.training(Key.of(1)) : Mode.inference();
  }
}
