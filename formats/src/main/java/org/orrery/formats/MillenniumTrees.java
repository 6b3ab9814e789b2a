package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.orrery.io.FormatException;

/// Merger trees as the Millennium database gives them out (CSV of the table MPAHalo). Springel et al. 2005; Lemson &
/// the Virgo Consortium 2006.
///
/// Columns `haloId`, `descendantId`, `snapNum`, `redshift`, `m_tophat` in 10^10 M_sun/h (0 for what is no main halo),
/// `x`, `y`, `z` in comoving Mpc/h, `velX`, `velY`, `velZ` in peculiar km/s, `halfmassRadius` in Mpc/h; or the same
/// under names that state the unit (`m_tophat_1e10msun_h`, `x_mpc_h`, `vx_kms`). Other columns stay as they are. The
/// file does not say the side of the box: the Millennium run has 500 Mpc/h, milli-Millennium 62.5.
public final class MillenniumTrees {
  private MillenniumTrees() {
  }

  /// Reads a whole file, in a box of unknown side.
  ///
  /// @throws FormatException naming the file and the line, column or node, what came and what is required
  /// @throws IOException where the file cannot be read
  public static MergerForest read(Path file) throws IOException {
    NumberTable table = CsvTable.read(file);
    return layout(table).read(table);
  }

  /// Reads a whole file of a run in a box of this side, comoving Mpc/h.
  ///
  /// @throws FormatException naming the file and the line, column or node, what came and what is required
  /// @throws IOException where the file cannot be read
  public static MergerForest read(Path file, double box) throws IOException {
    NumberTable table = CsvTable.read(file);
    return layout(table).box(box).read(table);
  }

  private static TreeLayout layout(NumberTable table) {
    boolean states = table.has("m_tophat_1e10msun_h");
    TreeLayout layout = TreeLayout
        .of("haloId", "descendantId", states ? "m_tophat_1e10msun_h" : "m_tophat", MassUnit.GADGET)
        .snapshot("snapNum").redshift("redshift")
        .positions(states ? List.of("x_mpc_h", "y_mpc_h", "z_mpc_h") : List.of("x", "y", "z"), LengthUnit.MPC_PER_H)
        .velocities(states ? List.of("vx_kms", "vy_kms", "vz_kms") : List.of("velX", "velY", "velZ"),
            VelocityUnit.KM_PER_S);
    String radius = states ? "halfmassRadius_mpc_h" : "halfmassRadius";
    return table.has(radius) ? layout.length(radius, LengthUnit.MPC_PER_H) : layout;
  }
}
