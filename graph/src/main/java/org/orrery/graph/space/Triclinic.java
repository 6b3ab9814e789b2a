package org.orrery.graph.space;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Periodic along lattice vectors, all or some of them.
///
/// The vectors along which it is are reduced to an obtuse superbase (Selling 1874): vectors v_0 ... v_d that sum to 0 with v_i . v_j <= 0.
/// A vector is the shortest of its images if and only if none of the sums of a proper part of the superbase, added or
/// subtracted, makes it shorter (Conway and Sloane 1992, theorem 3): 1, 3 or 7 vectors in 1, 2 or 3 dimensions. The
/// shortest vector of the lattice is among them.
final class Triclinic extends Space {
  private static final double ROUNDING = 1e-12;
  /// The least volume of a cell, as a part of the product of the lengths: what keeps rounding below the above.
  private static final double FLATTEST = 1e-3;

  private final double[][] vectors;
  private final double[][] dual;
  private final boolean[] open;
  /// Along how many vectors it is periodic.
  private final int periodic;
  /// Vectors of the superbase, then unit vectors perpendicular to them along which it is open.
  private final double[][] reduced;
  private final double[][] reducedDual;
  /// The vectors that bound the region of shortest images.
  private final double[][] bounding;
  private final double[] boundingSquares;

  Triclinic(double[][] given, boolean... open) {
    super(given.length);
    int dimensions = given.length;
    this.open = Arrays.copyOf(open, dimensions);
    vectors = new double[3][3];
    for (int i = 0; i < dimensions; i++) {
      requireVector(given[i], i, dimensions);
      System.arraycopy(given[i], 0, vectors[i], 0, dimensions);
    }
    double scale = Arrays.stream(given).mapToDouble(Space::length).max().orElseThrow();
    for (int i = dimensions; i < 3; i++) {
      vectors[i][i] = scale; // never used: keeps the matrix invertible
    }
    dual = dual(vectors, given);
    double[][] along = IntStream.range(0, dimensions).filter(i -> !this.open[i]).mapToObj(i -> vectors[i])
        .toArray(double[][]::new);
    periodic = along.length;
    double[][] superbase = obtuseSuperbase(along);
    reduced = new double[3][3];
    for (int i = 0; i < 3; i++) {
      reduced[i] = i < periodic ? superbase[i] : i < dimensions ? normal(i, dimensions) : vectors[i];
    }
    reducedDual = dual(reduced, given);
    bounding = new double[(1 << periodic) - 1][3];
    boundingSquares = new double[bounding.length];
    for (int part = 1; part <= bounding.length; part++) {
      for (int i = 0; i < periodic; i++) {
        if ((part & (1 << i)) != 0) {
          add(bounding[part - 1], superbase[i], 1);
        }
      }
      boundingSquares[part - 1] = dot(bounding[part - 1], bounding[part - 1]);
    }
  }

  /// A unit vector perpendicular to the first `count` reduced vectors: of the axes the one that they reach least.
  private double[] normal(int count, int dimensions) {
    double[][] orthogonal = new double[count][];
    for (int i = 0; i < count; i++) {
      orthogonal[i] = rejected(reduced[i], orthogonal, i);
    }
    double[] best = new double[3];
    for (int axis = 0; axis < dimensions; axis++) {
      double[] unit = new double[3];
      unit[axis] = 1;
      double[] rest = rejected(unit, orthogonal, count);
      best = dot(rest, rest) > dot(best, best) ? rest : best;
    }
    double[] unit = new double[3];
    add(unit, best, 1 / Math.sqrt(dot(best, best)));
    return unit;
  }

  /// The part of a vector that is perpendicular to the first `count` of others; taken off twice for rounding.
  private static double[] rejected(double[] vector, double[][] others, int count) {
    double[] rest = vector.clone();
    for (int time = 0; time < 2; time++) {
      for (int i = 0; i < count; i++) {
        add(rest, others[i], -dot(rest, others[i]) / dot(others[i], others[i]));
      }
    }
    return rest;
  }

  private static void requireVector(double[] vector, int i, int dimensions) {
    boolean usable = vector.length == dimensions;
    for (double component : vector) {
      usable &= Math.abs(component) <= 1e100;
    }
    if (!usable) {
      throw new IllegalArgumentException("triclinic: lattice vector " + i + " is " + Arrays.toString(vector) + "; "
          + dimensions + " components, of at most 1e100, are required");
    }
  }

  private static double[][] obtuseSuperbase(double[][] given) {
    int dimensions = given.length;
    double[][] v = new double[dimensions + 1][3];
    for (int i = 0; i < dimensions; i++) {
      System.arraycopy(given[i], 0, v[i], 0, given[i].length);
      add(v[dimensions], v[i], -1);
    }
    for (boolean obtuse = dimensions == 1; !obtuse;) {
      obtuse = true;
      for (int i = 0; i < dimensions && obtuse; i++) {
        for (int j = i + 1; j <= dimensions && obtuse; j++) {
          if (dot(v[i], v[j]) > ROUNDING * Math.sqrt(dot(v[i], v[i]) * dot(v[j], v[j]))) {
            turn(v, i, j);
            obtuse = false;
          }
        }
      }
    }
    return v;
  }

  /// v_i -> -v_i, and what keeps the sum 0 goes to the vectors other than i and j: the sum of all squares falls.
  private static void turn(double[][] v, int i, int j) {
    for (int k = 0; k < v.length; k++) {
      if (k != i && k != j) {
        add(v[k], v[i], v.length == 3 ? 2 : 1);
      }
    }
    for (int axis = 0; axis < 3; axis++) {
      v[i][axis] = -v[i][axis];
    }
  }

  /// The vectors b with a_i . b_j = 1 where i = j, else 0.
  private static double[][] dual(double[][] a, double[][] given) {
    double[][] b = {cross(a[1], a[2]), cross(a[2], a[0]), cross(a[0], a[1])};
    double volume = dot(a[0], b[0]);
    if (!(Math.abs(volume) > FLATTEST * Math.sqrt(dot(a[0], a[0])) * Math.sqrt(dot(a[1], a[1]))
        * Math.sqrt(dot(a[2], a[2])))) {
      throw new IllegalArgumentException("triclinic: lattice vectors " + Arrays.deepToString(given)
          + " span a volume of " + volume + ", less than a thousandth of the product of their lengths");
    }
    for (double[] row : b) {
      for (int axis = 0; axis < 3; axis++) {
        row[axis] /= volume;
      }
    }
    return b;
  }

  @Override
  public double largestRadius() {
    return Math.sqrt(Arrays.stream(boundingSquares).min().orElseThrow()) / 2;
  }

  @Override
  public double[][] lattice() {
    double[][] rows = vectors();
    for (int i = 0; i < rows.length; i++) {
      if (open[i]) {
        Arrays.fill(rows[i], 0);
      }
    }
    return rows;
  }

  @Override
  Space opened(int[] directions) {
    boolean[] left = open.clone();
    for (int direction : directions) {
      left[direction] = true;
    }
    return IntStream.range(0, left.length).allMatch(i -> left[i]) ? open(dimensions()) : new Triclinic(vectors(), left);
  }

  @Override
  void writeShift(double[] apart, double[] moved, int[] shifts, int at) {
    double[] d = {moved[0] - apart[0], moved[1] - apart[1], moved[2] - apart[2]};
    for (int i = 0; i < dimensions(); i++) {
      shifts[at + i] = open[i] ? 0 : turns(dot(d, dual[i]));
    }
  }

  @Override
  void shorten(double[] d) {
    for (int i = 0; i < periodic; i++) {
      double turns = Math.rint(dot(d, reducedDual[i]));
      if (turns != 0) {
        add(d, reduced[i], -turns);
      }
    }
    double square = dot(d, d);
    for (boolean shorter = true; shorter;) {
      shorter = false;
      for (int b = 0; b < bounding.length; b++) {
        double[] v = bounding[b];
        double turns = Math.rint(dot(d, v) / boundingSquares[b]);
        if (turns != 0) {
          double x = d[0] - turns * v[0];
          double y = d[1] - turns * v[1];
          double z = d[2] - turns * v[2];
          double moved = x * x + y * y + z * z;
          if (moved < square) {
            d[0] = x;
            d[1] = y;
            d[2] = z;
            square = moved;
            shorter = true;
          }
        }
      }
    }
  }

  @Override
  void wrapPoint(double[] positions, int at) {
    for (int attempt = 0; attempt < 3 && !holds(positions, at); attempt++) {
      double[] x = three(positions, at);
      for (int i = 0; i < dimensions(); i++) {
        double cells = open[i] ? 0 : Math.floor(dot(x, dual[i]));
        for (int axis = 0; axis < dimensions(); axis++) {
          positions[at + axis] -= cells * vectors[i][axis];
        }
      }
    }
  }

  @Override
  double[] weightedMean(double[] positions, double[] weights, double total) {
    double[] mean = new double[3];
    double[] turns = new double[weights.length];
    for (int i = 0; i < dimensions(); i++) {
      for (int p = 0; p < turns.length; p++) {
        turns[p] = dot(three(positions, p * dimensions()), dual[i]);
      }
      add(mean, vectors[i], open[i] ? mean(turns, weights, total) : circularMean(turns, weights, total, i));
    }
    return Arrays.copyOf(mean, dimensions());
  }

  private static double mean(double[] values, double[] weights, double total) {
    double mean = 0;
    for (int p = 0; p < values.length; p++) {
      mean += weights[p] / total * values[p];
    }
    return mean;
  }

  /// Within the rounding of a fraction: a point on a face may be counted to either side.
  @Override
  boolean holds(double[] positions, int at) {
    double[] x = three(positions, at);
    for (int i = 0; i < dimensions(); i++) {
      double fraction = dot(x, dual[i]);
      if (!open[i] && !(fraction >= -ROUNDING && fraction < 1 + ROUNDING)) {
        return false;
      }
    }
    return true;
  }

  @Override
  String box() {
    return "of lattice vectors " + Arrays.deepToString(vectors())
        + (periodic == dimensions() ? "" : ", open along " + Arrays.toString(openDirections()));
  }

  /// The numbers of the lattice vectors along which the space does not repeat.
  int[] openDirections() {
    return IntStream.range(0, dimensions()).filter(i -> open[i]).toArray();
  }

  /// The lattice vectors, `[dimensions][dimensions]`, those of open directions too.
  double[][] vectors() {
    double[][] rows = new double[dimensions()][];
    Arrays.setAll(rows, i -> Arrays.copyOf(vectors[i], dimensions()));
    return rows;
  }

  @Override
  double[] planePeriods() {
    double[] heights = new double[dimensions()];
    Arrays.setAll(heights,
        i -> i < periodic ? 1 / Math.sqrt(dot(reducedDual[i], reducedDual[i])) : Double.POSITIVE_INFINITY);
    return heights;
  }

  @Override
  double[][] planes(double[] positions, int first, int count) {
    double[][] planes = new double[3][count];
    double[] heights = planePeriods();
    for (int p = 0; p < count; p++) {
      double[] x = three(positions, (first + p) * dimensions());
      for (int i = 0; i < heights.length; i++) {
        double fraction = dot(x, reducedDual[i]);
        planes[i][p] = i < periodic ? (fraction - cellsBelow(fraction)) * heights[i] : fraction;
      }
    }
    return planes;
  }

  /// The whole number by which a fraction is reduced to 0 up to, not including, 1.
  private static double cellsBelow(double fraction) {
    double below = Math.floor(fraction);
    return fraction - below < 1 ? below : fraction;
  }

  @Override
  double[][] planeVectors() {
    double[][] rows = new double[3][3];
    for (int i = 0; i < periodic; i++) {
      rows[i] = reduced[i].clone();
    }
    return rows;
  }

  @Override
  double[][] homes(double[] positions, int first, int count) {
    double[][] homes = new double[3][count];
    for (int p = 0; p < count; p++) {
      double[] x = three(positions, (first + p) * dimensions());
      double[] home = x.clone();
      for (int i = 0; i < periodic; i++) {
        add(home, reduced[i], -Math.rint(cellsBelow(dot(x, reducedDual[i]))));
      }
      for (int axis = 0; axis < 3; axis++) {
        homes[axis][p] = home[axis];
      }
    }
    return homes;
  }

  private double[] three(double[] positions, int at) {
    double[] x = new double[3];
    System.arraycopy(positions, at, x, 0, dimensions());
    return x;
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  private static void add(double[] to, double[] vector, double times) {
    for (int axis = 0; axis < 3; axis++) {
      to[axis] += times * vector[axis];
    }
  }

  private static double[] cross(double[] a, double[] b) {
    return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
  }

  @Override
  public String toString() {
    return "Space " + box();
  }
}
