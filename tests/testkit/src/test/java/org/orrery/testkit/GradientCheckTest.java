package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Storage;

class GradientCheckTest {
  private static final Key KEY = Key.of(3);

  /// a b, with a derivative of the second factor that is wrong by `error`, or one that cannot be differentiated.
  private record Spoiled(Tensor a, Tensor b, double error, boolean constant) implements Op {
    @Override
    public List<Tensor> operands() {
      return List.of(a, b);
    }

    @Override
    public Shape shape() {
      return a.shape();
    }

    @Override
    public Storage forward(Backend backend) {
      return backend.binary(Binary.MULTIPLY, a.data(), a.shape(), b.data(), b.shape(), a.shape());
    }

    @Override
    public void backward(Tensor result, Tensor upstream, Gradients sink) {
      sink.add(a, () -> upstream.multiply(b));
      sink.add(b, () -> upstream.multiply(constant ? a.detach() : a).multiply(1 + error));
    }
  }

  private static GradientCheck spoiled(double error, boolean constant) {
    return GradientCheck.of(() -> GradientCheck.Subject.of(
        x -> Tensor.of(new Spoiled(x.get(0), x.get(1), error, constant)), Tensor.normal(KEY, 3, 2),
        Tensor.normal(KEY.fold(1), 3, 2)));
  }

  @Test
  void aRightDerivativePasses() {
    spoiled(0, false).check();
  }

  @Test
  void aWrongDerivativeIsFoundAndItsInputNamed() {
    String message = messageOf(spoiled(1e-5, false)::checkFirst);
    assertTrue(message.startsWith("gradient of input 1: entry "), message);
  }

  @Test
  void aWrongDerivativePassesWhereTheErrorIsAllowed() {
    spoiled(1e-5, false).withTolerance(1e-4).check();
  }

  @Test
  void aDerivativeThatCannotBeDifferentiatedIsFound() {
    spoiled(0, true).checkFirst();
    String message = messageOf(spoiled(0, true)::checkSecond);
    assertTrue(message.startsWith("second derivative of "), message);
  }

  @Test
  void aParameterThatGetsNoGradientIsNamed() {
    GradientCheck check = GradientCheck.of(() -> {
      Linear linear = Linear.create(2, 2, KEY);
      return GradientCheck.Subject.of(x -> x.getFirst().affine(linear.weight().value().detach(), null),
          Tensor.normal(KEY, 3, 2)).with(linear);
    });
    String message = messageOf(check::checkFirst);
    assertTrue(message.startsWith("gradient of parameter weight: entry "), message);
  }

  @Test
  void theParametersOfAModuleAreChecked() {
    GradientCheck.of(() -> {
      Linear linear = Linear.create(2, 2, KEY);
      return GradientCheck.Subject.of(x -> linear.apply(x.getFirst(), Mode.inference()).tanh(),
          Tensor.normal(KEY, 3, 2)).with(linear);
    }).check();
  }

  @Test
  void aGradientThatIsNotANumberFails() {
    assertThrows(AssertionError.class, GradientCheck.of(
        () -> GradientCheck.Subject.of(x -> x.getFirst().abs().sqrt(), Tensor.zeros(2)))::checkFirst);
  }

  private static String messageOf(Runnable check) {
    return String.valueOf(assertThrows(AssertionError.class, check::run).getMessage());
  }
}
