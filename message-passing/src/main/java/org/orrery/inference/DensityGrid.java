package org.orrery.inference;

import java.util.Arrays;
import java.util.Collections;
import org.orrery.nn.Require;

/// The joint density of two parameters on a grid, with the levels of its regions of highest density: for contours of a corner plot.
/// ```java
/// DensityGrid grid = DensityGrid.of(posterior, 0, 1, 64);
/// double inner = grid.level(0.68);   // the contour that holds 68 %
/// ```
/// Cells are as many along each axis, over the central 99.9 % of both parameters and a tenth more on either side. For a
/// [GaussianMixture] densities are exact at the centers of cells. For another posterior they are those of a normal kernel over 4,096 even
/// points, of width n^(-1/6) standard deviations (Scott 1992), whitened so that a correlation is not blurred: contours are
/// 3 % too wide, and the edges of a prior are blurred.
public final class DensityGrid {
  private static final int POINTS = 4096;

  private final double[] x;
  private final double[] y;
  private final double[][] density;
  private final double[] descending; // probabilities of cells, each a density times the cell's area

  private DensityGrid(double[] x, double[] y, double[][] density) {
    this.x = x;
    this.y = y;
    this.density = density;
    double area = (x[1] - x[0]) * (y[1] - y[0]);
    this.descending = Arrays.stream(density).flatMapToDouble(Arrays::stream).map(d -> -d * area).sorted()
        .map(d -> -d).toArray();
  }

  /// The density of parameters i (along x) and j (along y).
  ///
  /// @param cells along each axis
  /// @throws IllegalArgumentException where a parameter does not exist, both are the same, or there are fewer than 2 cells
  public static DensityGrid of(Posterior posterior, int i, int j, int cells) {
    Checks.parameter("density grid", i, posterior.dimensions());
    Checks.parameter("density grid", j, posterior.dimensions());
    Require.that(i != j && cells >= 2, "density grid",
        "parameters " + i + " and " + j + " on " + cells + " cells; two parameters and at least 2 cells are required");
    double[] x = centers(posterior.credibleInterval(i, 0.999), cells);
    double[] y = centers(posterior.credibleInterval(j, 0.999), cells);
    Posterior two = posterior instanceof GaussianMixture mixture ? mixture.marginal(i, j) : kernels(posterior, i, j);
    double[][] density = new double[cells][cells];
    for (int row = 0; row < cells; row++) {
      for (int column = 0; column < cells; column++) {
        density[row][column] = Math.exp(two.logDensity(x[column], y[row]));
      }
    }
    return new DensityGrid(x, y, density);
  }

  private static double[] centers(CredibleInterval interval, int cells) {
    double low = interval.low() - 0.1 * interval.width();
    double step = 1.2 * interval.width() / cells;
    double[] centers = new double[cells];
    Arrays.setAll(centers, k -> low + (k + 0.5) * step);
    return centers;
  }

  private static Posterior kernels(Posterior posterior, int i, int j) {
    double[][] points = posterior.points(POINTS);
    double[][] whole = posterior.covariance();
    double square = Math.pow(points.length, -1.0 / 3);
    CovarianceFactor kernel = CovarianceFactor.of("density grid", new double[][] {
      {whole[i][i] * square, whole[i][j] * square}, {whole[j][i] * square, whole[j][j] * square}});
    double[] weights = new double[points.length];
    Arrays.fill(weights, 1.0 / points.length);
    return new GaussianMixture(weights,
        Arrays.stream(points).map(point -> new double[] {point[i], point[j]}).toArray(double[][]::new),
        Collections.nCopies(points.length, kernel));
  }

  /// The centers of cells along x.
  public double[] x() {
    return x.clone();
  }

  /// The centers of cells along y.
  public double[] y() {
    return y.clone();
  }

  /// The density at the centers of cells: a row for each y.
  public double[][] density() {
    return Checks.copy(density);
  }

  /// The density above which this share of the grid's probability lies.
  public double level(double probability) {
    Checks.probability("density grid", "probability", probability);
    double total = Arrays.stream(descending).sum();
    double sum = 0;
    int k = 0;
    while (k < descending.length - 1 && sum + descending[k] < probability * total) {
      sum += descending[k++];
    }
    return descending[k] / ((x[1] - x[0]) * (y[1] - y[0]));
  }
}
