package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Schedule;
import org.orrery.optimizers.Sgd;
import org.orrery.tensor.Tensor;

/// Means over batches are those over examples.
class BatchSizesTest {
  private record Weight(Parameter w) implements Block {
  }

  @Test
  void lossesOfAnEpochCountBatchesByTheirSize() { // 0, 0, 0, 4 in batches of 3 and 1: losses 0 and 4, mean 1
    Weight model = new Weight(Parameter.of(Tensor.zeros(1)));
    Dataset<Double> data = Dataset.of(List.of(0.0, 0.0, 0.0, 4.0));
    Loader<Double, double[]> loader = Loader.of(data, 3,
        examples -> examples.stream().mapToDouble(Double::doubleValue).toArray());
    Trainer<Weight, double[]> trainer = Trainer.<Weight, double[]>of(model,
        (m, batch, mode) -> m.w().value().add(Tensor.of(batch)).mean(), new Sgd().on(model))
        .rate(Schedule.constant(0)).validationLoss(loader);
    History.Row row = trainer.train(loader, 1).last();
    assertEquals(1, row.trainLoss(), 1e-12);
    assertEquals(1, row.value("validation_loss"), 1e-12);
  }

  @Test
  void batchesThatDoNotKnowTheirSizeCountTheSameUnlessTheyAreTold() {
    Weight model = new Weight(Parameter.of(Tensor.zeros(1)));
    List<double[]> three = List.of(new double[] {0, 0, 0}, new double[] {4}, new double[0]);
    Trainer.Objective<Weight, double[]> objective = (m, batch, mode) -> batch.length == 0
        ? m.w().value().add(7).sum()
        : m.w().value().add(Tensor.of(batch)).mean();
    Batches<double[]> plain = epoch -> three;
    Batches<double[]> sized = plain.sized(batch -> batch.length);
    assertEquals(11.0 / 3, loss(model, objective, plain), 1e-12); // (0 + 4 + 7) / 3
    assertEquals(1, loss(model, objective, sized), 1e-12); // what has no size does not count
    for (double size : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message = assertThrows(IllegalArgumentException.class,
          () -> loss(model, objective, plain.sized(batch -> size))).toString();
      assertTrue(message.contains("batches: batch 0 has size " + size), message);
    }
    String message = assertThrows(IllegalArgumentException.class,
        () -> loss(model, objective, plain.sized(batch -> 0))).toString();
    assertTrue(message.contains("all of size 0"), message);
  }

  private static double loss(Weight model, Trainer.Objective<Weight, double[]> objective, Batches<double[]> batches) {
    return Trainer.of(model, objective, new Sgd().on(model)).rate(Schedule.constant(0)).validationLoss(batches)
        .train(batches, 1).last().value("validation_loss");
  }

  @Test
  void aValidationWithoutBatchesIsRefused() {
    Weight model = new Weight(Parameter.of(Tensor.zeros(1)));
    Trainer<Weight, Integer> trainer = Trainer.<Weight, Integer>of(model, (m, batch, mode) -> m.w().value().sum(),
        new Sgd().on(model)).validationLoss(epoch -> List.of());
    String message = assertThrows(IllegalArgumentException.class, () -> trainer.train(Batches.fullBatch(0), 1))
        .toString();
    assertTrue(message.contains("validation loss: the validation has no batches"), message);
  }

  @Test
  void shardsCountTheirOwnExamples() { // 6 examples in batches of 2 a shard: 2 and 2, then 1 and 1
    Loader<Integer, List<Integer>> loader = Loader.of(Dataset.of(6, i -> i), 2, batch -> batch);
    for (int k = 0; k < 2; k++) {
      Loader<Integer, List<Integer>> shard = loader.shard(k, 2);
      long number = 0;
      for (List<Integer> batch : shard.epoch(0)) {
        assertEquals(batch.size(), shard.size(number++, batch), "shard " + k);
      }
    }
  }
}
