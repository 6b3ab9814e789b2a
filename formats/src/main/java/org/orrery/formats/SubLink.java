package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.orrery.io.FormatException;

/// Merger trees of SubLink in HDF5, `tree_extended.I.hdf5`. Rodriguez-Gomez et al. 2015;
/// <https://www.tng-project.org/data/docs/specifications/#sec4a>.
///
/// Data sets `SubhaloID`, `DescendantID` (-1 for none), `SnapNum`, and where they are there `SubhaloMass`, else `Mass`,
/// in 10^10 M_sun/h, `SubhaloPos` in comoving kpc/h, `SubhaloVel` in peculiar km/s, `TreeID`, `SubfindID`,
/// `FirstProgenitorID`, `NextProgenitorID`, `MainLeafProgenitorID`, `RootDescendantID`, `SubhaloLen`, `SubhaloVmax`.
/// The files state no units: these are the documented ones of Illustris and TNG.
public final class SubLink {
  private static final List<String> OTHERS = List.of("TreeID", "SubfindID", "FirstProgenitorID", "NextProgenitorID",
      "MainLeafProgenitorID", "RootDescendantID", "LastProgenitorID", "FirstSubhaloInFOFGroupID", "SubhaloLen",
      "SubhaloVmax", "SubhaloHalfmassRad");

  private SubLink() {
  }

  /// Reads a whole file, which holds whole trees.
  ///
  /// @throws FormatException naming file, and data set or node, what came and what is required
  /// @throws IOException where the file cannot be read
  public static MergerForest read(Path file) throws IOException {
    return read(file, LengthUnit.KPC_PER_H, MassUnit.GADGET);
  }

  /// Reads a whole file of another simulation with other units.
  ///
  /// @throws FormatException naming file, and data set or node, what came and what is required
  /// @throws IOException where the file cannot be read
  public static MergerForest read(Path file, LengthUnit length, MassUnit mass) throws IOException {
    try (Hdf5File hdf5 = Hdf5File.open(file)) {
      List<String> there = hdf5.names("/");
      String weight = there.contains("SubhaloMass") ? "SubhaloMass" : "Mass";
      List<String> wanted = new ArrayList<>(List.of("SubhaloID", "DescendantID", "SnapNum", weight));
      OTHERS.stream().filter(there::contains).forEach(wanted::add);
      TreeLayout layout = TreeLayout.of("SubhaloID", "DescendantID", weight, mass).snapshot("SnapNum");
      if (there.contains("SubhaloPos")) {
        wanted.add("SubhaloPos");
        layout = layout.positions(List.of("SubhaloPos"), length);
      }
      if (there.contains("SubhaloVel")) {
        wanted.add("SubhaloVel");
        layout = layout.velocities(List.of("SubhaloVel"), VelocityUnit.KM_PER_S);
      }
      if (there.contains("SubhaloVmax")) {
        layout = layout.velocity("SubhaloVmax", VelocityUnit.KM_PER_S);
      }
      if (there.contains("SubhaloHalfmassRad")) {
        layout = layout.length("SubhaloHalfmassRad", length);
      }
      return layout.read(hdf5.table("", wanted));
    }
  }
}
