package org.orrery.examples.cosmographnet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.orrery.io.FormatException;
import org.orrery.io.WholeFile;

/// Reads a halo catalog with the columns x_mpc_h, y_mpc_h, z_mpc_h, mass_msun_h, r50_mpc_h and vcirc_max_kms, in any
/// order; others are not read.
public final class HaloTable {
  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true)
      .setTrim(true).get();
  private static final List<String> COLUMNS = List.of("x_mpc_h", "y_mpc_h", "z_mpc_h", "mass_msun_h", "r50_mpc_h",
      "vcirc_max_kms");
  private static final double MASS_UNIT = 1e10;
  /// Haloes have no stars, so no metallicity: a hundredth of a solar one stands for it.
  private static final double METALLICITY = 0.01;

  private HaloTable() {
  }

  /// The haloes as a field.
  ///
  /// @param box the side of the periodic box in Mpc/h
  /// @throws IOException naming file and line where something is missing or does not fit
  public static GalaxyField read(Path file, double box) throws IOException {
    List<double[]> positions = new ArrayList<>();
    List<double[]> features = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(WholeFile.requireReadable(file), StandardCharsets.UTF_8);
        CSVParser table = CSVParser.parse(reader, CSV)) {
      for (String column : COLUMNS) {
        if (!table.getHeaderMap().containsKey(column)) {
          throw new FormatException(file + ": there is no column " + column + "; there are " + table.getHeaderNames()
              + "; " + COLUMNS + " are required");
        }
      }
      for (CSVRecord line : table) {
        double[] values = new double[COLUMNS.size()];
        for (int k = 0; k < values.length; k++) {
          values[k] = number(line, COLUMNS.get(k), k < 3 ? box : Double.MAX_VALUE,
              file + ", line " + table.getCurrentLineNumber());
        }
        positions.add(new double[] {values[0] / box, values[1] / box, values[2] / box});
        features.add(new double[] {Math.log10(1 + values[3] / MASS_UNIT), Math.log10(1 + values[4]),
          Math.log10(1 + METALLICITY), Math.log10(1 + values[5])});
      }
    } catch (FormatException | FileSystemException named) {
      throw named;
    } catch (IOException | UncheckedIOException | IllegalArgumentException unfit) { // of the parser
      throw new FormatException(file + ": not a table: " + unfit.getMessage(), unfit);
    }
    if (positions.isEmpty()) {
      throw new FormatException(file + ": no halo");
    }
    return new GalaxyField(positions.toArray(double[][]::new), features.toArray(double[][]::new));
  }

  private static double number(CSVRecord line, String column, double below, String where) throws FormatException {
    String text = line.isSet(column) ? line.get(column) : "";
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException unfit) {
      throw new FormatException(where + ": " + column + " is '" + text + "'; a number is required", unfit);
    }
    if (!(value >= 0 && value < below)) {
      throw new FormatException(where + ": " + column + " is " + text + "; 0 up to, not including, "
          + (below == Double.MAX_VALUE ? "infinity" : below) + " is required");
    }
    return value;
  }
}
