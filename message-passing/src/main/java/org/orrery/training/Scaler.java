package org.orrery.training;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;

/// An invertible change of the columns of a table, y = (f(x) - offset) / scale, whose numbers come from the training part
/// alone and are saved with the model: list it as one of its parts.
///
/// Shape: `[..., columns]` to the same.
public final class Scaler implements Block {
  private static final double FLOAT_ROUNDING = 0x1p-24;

  private enum Form {
    PLAIN, LOGARITHM
  }

  private final Form form;
  private final Parameter offset;
  private final Parameter scale;

  private Scaler(Form form, double[] offset, double[] scale) {
    this.form = form;
    this.offset = Parameter.statistic(Tensor.of(offset, offset.length));
    this.scale = Parameter.statistic(Tensor.of(scale, scale.length));
  }

  /// (x - mean) / sigma, sigma the population standard deviation of each column. A column without spread is shifted only:
  /// one whose sigma is at most 2^-24 of its mean, so that float32 does not resolve it.
  ///
  /// @throws IllegalArgumentException where there are no rows, or a value is not finite
  public static Scaler standard(Tensor training) {
    return standard(Form.PLAIN, columns(training), training.columns());
  }

  /// (x - min) / (max - min), so that the training part fills 0 to 1. A column without spread is shifted only.
  public static Scaler minMax(Tensor training) {
    double[] x = columns(training);
    int width = training.columns();
    double[] low = fold(x, width, Math::min);
    double[] high = fold(x, width, Math::max);
    for (int k = 0; k < width; k++) {
      high[k] = high[k] > low[k] ? high[k] - low[k] : 1;
    }
    return new Scaler(Form.PLAIN, low, high);
  }

  /// The natural logarithm, then [#standard]: for masses and other positive numbers that span decades.
  ///
  /// @throws IllegalArgumentException where a value is not positive
  public static Scaler logarithm(Tensor training) {
    double[] x = columns(training);
    for (int i = 0; i < x.length; i++) {
      Require.positive("scaler", "entry " + i + " of the training part is", x[i]);
      x[i] = Math.log(x[i]);
    }
    return standard(Form.LOGARITHM, x, training.columns());
  }

  /// A scaler that changes nothing, to be filled from a checkpoint of [#standard] or [#minMax].
  public static Scaler empty(int columns) {
    return new Scaler(Form.PLAIN, new double[columns], ones(columns));
  }

  /// A bare logarithm, to be filled from a checkpoint of [#logarithm].
  public static Scaler emptyLogarithm(int columns) {
    return new Scaler(Form.LOGARITHM, new double[columns], ones(columns));
  }

  /// The scaled values.
  public Tensor apply(Tensor x) {
    check(x);
    Tensor formed = form == Form.LOGARITHM ? x.log() : x;
    return formed.subtract(offset.value()).divide(scale.value());
  }

  /// The values that [#apply] made y of.
  public Tensor invert(Tensor y) {
    check(y);
    Tensor formed = y.multiply(scale.value()).add(offset.value());
    return form == Form.LOGARITHM ? formed.exp() : formed;
  }

  private static Scaler standard(Form form, double[] x, int width) {
    int rows = x.length / width;
    double[] mean = fold(x, width, Double::sum);
    Arrays.setAll(mean, k -> mean[k] / rows);
    double[] sigma = new double[width];
    for (int i = 0; i < x.length; i++) {
      double deviation = x[i] - mean[i % width];
      sigma[i % width] += deviation * deviation / rows;
    }
    Arrays.setAll(sigma, k -> sigma[k] > square(FLOAT_ROUNDING * mean[k]) ? Math.sqrt(sigma[k]) : 1);
    return new Scaler(form, mean, sigma);
  }

  private static double square(double x) { return x * x; }

  private static double[] fold(double[] x, int width, BinaryOperator<Double> join) {
    double[] result = Arrays.copyOf(x, width);
    for (int i = width; i < x.length; i++) {
      result[i % width] = join.apply(result[i % width], x[i]);
    }
    return result;
  }

  private static double[] columns(Tensor training) {
    Require.that(training.rank() >= 1 && training.shape().elements() > 0, "scaler",
        "a training part " + training.shape() + "; at least one row is required");
    double[] x = training.toDoubles();
    for (int i = 0; i < x.length; i++) {
      Require.that(Double.isFinite(x[i]), "scaler", "entry " + i + " of the training part is " + x[i]);
    }
    return x;
  }

  private static double[] ones(int columns) {
    double[] ones = new double[columns];
    Arrays.fill(ones, 1);
    return ones;
  }

  private void check(Tensor x) {
    Require.that(x.rank() >= 1 && x.columns() == scale.shape().size(0), "scaler",
        x.shape() + "; fitted to " + scale.shape().size(0) + " columns");
  }
}
