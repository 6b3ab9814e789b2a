package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.orrery.io.FormatException;

/// Halo lists in text: `out_N.list` of Rockstar and `hlist_A.list` of consistent-trees, plain or compressed with gzip.
/// Behroozi, Wechsler & Wu 2013; <https://bitbucket.org/gfcstanford/rockstar>.
///
/// Units are those that these programs document and repeat in their headers: masses M_sun/h, positions comoving Mpc/h,
/// velocities peculiar km/s, radii comoving kpc/h, which become Mpc/h. The mass is `Mvir` (`mvir`). Scale factor, box
/// and universe are read from the header (`#a = `, `#Box size: `, `#Om = `), the scale factor of an hlist from its
/// column `scale`. Where the header numbers its columns and leaves some out, columns keep the name that stands above
/// them.
public final class Rockstar {
  private static final List<String> RADII = List.of("Rvir", "rvir", "R200b", "R200c", "R500c", "R2500c", "Rs", "rs",
      "rs_klypin", "Rs_Klypin", "Rs_klypin",
      "Halfmass_Radius", "Xoff");
  private static final List<String> MASSES = List.of("Mvir", "mvir", "Mvir_all", "M200b", "M200c", "M500c", "M2500c",
      "sam_mvir", "sam_Mvir", "Macc",
      "Mpeak", "SAM_Mvir");
  private static final List<String> SPEEDS = List.of("Vmax", "vmax", "Vrms", "vrms", "Voff", "Vacc", "Vpeak");

  private Rockstar() {
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming the file and the line or column, what came and what is required; so where an hlist
  ///     has halos of more than one scale factor
  /// @throws IOException where the file cannot be read
  public static HaloCatalog read(Path file) throws IOException {
    TextTable text = TextTable.read(file, line -> false);
    return read(text, text.table().has("mvir") ? "mvir" : "Mvir");
  }

  /// Reads a whole file with another column as the mass, such as `M200c`: Rockstar names its first mass and radius by
  /// the definition that it was run with.
  ///
  /// @throws FormatException as above
  /// @throws IOException where the file cannot be read
  public static HaloCatalog read(Path file, String mass) throws IOException {
    return read(TextTable.read(file, line -> false), mass);
  }

  private static HaloCatalog read(TextTable text, String mass) throws IOException {
    NumberTable table = text.table();
    boolean isList = table.has("x");
    CatalogLayout layout = CatalogLayout
        .of(isList ? List.of("x", "y", "z") : List.of("X", "Y", "Z"), LengthUnit.MPC_PER_H, mass, MassUnit.SOLAR_PER_H)
        .velocities(isList ? List.of("vx", "vy", "vz") : List.of("VX", "VY", "VZ"), VelocityUnit.KM_PER_S)
        .id(table.has("id") ? "id" : "ID").cosmology(text.cosmology());
    OptionalDouble box = box(text);
    OptionalDouble scaleFactor = scaleFactor(text);
    if (box.isPresent()) {
      layout = layout.box(box.getAsDouble());
    }
    if (scaleFactor.isPresent()) {
      layout = layout.scaleFactor(scaleFactor.getAsDouble());
    }
    for (String name : RADII) {
      layout = table.has(name) ? layout.length(name, LengthUnit.KPC_PER_H) : layout;
    }
    for (String name : MASSES) {
      layout = table.has(name) && !name.equals(mass) ? layout.mass(name, MassUnit.SOLAR_PER_H) : layout;
    }
    for (String name : SPEEDS) {
      layout = table.has(name) ? layout.velocity(name, VelocityUnit.KM_PER_S) : layout;
    }
    return layout.read(table);
  }

  /// A side of 0 is what these programs write where space is open.
  static OptionalDouble box(TextTable text) throws FormatException {
    OptionalDouble full = text.stated("Full box size");
    OptionalDouble box = full.isPresent() ? full : text.stated("Box size");
    return box.isPresent() && box.getAsDouble() == 0 ? OptionalDouble.empty() : box;
  }

  private static OptionalDouble scaleFactor(TextTable text) throws FormatException {
    if (!text.table().has("scale")) {
      return text.stated("a");
    }
    double[] scales = text.table().column("scale").doubles();
    for (double scale : scales) {
      if (scale != scales[0]) {
        throw new FormatException(text.table().source() + ": halos at scale factors " + scales[0] + " and " + scale
            + "; one snapshot is required, or ConsistentTrees for trees");
      }
    }
    return OptionalDouble.of(scales[0]);
  }
}
