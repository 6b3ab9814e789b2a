package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.orrery.io.FormatException;

/// Merger trees in text, `tree_I_J_K.dat` of consistent-trees, plain or compressed with gzip.
/// Behroozi et al. 2013; <https://bitbucket.org/pbehroozi/consistent-trees>.
///
/// Units are those of its header: masses M_sun/h, positions comoving Mpc/h, velocities peculiar km/s, radii comoving
/// kpc/h, which become Mpc/h. The mass is `mvir`, or `Mvir`.
///
/// Columns are identified by the name that stands above them, never by the number in parentheses behind it. Some files,
/// such as the Bolshoi trees of its public database, have a column in front that these numbers leave out; [#notes] says
/// so.
public final class ConsistentTrees {
  private final MergerForest forest;
  private final List<String> notes;

  private ConsistentTrees(MergerForest forest, List<String> notes) {
    this.forest = forest;
    this.notes = List.copyOf(notes);
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming the file and the line, column or node, what came and what is required
  /// @throws IOException where the file cannot be read
  public static ConsistentTrees read(Path file) throws IOException {
    return read(file, OutsideLinks.REFUSED);
  }

  /// Reads a whole file, of which descendants may lead out.
  ///
  /// @throws FormatException naming the file and the line, column or node, what came and what is required
  /// @throws IOException where the file cannot be read
  public static ConsistentTrees read(Path file, OutsideLinks meaning) throws IOException {
    // behind the header stands the number of trees, alone on its line
    TextTable text = TextTable.read(file, line -> line.chars().allMatch(c -> c >= '0' && c <= '9'));
    NumberTable table = text.table();
    TreeLayout layout = TreeLayout.of("id", "desc_id", table.has("mvir") ? "mvir" : "Mvir", MassUnit.SOLAR_PER_H)
        .scaleFactor("scale").positions(List.of("x", "y", "z"), LengthUnit.MPC_PER_H)
        .velocities(List.of("vx", "vy", "vz"), VelocityUnit.KM_PER_S).cosmology(text.cosmology())
        .outsideLinks(meaning);
    OptionalDouble box = Rockstar.box(text);
    if (box.isPresent()) {
      layout = layout.box(box.getAsDouble());
    }
    for (String name : List.of("rvir", "Rvir", "rs", "Rs", "Rs_Klypin", "Xoff")) {
      layout = table.has(name) ? layout.length(name, LengthUnit.KPC_PER_H) : layout;
    }
    for (String name : List.of("sam_mvir", "sam_Mvir", "Mvir_all", "M200b", "M200c", "M500c", "M2500c", "M_pe_Behroozi",
        "M_pe_Diemer")) {
      layout = table.has(name) ? layout.mass(name, MassUnit.SOLAR_PER_H) : layout;
    }
    for (String name : List.of("vrms", "vmax", "Voff")) {
      layout = table.has(name) ? layout.velocity(name, VelocityUnit.KM_PER_S) : layout;
    }
    return new ConsistentTrees(layout.read(table), notes(text));
  }

  private static List<String> notes(TextTable text) {
    List<String> notes = new ArrayList<>();
    List<Integer> numbered = text.numbered();
    for (int c = 0; c < numbered.size(); c++) {
      if (numbered.get(c) >= 0 && numbered.get(c) != c) {
        notes.add(text.table().source() + ": the header numbers " + text.names().get(c) + " as column "
            + numbered.get(c) + ", but it is column " + c
            + ": columns in front are left out of the numbering. Columns are taken by name");
        break;
      }
    }
    return notes;
  }

  /// The trees.
  public MergerForest forest() {
    return forest;
  }

  /// What is odd about the file and was read all the same.
  public List<String> notes() {
    return notes;
  }

  /// The trees and where they come from.
  @Override
  public String toString() {
    return forest.toString();
  }
}
