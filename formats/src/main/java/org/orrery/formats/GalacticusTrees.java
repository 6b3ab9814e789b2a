package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.orrery.io.FormatException;

/// Merger trees of Galacticus. Benson 2012; <https://github.com/galacticusorg/galacticus>.
public final class GalacticusTrees {
  private GalacticusTrees() {
  }

  /// Reads trees as a table, plain or compressed with gzip: columns `node`, `descendant` (-1 for none), `redshift`,
  /// `mass_msun_h` in M_sun/h, `x_mpc_h`, `y_mpc_h`, `z_mpc_h` in comoving Mpc/h, `vx_kms`, `vy_kms`, `vz_kms` in peculiar km/s.
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
}
