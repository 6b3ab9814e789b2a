package org.orrery.inference;

import java.util.Arrays;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;

/// A uniform prior: one interval for each parameter, in its own units.
/// ```java
/// PriorBox prior = PriorBox.of(new double[] {0.1, 0.6}, new double[] {0.5, 1.0}); // Omega_m and sigma_8
/// ```
public final class PriorBox {
  private final double[] low;
  private final double[] high;

  private PriorBox(double[] low, double[] high) {
    this.low = low;
    this.high = high;
  }

  /// The box between these corners.
  ///
  /// @throws IllegalArgumentException unless each low is below its high and all are finite
  public static PriorBox of(double[] low, double[] high) {
    Require.that(low.length == high.length && low.length > 0, "prior box",
        low.length + " lower and " + high.length + " upper ends; as many of both, at least one, are required");
    for (int i = 0; i < low.length; i++) {
      Require.that(low[i] < high[i] && Double.isFinite(low[i]) && Double.isFinite(high[i]), "prior box",
          "parameter " + i + " runs from " + low[i] + " to " + high[i] + "; finite and rising ends are required");
    }
    return new PriorBox(low.clone(), high.clone());
  }

  /// How many parameters.
  public int dimensions() {
    return low.length;
  }

  /// The lower end of a parameter.
  public double low(int parameter) {
    return low[parameter];
  }

  /// The upper end of a parameter.
  public double high(int parameter) {
    return high[parameter];
  }

  /// Whether a point lies in the box, faces included.
  ///
  /// @throws IllegalArgumentException where it has another number of parameters
  public boolean contains(double... theta) {
    Require.that(theta.length == low.length, "prior box",
        theta.length + " parameters; " + low.length + " are required");
    for (int i = 0; i < low.length; i++) {
      if (!(theta[i] >= low[i] && theta[i] <= high[i])) {
        return false;
      }
    }
    return true;
  }

  /// Points uniform in the box, a row each.
  public double[][] sample(Key key, int count) {
    double[] uniform = key.uniformDouble(Math.multiplyExact(count, low.length));
    double[][] points = new double[count][low.length];
    for (int i = 0; i < uniform.length; i++) {
      int k = i % low.length;
      points[i / low.length][k] = low[k] + uniform[i] * (high[k] - low[k]);
    }
    return points;
  }

  /// (theta - center) / half width: the box becomes -1 to 1. For a head whose parameters the prior standardizes.
  public Scaler scaler() {
    double[] corners = Arrays.copyOf(low, 2 * low.length);
    System.arraycopy(high, 0, corners, low.length, low.length);
    return Scaler.standard(Tensor.of(corners, 2, low.length));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PriorBox box && Arrays.equals(low, box.low) && Arrays.equals(high, box.high);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
  }

  /// As in `[0.1, 0.5] x [0.6, 1.0]`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < low.length; i++) {
      text.append(i == 0 ? "" : " x ").append('[').append(low[i]).append(", ").append(high[i]).append(']');
    }
    return text.toString();
  }
}
