package org.orrery.inference;

import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Unary;

/// Rising functions of one variable that a network chooses: between knots a quotient of two quadratics, outside of
/// -bound to bound the identity. Value and slope are continuous, the inverse has a formula. Durkan et al. 2019, "Neural spline flows",
/// equations 4 to 8.
///
/// Numbers of one function: widths and heights of the bins before their softmax, slopes at inner knots before their softplus. Numbers of 0
/// give the identity. With xi the place in a bin of width w and height h, s = h / w and slopes d_0, d_1 at its ends, the value is
/// `y_0 + h (s xi^2 + d_0 xi (1 - xi)) / (s + (d_0 + d_1 - 2 s) xi (1 - xi))`.
///
/// @param bins how many
/// @param bound where the tails begin
record RationalQuadraticSpline(int bins, double bound) {
  private static final double LEAST_BIN = 1e-3; // of the whole
  private static final double LEAST_SLOPE = 1e-3;
  private static final double SLOPE_SHIFT = Math.log(Math.expm1(1 - LEAST_SLOPE)); // softplus of it is 1 - LEAST_SLOPE

  RationalQuadraticSpline {
    Require.that(bins >= 2 && bins < 1 / LEAST_BIN, "spline",
        bins + " bins; at least 2 and below 1000 are required");
    Require.positive("spline", "bound", bound);
  }

  int numbers() {
    return 3 * bins - 1;
  }

  /// y and the logarithm of dy/dx.
  record Image(Tensor value, Tensor logSlope) {
  }

  /// The images of x `[rows, 1]` under the functions of numbers `[rows, numbers]`.
  Image of(Tensor x, Tensor numbers) {
    Tensor inside = x.detach().abs().less(bound);
    Tensor place = x.clamp(-bound, bound).add(bound);
    Tensor width = sizes(numbers.slice(1, 0, bins));
    Tensor height = sizes(numbers.slice(1, bins, 2 * bins));
    Tensor left = width.cumulativeSum(1).subtract(width);
    Tensor bottom = height.cumulativeSum(1).subtract(height);
    Tensor excess = numbers.slice(1, 2 * bins, 3 * bins - 1).add(SLOPE_SHIFT).map(Unary.SOFTPLUS, 0)
        .add(LEAST_SLOPE - 1);
    Tensor reached = place.detach().greaterOrEqual(left.detach());
    Tensor chosen = reached.subtract(reached.slice(1, 1, bins).pad(1, 0, 1)); // 1 in the bin of x
    Tensor w = pick(chosen, width);
    Tensor h = pick(chosen, height);
    Tensor d0 = pick(chosen, excess.pad(1, 1, 0)).add(1);
    Tensor d1 = pick(chosen, excess.pad(1, 0, 1)).add(1);
    Tensor xi = place.subtract(pick(chosen, left)).divide(w);
    Tensor rest = xi.negate().add(1);
    Tensor product = xi.multiply(rest);
    Tensor s = h.divide(w);
    Tensor below = s.add(d0.add(d1).subtract(s.multiply(2)).multiply(product));
    Tensor above = s.multiply(xi.square()).add(d0.multiply(product));
    Tensor y = pick(chosen, bottom).add(h.multiply(above).divide(below)).subtract(bound);
    Tensor slope = d1.multiply(xi.square()).add(s.multiply(product).multiply(2)).add(d0.multiply(rest.square()));
    Tensor logSlope = s.log().multiply(2).add(slope.log()).subtract(below.log().multiply(2));
    return new Image(Tensor.where(inside, y, x), Tensor.where(inside, logSlope, logSlope.detach().multiply(0)));
  }

  private Tensor sizes(Tensor logits) {
    return logits.softmax(1).multiply(1 - LEAST_BIN * bins).add(LEAST_BIN).multiply(2 * bound);
  }

  private static Tensor pick(Tensor chosen, Tensor values) {
    return chosen.multiply(values).sum(1).unsqueeze(1);
  }

  /// The function of the numbers that start at a place, in double precision: the definition, and the inverse.
  Function function(double[] numbers, int from) {
    double[] width = new double[bins];
    double[] height = new double[bins];
    sizes(numbers, from, width);
    sizes(numbers, from + bins, height);
    double[] x = new double[bins + 1];
    double[] y = new double[bins + 1];
    double[] slope = new double[bins + 1];
    x[0] = -bound;
    y[0] = -bound;
    slope[0] = 1;
    slope[bins] = 1;
    for (int k = 0; k < bins; k++) {
      x[k + 1] = x[k] + width[k];
      y[k + 1] = y[k] + height[k];
      if (k > 0) {
        slope[k] = LEAST_SLOPE + Unary.SOFTPLUS.apply(numbers[from + 2 * bins + k - 1] + SLOPE_SHIFT, 0);
      }
    }
    return new Function(bound, x, y, slope);
  }

  private void sizes(double[] logits, int from, double[] sizes) {
    double top = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < bins; k++) {
      top = Math.max(top, logits[from + k]);
    }
    double total = 0;
    for (int k = 0; k < bins; k++) {
      sizes[k] = Math.exp(logits[from + k] - top);
      total += sizes[k];
    }
    for (int k = 0; k < bins; k++) {
      sizes[k] = 2 * bound * (LEAST_BIN + (1 - LEAST_BIN * bins) * sizes[k] / total);
    }
  }

  /// One rising function.
  static final class Function {
    private final double bound;
    private final double[] x;
    private final double[] y;
    private final double[] slope;

    Function(double bound, double[] x, double[] y, double[] slope) {
      this.bound = bound;
      this.x = x;
      this.y = y;
      this.slope = slope;
    }

    private static int bin(double[] knots, double value) {
      int k = 0;
      while (k < knots.length - 2 && value >= knots[k + 1]) {
        k++;
      }
      return k;
    }

    double value(double at) {
      if (!(Math.abs(at) < bound)) {
        return at;
      }
      int k = bin(x, at);
      double xi = (at - x[k]) / (x[k + 1] - x[k]);
      double s = (y[k + 1] - y[k]) / (x[k + 1] - x[k]);
      double product = xi * (1 - xi);
      return y[k] + (y[k + 1] - y[k]) * (s * xi * xi + slope[k] * product)
          / (s + (slope[k] + slope[k + 1] - 2 * s) * product);
    }

    double logSlope(double at) {
      if (!(Math.abs(at) < bound)) {
        return 0;
      }
      int k = bin(x, at);
      double xi = (at - x[k]) / (x[k + 1] - x[k]);
      double s = (y[k + 1] - y[k]) / (x[k + 1] - x[k]);
      double product = xi * (1 - xi);
      double below = s + (slope[k] + slope[k + 1] - 2 * s) * product;
      double above = slope[k + 1] * xi * xi + 2 * s * product + slope[k] * (1 - xi) * (1 - xi);
      return 2 * Math.log(s / below) + Math.log(above);
    }

    /// The x of a value: the root of a quadratic in xi that lies in the bin, in the form that does not cancel.
    double inverse(double value) {
      if (!(Math.abs(value) < bound)) {
        return value;
      }
      int k = bin(y, value);
      double w = x[k + 1] - x[k];
      double h = y[k + 1] - y[k];
      double s = h / w;
      double up = value - y[k];
      double bend = slope[k] + slope[k + 1] - 2 * s;
      double a = h * (s - slope[k]) + up * bend;
      double b = h * slope[k] - up * bend;
      double c = -s * up;
      double xi = 2 * c / (-b - Math.sqrt(Math.max(0, b * b - 4 * a * c)));
      return x[k] + xi * w;
    }
  }
}
