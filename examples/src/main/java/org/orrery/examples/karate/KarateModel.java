package org.orrery.examples.karate;

import org.orrery.graph.Graph;
import org.orrery.layers.Gcn;
import org.orrery.nn.Block;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Two graph convolutions into the plane, and a line that divides it: logits = W h + b,
/// h = GCN_2(tanh(GCN_1(x))). After Kipf & Welling 2017, appendix A.
///
/// @param first `[nodes, in]` to `[nodes, hidden]`
/// @param second `[nodes, hidden]` to `[nodes, 2]`
/// @param classifier `[nodes, 2]` to `[nodes, 2]`
record KarateModel(Gcn first, Gcn second, Linear classifier) implements Block {
  static KarateModel create(int in, int hidden, Key key) {
    return new KarateModel(Gcn.create(in, hidden, key.fold("first")), Gcn.create(hidden, 2, key.fold("second")),
        Linear.create(2, 2, key.fold("classifier")));
  }

  /// Where each member stands in the plane, `[nodes, 2]`.
  Tensor embedding(Graph graph, Mode mode) {
    Tensor h = first.apply(graph.adjacency(), graph.nodes(), mode).tanh();
    return second.apply(graph.adjacency(), h, mode);
  }

  /// The scores of the two sides, `[nodes, 2]`.
  Tensor logits(Graph graph, Mode mode) {
    return classifier.apply(embedding(graph, mode));
  }
}
