package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Sequential;
import org.orrery.optimizers.Adagrad;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.RmsProp;
import org.orrery.optimizers.SavedState;
import org.orrery.optimizers.Schedule;
import org.orrery.optimizers.Sgd;
import org.orrery.optimizers.UpdateRule;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Tensor;

/// Numbers that are not finite stop a training before they reach weights or files.
class FiniteNumbersTest {
  @TempDir
  Path folder;

  private record Weight(Parameter w) implements Block {
  }

  /// Two weights and a layer that takes roots.
  private record Roots(Parameter w, Parameter v, Layer root) implements Block {
  }

  private static Roots roots(float w, float v) {
    return new Roots(Parameter.of(Tensor.of(new float[] {w})), Parameter.of(Tensor.of(new float[] {v})), new Root());
  }

  /// |w - 1| as sqrt((w - 1)^2), plus v: at w = 1 the value is v, and the slope 0 / 0.
  private static Tensor distance(Roots model) {
    return model.w().value().subtract(1).square().sqrt().add(model.v().value()).sum();
  }

  @Test
  void aGradientThatIsNotFiniteChangesNothingAndIsNamed() throws IOException { // w is 3, 2, then 1
    Roots model = roots(3, 8);
    Path file = folder.resolve("run.safetensors");
    Trainer<Roots, Integer> trainer = Trainer.<Roots, Integer>of(model, (m, batch, mode) -> distance(m),
        new Sgd().on(model)).rate(Schedule.constant(1)).checkpoints(file, 1);
    trainer.train(Batches.fullBatch(0), 2);
    byte[] good = Files.readAllBytes(file);
    String message = assertThrows(ArithmeticException.class, () -> trainer.train(Batches.fullBatch(0), 4)).toString();
    assertTrue(message.contains("epoch 2, step 2: the loss is 6.0") && message.contains("not finite for w;"), message);
    assertEquals(1, model.w().value().item());
    assertEquals(6, model.v().value().item());
    assertArrayEquals(good, Files.readAllBytes(file));
  }

  @Test
  void everyRuleAndLimitMeetsTheSameCheck() {
    for (UpdateRule rule : List.of(new Sgd(), new Adam(), new AdamW(), new RmsProp(), new Adagrad())) {
      List<UnaryOperator<Trainer<Roots, Integer>>> limits = List.of(t -> t, t -> t.clipNorm(1), t -> t.clipValue(1),
          t -> t.averaging(new WeightAverage.Exponential(0.5)));
      for (UnaryOperator<Trainer<Roots, Integer>> limit : limits) {
        Roots model = roots(1, 8);
        Trainer<Roots, Integer> trainer = limit
            .apply(Trainer.of(model, (m, batch, mode) -> distance(m), rule.on(model)));
        assertThrows(ArithmeticException.class, () -> trainer.train(Batches.fullBatch(0), 1), rule.toString());
        assertEquals(1, model.w().value().item());
        assertEquals(8, model.v().value().item());
      }
    }
  }

  @Test
  void aLossThatIsNotFiniteNamesTheFirstLayerWhoseResultIsNotFinite() {
    Roots model = new Roots(Parameter.of(Tensor.of(new float[] {-1})), Parameter.of(Tensor.of(new float[] {2})),
        new Sequential(List.of(Activation.TANH, new Root())));
    Trainer<Roots, Integer> trainer = Trainer.of(model,
        (m, batch, mode) -> m.root().apply(m.w().value().reshape(1, 1), mode).multiply(m.v().value()).sum(),
        new Sgd().on(model));
    String message = assertThrows(ArithmeticException.class, () -> trainer.train(Batches.fullBatch(0), 1)).toString();
    assertTrue(message.contains("the first result that is not finite is that of root.1 Root [1, 1] -> [1, 1];"),
        message);
  }

  /// The square root of each entry.
  private record Root() implements Layer {
    @Override
    public Tensor forward(Tensor x, Mode mode) {
      return x.sqrt();
    }
  }

  /// A layer that counts its uses, and gives NaN.
  private record Counting(Parameter w, Parameter uses) implements Layer {
    @Override
    public Tensor forward(Tensor x, Mode mode) {
      uses.refill(uses.value().add(1));
      return x.add(w.value()).multiply(Double.NaN);
    }
  }

  @Test
  void aSearchForTheLayerLeavesStatisticsAsTheStepLeftThem() {
    Counting model = new Counting(Parameter.of(Tensor.zeros(1)), Parameter.statistic(Tensor.zeros(1)));
    Trainer<Counting, Integer> trainer = Trainer.of(model,
        (m, batch, mode) -> m.apply(Tensor.ones(1, 1), mode).sum(), new Adam().on(model));
    assertThrows(ArithmeticException.class, () -> trainer.train(Batches.fullBatch(0), 1));
    assertEquals(1, model.uses().value().item());
  }

  @Test
  void anObjectiveThatRunsOnceAloneStillFailsByItsLoss() {
    Weight model = new Weight(Parameter.of(Tensor.zeros(1)));
    List<Double> once = new ArrayList<>(List.of(Double.NaN));
    Trainer<Weight, Integer> trainer = Trainer.of(model,
        (m, batch, mode) -> m.w().value().multiply(once.removeFirst()).sum(), new Sgd().on(model));
    String message = assertThrows(ArithmeticException.class, () -> trainer.train(Batches.fullBatch(0), 1)).toString();
    assertTrue(message.contains("the loss is NaN") && message.contains("NoSuchElementException"), message);
  }

  @Test
  void aCheckpointOfNumbersThatAreNotFiniteIsNotWritten() throws IOException { // the step itself overflows
    Weight model = new Weight(Parameter.of(Tensor.of(new float[] {3e38f})));
    Path file = folder.resolve("run.safetensors");
    Trainer<Weight, Integer> trainer = Trainer.<Weight, Integer>of(model,
        (m, batch, mode) -> m.w().value().multiply(-1e-38).sum(), new Sgd().on(model))
        .ratePerEpoch(epoch -> epoch == 0 ? 0 : 1e38 * 1e38).checkpoints(file, 1);
    trainer.train(Batches.fullBatch(0), 1);
    byte[] good = Files.readAllBytes(file);
    String message = assertThrows(ArithmeticException.class, () -> trainer.train(Batches.fullBatch(0), 2)).toString();
    assertTrue(message.contains("run.safetensors: entry 0 of model.w [1] would be Infinity"),
        message);
    assertArrayEquals(good, Files.readAllBytes(file));
    assertEquals(3e38f, Weights.at(Checkpoint.read(file).model(), "w").item());
  }

  @Test
  void everyPartOfACheckpointIsCheckedBeforeItIsWritten() throws IOException {
    Checkpoint good = whole(new Counting(Parameter.of(Tensor.ones(1)), Parameter.statistic(Tensor.zeros(1))));
    Path file = folder.resolve("run");
    good.write(file);
    byte[] before = Files.readAllBytes(file);
    for (String part : List.of("model.w", "optimizer.w.first_moment", "average.w", "best.w")) {
      Map<String, Tensor> model = new LinkedHashMap<>(good.model());
      Map<String, Tensor> optimizer = new LinkedHashMap<>(good.optimizer().tensors());
      SavedState averaged = Objects.requireNonNull(good.average());
      Map<String, Tensor> average = new LinkedHashMap<>(averaged.tensors());
      Checkpoint.Best kept = Objects.requireNonNull(good.best());
      Map<String, Tensor> best = new LinkedHashMap<>(kept.weights());
      Map<String, Map<String, Tensor>> parts = Map.of("model", model, "optimizer", optimizer, "average", average,
          "best", best);
      Map<String, Tensor> changed = Weights.at(parts, part.substring(0, part.indexOf('.')));
      String name = part.substring(part.indexOf('.') + 1);
      changed.put(name, Weights.at(changed, name).multiply(Double.NaN));
      Checkpoint bad = new Checkpoint(good.settings(), good.place(), model,
          new SavedState(optimizer, good.optimizer().counts()), good.schedule(),
          new SavedState(average, averaged.counts()), new Checkpoint.Best(kept.epoch(), kept.value(), best),
          good.history());
      String message = assertThrows(ArithmeticException.class, () -> bad.write(file)).toString();
      assertTrue(message.contains("entry 0 of " + part), message);
      assertArrayEquals(before, Files.readAllBytes(file));
    }
  }

  /// A checkpoint that has every part.
  private static Checkpoint whole(Counting model) {
    Trainer<Counting, Integer> trainer = Trainer.<Counting, Integer>of(model,
        (m, batch, mode) -> m.w().value().square().sum(), new Adam().on(model))
        .validation(m -> Map.of("metric", 1.0)).keepBest("metric", Goal.LOWEST)
        .averaging(new WeightAverage.Exponential(0.9));
    trainer.train(Batches.fullBatch(0), 1);
    return trainer.checkpoint();
  }

  @Test
  void aStatisticMayBeInfiniteButNotNaN() throws IOException {
    Path file = folder.resolve("run");
    for (double value : new double[] {Double.POSITIVE_INFINITY, Double.NaN}) {
      Counting model = new Counting(Parameter.of(Tensor.ones(1)), Parameter.statistic(Tensor.of(new double[] {value})));
      Checkpoint checkpoint = whole(model);
      if (Double.isNaN(value)) {
        assertThrows(ArithmeticException.class, () -> checkpoint.write(file));
      } else {
        checkpoint.write(file);
      }
      assertEquals(Double.POSITIVE_INFINITY, Weights.at(Checkpoint.read(file).model(), "uses").item());
    }
  }
}
