package org.orrery.conformance;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// The graph and the node features that a layer's case runs on.
///
/// @param edges from senders to receivers
/// @param senders `[senders, width]`
/// @param receivers `[receivers, width]`; the same tensor as the senders where there is one set of nodes
record GraphInput(Sparse edges, Tensor senders, Tensor receivers) {
  /// What the reference calls x = (senders, receivers), where `inputs` does not say it.
  private static final List<List<String>> PAIRS = List.of(List.of("x_src", "x_dst"), List.of("x_s", "x_t"),
      List.of("x_l", "x_r"), List.of("x_source", "x_target"), List.of("x0", "x1"), List.of("x_0", "x_1"));

  /// The nodes `x`, or the two sets of nodes that the case has before `edge_index`.
  static GraphInput of(Case in) {
    String flow = in.config().text("flow", "source_to_target");
    if (in.has("x")) {
      Tensor x = in.tensor("x");
      Sparse edges = GraphSubjects.edges(in, x.rows());
      return switch (flow) {
        case "source_to_target" -> new GraphInput(edges, x, x);
        case "target_to_source" -> new GraphInput(edges.reversed(), x, x);
        default -> throw new Unsupported("no option flow = " + flow);
      };
    }
    if (!flow.equals("source_to_target")) {
      throw new Unsupported("no option flow = " + flow + " with two sets of nodes");
    }
    List<String> names = in.inputs().subList(0, Math.max(0, in.inputs().indexOf("edge_index")));
    List<String> pair = names.size() == 2
        ? names
        : PAIRS.stream().filter(both -> both.stream().allMatch(in::has)).findFirst()
            .orElseThrow(() -> new Unsupported("the case has no in.x and no pair of node features"));
    Tensor senders = in.tensor(pair.getFirst());
    Tensor receivers = in.tensor(pair.getLast());
    return new GraphInput(GraphSubjects.edges(in, senders.rows(), receivers.rows()), senders, receivers);
  }

  boolean isBipartite() { return !senders.equals(receivers); }

  /// Whether edges run against the reference's direction.
  static boolean isReversed(Case in) {
    return in.config().text("flow", "source_to_target").equals("target_to_source");
  }

  /// The width of the nodes: `in_channels`, or that of the input where it is -1, as in lazy layers.
  int width(Config c) {
    if (isBipartite() || c.isList("in_channels")) {
      throw new Unsupported("no layer of this kind from one set of nodes to another");
    }
    return widths(c).sender();
  }

  /// The widths of senders and receivers: `in_channels`, one number or a pair.
  Widths widths(Config c) {
    List<Integer> said = c.integers("in_channels");
    if (said.isEmpty() || said.size() > 2) {
      throw new Unsupported("no in_channels for one or two sets of nodes in the configuration");
    }
    int sender = said.getFirst();
    int receiver = said.getLast();
    return new Widths(sender == -1 ? senders.columns() : sender, receiver == -1 ? receivers.columns() : receiver,
        said.size() == 2);
  }

  /// @param separate whether the reference was told two widths, and so has parameters for each
  record Widths(int sender, int receiver, boolean separate) {
  }

  Answer apply(GraphLayer layer, @Nullable Tensor edgeFeatures) {
    Tensor features = edgeFeatures != null && edgeFeatures.rank() == 1 ? edgeFeatures.unsqueeze(1) : edgeFeatures;
    return Answer.of(layer.apply(edges, senders, receivers, features, Mode.inference()));
  }
}
