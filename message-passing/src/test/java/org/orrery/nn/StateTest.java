package org.orrery.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

class StateTest {
  private static final Key KEY = Key.of(13);

  @Test
  void aModelLoadedFromAnotherGivesTheSameBits() {
    Mlp from = Mlp.create(KEY, 3, 5, 2);
    Mlp to = Mlp.create(KEY.fold(1), 3, 5, 2);
    Tensor x = Tensor.normal(KEY.fold(2), 4, 3);
    State.copy(from, to);
    assertArrayEquals(from.apply(x, Mode.inference()).toArray(), to.apply(x, Mode.inference()).toArray());
  }

  @Test
  void aStateOutlivesTheScopeAndTheRefillAfterIt() {
    Linear linear = Linear.create(2, 1, KEY);
    float[] before = linear.weight().value().toArray();
    Map<String, Tensor> state = Scope.within(scope -> State.of(linear));
    linear.weight().refill(Tensor.zeros(1, 2));
    State.load(linear, state);
    assertArrayEquals(before, linear.weight().value().toArray());
  }

  @Test
  void everyNameThatDoesNotFitIsListedAndNothingChanges() {
    Mlp mlp = Mlp.create(KEY, 3, 5, 2);
    Map<String, Tensor> values = new LinkedHashMap<>();
    values.put("0.weight", Tensor.zeros(5, 3));
    values.put("0.bias", Tensor.zeros(4));
    values.put("2.bias", Tensor.zeros(2));
    values.put("3.bias", Tensor.zeros(2));
    Map<String, Tensor> before = State.of(mlp);
    String message = String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> State.load("halomass.pt", mlp, values)).getMessage());
    assertEquals("""
        halomass.pt: tensor 0.bias is [4], the model wants [5]
        halomass.pt: tensor 2.weight [2, 5] is missing
        halomass.pt: the model has no tensor 3.bias""", message);
    before.forEach((name, value) -> assertArrayEquals(value.toArray(), valueOf(mlp, name).toArray(), name));
  }

  @Test
  void aScalarMayComeAsAVectorOfOne() {
    BatchNorm norm = BatchNorm.create(2);
    Map<String, Tensor> values = new LinkedHashMap<>(State.of(norm));
    values.put("num_batches_tracked", Tensor.of(new float[] {7}));
    State.load(norm, values);
    assertEquals(7, valueOf(norm, "num_batches_tracked").item());
  }

  @Test
  void aSummaryCountsSharedParametersOnce() {
    Linear shared = Linear.create(4, 4, KEY); // 16 + 4
    Summary summary = Summary.of(Sequential.of(shared, Activation.RELU, shared, BatchNorm.create(4))); // 4 + 4, 4 + 4 + 1
    assertEquals(28, summary.trainable());
    assertEquals(9, summary.fixed());
    assertEquals(4 * 37, summary.bytes());
    assertEquals(List.of("0", "1", "2", "3"), summary.rows().stream().map(Summary.Row::name).toList());
    assertEquals(0, summary.rows().get(2).trainable());
    assertEquals(9, summary.rows().get(3).fixed());
  }

  @Test
  void aSummaryIsATable() {
    assertEquals("""
        part  kind        parameters                trainable  fixed
        0     Linear      weight [16, 4] bias [16]         80      0
        1     Activation                                    0      0
        2     Linear      weight [1, 16] bias [1]          17      0
        total 97 values, 97 trainable, 0 fixed, 388 bytes
        """, Summary.of(Mlp.create(KEY, 4, 16, 1)).toString());
  }

  @Test
  void aSummaryGivesParametersToTheInnermostPart() {
    record Outer(Parameter scale, List<Linear> layers) implements Block {
    }
    Block outer = new Outer(Parameter.of(Tensor.of(1)), List.of(Linear.withoutBias(2, 3, KEY)));
    assertEquals(List.of(new Summary.Row("", "Outer", Map.of("scale", Shape.of()), 1, 0),
        new Summary.Row("layers.0", "Linear", Map.of("weight", Shape.of(3, 2)), 6, 0)), Summary.of(outer).rows());
  }

  private static Tensor valueOf(Block module, String name) {
    Parameter parameter = module.parameters().get(name);
    if (parameter == null) {
      throw new AssertionError("no parameter " + name);
    }
    return parameter.value();
  }
}
