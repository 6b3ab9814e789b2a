package org.orrery.graph.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;

/// Point sets that neighbor searches get wrong, and what comparing all pairs says about them.
final class Points {
  private final String name;
  private final Space space;
  private final double[] positions;

  Points(String name, Space space, double[] positions) {
    this.name = name;
    this.space = space;
    this.positions = positions;
  }

  /// A neighbor found by comparing all pairs.
  record Pair(int sender, int receiver, double distance) {
  }

  static final double[][] SKEWED = {{4, 0, 0}, {3.4, 2.5, 0}, {-1.9, 3.1, 3.3}};
  static final double[][] HEXAGONAL = {{2, 0}, {1, Math.sqrt(3)}};
  static final double[][] NEEDS_REDUCTION = {{3, 0, 0}, {11, 4, 0}, {-8, 9, 5}};

  static Stream<Points> all() {
    List<Points> all = new ArrayList<>();
    for (int dimensions = 1; dimensions <= 3; dimensions++) {
      double[] unequal = {5, 3, 7};
      double[] periods = Arrays.copyOf(unequal, dimensions);
      double[] slab = periods.clone();
      slab[dimensions - 1] = Double.POSITIVE_INFINITY;
      for (int points : new int[] {0, 1, 2, 30, 150}) {
        all.add(uniform(Space.open(dimensions), periods, points));
        all.add(uniform(Space.periodic(periods), periods, points));
        all.add(onLattice(Space.open(dimensions), periods, points));
        all.add(onLattice(Space.periodic(periods), periods, points));
        all.add(uniform(Space.periodic(slab), periods, points));
        all.add(clustered(Space.periodic(periods), periods, points));
        all.add(clustered(Space.open(dimensions), periods, points));
      }
    }
    for (double[][] cell : List.of(SKEWED, HEXAGONAL, NEEDS_REDUCTION, new double[][] {{2.5}},
        new double[][] {{5, 0, 0}, {0, 3, 0}, {0, 0, 7}})) {
      double[] ones = new double[cell.length];
      Arrays.fill(ones, 40);
      for (int points : new int[] {0, 1, 30, 150}) {
        all.add(uniform(Space.triclinic(cell), ones, points));
        all.add(onLattice(Space.triclinic(cell), ones, points));
      }
    }
    for (Space open : List.of(Space.triclinic(SKEWED).openAlong(1), Space.triclinic(SKEWED).openAlong(0, 2),
        Space.triclinic(NEEDS_REDUCTION).openAlong(2), Space.triclinic(HEXAGONAL).openAlong(0))) {
      double[] ones = new double[open.dimensions()];
      Arrays.fill(ones, 12);
      all.add(uniform(open, ones, 150));
      all.add(onLattice(open, ones, 30));
    }
    return all.stream();
  }

  /// Everywhere.
  static Points uniform(Space space, double[] extent, int points) {
    double[] x = Key.of(points + 1000L * space.dimensions()).uniformDouble(points * space.dimensions());
    for (int i = 0; i < x.length; i++) {
      x[i] *= extent[i % extent.length];
    }
    return new Points("uniform", space, space.wrap(x));
  }

  /// On few places at multiples of a quarter: coincident points, equal distances, points on faces of cells.
  static Points onLattice(Space space, double[] extent, int points) {
    int[] x = Key.of(points + 2000L * space.dimensions()).integers(points * space.dimensions(), 1 << 20);
    double[] positions = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      positions[i] = x[i] % (int) (extent[i % extent.length] * 4) / 4.0;
    }
    return new Points("on a lattice", space, space.wrap(positions));
  }

  /// Close together across a corner of the box, and a few far away.
  static Points clustered(Space space, double[] extent, int points) {
    double[] x = Key.of(points + 3000L * space.dimensions()).uniformDouble(points * space.dimensions());
    for (int i = 0; i < x.length; i++) {
      x[i] = i < 2 * space.dimensions() ? x[i] * extent[i % extent.length] : (x[i] - 0.5) * 0.3;
    }
    return new Points("clustered", space, space.wrap(x));
  }

  String name() {
    return name;
  }

  Space space() {
    return space;
  }

  double[] positions() {
    return positions;
  }

  int count() {
    return positions.length / space.dimensions();
  }

  double[] point(int i) {
    return Arrays.copyOfRange(positions, i * space.dimensions(), (i + 1) * space.dimensions());
  }

  Indices offsets() {
    return Indices.of(0, count());
  }

  /// All pairs, by receiver, then sender.
  List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (int t = 0; t < count(); t++) {
      for (int s = 0; s < count(); s++) {
        if (s != t) {
          pairs.add(new Pair(s, t, space.distance(point(t), point(s))));
        }
      }
    }
    return pairs;
  }

  @Override
  public String toString() {
    return count() + " points " + name + " in " + space;
  }
}
