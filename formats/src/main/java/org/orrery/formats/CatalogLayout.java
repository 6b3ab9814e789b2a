package org.orrery.formats;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.orrery.io.FormatException;

/// Which columns of a table are what, in which units: how a table becomes a [HaloCatalog].
///
/// ```java
/// var layout = CatalogLayout.of(List.of("x", "y", "z"), LengthUnit.KPC_PER_H, "mass", MassUnit.SOLAR_PER_H).box(25);
/// HaloCatalog halos = layout.read(CsvTable.read(file));
/// ```
public final class CatalogLayout {
  private final List<String> positions;
  private final LengthUnit length;
  private final String mass;
  private final MassUnit massUnit;
  private List<String> velocities = List.of();
  private VelocityUnit velocityUnit = VelocityUnit.KM_PER_S;
  private String id = "";
  private OptionalDouble box = OptionalDouble.empty();
  private OptionalDouble scaleFactor = OptionalDouble.empty();
  private StatedCosmology cosmology = StatedCosmology.NONE;
  private final Map<String, Double> factors = new HashMap<>();
  private final Map<String, Quantity> quantities = new HashMap<>();

  private CatalogLayout(List<String> positions, LengthUnit length, String mass, MassUnit massUnit) {
    this.positions = List.copyOf(positions);
    this.length = length;
    this.mass = mass;
    this.massUnit = massUnit;
  }

  /// The least that a catalog has.
  ///
  /// @param positions three columns of one number, or one column of three
  /// @param mass a column
  /// @throws IllegalArgumentException where there are neither one nor three columns of positions
  public static CatalogLayout of(List<String> positions, LengthUnit length, String mass, MassUnit massUnit) {
    requireAxes("positions", positions);
    return new CatalogLayout(positions, length, mass, massUnit);
  }

  static void requireAxes(String what, List<String> names) {
    if (names.size() != 1 && names.size() != 3) {
      throw new IllegalArgumentException("layout: " + what + " in " + names + "; three columns of one number or one of "
          + "three are required");
    }
  }

  private CatalogLayout copy() {
    CatalogLayout copy = new CatalogLayout(positions, length, mass, massUnit);
    copy.velocities = velocities;
    copy.velocityUnit = velocityUnit;
    copy.id = id;
    copy.box = box;
    copy.scaleFactor = scaleFactor;
    copy.cosmology = cosmology;
    copy.factors.putAll(factors);
    copy.quantities.putAll(quantities);
    return copy;
  }

  /// With velocities in three columns, or one of three numbers.
  ///
  /// @throws IllegalArgumentException where there are neither one nor three
  public CatalogLayout velocities(List<String> columns, VelocityUnit unit) {
    requireAxes("velocities", columns);
    CatalogLayout copy = copy();
    copy.velocities = List.copyOf(columns);
    copy.velocityUnit = unit;
    return copy;
  }

  /// With identifiers; without, objects are called by their place.
  public CatalogLayout id(String column) {
    CatalogLayout copy = copy();
    copy.id = column;
    return copy;
  }

  /// In a periodic box of this side, in the unit of the positions.
  public CatalogLayout box(double side) {
    CatalogLayout copy = copy();
    copy.box = OptionalDouble.of(side * length.inMpcPerH());
    return copy;
  }

  /// At this 1 / (1 + z).
  public CatalogLayout scaleFactor(double factor) {
    CatalogLayout copy = copy();
    copy.scaleFactor = OptionalDouble.of(factor);
    return copy;
  }

  /// In this universe.
  public CatalogLayout cosmology(StatedCosmology stated) {
    CatalogLayout copy = copy();
    copy.cosmology = stated;
    return copy;
  }

  /// With a further length, such as a radius.
  public CatalogLayout length(String column, LengthUnit unit) {
    return further(column, Quantity.LENGTH, unit.inMpcPerH());
  }

  /// With a further mass.
  public CatalogLayout mass(String column, MassUnit unit) {
    return further(column, Quantity.MASS, unit.inSolarPerH());
  }

  /// With a further velocity, such as a dispersion.
  public CatalogLayout velocity(String column, VelocityUnit unit) {
    return further(column, Quantity.VELOCITY, unit.inKmPerS());
  }

  private CatalogLayout further(String column, Quantity quantity, double factor) {
    CatalogLayout copy = copy();
    copy.factors.put(column, factor);
    copy.quantities.put(column, quantity);
    return copy;
  }

  /// The catalog of a table. Columns without a stated unit stay as they are.
  ///
  /// @throws FormatException where a column is missing, there are no rows, or numbers cannot be: not finite, outside
  ///     the box, negative masses, faster than light
  public HaloCatalog read(NumberTable table) throws FormatException {
    long[] ids = id.isEmpty()
        ? LongStream.range(0, table.rows()).toArray()
        : whole(table, id);
    double[] x = scaled(table.together(positions), length.inMpcPerH());
    double[] v = velocities.isEmpty()
        ? new double[0]
        : scaled(table.together(velocities), velocityUnit.inKmPerS());
    double[] m = scaled(table.column(mass, 1).doubles(), massUnit.inSolarPerH());
    Set<String> used = new HashSet<>(positions);
    used.addAll(velocities);
    used.add(mass);
    used.add(id);
    HaloCatalog.Snapshot snapshot = new HaloCatalog.Snapshot(table.source(), box, scaleFactor, cosmology);
    return HaloCatalog.of(snapshot, ids, x, v, m, others(table, used, quantities, factors));
  }

  static long[] whole(NumberTable table, String name) throws FormatException {
    try {
      return table.column(name, 1).longs();
    } catch (FormatException invalid) {
      throw invalid.getMessage() != null && invalid.getMessage().startsWith(table.source())
          ? invalid
          : new FormatException(table.source() + ": " + invalid.getMessage(), invalid);
    }
  }

  static double[] scaled(double[] values, double factor) {
    return factor == 1 ? values : IntStream.range(0, values.length).mapToDouble(i -> values[i] * factor).toArray();
  }

  static List<Column> others(NumberTable table, Set<String> used, Map<String, Quantity> quantities,
      Map<String, Double> factors) throws FormatException {
    for (String name : quantities.keySet()) {
      table.column(name);
    }
    List<Column> others = new ArrayList<>();
    for (Column column : table.columns()) {
      if (!used.contains(column.name())) {
        Quantity quantity = quantities.get(column.name());
        Double factor = factors.get(column.name());
        others.add(quantity == null || factor == null ? column : column.scaled(quantity, factor));
      }
    }
    return others;
  }
}
