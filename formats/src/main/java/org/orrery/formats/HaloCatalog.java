package org.orrery.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.orrery.io.FormatException;

/// Objects of one snapshot, in the order of the file: halos, groups, subhalos or galaxies.
///
/// Positions `[objects, 3]` in comoving Mpc/h, in `[0, L)` where the box is known; velocities `[objects, 3]` in
/// peculiar km/s, where the file has them; masses `[objects]` in M_sun/h, 0 where the file has none for an object;
/// identifiers `[objects]`, with 64 bits. Everything else that was read stands in [#column].
public final class HaloCatalog {
  private final Snapshot snapshot;
  private final Column ids;
  private final Column positions;
  private final Column velocities; // no rows where there are none
  private final Column masses;
  private final NumberTable others;

  private HaloCatalog(Snapshot snapshot, Column ids, Column positions, Column velocities, Column masses,
      NumberTable others) {
    this.snapshot = snapshot;
    this.ids = ids;
    this.positions = positions;
    this.velocities = velocities;
    this.masses = masses;
    this.others = others;
  }

  /// What holds for all objects of a catalog.
  ///
  /// @param source what errors name
  /// @param boxSize the side of the box in comoving Mpc/h
  /// @param scaleFactor 1 / (1 + z)
  /// @param cosmology what the file states
  record Snapshot(String source, OptionalDouble boxSize, OptionalDouble scaleFactor, StatedCosmology cosmology) {
  }

  /// A catalog of numbers that are in its units; positions are wrapped in place.
  ///
  /// @param velocities empty where there are none
  static HaloCatalog of(Snapshot snapshot, long[] ids, double[] positions, double[] velocities, double[] masses,
      List<Column> others) throws FormatException {
    String what = snapshot.source();
    if (ids.length == 0) {
      throw new FormatException(what + ": there is no object; at least one is required");
    }
    if (positions.length != 3 * ids.length || masses.length != ids.length
        || (velocities.length > 0 && velocities.length != 3 * ids.length)) {
      throw new FormatException(what + ": " + positions.length + " coordinates, " + velocities.length
          + " components of velocities and " + masses.length + " masses for " + ids.length
          + " objects; 3, 3 and 1 of each are required");
    }
    Physical.requireBox(what, snapshot.boxSize());
    if (snapshot.scaleFactor().isPresent()) {
      Physical.requireScaleFactor(what, snapshot.scaleFactor().getAsDouble());
    }
    Physical.wrap(what, positions, snapshot.boxSize());
    Physical.requireMasses(what, masses);
    Physical.requireVelocities(what, velocities);
    return new HaloCatalog(snapshot, Column.wrap("id", 1, ids),
        Column.wrap("position", Quantity.LENGTH, 3, positions),
        Column.wrap("velocity", Quantity.VELOCITY, 3, velocities), Column.wrap("mass", Quantity.MASS, 1, masses),
        NumberTable.of(what, others));
  }

  /// Where the numbers come from.
  public String source() {
    return snapshot.source();
  }

  /// How many objects there are, at least one.
  public int size() {
    return masses.rows();
  }

  /// The side of the periodic box in comoving Mpc/h.
  public OptionalDouble boxSize() {
    return snapshot.boxSize();
  }

  /// 1 / (1 + z), of the snapshot.
  public OptionalDouble scaleFactor() {
    return snapshot.scaleFactor();
  }

  /// z of the snapshot, at least 0: what rounds to less is today.
  public OptionalDouble redshift() {
    return snapshot.scaleFactor().isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.max(0, 1 / snapshot.scaleFactor().getAsDouble() - 1));
  }

  /// What the file states of its universe.
  public StatedCosmology cosmology() {
    return snapshot.cosmology();
  }

  /// `[objects]`: the file's identifiers; where it has none, the place of each object.
  public long[] ids() {
    try {
      return ids.longs();
    } catch (FormatException impossible) {
      throw new IllegalStateException(impossible); // they are whole
    }
  }

  /// `[objects, 3]`, comoving Mpc/h.
  public double[] positions() {
    return positions.doubles();
  }

  /// Whether the file has velocities.
  public boolean hasVelocities() {
    return velocities.rows() > 0;
  }

  /// `[objects, 3]`, peculiar km/s.
  ///
  /// @throws IllegalStateException where there are none
  public double[] velocities() {
    if (!hasVelocities()) {
      throw new IllegalStateException(source() + ": velocities; a file with velocities is required");
    }
    return velocities.doubles();
  }

  /// `[objects]`, M_sun/h.
  public double[] masses() {
    return masses.doubles();
  }

  /// What else was read, with its units.
  public List<Column> columns() {
    return others.columns();
  }

  /// What else was read, by the name that the file gives it.
  ///
  /// @throws FormatException naming the columns that there are, where there is none of that name
  public Column column(String name) throws FormatException {
    return others.column(name);
  }

  /// The objects of at least this mass.
  ///
  /// @throws IllegalArgumentException where there is none, naming the heaviest
  public HaloCatalog above(double mass) {
    int[] kept = IntStream.range(0, size()).filter(i -> masses.at(i) >= mass).toArray();
    if (kept.length == 0) {
      double heaviest = Arrays.stream(masses()).max().orElse(0);
      throw new IllegalArgumentException(source() + ": no object of at least " + Physical.text(mass)
          + " M_sun/h; the heaviest of " + size() + " has " + Physical.text(heaviest)
          + ", and at least one is required");
    }
    return at(kept);
  }

  /// The objects that a selection keeps, by their number.
  ///
  /// @throws IllegalArgumentException where it keeps none
  public HaloCatalog where(IntPredicate kept) {
    int[] some = IntStream.range(0, size()).filter(kept).toArray();
    if (some.length == 0) {
      throw new IllegalArgumentException(
          source() + ": none of " + size() + " objects is selected; at least one is required");
    }
    return at(some);
  }

  private HaloCatalog at(int[] objects) {
    List<Column> some = new ArrayList<>();
    others.columns().forEach(column -> some.add(column.at(objects)));
    try {
      return new HaloCatalog(snapshot, ids.at(objects), positions.at(objects),
          hasVelocities() ? velocities.at(objects) : velocities, masses.at(objects), NumberTable.of(source(), some));
    } catch (FormatException impossible) {
      throw new IllegalStateException(impossible); // the same columns with equal rows
    }
  }

  /// How many objects, of which masses, where.
  @Override
  public String toString() {
    double[] all = masses();
    return size() + " objects of " + Physical.text(Arrays.stream(all).min().orElse(0)) + " to "
        + Physical.text(Arrays.stream(all).max().orElse(0)) + " M_sun/h in "
        + (boxSize().isPresent() ? "a box of " + boxSize().getAsDouble() + " Mpc/h" : "an unknown box") + ", from "
        + source();
  }
}
