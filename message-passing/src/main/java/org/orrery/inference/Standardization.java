package org.orrery.inference;

import org.orrery.nn.Layer;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.training.Scaler;

/// How a head reads the scaler of its parameters: offset and scale, without which densities have no units.
final class Standardization {
  private Standardization() {
  }

  /// The number of parameters of a scaler that shifts and scales.
  ///
  /// @throws IllegalArgumentException where it takes logarithms: densities would be those of log theta
  static int dimensions(String who, Scaler scaler) {
    int size = scale(scaler).shape().size(0);
    Tensor zero = Backends.with(scale(scaler).backend(), () -> Tensor.zeros(1, size));
    double[] shifted = scaler.invert(zero).toDoubles();
    double[] offset = offset(scaler);
    for (int i = 0; i < size; i++) {
      Require.that(shifted[i] == offset[i], who,
          "a scaler that takes logarithms; infer log theta, with a scaler that shifts and scales");
    }
    return size;
  }

  static Tensor scale(Scaler scaler) {
    return value(scaler, "scale");
  }

  static double[] offset(Scaler scaler) {
    return value(scaler, "offset").toDoubles();
  }

  /// sum log scale, by which -log p grows in the parameters' own units.
  static Tensor logVolume(Scaler scaler) {
    return scale(scaler).log().sum();
  }

  private static Tensor value(Scaler scaler, String name) {
    Parameter parameter = scaler.parameters().get(name);
    if (parameter == null) {
      throw new IllegalStateException("scaler: no statistic " + name + "; there are " + scaler.parameters().keySet());
    }
    return parameter.value();
  }

  /// Checks what a head is given.
  static void check(String who, Tensor summary, Tensor theta, int dimensions) {
    Require.that(summary.rank() == 2 && theta.rank() == 2 && summary.rows() == theta.rows()
        && theta.columns() == dimensions, who,
        "summary " + summary.shape() + " and theta " + theta.shape() + "; [examples, width] and [examples, "
            + dimensions + "] are required");
  }

  /// Checks that a network gives as many numbers as a head needs, as far as it knows.
  static void checkWidth(String who, Layer network, int numbers) {
    int width = network.outputWidth(network.inputWidth()).orElse(numbers);
    Require.that(width == numbers, who, "a network to " + width + " numbers; " + numbers + " are required");
  }

  /// The numbers of each example: the result of the network, checked.
  static Tensor numbers(String who, Tensor result, int required) {
    Require.that(result.rank() == 2 && result.columns() == required, who,
        "the network gives " + result.shape() + "; [examples, " + required + "] is required");
    return result;
  }
}
