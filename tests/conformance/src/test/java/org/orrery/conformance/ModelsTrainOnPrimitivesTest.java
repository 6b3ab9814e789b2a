package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.orrery.compat.Convolution;
import org.orrery.compat.Flatten;
import org.orrery.compat.Kernel;
import org.orrery.compat.MaxPool;
import org.orrery.compat.Recurrent;
import org.orrery.compat.TransformerEncoderLayer;
import org.orrery.graph.Sequences;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.Gat;
import org.orrery.layers.Gcn;
import org.orrery.losses.CrossEntropy;
import org.orrery.losses.SquaredError;
import org.orrery.messagepassing.GraphSequential;
import org.orrery.nn.Activation;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Block;
import org.orrery.nn.Dropout;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Sequential;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.ParameterGradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;
import org.orrery.testkit.PlainBackend;

/// A device that brings the required primitives and nothing else trains a model of each kind, and ends where the fast one
/// does. That every single layer gives the same results and gradients there is a law of layers (`PRIMITIVES`).
class ModelsTrainOnPrimitivesTest {
  private static final int STEPS = 25;
  private static final double RATE = 0.01;
  private static final double SAME = 1e-4;
  private static final Key KEY = Key.of(21);

  /// A model and its loss, made on the backend of the moment.
  private record Training(Block model, Function<Mode, Tensor> loss) {
  }

  @Test
  void aGraphConvolutionWithDropout() {
    trainsAlike(key -> nodes(GraphSequential.of(Gcn.create(6, 16, key.fold(1))).then(Activation.RELU)
        .then(new Dropout(0.3)).then(Gcn.create(16, 3, key.fold(2))), key));
  }

  @Test
  void graphAttention() {
    trainsAlike(key -> nodes(GraphSequential.of(Gat.create(6, 4, AttentionOptions.heads(2), key.fold(1)))
        .then(Activation.elu(1)).then(Gat.create(8, 3, AttentionOptions.heads(1), key.fold(2))), key));
  }

  @Test
  void aRecurrentNetwork() {
    trainsAlike(key -> {
      Layer model = Sequential.of(Recurrent.lstm(3, 8, Recurrent.Options.plain(), key.fold(1)),
          Linear.create(8, 1, key.fold(2)));
      Tensor x = Tensor.normal(key.fold("x"), 5, 6, 3);
      Tensor sums = x.sum(-1).unsqueeze(2).tanh();
      return new Training(model, mode -> new SquaredError().mean(model.apply(x, mode), sums));
    });
  }

  @Test
  void anImageNetworkWithBatchNorm() {
    trainsAlike(key -> {
      Layer model = Sequential.of(Convolution.create(1, 4, Kernel.of(3, 3).padding(1), key.fold(1)),
          BatchNorm.create(4), Activation.RELU, MaxPool.of(2, 2), new Flatten(),
          Linear.create(36, 3, key.fold(2)));
      Tensor images = Tensor.normal(key.fold("images"), 12, 6, 6, 1);
      Indices labels = Indices.wrap(key.fold("labels").integers(12, 3));
      return new Training(model, mode -> new CrossEntropy().mean(model.apply(images, mode), labels));
    });
  }

  @Test
  void aTransformer() {
    trainsAlike(key -> {
      var encoder = TransformerEncoderLayer.create(8, 2, 16, TransformerEncoderLayer.Options.plain(), key.fold(1));
      GraphSequential model = GraphSequential.of(encoder).then(Linear.create(8, 3, key.fold(2)));
      Sequences sequences = Sequences.of(5, 1, 7);
      Tensor x = Tensor.normal(key.fold("x"), 13, 8);
      Indices labels = Indices.wrap(key.fold("labels").integers(13, 3));
      return new Training(model,
          mode -> new CrossEntropy().mean(model.apply(sequences.sparse(), x, null, mode), labels));
    });
  }

  /// Classes of the nodes of a random graph.
  private static Training nodes(GraphSequential model, Key key) {
    Sparse edges = Sparse.of(30, Indices.wrap(key.fold("senders").integers(80, 30)),
        Indices.wrap(key.fold("receivers").integers(80, 30)));
    Tensor x = Tensor.normal(key.fold("x"), 30, 6);
    Indices labels = Indices.wrap(key.fold("labels").integers(30, 3));
    return new Training(model, mode -> new CrossEntropy().mean(model.apply(edges, x, null, mode), labels));
  }

  private static void trainsAlike(Function<Key, Training> task) {
    double[] plain = losses(new PlainBackend(), task);
    double[] fast = losses(CpuBackend.withThreads(2), task);
    String both = "plain " + Arrays.toString(plain) + ", fast " + Arrays.toString(fast) + ", key " + KEY;
    assertTrue(plain[STEPS] < 0.9 * plain[0], "the loss does not fall: " + both);
    assertEquals(fast[STEPS], plain[STEPS], SAME, both);
  }

  /// The loss in training mode before each step and after the last.
  private static double[] losses(Backend backend, Function<Key, Training> task) {
    return Backends.with(backend, () -> {
      Training training = task.apply(KEY);
      Optimizer optimizer = new Adam().on(training.model());
      double[] losses = new double[STEPS + 1];
      for (int step = 0; step <= STEPS; step++) {
        int now = step;
        Scope.run(scope -> {
          Tensor loss = training.loss().apply(Mode.training(KEY.fold(now)));
          losses[now] = loss.item();
          optimizer.step(ParameterGradients.of(loss, optimizer.parameters()), RATE);
        });
      }
      return losses;
    });
  }
}
