package org.orrery.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.orrery.graph.Graph;
import org.orrery.graph.Level;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.Gat;
import org.orrery.layers.Gcn;
import org.orrery.losses.SquaredError;
import org.orrery.messagepassing.Pooling;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Block;
import org.orrery.nn.Dropout;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.CosineRestarts;
import org.orrery.optimizers.Goal;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Dataset;
import org.orrery.training.Loader;
import org.orrery.training.Trainer;

/// A training in a process of its own, which can be told to die in the middle of a step: arguments are the checkpoint, the
/// history, the number of the loss at which the virtual machine halts (0 for never), without a word to anybody, and whether
/// a checkpoint is written at the end of an `epoch` or of each `step`.
final class InterruptedTraining {
  private static final int WIDTH = 24;
  private static final int EPOCHS = 6;

  private InterruptedTraining() {
  }

  private record Model(Gcn gcn, BatchNorm norm, Gat gat, Linear head) implements Block {
    static Model create(Key key) {
      return new Model(Gcn.create(4, WIDTH, key.fold(0)), BatchNorm.create(WIDTH),
          Gat.create(WIDTH, 8, AttentionOptions.heads(3).withDropout(0.2), key.fold(1)),
          Linear.create(WIDTH, 1, key.fold(2)));
    }

    Tensor apply(Graph graph, Mode mode) {
      Tensor h = norm.apply(gcn.apply(graph.adjacency(), graph.nodes(), mode), mode).relu();
      h = gat.apply(graph.adjacency(), new Dropout(0.3).apply(h, mode), mode).elu(1);
      return head.apply(Pooling.mean().apply(graph.withNodes(h)));
    }
  }

  public static void main(String[] arguments) throws IOException {
    int haltAt = Integer.parseInt(arguments[2]);
    int[] losses = {0};
    Model model = Model.create(Key.of(1));
    Trainer<Model, Graph> trainer = Trainer.<Model, Graph>of(model, (m, batch, mode) -> {
      if (++losses[0] == haltAt) {
        Runtime.getRuntime().halt(9);
      }
      return new SquaredError().mean(m.apply(batch, mode), batch.target("y"));
    }, new Adam().withWeightDecay(1e-4).on(model)).rate(new CosineRestarts(0.01, 7, 2, 1e-4)).key(Key.of(2)).clipNorm(1)
        .keepBest("train_loss", Goal.LOWEST).table(Path.of(arguments[1]));
    Path checkpoint = Path.of(arguments[0]);
    trainer = arguments[3].equals("step")
        ? trainer.checkpoints(checkpoint, Duration.ZERO)
        : trainer.checkpoints(checkpoint, 1);
    trainer.resumeIfPresent();
    trainer.train(Loader.of(graphs(), 5, Graph::batch).shuffled(Key.of(3)), EPOCHS);
  }

  /// Random graphs of 20 to 59 nodes whose target is the mean of the product of neighbors' first features.
  private static Dataset<Graph> graphs() {
    List<Graph> graphs = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      Key key = Key.of(100 + i);
      int nodes = 20 + key.integers(1, 40)[0];
      Sparse edges = Sparse.of(nodes, Indices.wrap(key.fold(0).integers(4 * nodes, nodes)),
          Indices.wrap(key.fold(1).integers(4 * nodes, nodes)));
      Tensor x = Tensor.normal(key.fold(2), nodes, 4);
      Tensor first = x.slice(1, 0, 1);
      Tensor y = first.gatherRows(edges.bySender()).multiply(first.gatherRows(edges.byReceiver())).mean().reshape(1, 1);
      graphs.add(Graph.builder(edges).nodes(x).target("y", Level.GRAPH, y).build());
    }
    return Dataset.of(graphs);
  }
}
