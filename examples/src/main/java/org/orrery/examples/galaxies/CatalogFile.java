package org.orrery.examples.galaxies;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.orrery.cosmology.Catalog;
import org.orrery.formats.CatalogLayout;
import org.orrery.formats.CsvTable;
import org.orrery.formats.FitsFile;
import org.orrery.formats.HaloCatalog;
import org.orrery.formats.LengthUnit;
import org.orrery.formats.MassUnit;
import org.orrery.formats.NumPyTable;
import org.orrery.formats.NumberTable;
import org.orrery.formats.Rockstar;
import org.orrery.formats.Subfind;
import org.orrery.formats.VelocityUnit;
import org.orrery.io.FormatException;

/// Somebody's catalog: groups of SUBFIND (`.hdf5`), halos of Rockstar (`.list`), or a table (`.csv`, `.csv.gz`, `.fits`, `.npz`) whose
/// columns a [Columns] names.
public final class CatalogFile {
  private CatalogFile() {
  }

  /// Which columns of a table are what.
  ///
  /// @param positions three names
  /// @param velocities three names
  /// @param mass one name
  /// @param length the unit of positions
  /// @param massUnit the unit of masses
  public record Columns(List<String> positions, List<String> velocities, String mass, LengthUnit length,
      MassUnit massUnit) {
    /// `x,y,z,vx,vy,vz,mass` in Mpc/h, km/s and M_sun/h.
    public static final Columns USUAL = new Columns(List.of("x", "y", "z"), List.of("vx", "vy", "vz"), "mass",
        LengthUnit.MPC_PER_H, MassUnit.SOLAR_PER_H);

    /// Copies the lists.
    public Columns {
      positions = List.copyOf(positions);
      velocities = List.copyOf(velocities);
    }

    /// Seven names, in the order of [#USUAL].
    ///
    /// @throws IllegalArgumentException where there are not seven
    public static Columns named(String text, LengthUnit length, MassUnit massUnit) {
      List<String> names = List.of(text.split(",", -1));
      if (names.size() != 7 || names.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException(
            "columns '" + text + "'; seven names are required, as in x,y,z,vx,vy,vz,mass");
      }
      return new Columns(names.subList(0, 3), names.subList(3, 6), names.get(6), length, massUnit);
    }
  }

  /// Reads a file.
  ///
  /// @param columns of a table; other files say themselves
  /// @param side of the periodic box in Mpc/h, where the file does not say
  /// @throws FormatException naming the file, where its name ends in none of these, the side is not known, velocities or masses
  ///     are missing, or numbers cannot be
  /// @throws IOException where it cannot be read
  public static Catalog read(Path file, Columns columns, OptionalDouble side) throws IOException {
    HaloCatalog read = objects(file, columns, side);
    OptionalDouble stated = read.boxSize();
    if (stated.isEmpty() && side.isEmpty()) {
      throw new FormatException(file + ": the side of the box is not known; --box L, in Mpc/h, says it");
    }
    double box = side.isPresent() ? side.getAsDouble() : stated.orElseThrow();
    if (stated.isPresent() && Math.abs(stated.getAsDouble() - box) > 1e-6 * box) {
      throw new FormatException(
          file + ": its box has " + stated.getAsDouble() + " Mpc/h; " + box + " was said");
    }
    if (!read.hasVelocities()) {
      throw new FormatException(file + ": no velocities; they are required");
    }
    double[] masses = read.masses();
    HaloCatalog weighed = read.where(i -> masses[i] > 0);
    double largest = Math.nextDown(box);
    double[] positions = weighed.positions();
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] < 0 || positions[i] > box) {
        throw new FormatException(
            String.format(Locale.ROOT, "%s: object %d lies at %s Mpc/h; 0 to %s is required", file,
                weighed.ids()[i / 3], positions[i], box));
      }
      positions[i] = Math.min(positions[i], largest);
    }
    try {
      return Catalog.of(box, positions, weighed.velocities(), weighed.masses());
    } catch (IllegalArgumentException wrong) {
      throw new FormatException(file + ": " + wrong.getMessage(), wrong);
    }
  }

  private static HaloCatalog objects(Path file, Columns columns, OptionalDouble side) throws IOException {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".hdf5") || name.endsWith(".h5")) {
      return Subfind.read(file).groups();
    }
    if (name.endsWith(".list")) {
      return Rockstar.read(file);
    }
    CatalogLayout layout = CatalogLayout.of(columns.positions(), columns.length(), columns.mass(), columns.massUnit())
        .velocities(columns.velocities(), VelocityUnit.KM_PER_S);
    return (side.isEmpty() ? layout : layout.box(side.getAsDouble() / columns.length().inMpcPerH()))
        .read(table(file, name));
  }

  private static NumberTable table(Path file, String name) throws IOException {
    if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
      return CsvTable.read(file);
    }
    if (name.endsWith(".fits")) {
      return FitsFile.table(file);
    }
    if (name.endsWith(".npz") || name.endsWith(".npy")) {
      return NumPyTable.read(file);
    }
    throw new FormatException(file + ": a catalog ends in .hdf5, .list, .csv, .csv.gz, .fits, .npz or .npy");
  }
}
