package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A joint density of several quantities, as a triangle plot needs it.
public sealed interface Joint {
  /// How many quantities.
  int size();

  /// Densities of one quantity at these values, in any unit.
  double[] marginal(int quantity, double[] at);

  /// Curves that hold this share of the probability of two quantities, in their units. The ranges say where to look.
  List<List<Point>> contour(int first, int second, double share, Axis x, Axis y);

  /// A normal distribution.
  static Joint gaussian(double[] mean, double[][] covariance) {
    return new GaussianJoint(mean, covariance);
  }

  /// A sum of normal distributions.
  ///
  /// @param weights positive; their sum does not matter
  static Joint mixture(double[] weights, double[][] means, double[][][] covariances) {
    require(weights.length > 0 && weights.length == means.length && weights.length == covariances.length, "mixture",
        weights.length + " weights, " + means.length + " means and " + covariances.length + " covariances",
        "as many, at least one");
    List<GaussianJoint> parts = new ArrayList<>();
    for (int c = 0; c < weights.length; c++) {
      parts.add(new GaussianJoint(means[c], covariances[c]));
    }
    return new MixtureJoint(weights, parts);
  }

  /// Equally likely samples: one row a sample.
  static Joint samples(double[][] samples) {
    require(samples.length >= 10, "samples", Integer.toString(samples.length), "at least 10");
    require(Arrays.stream(samples).allMatch(row -> row.length == samples[0].length), "samples", "rows of several sizes",
        "one size");
    return new SampleJoint(samples);
  }

  /// Ellipses, exactly.
  final class GaussianJoint implements Joint {
    private final double[] mean;
    private final double[][] covariance;

    GaussianJoint(double[] mean, double[][] covariance) {
      require(covariance.length == mean.length && Arrays.stream(covariance).allMatch(r -> r.length == mean.length),
          "gaussian", covariance.length + " rows of the covariance of " + mean.length + " means", "a square matrix");
      for (int k = 0; k < mean.length; k++) {
        require(covariance[k][k] > 0, "gaussian", "variance " + covariance[k][k], "a positive one");
      }
      this.mean = mean.clone();
      this.covariance = Arrays.stream(covariance).map(double[]::clone).toArray(double[][]::new);
    }

    @Override
    public int size() {
      return mean.length;
    }

    @Override
    public double[] marginal(int k, double[] at) {
      double variance = covariance[k][k];
      return Arrays.stream(at).map(v -> Math.exp(-(v - mean[k]) * (v - mean[k]) / (2 * variance)) / Math.sqrt(variance))
          .toArray();
    }

    @Override
    public List<List<Point>> contour(int first, int second, double share, Axis x, Axis y) {
      double q = Math.sqrt(-2 * Math.log1p(-share));
      double s = Math.sqrt(covariance[first][first]);
      double slope = covariance[first][second] / s;
      double rest = Math.sqrt(Math.max(0, covariance[second][second] - slope * slope));
      List<Point> curve = new ArrayList<>();
      for (int i = 0; i < 90; i++) {
        double u = q * Math.cos(2 * Math.PI * i / 90);
        double v = q * Math.sin(2 * Math.PI * i / 90);
        curve.add(new Point(mean[first] + s * u, mean[second] + slope * u + rest * v));
      }
      return List.of(curve);
    }

    double density(int first, int second, double x, double y) {
      double a = covariance[first][first];
      double b = covariance[first][second];
      double c = covariance[second][second];
      double determinant = a * c - b * b;
      double dx = x - mean[first];
      double dy = y - mean[second];
      return Math.exp(-(c * dx * dx - 2 * b * dx * dy + a * dy * dy) / (2 * determinant)) / Math.sqrt(determinant);
    }
  }

  /// Contours on a grid.
  final class MixtureJoint implements Joint {
    private static final int GRID = 96;
    private final double[] weights;
    private final List<GaussianJoint> parts;

    MixtureJoint(double[] weights, List<GaussianJoint> parts) {
      require(Arrays.stream(weights).allMatch(w -> w >= 0) && Arrays.stream(weights).sum() > 0, "mixture",
          "weights " + Arrays.toString(weights), "zero or more, not all zero");
      require(parts.stream().allMatch(part -> part.size() == parts.getFirst().size()), "mixture",
          "parts of several sizes", "one size");
      this.weights = weights.clone();
      this.parts = List.copyOf(parts);
    }

    @Override
    public int size() {
      return parts.getFirst().size();
    }

    @Override
    public double[] marginal(int k, double[] at) {
      double[] sum = new double[at.length];
      for (int c = 0; c < weights.length; c++) {
        double[] part = parts.get(c).marginal(k, at);
        for (int i = 0; i < at.length; i++) {
          sum[i] += weights[c] * part[i];
        }
      }
      return sum;
    }

    @Override
    public List<List<Point>> contour(int first, int second, double share, Axis x, Axis y) {
      double[][] grid = new double[GRID][GRID];
      for (int j = 0; j < GRID; j++) {
        for (int i = 0; i < GRID; i++) {
          for (int c = 0; c < weights.length; c++) {
            grid[j][i] += weights[c] * parts.get(c).density(first, second,
                x.low() + (x.high() - x.low()) * i / (GRID - 1), y.low() + (y.high() - y.low()) * j / (GRID - 1));
          }
        }
      }
      return Contours.holding(share, grid, x, y);
    }
  }

  /// Histograms, smoothed by a Gaussian of Silverman's width.
  final class SampleJoint implements Joint {
    private static final int GRID = 96;
    private final double[][] samples;

    SampleJoint(double[][] samples) {
      this.samples = Arrays.stream(samples).map(double[]::clone).toArray(double[][]::new);
    }

    @Override
    public int size() {
      return samples[0].length;
    }

    @Override
    public double[] marginal(int k, double[] at) {
      double width = width(k, 0.2);
      return Arrays.stream(at).map(v -> Arrays.stream(samples)
          .mapToDouble(s -> Math.exp(-(s[k] - v) * (s[k] - v) / (2 * width * width))).sum()).toArray();
    }

    @Override
    public List<List<Point>> contour(int first, int second, double share, Axis x, Axis y) {
      double[][] counts = new double[GRID][GRID];
      double dx = (x.high() - x.low()) / (GRID - 1);
      double dy = (y.high() - y.low()) / (GRID - 1);
      for (double[] sample : samples) {
        int i = (int) Math.rint((sample[first] - x.low()) / dx);
        int j = (int) Math.rint((sample[second] - y.low()) / dy);
        if (i >= 0 && i < GRID && j >= 0 && j < GRID) {
          counts[j][i]++;
        }
      }
      double exponent = 1.0 / 6;
      return Contours.holding(share,
          Contours.smoothed(counts, width(first, exponent) / dx, width(second, exponent) / dy), x, y);
    }

    private double width(int k, double exponent) {
      double mean = Arrays.stream(samples).mapToDouble(s -> s[k]).average().orElse(0);
      double variance = Arrays.stream(samples).mapToDouble(s -> (s[k] - mean) * (s[k] - mean)).average().orElse(0);
      require(variance > 0, "samples", "quantity " + k + " is the same in all", "a spread");
      return Math.sqrt(variance) * Math.pow(samples.length, -exponent);
    }
  }
}
