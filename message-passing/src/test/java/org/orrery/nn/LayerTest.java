package org.orrery.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Unary;

class LayerTest {
  private static final Key KEY = Key.of(5);

  @Test
  void aLinearMapMultipliesByItsWeightAndAddsItsBias() {
    Linear linear = new Linear(Parameter.of(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)),
        Parameter.of(Tensor.of(new float[] {10, 20})));
    Tensor y = linear.apply(Tensor.of(new float[] {1, 0, -1}, 1, 3));
    assertArrayEquals(new float[] {1 - 3 + 10, 4 - 6 + 20}, y.toArray());
  }

  @Test
  void aLinearMapRefusesAnotherWidthAndNamesBothShapes() {
    Linear linear = Linear.create(6, 4, KEY);
    String message = messageOf(() -> linear.apply(Tensor.zeros(5, 3)));
    assertEquals("affine: [5, 3] and [4, 6]; the last sizes must agree (x [..., in], weight [out, in])", message);
  }

  @Test
  void aLinearMapRefusesABiasOfAnotherSize() {
    assertEquals("Linear: weight [4, 6] and bias [6]; [out, in] and [out] are required", messageOf(
        () -> new Linear(Parameter.of(Tensor.zeros(4, 6)), Parameter.of(Tensor.zeros(6)))));
  }

  @Test
  void weightsOfALinearMapLieWithinOneOverTheRootOfItsWidthAndFillThatRange() {
    float[] weights = Linear.create(16, 500, KEY).weight().value().toArray();
    float largest = 0;
    for (float w : weights) {
      largest = Math.max(largest, Math.abs(w));
    }
    assertEquals(0.25, largest, 0.25 * 0.01); // the largest of 8000 is below 0.99 of the bound once in 10^35
  }

  @Test
  void partsOfAnMlpAreNamedAsInASequentialOfPyTorch() {
    assertEquals(List.of("0.weight", "0.bias", "2.weight", "2.bias"),
        List.copyOf(Mlp.create(KEY, 3, 5, 2).parameters().keySet()));
    assertEquals(List.of("0.weight", "0.bias", "1.weight", "1.bias", "4.weight", "4.bias"),
        List.copyOf(Mlp.create(KEY, 3, 5, 2).withNorm(LayerNorm::create).withDropout(0.5).parameters().keySet()));
  }

  @Test
  void partsOfAnMlpCanBeNamedAsInPyTorchGeometric() {
    Mlp mlp = Mlp.create(KEY, 3, 5, 2).withNorm(BatchNorm::create).withNaming(Mlp.Naming.LISTS);
    assertEquals(
        List.of("lins.0.weight", "lins.0.bias", "lins.1.weight", "lins.1.bias", "norms.0.module.weight",
            "norms.0.module.bias", "norms.0.module.running_mean", "norms.0.module.running_var",
            "norms.0.module.num_batches_tracked"),
        List.copyOf(mlp.parameters().keySet()));
  }

  @Test
  void anMlpIsTheSequentialOfItsParts() {
    Mlp mlp = Mlp.create(KEY, 3, 5, 4).withNorm(LayerNorm::create).withActivation(Activation.SILU);
    Sequential same = Sequential.of(mlp.linears().get(0), mlp.norms().getFirst(), Activation.SILU,
        mlp.linears().get(1));
    assertEquals(List.copyOf(same.parameters().values()), List.copyOf(mlp.parameters().values()));
    assertEquals(List.copyOf(same.parameters().keySet()), List.copyOf(mlp.parameters().keySet()));
    Tensor x = Tensor.normal(KEY.fold(1), 7, 3);
    assertArrayEquals(same.apply(x, Mode.inference()).toArray(), mlp.apply(x, Mode.inference()).toArray());
  }

  @Test
  void anActivatedEndingEndsWithTheActivation() {
    Mlp plain = Mlp.create(KEY, 3, 5, 4);
    Tensor x = Tensor.normal(KEY.fold(1), 7, 3);
    assertArrayEquals(plain.apply(x, Mode.inference()).relu().toArray(),
        plain.withEnding(Mlp.Epilogue.ACTIVATED).apply(x, Mode.inference()).toArray());
  }

  @Test
  void layersSplitTheirFirstMapOverAConcatenation() {
    Segments senders = Segments.of(Indices.of(0, 2, 2, 1, 0), 3);
    ConcatenatedRows input = ConcatenatedRows.of(5).with(Tensor.normal(KEY.fold(1), 3, 4), senders)
        .with(Tensor.normal(KEY.fold(2), 5, 2));
    Mlp mlp = Mlp.create(KEY, 6, 5, 2);
    Tensor whole = input.dense();
    for (Layer layer : List.of(mlp, mlp.linears().getFirst(), Sequential.of(mlp, Activation.TANH), Activation.TANH,
        Sequential.of())) {
      assertArrayEquals(layer.apply(whole, Mode.inference()).toArray(),
          layer.apply(input, Mode.inference()).toArray(), 1e-6f, layer::toString);
    }
  }

  @Test
  void aFirstMapOfDifferencesAloneKeepsItsBias() {
    Segments senders = Segments.of(Indices.of(0, 2, 2, 1, 0), 3);
    Segments receivers = Segments.of(Indices.of(1, 1, 0, 2, 0), 3);
    Tensor x = Tensor.normal(KEY.fold(1), 3, 4);
    ConcatenatedRows input = ConcatenatedRows.of(5).withDifference(x, senders, x, receivers);
    Linear linear = Linear.create(4, 5, KEY);
    assertArrayEquals(linear.apply(input.dense()).toArray(), linear.apply(input, Mode.inference()).toArray(),
        1e-6f);
  }

  @Test
  void widthsThatDoNotFitFailWhereALayerIsMade() {
    Linear narrow = Linear.create(4, 8, KEY);
    Linear wide = Linear.create(16, 2, KEY);
    assertEquals("Sequential: layer 2 (Linear) takes width 16, what comes before it gives 8",
        messageOf(() -> Sequential.of(narrow, Activation.RELU, wide)));
    assertEquals("Sequential: layer 1 (BatchNorm) takes width 4, what comes before it gives 8",
        messageOf(() -> Sequential.of(narrow, BatchNorm.create(4))));
    assertEquals("Mlp: linear map 1 takes width 16, the one before it gives 8",
        messageOf(() -> Mlp.of(List.of(narrow, wide))));
    assertEquals("Mlp: norm 0 takes width 3, the linear map before it gives 5",
        messageOf(() -> Mlp.create(KEY, 2, 5, 1).withNorm(width -> LayerNorm.create(3))));
  }

  @Test
  void aSequentialKnowsItsOwnWidths() {
    Sequential layers = Sequential.of(Linear.create(4, 8, KEY), Activation.RELU, new Dropout(0.1));
    assertEquals(OptionalInt.of(4), layers.inputWidth());
    assertEquals(OptionalInt.of(8), layers.outputWidth(OptionalInt.empty()));
  }

  @Test
  void dropoutKeepsOneShareOfTheValuesAndTheirMean() {
    Tensor y = new Dropout(0.25).apply(Tensor.ones(100, 100), Mode.training(KEY));
    int dropped = 0;
    for (float value : y.toArray()) {
      if (value == 0) {
        dropped++;
      } else {
        assertEquals(1 / 0.75f, value, 1e-6f);
      }
    }
    assertEquals(2500, dropped, 5 * Math.sqrt(10000 * 0.25 * 0.75)); // five standard deviations of the binomial
  }

  @Test
  void dropoutAndResidualInOnePassAreBothApart() {
    Tensor x = Tensor.normal(KEY.fold(1), 30, 7);
    Tensor residual = Tensor.normal(KEY.fold(2), 30, 7);
    for (Mode mode : List.of(Mode.training(KEY), Mode.inference())) {
      for (double rate : new double[] {0, 0.4, 1}) {
        Dropout dropout = new Dropout(rate);
        assertArrayEquals(residual.add(dropout.apply(x, mode.fromStart())).toArray(),
            dropout.applyAndAdd(x, residual, mode.fromStart()).toArray(), 1e-6f);
      }
    }
  }

  @Test
  void dropoutDependsOnItsKeyAloneAndDoesNothingOutsideTraining() {
    Tensor x = Tensor.ones(50, 3);
    Dropout dropout = new Dropout(0.5);
    float[] once = dropout.apply(x, Mode.training(KEY)).toArray();
    assertArrayEquals(once, dropout.apply(x, Mode.training(KEY)).toArray());
    assertNotEquals(Tensor.of(once).toString(), dropout.apply(x, Mode.training(KEY.fold(1))).flatten().toString());
    assertSame(x, dropout.apply(x, Mode.inference()));
    assertArrayEquals(new float[150], new Dropout(1).apply(x, Mode.training(KEY)).toArray());
  }

  @Test
  void oneModeNeverGivesTheSameMaskTwice() {
    Tensor x = Tensor.ones(50, 3);
    Dropout dropout = new Dropout(0.5);
    Mode mode = Mode.training(KEY);
    List<Tensor> masks = new ArrayList<>();
    masks.add(dropout.apply(x, mode));
    masks.add(dropout.apply(x, mode));
    masks.add(new Dropout(0.5).apply(x, mode));
    masks.add(dropout.applyAndAdd(x, Tensor.zeros(50, 3), mode));
    masks.add(Sequential.of(Activation.IDENTITY, dropout).apply(x, mode));
    Mlp mlp = Mlp.create(KEY, 3, 3, 3).withDropout(0.5).withEnding(Mlp.Epilogue.ACTIVATED);
    masks.add(mlp.apply(x, mode));
    masks.add(mlp.apply(x, mode));
    assertEquals(masks.size(), masks.stream().map(mask -> Arrays.toString(mask.toArray())).distinct().count());
  }

  @Test
  void aModeFromItsStartGivesTheSameMasksInTheSameOrder() {
    Tensor x = Tensor.ones(50, 3);
    Sequential twice = Sequential.of(new Dropout(0.5), new Dropout(0.2));
    Mode mode = Mode.training(KEY);
    float[] once = twice.apply(x, mode).toArray();
    assertArrayEquals(once, twice.apply(x, mode.fromStart()).toArray());
    assertArrayEquals(once, twice.apply(x, Mode.training(KEY)).toArray());
  }

  @Test
  void noiseOfOneModeIsDrawnOnOneThread() throws InterruptedException {
    Mode.Training mode = Mode.training(KEY);
    mode.nextKey();
    AtomicReference<Object> found = new AtomicReference<>("");
    Thread other = Thread.ofPlatform().name("second").start(() -> {
      try {
        found.set(mode.nextKey());
      } catch (IllegalStateException e) {
        found.set(e);
      }
    });
    other.join();
    assertTrue(
        found.get() instanceof IllegalStateException e && String.valueOf(e.getMessage()).contains("thread second"),
        found.toString());
  }

  @Test
  void anActivationIsItsElementwiseFunction() throws IllegalAccessException {
    Tensor x = Tensor.normal(KEY, 20);
    for (Field constant : Activation.class.getFields()) {
      Activation activation = (Activation) constant.get(null);
      if (!activation.equals(Activation.IDENTITY)) {
        Unary function = Unary.valueOf(constant.getName());
        assertArrayEquals(x.map(function, 0).toArray(), activation.apply(x).toArray(), activation::toString);
      }
    }
    assertArrayEquals(x.leakyRelu(0.3).toArray(), Activation.leakyRelu(0.3).apply(x).toArray());
    assertArrayEquals(x.elu(0.7).toArray(), Activation.elu(0.7).apply(x).toArray());
    assertSame(x, Activation.IDENTITY.apply(x));
  }

  @Test
  void gainsKeepTheVarianceThroughARectifier() {
    assertEquals(Math.sqrt(2), Activation.RELU.gain());
    assertEquals(Math.sqrt(2 / 1.04), Activation.leakyRelu(0.2).gain(), 1e-15);
    assertEquals(1, Activation.IDENTITY.gain());
  }

  @Test
  void anEmbeddingGivesRowsAndNoGradientToItsPadding() {
    Embedding embedding = new Embedding(Parameter.of(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2)),
        OptionalInt.of(1));
    Tensor y = embedding.apply(Indices.of(2, 1, 2));
    assertArrayEquals(new float[] {5, 6, 3, 4, 5, 6}, y.toArray());
    Tensor weight = embedding.weight().value();
    assertArrayEquals(new float[] {0, 0, 0, 0, 2, 2},
        Gradients.of(y.sum(), weight).withRespectTo(weight).toArray());
  }

  private static String messageOf(Runnable body) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, body::run).getMessage());
  }
}
