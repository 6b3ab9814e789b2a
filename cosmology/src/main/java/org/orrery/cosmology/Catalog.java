package org.orrery.cosmology;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.orrery.graph.space.Space;

/// Objects in a periodic box, heaviest first unless said: halos or galaxies with positions, velocities and masses.
///
/// Positions `[objects, 3]` in comoving Mpc/h, row-major, in `[0, L)`; velocities `[objects, 3]` in peculiar km/s; masses
/// `[objects]` in M_sun/h, for a galaxy that of its halo.
public final class Catalog {
  private final double side;
  private final double[] positions;
  private final double[] velocities;
  private final double[] masses;

  private Catalog(double side, double[] positions, double[] velocities, double[] masses) {
    this.side = side;
    this.positions = positions;
    this.velocities = velocities;
    this.masses = masses;
  }

  /// A catalog of these objects, in their order.
  ///
  /// @throws IllegalArgumentException where the arrays disagree, a position lies outside the box, a velocity is not finite
  ///   or above the speed of light, or a mass is not positive, naming the object
  public static Catalog of(double side, double[] positions, double[] velocities, double[] masses) {
    require(side > 0 && side < Double.POSITIVE_INFINITY, "a box of " + side + " Mpc/h; a positive finite side");
    require(positions.length == 3 * masses.length && velocities.length == 3 * masses.length, positions.length
        + " coordinates and " + velocities.length + " components of velocities for " + masses.length
        + " masses; 3 of each an object");
    for (int i = 0; i < positions.length; i++) {
      require(positions[i] >= 0 && positions[i] < side,
          "object " + i / 3 + " at " + positions[i] + " along axis " + i % 3 + "; a position from 0 to below " + side);
      require(Math.abs(velocities[i]) < SPEED_OF_LIGHT,
          "object " + i / 3 + " at " + velocities[i] + " km/s along axis " + i % 3 + "; less than the speed of light");
    }
    for (int i = 0; i < masses.length; i++) {
      require(masses[i] > 0 && masses[i] < Double.POSITIVE_INFINITY,
          "object " + i + " of " + masses[i] + " M_sun/h; a positive finite mass");
    }
    return new Catalog(side, positions.clone(), velocities.clone(), masses.clone());
  }

  private static final double SPEED_OF_LIGHT = 299_792.458;

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("catalog: " + message + " is required");
    }
  }

  /// How many objects there are.
  public int size() {
    return masses.length;
  }

  /// The side of the box, Mpc/h.
  public double side() {
    return side;
  }

  /// The box.
  public Space space() {
    return Space.periodic(side, side, side);
  }

  /// `[objects, 3]`, Mpc/h.
  public double[] positions() {
    return positions.clone();
  }

  /// `[objects, 3]`, km/s.
  public double[] velocities() {
    return velocities.clone();
  }

  /// `[objects]`, M_sun/h.
  public double[] masses() {
    return masses.clone();
  }

  double position(int object, int axis) {
    return positions[3 * object + axis];
  }

  double velocity(int object, int axis) {
    return velocities[3 * object + axis];
  }

  double mass(int object) {
    return masses[object];
  }

  /// So many of the heaviest, in the catalog's order; of equal masses those that come first.
  ///
  /// @throws IllegalArgumentException where there are fewer
  public Catalog heaviest(int count) {
    require(count >= 0 && count <= size(), count + " of " + size() + " objects; 0 to all");
    int[] order = IntStream.range(0, size()).boxed().sorted((a, b) -> Double.compare(masses[b], masses[a]))
        .limit(count).mapToInt(Integer::intValue).sorted().toArray();
    return at(order);
  }

  /// Those of at least this mass, M_sun/h.
  public Catalog above(double mass) {
    return where(i -> masses[i] >= mass);
  }

  /// Those that a mask or selection keeps: a cone, a slab, a mass that depends on the place.
  ///
  /// @param kept whether an object stays, by its number
  public Catalog where(IntPredicate kept) {
    return at(IntStream.range(0, size()).filter(kept).toArray());
  }

  private Catalog at(int[] objects) {
    double[] x = new double[3 * objects.length];
    double[] v = new double[3 * objects.length];
    double[] m = new double[objects.length];
    for (int i = 0; i < objects.length; i++) {
      System.arraycopy(positions, 3 * objects[i], x, 3 * i, 3);
      System.arraycopy(velocities, 3 * objects[i], v, 3 * i, 3);
      m[i] = masses[objects[i]];
    }
    return new Catalog(side, x, v, m);
  }

  /// What a distant observer sees who takes redshifts for distances: s = x + v / (a H) along the line of sight, today
  /// v / 100 in Mpc/h. Velocities stay.
  ///
  /// @param axis of the line of sight, 0 to 2
  /// @throws IllegalArgumentException where there is no such axis
  public Catalog inRedshiftSpace(int axis) {
    require(axis >= 0 && axis < 3, "line of sight along axis " + axis + "; 0 to 2");
    double[] seen = positions.clone();
    for (int i = axis; i < seen.length; i += 3) {
      seen[i] += velocities[i] / 100;
    }
    return new Catalog(side, space().wrap(seen), velocities, masses);
  }

  @Override
  public String toString() {
    return size() == 0
        ? "no objects in a box of " + side + " Mpc/h"
        : String.format(java.util.Locale.ROOT, "%d objects of %.3g to %.3g M_sun/h in a box of %s Mpc/h", size(),
            Arrays.stream(masses).min().orElseThrow(), Arrays.stream(masses).max().orElseThrow(), side);
  }
}
