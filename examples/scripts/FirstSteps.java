// A graph, a network of two layers, its training and what it has learned.
//
//   ./orrery run examples/scripts/FirstSteps.java

import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.layers.Gcn;
import org.orrery.losses.CrossEntropy;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.Trainer;

record Network(Gcn first, Gcn second) implements Block {
  Tensor apply(Graph graph, Mode mode) {
    Tensor hidden = first.apply(graph.adjacency(), graph.nodes(), mode).relu();
    return second.apply(graph.adjacency(), hidden, mode);
  }
}

void main() {
  // Two squares, 0-1-2-3 and 4-5-6-7, joined by 3-4. Nodes have no features but their own number.
  Sparse edges = Sparse.of(8, Indices.of(0, 1, 2, 3, 4, 5, 6, 7, 3), Indices.of(1, 2, 3, 0, 5, 6, 7, 4, 4));
  Graph graph = Graph.of(edges.undirected().edges(), Tensor.identity(8));

  // The squares of two nodes are labeled; the network finds those of the others.
  Indices labeled = Indices.of(0, 6);
  Indices squares = Indices.of(0, 1);

  Key key = Key.of(0);
  Network network = new Network(Gcn.create(8, 16, key.fold(1)), Gcn.create(16, 2, key.fold(2)));
  CrossEntropy loss = new CrossEntropy();
  double last = Trainer
      .of(network, (Network n, Graph g, Mode mode) -> loss.mean(n.apply(g, mode).gatherRows(labeled), squares),
          new Adam().on(network))
      .rate(Schedule.constant(0.01))
      .train(Batches.fullBatch(graph), 100).last().trainLoss();

  IO.println("loss " + last);
  IO.println("squares " + network.apply(graph, Mode.inference()).argmax(1));
}
