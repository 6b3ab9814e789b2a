package org.orrery.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.optimizers.Adam;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.Trainer;

class DeepModelsTest {
  private static Sequential nested(int depth) {
    Sequential model = Sequential.of(Linear.create(2, 2, Key.of(0)));
    for (int i = 1; i < depth; i++) {
      model = Sequential.of(model, Activation.TANH);
    }
    return model;
  }

  private static void train(Sequential model) {
    Trainer.<Sequential, Tensor>of(model, (m, x, mode) -> m.apply(x, mode).square().mean(), new Adam().on(model))
        .train(Batches.fullBatch(Tensor.ones(3, 2)), 1);
  }

  @Test
  void blocksThatStandInEachOtherTooDeepAreRefusedInWords() {
    String message = assertThrows(IllegalStateException.class, () -> train(nested(5000))).toString();
    assertTrue(message.contains("Sequential: blocks stand in each other more than 500 deep"), message);
    train(nested(400));
  }

  @Test
  void aListOfLayersMayBeOfAnyLength() {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      layers.add(Linear.create(2, 2, Key.of(i)));
    }
    Sequential model = new Sequential(layers);
    train(model);
    assertEquals(10_000, model.parameters().size());
  }
}
