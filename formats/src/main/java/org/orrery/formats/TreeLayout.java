package org.orrery.formats;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.orrery.io.FormatException;

/// Which columns of a table are what, in which units: how a table becomes a [MergerForest].
public final class TreeLayout {
  private final String id;
  private final String descendant;
  private final String mass;
  private final MassUnit massUnit;
  private String redshift = "";
  private String scaleFactor = "";
  private String snapshot = "";
  private List<String> positions = List.of();
  private LengthUnit length = LengthUnit.MPC_PER_H;
  private List<String> velocities = List.of();
  private VelocityUnit velocityUnit = VelocityUnit.KM_PER_S;
  private OptionalDouble box = OptionalDouble.empty();
  private StatedCosmology cosmology = StatedCosmology.NONE;
  private OutsideLinks policy = OutsideLinks.REFUSED;
  private final Map<String, Double> factors = new HashMap<>();
  private final Map<String, Quantity> quantities = new HashMap<>();

  private TreeLayout(String id, String descendant, String mass, MassUnit massUnit) {
    this.id = id;
    this.descendant = descendant;
    this.mass = mass;
    this.massUnit = massUnit;
  }

  /// The least that trees have.
  ///
  /// @param id a column of identifiers
  /// @param descendant a column with the identifier of each node's descendant, -1 where there is none
  /// @param mass a column
  public static TreeLayout of(String id, String descendant, String mass, MassUnit massUnit) {
    return new TreeLayout(id, descendant, mass, massUnit);
  }

  private TreeLayout copy() {
    TreeLayout copy = new TreeLayout(id, descendant, mass, massUnit);
    copy.redshift = redshift;
    copy.scaleFactor = scaleFactor;
    copy.snapshot = snapshot;
    copy.positions = positions;
    copy.length = length;
    copy.velocities = velocities;
    copy.velocityUnit = velocityUnit;
    copy.box = box;
    copy.cosmology = cosmology;
    copy.policy = policy;
    copy.factors.putAll(factors);
    copy.quantities.putAll(quantities);
    return copy;
  }

  /// With a column of redshifts.
  public TreeLayout redshift(String column) {
    TreeLayout copy = copy();
    copy.redshift = column;
    return copy;
  }

  /// With a column of scale factors, which counts before one of redshifts.
  public TreeLayout scaleFactor(String column) {
    TreeLayout copy = copy();
    copy.scaleFactor = column;
    return copy;
  }

  /// With a column of numbers of snapshots, which grow with time.
  public TreeLayout snapshot(String column) {
    TreeLayout copy = copy();
    copy.snapshot = column;
    return copy;
  }

  /// With positions in three columns, or one of three numbers.
  ///
  /// @throws IllegalArgumentException where there are neither one nor three
  public TreeLayout positions(List<String> columns, LengthUnit unit) {
    CatalogLayout.requireAxes("positions", columns);
    TreeLayout copy = copy();
    copy.positions = List.copyOf(columns);
    copy.length = unit;
    return copy;
  }

  /// With velocities in three columns, or one of three numbers.
  ///
  /// @throws IllegalArgumentException where there are neither one nor three
  public TreeLayout velocities(List<String> columns, VelocityUnit unit) {
    CatalogLayout.requireAxes("velocities", columns);
    TreeLayout copy = copy();
    copy.velocities = List.copyOf(columns);
    copy.velocityUnit = unit;
    return copy;
  }

  /// In a periodic box of this side in comoving Mpc/h.
  public TreeLayout box(double mpcPerH) {
    TreeLayout copy = copy();
    copy.box = OptionalDouble.of(mpcPerH);
    return copy;
  }

  /// In this universe.
  public TreeLayout cosmology(StatedCosmology stated) {
    TreeLayout copy = copy();
    copy.cosmology = stated;
    return copy;
  }

  /// With this meaning of descendants that the table does not have.
  public TreeLayout outsideLinks(OutsideLinks meaning) {
    TreeLayout copy = copy();
    copy.policy = meaning;
    return copy;
  }

  /// With a further length, such as a radius.
  public TreeLayout length(String column, LengthUnit unit) {
    return further(column, Quantity.LENGTH, unit.inMpcPerH());
  }

  /// With a further mass.
  public TreeLayout mass(String column, MassUnit unit) {
    return further(column, Quantity.MASS, unit.inSolarPerH());
  }

  /// With a further velocity, such as a dispersion.
  public TreeLayout velocity(String column, VelocityUnit unit) {
    return further(column, Quantity.VELOCITY, unit.inKmPerS());
  }

  private TreeLayout further(String column, Quantity quantity, double factor) {
    TreeLayout copy = copy();
    copy.factors.put(column, factor);
    copy.quantities.put(column, quantity);
    return copy;
  }

  /// The trees of a table. Columns without a stated unit stay as they are.
  ///
  /// @throws FormatException where a column is missing, there are no rows, a descendant is missing or not later, nodes
  ///     are a cycle, or numbers cannot be
  public MergerForest read(NumberTable table) throws FormatException {
    MergerForest.Nodes nodes = new MergerForest.Nodes(table.source(), CatalogLayout.whole(table, id),
        CatalogLayout.whole(table, descendant),
        CatalogLayout.scaled(table.column(mass, 1).doubles(), massUnit.inSolarPerH()));
    nodes.universe(box, cosmology);
    nodes.times(scaleFactors(table), snapshot.isEmpty() ? new long[0] : CatalogLayout.whole(table, snapshot));
    nodes.motion(
        positions.isEmpty() ? new double[0] : CatalogLayout.scaled(table.together(positions), length.inMpcPerH()),
        velocities.isEmpty()
            ? new double[0]
            : CatalogLayout.scaled(table.together(velocities), velocityUnit.inKmPerS()));
    Set<String> used = new HashSet<>(positions);
    used.addAll(velocities);
    used.addAll(List.of(id, descendant, mass, redshift, scaleFactor, snapshot));
    nodes.others(CatalogLayout.others(table, used, quantities, factors));
    return MergerForest.of(nodes, policy);
  }

  private double[] scaleFactors(NumberTable table) throws FormatException {
    if (!scaleFactor.isEmpty()) {
      return table.column(scaleFactor, 1).doubles();
    }
    if (redshift.isEmpty()) {
      return new double[0];
    }
    double[] factors = table.column(redshift, 1).doubles();
    for (int i = 0; i < factors.length; i++) {
      if (!(factors[i] > -1)) {
        throw new FormatException(table.source() + ": column " + redshift + ": row " + i + " has redshift " + factors[i]
            + "; one above -1 is required");
      }
      factors[i] = 1 / (1 + factors[i]);
    }
    return factors;
  }
}
