package org.orrery.inference;

import java.util.Arrays;
import java.util.List;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.cpu.Parallel;

/// The density of a [FlowHead] for one example, in double precision.
final class FlowPosterior extends PosteriorByPoints {
  private static final int CHUNK = 32;

  private final List<FrozenMlp> conditioners;
  private final FlowHead.Form form;
  private final RationalQuadraticSpline spline;
  private final double[] offset;
  private final double[] scale;

  FlowPosterior(List<FrozenMlp> conditioners, FlowHead.Form form, double[] offset, double[] scale) {
    this.conditioners = conditioners;
    this.form = form;
    this.spline = form.spline();
    this.offset = offset;
    this.scale = scale;
  }

  @Override
  public int dimensions() {
    return offset.length;
  }

  private double[] numbers(int transform, int i, double[] before) {
    double[] numbers = conditioners.get(transform * offset.length + i).apply(Arrays.copyOf(before, i));
    for (double number : numbers) {
      Require.that(Double.isFinite(number), "flow head",
          "network " + (transform * offset.length + i) + " gives " + number + "; finite numbers are required");
    }
    return numbers;
  }

  /// The place in the base distribution, with log |dz / dtheta| in one more entry behind.
  double[] toBase(double... theta) {
    Checks.dimensions("flow", theta, offset.length);
    int size = offset.length;
    double[] u = new double[size];
    double logSlope = 0;
    for (int i = 0; i < size; i++) {
      u[i] = (theta[i] - offset[i]) / scale[i];
      logSlope -= Math.log(scale[i]);
    }
    double[] z = u;
    for (int t = 0; t < form.transforms(); t++) {
      if (t > 0) {
        reverse(z);
      }
      double[] image = new double[size];
      for (int i = 0; i < size; i++) {
        double[] numbers = numbers(t, i, z);
        RationalQuadraticSpline.Function g = spline.function(numbers, 2);
        double stretch = FlowHead.Form.stretch(numbers[1]);
        double straight = (z[i] - numbers[0]) * Math.exp(stretch);
        image[i] = g.value(straight);
        logSlope += g.logSlope(straight) + stretch;
      }
      z = image;
    }
    double[] result = Arrays.copyOf(z, size + 1);
    result[size] = logSlope;
    return result;
  }

  /// The theta of a place in the base distribution.
  double[] fromBase(double... base) {
    int size = offset.length;
    double[] z = base.clone();
    for (int t = form.transforms() - 1; t >= 0; t--) {
      double[] u = new double[size];
      for (int i = 0; i < size; i++) {
        double[] numbers = numbers(t, i, u);
        u[i] = numbers[0] + spline.function(numbers, 2).inverse(z[i]) * Math.exp(-FlowHead.Form.stretch(numbers[1]));
      }
      if (t > 0) {
        reverse(u);
      }
      z = u;
    }
    for (int i = 0; i < size; i++) {
      z[i] = offset[i] + scale[i] * z[i];
    }
    return z;
  }

  private static void reverse(double[] x) {
    for (int i = 0; i < x.length / 2; i++) {
      double first = x[i];
      x[i] = x[x.length - 1 - i];
      x[x.length - 1 - i] = first;
    }
  }

  @Override
  public double logDensity(double... theta) {
    double[] z = toBase(theta);
    double sum = z[offset.length];
    for (int i = 0; i < offset.length; i++) {
      sum -= 0.5 * (z[i] * z[i] + Math.log(Math.TAU));
    }
    return sum;
  }

  @Override
  public double[] logDensities(double[][] thetas) {
    double[] densities = new double[thetas.length];
    Parallel.current().forChunks(thetas.length, CHUNK, (from, to) -> {
      for (int k = from; k < to; k++) {
        densities[k] = logDensity(thetas[k]);
      }
    });
    return densities;
  }

  @Override
  public double[][] sample(Key key, int count) {
    float[] normal = key.normal(Math.multiplyExact(count, offset.length));
    double[][] draws = new double[count][offset.length];
    for (int k = 0; k < normal.length; k++) {
      draws[k / offset.length][k % offset.length] = normal[k];
    }
    return moved(draws);
  }

  @Override
  public double[][] points(int count) {
    return moved(EvenPoints.normal(count, offset.length));
  }

  private double[][] moved(double[][] base) {
    Parallel.current().forChunks(base.length, CHUNK, (from, to) -> {
      for (int k = from; k < to; k++) {
        base[k] = fromBase(base[k]);
      }
    });
    return base;
  }
}
