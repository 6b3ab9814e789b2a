package org.orrery.nn;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The values that a weight starts with: a function of its shape and a key.
///
/// Weights are `[out, in]` or `[out, in, kernel...]`. The fan in is the number of values that one output is summed from,
/// `in` times the kernel's size; the fan out is `out` times the kernel's size. Numbers are made on the host in double
/// precision and rounded once, so they are the same on every backend.
@FunctionalInterface
public interface Initializer {
  /// Which fan keeps its variance: forward signals keep theirs with IN, gradients with OUT.
  enum Fan {
    /// inputs of one output
    IN,
    /// outputs of one input
    OUT
  }

  /// Values of this shape.
  Tensor values(Shape shape, Key key);

  /// The same value everywhere.
  static Initializer constant(double value) {
    return (shape, key) -> Tensor.full(shape, value);
  }

  /// Zeros.
  static Initializer zeros() {
    return constant(0);
  }

  /// Ones.
  static Initializer ones() {
    return constant(1);
  }

  /// Uniform on [low, high).
  static Initializer uniform(double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException("uniform: from " + low + " to " + high + "; low must not be above high");
    }
    return (shape, key) -> filled(shape, key.uniform(shape.elements()), u -> low + (high - low) * u);
  }

  /// Normal with this mean and standard deviation.
  static Initializer normal(double mean, double standardDeviation) {
    if (!(standardDeviation >= 0)) {
      throw new IllegalArgumentException(
          "normal: standard deviation " + standardDeviation + "; 0 or more is required");
    }
    return (shape, key) -> filled(shape, key.normal(shape.elements()), z -> mean + standardDeviation * z);
  }

  /// Uniform on +-gain sqrt(6 / (fan in + fan out)): variances are kept on average in both directions. Glorot & Bengio
  /// 2010, eq. 16.
  static Initializer glorotUniform(double gain) {
    return (shape, key) -> {
      double bound = gain * Math.sqrt(6.0 / (fan(shape, Fan.IN) + fan(shape, Fan.OUT)));
      return uniform(-bound, bound).values(shape, key);
    };
  }

  /// Normal with standard deviation gain sqrt(2 / (fan in + fan out)). Glorot & Bengio 2010.
  static Initializer glorotNormal(double gain) {
    return (shape, key) -> normal(0, gain * Math.sqrt(2.0 / (fan(shape, Fan.IN) + fan(shape, Fan.OUT))))
        .values(shape, key);
  }

  /// Uniform on +-gain sqrt(3 / fan): variances are kept through a rectifier with the gain sqrt 2. He et al. 2015.
  ///
  /// @param gain what the activation makes up for, see [Activation#gain()]
  static Initializer kaimingUniform(double gain, Fan fan) {
    return (shape, key) -> {
      double bound = gain * Math.sqrt(3.0 / fan(shape, fan));
      return uniform(-bound, bound).values(shape, key);
    };
  }

  /// Normal with standard deviation gain / sqrt(fan). He et al. 2015, eq. 10.
  ///
  /// @param gain what the activation makes up for, see [Activation#gain()]
  static Initializer kaimingNormal(double gain, Fan fan) {
    return (shape, key) -> normal(0, gain / Math.sqrt(fan(shape, fan))).values(shape, key);
  }

  /// A matrix with orthonormal rows or, where it is taller than wide, columns, times the gain; all such matrices are
  /// equally likely. Axes after the first count as one. Saxe et al. 2014.
  static Initializer orthogonal(double gain) {
    return (shape, key) -> {
      requireMatrix(shape, "orthogonal");
      return OrthonormalRows.random(shape, gain, key);
    };
  }

  /// The fan of a weight `[out, in, kernel...]`.
  ///
  /// @throws IllegalArgumentException where the shape has fewer than two axes, or the fan is 0
  static int fan(Shape shape, Fan fan) {
    requireMatrix(shape, "fan");
    int[] sizes = shape.toArray();
    int kernel = Arrays.stream(sizes, 2, sizes.length).reduce(1, Math::multiplyExact);
    int count = Math.multiplyExact(fan == Fan.IN ? sizes[1] : sizes[0], kernel);
    if (count == 0) {
      throw new IllegalArgumentException("fan: " + shape + "; sizes must be positive");
    }
    return count;
  }

  private static void requireMatrix(Shape shape, String operation) {
    if (shape.rank() < 2) {
      throw new IllegalArgumentException(operation + ": " + shape + "; [out, in, ...] is required");
    }
  }

  private static Tensor filled(Shape shape, float[] numbers, DoubleUnaryOperator f) {
    double[] values = new double[numbers.length];
    Arrays.setAll(values, i -> f.applyAsDouble(numbers[i]));
    return Tensor.of(values, values.length).reshape(shape);
  }
}
