package org.orrery.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.orrery.layers.GraphLayerNorm;
import org.orrery.layers.GraphNorm;
import org.orrery.layers.GraphwiseNorm;
import org.orrery.layers.InstanceNorm;
import org.orrery.layers.MeanSubtraction;
import org.orrery.layers.PairNorm;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

class NormTest {
  private static final Key KEY = Key.of(8);
  private static final Mode TRAINING = Mode.training(KEY);

  @Test
  void batchNormGivesColumnsOfMeanZeroAndVarianceOneInTraining() {
    Tensor y = BatchNorm.create(3).apply(Tensor.normal(KEY, 50, 3).multiply(7).add(2), TRAINING);
    assertArrayEquals(new float[3], y.mean(0).toArray(), 1e-6f);
    assertArrayEquals(new float[] {1, 1, 1}, y.variance(0).toArray(), 1e-5f);
  }

  @Test
  void batchNormKeepsAShareOfTheMeanAndOfTheUnbiasedVariance() {
    BatchNorm norm = BatchNorm.create(1);
    norm.apply(Tensor.of(new float[] {1, 2, 3, 6}, 4, 1), TRAINING); // mean 3, squares 4 + 1 + 0 + 9 = 14
    assertEquals(0.1 * 3, item(norm, "running_mean"), 1e-6);
    assertEquals(0.9 + 0.1 * 14 / 3, item(norm, "running_var"), 1e-6);
    assertEquals(1, item(norm, "num_batches_tracked"));
  }

  @Test
  void withoutMomentumTheMeanOverAllBatchesIsKept() {
    BatchNorm norm = new BatchNorm(1, 1e-5, null, RunningMoments.create(1, OptionalDouble.empty()),
        BatchNorm.SingleRow.REFUSED);
    norm.apply(Tensor.of(new float[] {1, 3}, 2, 1), TRAINING); // mean 2, unbiased variance 2
    norm.apply(Tensor.of(new float[] {2, 6}, 2, 1), TRAINING); // mean 4, unbiased variance 8
    norm.apply(Tensor.of(new float[] {3, 3}, 2, 1), TRAINING); // mean 3, unbiased variance 0
    assertEquals(3, item(norm, "running_mean"), 1e-6);
    assertEquals(10.0 / 3, item(norm, "running_var"), 1e-5);
  }

  @Test
  void batchNormUsesWhatItKeptOutsideTrainingAndDoesNotChangeIt() {
    BatchNorm norm = BatchNorm.create(1);
    norm.apply(Tensor.of(new float[] {1, 2, 3, 6}, 4, 1), TRAINING);
    float y = norm.apply(Tensor.of(new float[] {5}, 1, 1), Mode.inference()).item();
    assertEquals((5 - 0.3) / Math.sqrt(0.9 + 1.4 / 3 + 1e-5), y, 1e-5);
    assertEquals(1, item(norm, "num_batches_tracked"));
  }

  @Test
  void batchNormRefusesToTakeTheVarianceOfOneRow() {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> BatchNorm.create(4).apply(Tensor.zeros(1, 4), TRAINING)).getMessage());
    assertEquals("BatchNorm: [1, 4]; the variance needs more than one row", message);
  }

  @Test
  void batchNormTreatsOneRowAsInferenceWhereItIsToldTo() {
    BatchNorm norm = new BatchNorm(1, 0, null, RunningMoments.create(1, OptionalDouble.of(0.5)),
        BatchNorm.SingleRow.AS_INFERENCE);
    norm.apply(Tensor.of(new float[] {4, 8}, 2, 1), TRAINING); // mean 0 -> 3, variance 1 -> (1 + 8) / 2
    assertEquals((6 - 3) / Math.sqrt(4.5), norm.apply(Tensor.of(new float[] {6}, 1, 1), TRAINING).item(), 1e-6);
    assertEquals(1, item(norm, "num_batches_tracked"));
  }

  @Test
  void runningMomentsGetNoGradient() {
    BatchNorm norm = BatchNorm.create(2);
    Tensor x = Tensor.normal(KEY, 6, 2).tracked();
    Tensor y = norm.apply(x, TRAINING).square().sum();
    assertEquals(2, norm.trainable().size());
    Tensor gradient = Gradients.of(y, x).withRespectTo(x); // sum of squares of a normalized column is constant
    assertArrayEquals(new float[12], gradient.toArray(), 1e-4f);
  }

  @Test
  void layerNormGivesRowsOfMeanZeroAndVarianceOne() {
    Tensor y = LayerNorm.create(8).apply(Tensor.normal(KEY, 5, 3, 8).multiply(3).add(1));
    assertArrayEquals(new float[15], y.mean(-1).flatten().toArray(), 1e-6f);
    assertArrayEquals(Tensor.ones(15).toArray(), y.variance(-1).flatten().toArray(), 1e-4f);
  }

  @Test
  void eachGraphwiseNormTreatsEachGraphByItself() {
    Segments graphs = Segments.of(Indices.of(0, 2, 0, 2, 2, 3, 0), 4); // graph 1 is empty, graph 3 a single node
    Tensor x = Tensor.normal(KEY, 7, 3);
    for (GraphwiseNorm norm : new GraphwiseNorm[] {GraphNorm.create(3), GraphLayerNorm.create(3),
      InstanceNorm.create(3).withRescale(), PairNorm.create(), new PairNorm(2, PairNorm.Scaling.NODE, 1e-5),
      new MeanSubtraction()}) {
      Tensor batch = norm.apply(x, graphs, TRAINING);
      for (int[] nodes : new int[][] {{0, 2, 6}, {1, 3, 4}, {5}}) {
        Tensor alone = norm.apply(x.gatherRows(Indices.of(nodes)), TRAINING);
        assertArrayEquals(alone.toArray(), batch.gatherRows(Indices.of(nodes)).toArray(), 1e-6f, norm::toString);
      }
    }
  }

  @Test
  void pairNormFixesTheMeanSquareLength() {
    Tensor y = new PairNorm(3, PairNorm.Scaling.GRAPH, 1e-5).apply(Tensor.normal(KEY, 20, 4), TRAINING);
    assertEquals(9, y.square().sum(1).mean().item(), 1e-3);
  }

  @Test
  void pairNormOfANodeAtTheMeanHasAFiniteGradient() {
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 2).tracked();
    Tensor y = new PairNorm(1, PairNorm.Scaling.NODE, 1e-5).apply(x, TRAINING);
    assertArrayEquals(new float[2], Gradients.of(y.sum(), x).withRespectTo(x).toArray());
  }

  @Test
  void instanceNormKeepsTheMeanOverGraphs() {
    InstanceNorm norm = InstanceNorm.create(1).withRunning(OptionalDouble.of(1));
    Segments graphs = Segments.ofOffsets(Indices.of(0, 2, 5));
    norm.apply(Tensor.of(new float[] {1, 3, 0, 0, 6}, 5, 1), graphs, TRAINING);
    assertEquals((2 + 2) / 2.0, item(norm, "running_mean")); // means 2 and 2
    assertEquals((2 + 12) / 2.0, item(norm, "running_var")); // 2 / 1, (4 + 4 + 16) / 2
  }

  @Test
  void graphwiseNormsNameTheirShapes() {
    assertEquals("GraphNorm: [5, 3] for 5 nodes; [nodes, 4] is required", String.valueOf(assertThrows(
        IllegalArgumentException.class, () -> GraphNorm.create(4).apply(Tensor.zeros(5, 3), TRAINING)).getMessage()));
    assertEquals("PairNorm: [5, 3] for 4 nodes; [nodes, width] is required",
        String.valueOf(assertThrows(IllegalArgumentException.class, () -> PairNorm.create().apply(Tensor.zeros(5, 3),
            Segments.ofOffsets(Indices.of(0, 4)), TRAINING)).getMessage()));
  }

  private static double item(Block module, String name) {
    Parameter parameter = module.parameters().get(name);
    return parameter == null ? Double.NaN : parameter.value().item();
  }
}
