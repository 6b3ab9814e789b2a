package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.cpu.loops.ColumnLoops;

/// Batch normalization of x `[rows, width]` column by column. Where rows fill no vector, several are taken as one: its columns are
/// those of the rows side by side, and its sums are folded at the end. Sums run chunk by chunk of rows and are added in order, in
/// double.
final class Columns {
  private static final int CHUNK = 1 << 14;
  /// So many terms are added in single precision.
  private static final int BLOCK = 256;

  private final Machine machine;
  private final ColumnLoops loops;
  private final int rows;
  private final int width;
  /// So many rows are taken as one.
  private final int together;

  Columns(Machine machine, int rows, int width) {
    this.machine = machine;
    this.loops = machine.kernels().columns();
    this.rows = rows;
    this.width = width;
    this.together = loops.lanes() / gcd(loops.lanes(), Math.max(1, width));
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private int wide() {
    return together * width;
  }

  /// Rows of a chunk, a multiple of those that are taken as one.
  private int chunk() {
    return Math.max(1, CHUNK / Math.max(1, wide())) * together;
  }

  /// The numbers of the columns, repeated for the rows that are taken as one.
  private float[] repeated(double[] columns) {
    float[] all = new float[wide()];
    for (int j = 0; j < all.length; j++) {
      all[j] = (float) columns[j % width];
    }
    return all;
  }

  /// A sum over rows that are taken several at a time.
  private interface Sum {
    void add(int at, int count, float[] sums);
  }

  /// What a single number adds to the sum of its column.
  private interface Term {
    double at(int place, int column);
  }

  /// The sums over some rows, column by column; the last of them, too few to be taken as one, number by number.
  private double[] sum(int from, int to, Sum together, Term single) {
    int whole = (to - from) / this.together;
    double[] folded = new double[width];
    for (int row = 0; row < whole; row += BLOCK) {
      float[] sums = new float[wide()];
      together.add((from + row * this.together) * width, Math.min(BLOCK, whole - row), sums);
      for (int j = 0; j < sums.length; j++) {
        folded[j % width] += sums[j];
      }
    }
    for (int p = (from + whole * this.together) * width; p < to * width; p++) {
      folded[p % width] += single.at(p, p % width);
    }
    return folded;
  }

  /// Means, then population variances: of each chunk about its own mean, less what that mean was rounded by, then of all by Chan et al.
  /// 1983.
  void moments(float[] x, float[] moments) {
    int chunks = (rows + chunk() - 1) / chunk();
    double[][] means = new double[chunks][];
    double[][] squares = new double[chunks][];
    machine.parallel().forChunks(rows, chunk(), (from, to) -> {
      double[] mean = sum(from, to, (at, count, sums) -> loops.sums(x, at, count, wide(), sums), (p, j) -> x[p]);
      for (int j = 0; j < width; j++) {
        mean[j] = (float) (mean[j] / (to - from));
      }
      float[] centers = repeated(mean);
      double[] square = squares(x, from, to, centers, mean);
      means[from / chunk()] = mean;
      squares[from / chunk()] = square;
    });
    double[] mean = new double[width];
    double[] square = new double[width];
    double before = 0;
    for (int c = 0; c < chunks; c++) {
      double more = Math.min(rows, (c + 1) * chunk()) - c * chunk();
      for (int j = 0; j < width; j++) {
        double apart = means[c][j] - mean[j];
        mean[j] += apart * more / (before + more);
        square[j] += squares[c][j] + apart * apart * before * more / (before + more);
      }
      before += more;
    }
    for (int j = 0; j < width; j++) {
      moments[j] = (float) mean[j];
      moments[width + j] = (float) (square[j] / Math.max(1, rows));
    }
  }

  /// The sums of squared deviations from the means of some rows. The means come as `centers` and are corrected by the mean of what is
  /// left.
  private double[] squares(float[] x, int from, int to, float[] centers, double[] means) {
    double[] squares = new double[width];
    double[] rests = new double[width];
    int whole = (to - from) / together;
    for (int row = 0; row < whole; row += BLOCK) {
      float[] sums = new float[2 * wide()];
      loops.squares(x, (from + row * together) * width, Math.min(BLOCK, whole - row), wide(), centers, sums);
      for (int j = 0; j < wide(); j++) {
        squares[j % width] += sums[j];
        rests[j % width] += sums[wide() + j];
      }
    }
    for (int p = (from + whole * together) * width; p < to * width; p++) {
      double rest = x[p] - centers[p % width];
      squares[p % width] += rest * rest;
      rests[p % width] += rest;
    }
    for (int j = 0; j < width; j++) {
      squares[j] = Math.max(0, squares[j] - rests[j] * rests[j] / (to - from));
      means[j] += rests[j] / (to - from);
    }
    return squares;
  }

  /// y[j] = sum over r of a[r, j] b[r, j].
  void dot(float[] a, float[] b, float[] y) {
    float[] centers = new float[wide()];
    int chunks = (rows + chunk() - 1) / chunk();
    double[][] products = new double[chunks][];
    machine.parallel().forChunks(rows, chunk(), (from, to) -> products[from / chunk()] = sum(from, to,
        (at, count, all) -> loops.products(a, b, at, count, wide(), centers, all), (p, j) -> (double) a[p] * b[p]));
    double[] sums = total(products);
    for (int j = 0; j < width; j++) {
      y[j] = (float) sums[j];
    }
  }

  /// The sums of all chunks, added in order.
  private double[] total(double[][] chunks) {
    double[] total = new double[width];
    for (double[] chunk : chunks) {
      for (int j = 0; j < width; j++) {
        total[j] += chunk[j];
      }
    }
    return total;
  }

  private double[] means(float[] moments) {
    double[] means = new double[width];
    Arrays.setAll(means, j -> moments[j]);
    return means;
  }

  /// 1 / sqrt(variance + epsilon).
  private double[] inverses(float[] moments, double epsilon) {
    double[] inverses = new double[width];
    Arrays.setAll(inverses, j -> 1 / Math.sqrt(moments[width + j] + epsilon));
    return inverses;
  }

  void normalize(float[] x, float[] moments, float[] weight, float[] bias, double epsilon, float[] y) {
    double[] factors = inverses(moments, epsilon);
    double[] shifts = new double[width];
    for (int j = 0; j < width; j++) {
      factors[j] *= weight[j];
      shifts[j] = bias[j];
    }
    float[] centers = repeated(means(moments));
    float[] scales = repeated(factors);
    float[] added = repeated(shifts);
    machine.parallel().forChunks(rows, chunk(), (from, to) -> {
      int whole = (to - from) / together;
      loops.standardize(x, from * width, whole, wide(), centers, scales, added, y);
      for (int p = (from + whole * together) * width; p < to * width; p++) {
        int j = p % width;
        y[p] = Math.fma(x[p] - centers[j], scales[j], added[j]);
      }
    });
  }

  /// The gradients by weight and bias: sum(u z), then sum(u).
  void sums(float[] x, float[] moments, float[] upstream, double epsilon, float[] sums) {
    float[] centers = repeated(means(moments));
    int chunks = (rows + chunk() - 1) / chunk();
    double[][] plain = new double[chunks][];
    double[][] products = new double[chunks][];
    machine.parallel().forChunks(rows, chunk(), (from, to) -> {
      plain[from / chunk()] = sum(from, to, (at, count, all) -> loops.sums(upstream, at, count, wide(), all),
          (p, j) -> upstream[p]);
      products[from / chunk()] = sum(from, to,
          (at, count, all) -> loops.products(upstream, x, at, count, wide(), centers, all),
          (p, j) -> (double) upstream[p] * (x[p] - centers[j]));
    });
    double[] s = inverses(moments, epsilon);
    double[] dots = total(products);
    double[] totals = total(plain);
    for (int j = 0; j < width; j++) {
      sums[j] = (float) (dots[j] * s[j]);
      sums[width + j] = (float) totals[j];
    }
  }

  /// The gradient by x.
  void gradient(float[] x, float[] moments, float[] weight, float[] upstream, float[] sums, double epsilon,
      float[] share) {
    double[] s = inverses(moments, epsilon);
    double[] scales = new double[width];
    double[] factors = new double[width];
    double[] shifts = new double[width];
    double count = Math.max(1, rows);
    for (int j = 0; j < width; j++) {
      scales[j] = weight[j] * s[j];
      factors[j] = -scales[j] * s[j] * sums[j] / count;
      shifts[j] = -scales[j] * sums[width + j] / count;
    }
    combine(upstream, x, repeated(scales), repeated(means(moments)), repeated(factors), repeated(shifts), share);
  }

  private void combine(float[] u, float[] x, float[] scales, float[] centers, float[] factors, float[] shifts,
      float[] y) {
    machine.parallel().forChunks(rows, chunk(), (from, to) -> {
      int whole = (to - from) / together;
      loops.combine(u, x, from * width, whole, wide(), scales, centers, factors, shifts, y);
      for (int p = (from + whole * together) * width; p < to * width; p++) {
        int j = p % width;
        y[p] = Math.fma(u[p], scales[j], Math.fma(x[p] - centers[j], factors[j], shifts[j]));
      }
    });
  }
}
