package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.orrery.io.FormatException;

/// Links from the subhalos of one snapshot of GADGET-4 to those of the one before or after, or to the merger trees:
/// `subhalo_prog_NNN`, `subhalo_desc_NNN` and `subhalo_treelink_NNN`. Springel et al. 2021.
///
/// The columns are those of the file's group `Subhalo`, such as `SubhaloNr`, `ProgSubhaloNr`, `FirstProgSubhaloNr`,
/// `NextDescSubhaloNr`, `TreeID` and `TreeIndex`: numbers within a whole snapshot, -1 for none.
public final class SubhaloLinks {
  private final NumberTable table;

  private SubhaloLinks(NumberTable table) {
    this.table = table;
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming file and data set, what came and what is required
  /// @throws IOException where the file cannot be read
  public static SubhaloLinks read(Path file) throws IOException {
    try (Hdf5File hdf5 = Hdf5File.open(file)) {
      return new SubhaloLinks(hdf5.table("Subhalo", hdf5.names("Subhalo")));
    }
  }

  /// How many subhalos the file has.
  public int size() {
    return table.rows();
  }

  /// `[subhalos]`: a column, as the file has it.
  ///
  /// @throws FormatException naming the columns that there are, where there is none of that name
  public long[] column(String name) throws FormatException {
    return CatalogLayout.whole(table, name);
  }

  /// Where links lead among the subhalos of another catalog.
  ///
  /// @param places `[subhalos]`: the place in that catalog, -1 for no link and for one that leads out of it
  /// @param outside the links that lead to none of them
  public record Resolved(List<Integer> places, List<OutsideLink> outside) {
    /// Copies.
    public Resolved {
      places = List.copyOf(places);
      outside = List.copyOf(outside);
    }
  }

  /// Follows the links of a column to objects with these identifiers, as a rule [HaloCatalog#ids] of the other
  /// snapshot's subhalos.
  ///
  /// @throws FormatException where there is no such column, or no `SubhaloNr` to name where a link starts, or two
  ///     objects have one identifier
  public Resolved resolve(String name, long[] ids) throws FormatException {
    long[] links = column(name);
    long[] numbers = column("SubhaloNr");
    IdentifierIndex index = IdentifierIndex.of(table.source(), ids);
    List<Integer> places = new ArrayList<>(links.length);
    List<OutsideLink> outside = new ArrayList<>();
    for (int i = 0; i < links.length; i++) {
      int place = links[i] == -1 ? -1 : index.placeOf(links[i]);
      places.add(place);
      if (place < 0 && links[i] != -1) {
        outside.add(new OutsideLink(numbers[i], links[i]));
      }
    }
    return new Resolved(places, outside);
  }

  /// Names and shapes of the columns.
  @Override
  public String toString() {
    return table.toString();
  }
}
