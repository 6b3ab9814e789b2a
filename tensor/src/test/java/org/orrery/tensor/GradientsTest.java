package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

class GradientsTest {
  @Test
  void gradientOfAQuadratic() { // y = x^2 + 5x, so dy/dx = 2x + 5 = 11 at 3
    Tensor x = Tensor.of(3).tracked();
    Tensor y = x.square().add(x.multiply(5));
    assertEquals(11, Gradients.of(y, x).withRespectTo(x).item());
  }

  @Test
  void secondDerivativeOfACube() { // y = x^3: y' = 3 x^2, y'' = 6 x = 12 at 2
    Tensor x = Tensor.of(2).tracked();
    Tensor slope = Gradients.differentiable(x.multiply(x).multiply(x), x).withRespectTo(x);
    assertEquals(12, slope.item());
    assertEquals(12, Gradients.of(slope, x).withRespectTo(x).item());
  }

  @Test
  void thirdDerivativeOfAnExponential() { // y = e^2x: y''' = 8 e^2x
    Tensor x = Tensor.of(0.5).tracked();
    Tensor y = x.multiply(2).exp();
    for (int i = 0; i < 3; i++) {
      y = Gradients.differentiable(y, x).withRespectTo(x);
    }
    assertEquals(8 * Math.E, y.item(), 1e-4);
  }

  @Test
  void aTensorThatTheLossDoesNotReachHasAZeroGradient() {
    Tensor x = Tensor.of(2).tracked();
    Tensor other = Tensor.ones(2, 3).tracked();
    Gradients gradients = Gradients.of(x.square(), x, other);
    assertFalse(gradients.reaches(other));
    assertArrayEquals(new float[6], gradients.withRespectTo(other).toArray());
  }

  @Test
  void anInteriorTensorCanBeWantedToo() { // y = 3 (x^2): dy/d(x^2) = 3, dy/dx = 6x = 12
    Tensor x = Tensor.of(2).tracked();
    Tensor square = x.square();
    Gradients gradients = Gradients.of(square.multiply(3), x, square);
    assertEquals(3, gradients.withRespectTo(square).item());
    assertEquals(12, gradients.withRespectTo(x).item());
  }

  @Test
  void twoHundredThousandChainedStepsDifferentiate() { // y = x + 200000 * 1e-5 x = 3x, step by step
    int steps = 200_000;
    Tensor x = Tensor.of(1).tracked();
    Tensor y = x;
    for (int i = 0; i < steps; i++) {
      y = y.add(x.multiply(1e-5));
    }
    assertEquals(3, Gradients.of(y, x).withRespectTo(x).item(), 0.02);
  }

  @Test
  void nothingIsRememberedWhereNothingIsTrackedOrRecorded() {
    Tensor x = Tensor.of(2).tracked();
    assertFalse(Tensor.unrecorded(() -> x.square()).isTracked());
    assertFalse(Tensor.of(2).square().isTracked());
    assertFalse(x.detach().square().isTracked());
    assertTrue(x.square().isTracked());
  }

  @Test
  void theLossMustBeOneNumberAndTheWantedTracked() {
    Tensor x = Tensor.ones(3).tracked();
    Exception several = assertThrows(IllegalArgumentException.class, () -> Gradients.of(x.square(), x));
    assertEquals("gradients: a loss of shape [3]; one number is required", several.getMessage());
    Tensor constant = Tensor.ones(3);
    Exception untracked = assertThrows(IllegalArgumentException.class, () -> Gradients.of(x.sum(), constant));
    assertTrue(String.valueOf(untracked.getMessage()).contains("not tracked"), untracked.toString());
    Gradients gradients = Gradients.of(x.sum(), x);
    assertThrows(IllegalArgumentException.class, () -> gradients.withRespectTo(constant));
  }

  @Test
  void aSweepOverAChangedParameterIsRefused() {
    Variable weight = new Variable("weight", Tensor.ones(2), true);
    Tensor before = weight.value();
    Tensor loss = before.multiply(3).sum();
    weight.refill(Tensor.of(new float[] {5, 6}));
    Exception refused = assertThrows(IllegalStateException.class, () -> Gradients.of(loss, before));
    assertEquals("scale: weight was refilled after this value was taken (version 1, now 2)", refused.getMessage());
    assertThrows(IllegalStateException.class, before::toArray);
    assertArrayEquals(new float[] {5, 6}, weight.value().toArray());
  }

  @Test
  void aReshapedParameterIsRefusedAfterARefillToo() {
    Variable weight = new Variable("weight", Tensor.ones(4), true);
    Tensor view = weight.value().reshape(2, 2);
    weight.refill(Tensor.zeros(4));
    assertThrows(IllegalStateException.class, view::toArray);
  }

  @Test
  void aGradientOfAWrongShapeNamesItsOperation() {
    Tensor x = Tensor.ones(2).tracked();
    Tensor y = Tensor.of(new WrongGradient(x));
    Exception wrong = assertThrows(IllegalStateException.class, () -> Gradients.of(y, x));
    assertEquals("WrongGradient: a gradient of shape [3] for an operand of shape [2]", wrong.getMessage());
  }

  @Test
  void anOperationWithADefinitionAloneIsDifferentiatedThroughIt() { // y = sum x^2, so dy/dx = 2x, twice: 2
    Tensor x = Tensor.of(new float[] {1, -2}).tracked();
    Tensor y = Tensor.of(new SumOfSquares(x));
    Tensor slope = Gradients.differentiable(y, x).withRespectTo(x);
    assertArrayEquals(new float[] {2, -4}, slope.toArray());
    assertArrayEquals(new float[] {2, 2}, Gradients.of(slope.sum(), x).withRespectTo(x).toArray());
  }

  @Test
  void powersHaveTheirDerivativesAtZeroToo() {
    Tensor x = Tensor.of(new float[] {0, 2}).tracked();
    assertArrayEquals(new float[] {0, 0},
        Gradients.of(x.pow(0).add(x.multiply(0)).sum(), x).withRespectTo(x).toArray());
    Tensor slope = Gradients.differentiable(x.pow(2).sum(), x).withRespectTo(x);
    Tensor curve = Gradients.differentiable(slope.sum(), x).withRespectTo(x);
    assertArrayEquals(new float[] {2, 2}, curve.toArray());
    assertArrayEquals(new float[] {0, 0}, Gradients.of(curve.add(x.multiply(0)).sum(), x).withRespectTo(x).toArray());
    Tensor exponent = Tensor.of(new float[] {0, 3});
    assertArrayEquals(new float[] {0, 12}, Gradients.of(x.pow(exponent).sum(), x).withRespectTo(x).toArray(), 1e-5f);
  }

  @Test
  void theStandardDeviationOfEqualValuesHasNoGradient() {
    Tensor x = Tensor.of(new float[][] {{3, 3, 3}, {1, 2, 3}}).tracked();
    float[] gradient = Gradients.of(x.standardDeviation(1).sum(), x).withRespectTo(x).toArray();
    float each = (float) (1 / (3 * Math.sqrt(2.0 / 3))); // d sigma / dx_i = (x_i - mean) / (n sigma)
    assertArrayEquals(new float[] {0, 0, 0, -each, 0, each}, gradient, 1e-6f);
  }

  @Test
  void aLossWithoutAHistoryIsRefused() {
    Tensor x = Tensor.of(2).tracked();
    Exception none = assertThrows(IllegalArgumentException.class,
        () -> Gradients.of(Tensor.unrecorded(() -> x.square()), x));
    assertTrue(none.toString().contains("a loss [] without a history"), none.toString());
  }

  @Test
  void theFirstNaNNamesItsOperation() {
    Tensor x = Tensor.of(new float[] {1, -1, 2});
    Exception found = assertThrows(ArithmeticException.class,
        () -> Tensor.checkingForNaN(() -> x.log().exp().sum()));
    assertEquals("log: NaN in the result [3] at [1]; operand 0 [3] has none", found.getMessage());
  }

  private record SumOfSquares(Tensor x) implements Op {
    @Override
    public List<Tensor> operands() {
      return List.of(x);
    }

    @Override
    public Shape shape() {
      return Shape.of();
    }

    @Override
    public Tensor definition() {
      return x.square().sum();
    }
  }

  private record WrongGradient(Tensor x) implements Op {
    @Override
    public List<Tensor> operands() {
      return List.of(x);
    }

    @Override
    public Shape shape() {
      return Shape.of();
    }

    @Override
    public Storage forward(Backend backend) {
      return backend.fill(1, 0);
    }

    @Override
    public void backward(Tensor y, Tensor upstream, Gradients sink) {
      sink.add(x, () -> Tensor.ones(3));
    }
  }
}
