package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.orrery.io.FormatException;

/// Merger trees of Galacticus. Benson 2012; <https://github.com/galacticusorg/galacticus>.
public final class GalacticusTrees {
  private static final double SOLAR_MASS = 1.98892e30; // kg, of Galacticus
  private static final double MEGAPARSEC = 3.08567758135e22; // m, of Galacticus

  private GalacticusTrees() {
  }

  /// Reads trees as a table, plain or compressed with gzip: columns `node`, `descendant` (-1 for none), `redshift`,
  /// `mass_msun_h` in M_sun/h, `x_mpc_h`, `y_mpc_h`, `z_mpc_h` in comoving Mpc/h, `vx_kms`, `vy_kms`, `vz_kms` in
  /// peculiar km/s.
  ///
  /// @throws FormatException naming the file and the line, column or node, what came and what is required
  /// @throws IOException where the file cannot be read
  public static MergerForest readCsv(Path file) throws IOException {
    NumberTable table = CsvTable.read(file);
    TreeLayout layout = TreeLayout.of("node", "descendant", "mass_msun_h", MassUnit.SOLAR_PER_H).redshift("redshift")
        .positions(List.of("x_mpc_h", "y_mpc_h", "z_mpc_h"), LengthUnit.MPC_PER_H)
        .velocities(List.of("vx_kms", "vy_kms", "vz_kms"), VelocityUnit.KM_PER_S);
    if (table.has("vmax_kms")) {
      layout = layout.velocity("vmax_kms", VelocityUnit.KM_PER_S);
    }
    if (table.has("halfmass_radius_mpc_h")) {
      layout = layout.length("halfmass_radius_mpc_h", LengthUnit.MPC_PER_H);
    }
    return layout.read(table);
  }

  /// Reads trees in HDF5: group `forestHalos` with `nodeIndex`, `descendentIndex` (in other versions
  /// `descendantIndex`), `nodeMass`, `redshift` or `expansionFactor`, `position` and `velocity`. Units are those that
  /// the file's group `units` states, with their powers of h and of the scale factor; box and universe those of
  /// `simulation` and `cosmology`.
  ///
  /// In some files `descendantIndex` is no column but a reference beside it, of a type that jHDF does not know; the
  /// columns next to it are read all the same.
  ///
  /// @throws FormatException naming file, and data set or node, what came and what is required: so where a unit is not
  ///     a constant times powers of h and a that make comoving lengths, masses per h or peculiar velocities
  /// @throws IOException where the file cannot be read
  public static MergerForest readHdf5(Path file) throws IOException {
    return readHdf5(file, OutsideLinks.REFUSED);
  }

  /// Reads trees in HDF5, of which descendants may lead out.
  ///
  /// @throws FormatException as above
  /// @throws IOException where the file cannot be read
  public static MergerForest readHdf5(Path file, OutsideLinks meaning) throws IOException {
    try (Hdf5File hdf5 = Hdf5File.open(file)) {
      String group = hdf5.has("forestHalos") ? "forestHalos" : "haloTrees";
      List<String> there = hdf5.names(group);
      String descendant = there.contains("descendentIndex") ? "descendentIndex" : "descendantIndex";
      List<String> wanted = new ArrayList<>(List.of("nodeIndex", descendant, "nodeMass"));
      StatedCosmology cosmology = new StatedCosmology(hdf5.number("cosmology", "OmegaMatter"),
          hdf5.number("cosmology", "OmegaLambda"), hdf5.number("cosmology", "OmegaBaryon"),
          hdf5.number("cosmology", "HubbleParam"), hdf5.number("cosmology", "sigma_8"));
      TreeLayout layout = TreeLayout
          .of("nodeIndex", descendant, "nodeMass", new MassUnit("unit of the file", mass(hdf5, cosmology)))
          .cosmology(cosmology).outsideLinks(meaning);
      boolean hasScaleFactors = there.contains("expansionFactor");
      wanted.add(hasScaleFactors ? "expansionFactor" : "redshift");
      layout = hasScaleFactors ? layout.scaleFactor("expansionFactor") : layout.redshift("redshift");
      LengthUnit length = new LengthUnit("unit of the file", length(hdf5, cosmology));
      VelocityUnit velocity = new VelocityUnit("unit of the file", velocity(hdf5));
      if (there.contains("position")) {
        wanted.add("position");
        layout = layout.positions(List.of("position"), length);
      }
      if (there.contains("velocity")) {
        wanted.add("velocity");
        layout = layout.velocities(List.of("velocity"), velocity);
      }
      for (String name : List.of("hostIndex", "particleCount", "velocityMaximum", "velocityDispersion",
          "halfMassRadius")) {
        if (there.contains(name)) {
          wanted.add(name);
        }
      }
      for (String name : List.of("velocityMaximum", "velocityDispersion")) {
        layout = there.contains(name) ? layout.velocity(name, velocity) : layout;
      }
      layout = there.contains("halfMassRadius") ? layout.length("halfMassRadius", length) : layout;
      OptionalDouble box = hdf5.number("simulation", "boxSize");
      if (box.isPresent()) {
        layout = layout.box(box.getAsDouble() * length.inMpcPerH());
      }
      return layout.read(hdf5.table(group, wanted));
    }
  }

  /// What one of the file's is in units of the project: constant times h^exponent a^exponent.
  private static double unit(Hdf5File hdf5, String kind, double inSi, int scaleFactorExponent, int hubbleExponent,
      OptionalDouble h) throws FormatException {
    double si = hdf5.requireNumber("units", kind + "UnitsInSI");
    double a = hdf5.requireNumber("units", kind + "ScaleFactorExponent");
    double hubble = hdf5.requireNumber("units", kind + "HubbleExponent");
    if (a != scaleFactorExponent) {
      throw new FormatException(hdf5.path() + ": units attribute " + kind + "ScaleFactorExponent is " + a + "; "
          + scaleFactorExponent + " is required");
    }
    double factor = si / inSi;
    if (hubble != hubbleExponent) {
      if (h.isEmpty()) {
        throw new FormatException(hdf5.path() + ": units attribute " + kind + "HubbleExponent is " + hubble
            + "; cosmology attribute HubbleParam is required to convert");
      }
      factor *= Math.pow(h.getAsDouble(), hubble - hubbleExponent);
    }
    if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
      throw new FormatException(hdf5.path() + ": units attribute " + kind + "UnitsInSI is " + si
          + "; a positive finite unit is required");
    }
    return factor;
  }

  private static double mass(Hdf5File hdf5, StatedCosmology cosmology) throws FormatException {
    return unit(hdf5, "mass", SOLAR_MASS, 0, -1, cosmology.h());
  }

  private static double length(Hdf5File hdf5, StatedCosmology cosmology) throws FormatException {
    return unit(hdf5, "length", MEGAPARSEC, 1, -1, cosmology.h());
  }

  private static double velocity(Hdf5File hdf5) throws FormatException {
    return unit(hdf5, "velocity", 1000, 0, 0, OptionalDouble.empty());
  }
}
