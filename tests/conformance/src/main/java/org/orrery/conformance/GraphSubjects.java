package org.orrery.conformance;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Laplacian;
import org.orrery.graph.Normalization;
import org.orrery.graph.Sparse;
import org.orrery.graph.WeightedEdges;
import org.orrery.graph.space.Itself;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.NeighborRule;
import org.orrery.graph.space.Space;
import org.orrery.messagepassing.Aggregation;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// The area `graph`.
final class GraphSubjects {
  private GraphSubjects() {
  }

  static void register(Map<String, Subject> all) {
    scatter(all, "scatter_sum", Aggregation.sum());
    scatter(all, "scatter_mean", Aggregation.mean());
    scatter(all, "scatter_max", Aggregation.max());
    scatter(all, "scatter_min", Aggregation.min());
    scatter(all, "scatter_mul", Aggregation.product());
    all.put("segment_softmax", in -> Answer.of(in.tensor("x").segmentSoftmax(rows(in))));
    all.put("gcn_norm", in -> {
      boolean reversed = GraphInput.isReversed(in);
      Sparse given = edges(in, in.config().integer("nodes"));
      Sparse edges = reversed ? given.reversed() : given;
      @Nullable
      Tensor weights = in.tensorIfThere("edge_weight");
      double loop = in.config().flag("improved", false) ? 2 : 1;
      loop = in.config().number("fill_value", loop);
      boolean loops = in.config().flag("self_loops", in.config().flag("add_self_loops", true));
      WeightedEdges normalized = loops
          ? Normalization.SYMMETRIC.withSelfLoops(edges, weights, loop)
          : new WeightedEdges(edges, Normalization.SYMMETRIC.of(edges, weights));
      Tensor dense = normalized.toDense(); // [receiver, sender], as the reference has it
      return Answer.of(reversed ? dense.transpose() : dense);
    });
    all.put("laplacian", in -> {
      Sparse edges = edges(in, in.config().integer("nodes"));
      return Answer.of(laplacian(in, "none").of(edges, in.tensorIfThere("edge_weight")).toDense().transpose()); // [sender, receiver]
    });
    all.put("convolution_matrix", ConvolutionSubjects::convolutionMatrix);
    all.put("knn_graph", in -> {
      in.config().require("order", "by target, then distance; source is the neighbour");
      double[] positions = in.array("in.pos").doubles();
      Space space = Space.open(in.array("in.pos").shape().size(1));
      NeighborList near = NeighborRule.nearest(space, in.config().integer("k")).itself(itself(in)).apply(positions);
      return new Answer().with("out.edge_index", edgeIndex(near.edges()))
          .with("out.distance", near.distanceFeatures().squeeze(1));
    });
    all.put("radius_graph_periodic", in -> {
      in.config().require("order", "by target, then source");
      in.config().require("displacement", "pos[source] - pos[target], minimum image");
      double[] periods = new double[in.array("in.pos").shape().size(1)];
      Arrays.fill(periods, in.config().number("box", 1));
      if (in.config().isList("box")) {
        Arrays.setAll(periods, in.config().numbers("box")::get);
      }
      Space space = Space.periodic(periods);
      double[] positions = in.array("in.pos").doubles();
      NeighborList near = NeighborRule.within(space, in.config().number("radius", 1)).itself(itself(in))
          .apply(positions);
      return new Answer().with("out.edge_index", edgeIndex(near.edges()))
          .with("out.displacement", near.displacementFeatures());
    });
  }

  private static Itself itself(Case in) {
    return in.config().flag("loop", false) ? Itself.INCLUDED : Itself.EXCLUDED;
  }

  /// Row 0 senders, row 1 receivers.
  /// The Laplacian that `normalization` says; null, as in Python, is that without any.
  static Laplacian laplacian(Case in, String otherwise) {
    boolean none = in.config().says("normalization") && !in.config().has("normalization");
    return switch (none ? "none" : in.config().text("normalization", otherwise)) {
      case "sym" -> Laplacian.SYMMETRIC;
      case "rw" -> Laplacian.RANDOM_WALK;
      case "none", "None" -> Laplacian.COMBINATORIAL;
      default -> throw new Unsupported("no such normalization");
    };
  }

  private static Indices edgeIndex(Sparse edges) {
    int[] both = Arrays.copyOf(edges.senderOf().toArray(), 2 * edges.edges());
    System.arraycopy(edges.receiverOf().toArray(), 0, both, edges.edges(), edges.edges());
    return Indices.wrap(both);
  }

  /// The graph of a case with `edge_index`, row 0 senders, row 1 receivers.
  static Sparse edges(Case in, int nodes) {
    return edges(in, nodes, nodes);
  }

  /// The same from one set of nodes to another.
  static Sparse edges(Case in, int senders, int receivers) {
    int[] both = in.indices("edge_index").toArray();
    int count = both.length / 2;
    Indices all = Indices.wrap(both);
    return Sparse.of(senders, receivers, all.at(Indices.range(0, count)), all.at(Indices.range(count, 2 * count)),
        null);
  }

  /// The rows of x by `index`, in as many segments as the configuration says.
  static Segments rows(Case in) {
    return in.segments("index", in.config().integer("rows"));
  }

  private static void scatter(Map<String, Subject> all, String op, Aggregation aggregation) {
    all.put(op, in -> Answer.of(aggregation.apply(in.tensor("x"), rows(in))));
  }
}
