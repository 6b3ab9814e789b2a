package org.orrery.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.orrery.io.FormatException;

/// Merger trees of any format that a reader of this package knows by what the file begins with: HDF5 of Galacticus or SubLink, text of
/// consistent-trees, or tables of Galacticus and of the Millennium database.
public final class TreeFiles {
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F'};
  private static final String REQUIRED = "; merger trees of Galacticus (HDF5 with forestHalos, or columns node and "
      + "descendant), SubLink (HDF5 with SubhaloID), consistent-trees (a header with desc_id) or the Millennium database "
      + "(columns haloId and descendantId) are required";

  private TreeFiles() {
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming the file, where it is of no such format, or is wrong with respect to it
  /// @throws IOException where the file cannot be read
  public static MergerForest read(Path file) throws IOException {
    return isHdf5(file) ? readHdf5(file) : readText(file);
  }

  private static boolean isHdf5(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(HDF5.length), HDF5);
    }
  }

  private static MergerForest readHdf5(Path file) throws IOException {
    List<String> names;
    try (Hdf5File hdf5 = Hdf5File.open(file)) {
      names = hdf5.names("/");
    }
    if (names.contains("forestHalos") || names.contains("haloTrees")) {
      return GalacticusTrees.readHdf5(file);
    }
    if (names.contains("SubhaloID")) {
      return SubLink.read(file);
    }
    throw new FormatException(file + ": an HDF5 file of " + names + REQUIRED);
  }

  private static MergerForest readText(Path file) throws IOException {
    String header = "";
    try (InputFile.RowReader rows = InputFile.characters(file); BufferedReader in = new BufferedReader(rows)) {
      String line = in.readLine();
      if (line != null && line.startsWith("#") && line.contains("desc_id")) {
        return ConsistentTrees.read(file).forest();
      }
      while (line != null && (line.isBlank() || line.startsWith("#"))) {
        rows.nextRow();
        line = in.readLine();
      }
      header = line == null ? "" : line;
    }
    List<String> columns = Arrays.stream(header.split(",")).map(String::strip).toList();
    if (columns.contains("node") && columns.contains("descendant")) {
      return GalacticusTrees.readCsv(file);
    }
    if (columns.contains("haloId") && columns.contains("descendantId")) {
      return MillenniumTrees.read(file);
    }
    String begins = header.substring(0, Math.min(60, header.length())).replaceAll("\\p{Cntrl}", "?");
    throw new FormatException(file + ": it begins with '" + begins + "'" + REQUIRED);
  }
}
