package org.orrery.inference;

import java.util.ArrayList;
import java.util.List;
import org.orrery.nn.Activation;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.tensor.Tensor;

/// A multilayer perceptron with the weights of one moment, in double precision, for many inputs that begin with the same numbers.
final class FrozenMlp {
  private final List<double[]> weights; // row-major [out, in]
  private final List<double[]> biases;
  private final Activation activation;
  private final int shared;

  private FrozenMlp(List<double[]> weights, List<double[]> biases, Activation activation, int shared) {
    this.weights = weights;
    this.biases = biases;
    this.activation = activation;
    this.shared = shared;
  }

  /// The weights as they are.
  ///
  /// @param shared how many inputs come from [#with]
  static FrozenMlp of(Mlp mlp, int shared) {
    List<double[]> weights = new ArrayList<>();
    List<double[]> biases = new ArrayList<>();
    for (Linear linear : mlp.linears()) {
      weights.add(linear.weight().value().toDoubles());
      Tensor bias = linear.bias() == null ? Tensor.zeros(linear.out()) : linear.bias().value();
      biases.add(bias.toDoubles());
    }
    return new FrozenMlp(weights, biases, mlp.activation(), shared);
  }

  /// The same network with its first inputs given: they are a part of the first bias.
  FrozenMlp with(double[] first) {
    double[] bias = biases.getFirst().clone();
    double[] weight = weights.getFirst();
    int in = weight.length / bias.length;
    for (int o = 0; o < bias.length; o++) {
      for (int i = 0; i < shared; i++) {
        bias[o] += weight[o * in + i] * first[i];
      }
    }
    List<double[]> moved = new ArrayList<>(biases);
    moved.set(0, bias);
    return new FrozenMlp(weights, moved, activation, shared);
  }

  /// The result for the inputs after the shared ones.
  double[] apply(double[] others) {
    double[] values = others;
    int skipped = shared;
    for (int layer = 0; layer < weights.size(); layer++) {
      double[] weight = weights.get(layer);
      double[] result = biases.get(layer).clone();
      int in = values.length + skipped;
      boolean last = layer == weights.size() - 1;
      for (int o = 0; o < result.length; o++) {
        double sum = result[o];
        for (int i = 0; i < values.length; i++) {
          sum += weight[o * in + skipped + i] * values[i];
        }
        result[o] = last || activation.function() == null ? sum : activation.function().apply(sum, activation.alpha());
      }
      values = result;
      skipped = 0;
    }
    return values;
  }
}
