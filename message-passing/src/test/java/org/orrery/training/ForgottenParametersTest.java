package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.nn.Block;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.ParameterGradients;
import org.orrery.optimizers.ParameterGroup;
import org.orrery.optimizers.Schedule;
import org.orrery.optimizers.Sgd;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

class ForgottenParametersTest {
  private static final Key KEY = Key.of(11);
  private static final Tensor X = Tensor.normal(KEY.fold("x"), 5, 3);

  private record Network(Linear body, Linear head) implements Block {
    static Network create() {
      return new Network(Linear.create(3, 4, KEY.fold(0)), Linear.create(4, 1, KEY.fold(1)));
    }

    Tensor loss(Tensor x) {
      return head.apply(body.apply(x).tanh()).square().mean();
    }
  }

  private static Optimizer on(List<Parameter> parameters) {
    return new Sgd().on(List.of(new ParameterGroup(parameters, 0, 1)));
  }

  private static Trainer<Network, Tensor> trainer(Network network, Optimizer optimizer) {
    return Trainer.<Network, Tensor>of(network, (m, x, mode) -> m.loss(x), optimizer).rate(Schedule.constant(0.1));
  }

  private static String refusal(Trainer<?, Tensor> trainer) {
    return String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> trainer.train(Batches.fullBatch(X), 1)).getMessage());
  }

  @Test
  void aParameterOfTheLossThatNoOptimizerWasGivenIsNamed() {
    Network network = Network.create();
    String message = refusal(trainer(network, on(network.head().trainable())));
    assertTrue(message.contains("body.weight, body.bias;"), message);
  }

  @Test
  void aParameterOfTheLossThatIsNoPartOfTheModelIsRefused() {
    Network network = Network.create();
    Linear stranger = Linear.create(3, 3, KEY.fold(2));
    String message = refusal(Trainer.<Network, Tensor>of(network, (m, x, mode) -> m.loss(stranger.apply(x)),
        new Sgd().on(network)));
    assertTrue(message.contains("one [3, 3] that is no part of the model"), message);
  }

  @Test
  void frozenByNameItStaysAsItIs() {
    Network network = Network.create();
    float[] before = network.body().weight().value().toArray();
    float[] head = network.head().weight().value().toArray();
    trainer(network, on(network.head().trainable())).freeze("body").train(Batches.fullBatch(X), 2);
    assertArrayEquals(before, network.body().weight().value().toArray());
    assertFalse(Arrays.equals(head, network.head().weight().value().toArray()));
    trainer(network, new Sgd().on(network)).freeze("body").train(Batches.fullBatch(X), 2);
    assertArrayEquals(before, network.body().weight().value().toArray());
  }

  @Test
  void freezingWhatIsNotThereIsRefused() {
    Network network = Network.create();
    String message = String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> trainer(network, new Sgd().on(network)).freeze("bod")).getMessage());
    assertTrue(message.contains("called bod ") && message.contains("body.weight"), message);
  }

  @Test
  void inputsThatAGradientFlowsToAreNoParameters() {
    Network network = Network.create();
    Trainer.<Network, Tensor>of(network, (m, x, mode) -> m.loss(x.tracked()), new Sgd().on(network))
        .train(Batches.fullBatch(X), 1);
    assertEquals(4, network.trainable().size());
  }

  @Test
  void aListedParameterThatTheLossDoesNotDependOnIsReportedOnce() {
    Network network = Network.create();
    List<String> noticed = new ArrayList<>();
    Trainer.<Network, Tensor>of(network, (m, x, mode) -> m.body().apply(x).square().mean(), new Sgd().on(network))
        .progress(new Progress() {
          @Override
          public void noticed(String what) {
            noticed.add(what);
          }
        }).train(Batches.fullBatch(X), 3);
    assertEquals(1, noticed.size());
    assertTrue(noticed.getFirst().contains("head.weight, head.bias"), noticed.getFirst());
  }

  @Test
  void gradientsOfAnotherModelAreRefused() {
    Network network = Network.create();
    Network other = Network.create();
    ParameterGradients gradients = ParameterGradients.of(other.loss(X), other.trainable());
    String message = String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> new Sgd().on(network).step(gradients, 0.1)).getMessage());
    assertTrue(message.contains("another model"), message);
  }

  @Test
  void theModeOfALossIsForTraining() {
    Network network = Network.create();
    List<Mode> modes = new ArrayList<>();
    Trainer.<Network, Tensor>of(network, (m, x, mode) -> {
      modes.add(mode);
      return m.loss(x);
    }, new Sgd().on(network)).train(Batches.fullBatch(X), 2);
    assertEquals(2, modes.stream().filter(Mode::isTraining).distinct().count());
  }
}
