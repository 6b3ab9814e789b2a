// A layer of your own: its equation, its parameters, training, and a file from which it comes back.
//
//   ./orrery run examples/scripts/OwnLayer.java

import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.losses.SquaredError;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.Message;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.ModelFormat;
import org.orrery.training.SavedModel;
import org.orrery.training.Settings;
import org.orrery.training.Trainer;

/// h_i = sum_j f(x_j - x_i): what neighbors differ by, through a perceptron. Parameters are found under the names of the fields.
record Difference(Mlp f) implements Block {
  static Difference create(int hidden, Key key) {
    return new Difference(Mlp.create(key, 1, hidden, 1).withActivation(Activation.SILU));
  }

  Tensor apply(Graph graph, Mode mode) {
    Message message = Message.of(f, (network, own, neighbor, edge, m) -> network.apply(neighbor.subtract(own), m));
    return new MessagePassing(message, Aggregation.sum(), Update.replace()).apply(graph, mode).nodes();
  }
}

final class Format implements ModelFormat<Difference> {
  public String kind() { return "difference 1"; }
  public Settings settings(Difference model) {
    return Settings.none().with("hidden", model.f().linears().getFirst().out());
  }
  public Difference create(Settings settings) {
    return Difference.create(settings.integer("hidden", 1, 4096), Key.of(0));
  }
}

void main() throws Exception {
  // Springs on a ring: the force on a mass is the sum of the cubes of the differences.
  int n = 64;
  int[] place = java.util.stream.IntStream.range(0, n).toArray();
  int[] next = java.util.stream.IntStream.range(0, n).map(i -> (i + 1) % n).toArray();
  Sparse ring = Sparse.of(n, Indices.of(place), Indices.of(next)).undirected().edges();
  Tensor x = Tensor.normal(Key.of(1), n, 1);
  Graph graph = Graph.of(ring, x);
  Message cube = Message.of((own, neighbor, edge) -> neighbor.subtract(own).pow(3).multiply(0.2));
  Tensor force = new MessagePassing(cube, Aggregation.sum(), Update.replace()).apply(graph, Mode.inference()).nodes();

  Difference layer = Difference.create(32, Key.of(2));
  SquaredError loss = new SquaredError();
  Trainer.of(layer, (Difference d, Graph g, Mode mode) -> loss.mean(d.apply(g, mode), force), new Adam().on(layer))
      .rate(Schedule.constant(0.01)).train(Batches.fullBatch(graph), 600);
  Tensor found = layer.apply(graph, Mode.inference());
  IO.println("mean square of the force " + force.square().mean().item() + ", of the error "
      + found.subtract(force).square().mean().item());

  Path file = Files.createTempFile("difference", ".safetensors");
  SavedModel.write(file, new Format(), layer);
  Tensor again = SavedModel.read(file, new Format()).apply(graph, Mode.inference());
  IO.println("read back: " + (Arrays.equals(again.toArray(), found.toArray()) ? "the same bits" : "DIFFERENT"));
}
