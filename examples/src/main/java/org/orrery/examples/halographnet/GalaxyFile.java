package org.orrery.examples.halographnet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.orrery.io.FormatException;
import org.orrery.io.WholeFile;

/// Reads galaxies from a table with the columns host, galaxy, x_kpc, y_kpc, z_kpc, speed_km_s, stellar_mass_msun and
/// half_light_radius_kpc, in any order; others are not read.
public final class GalaxyFile {
  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true)
      .setTrim(true).get();
  private static final List<String> COLUMNS = List.of("host", "galaxy", "x_kpc", "y_kpc", "z_kpc", "speed_km_s",
      "stellar_mass_msun", "half_light_radius_kpc");

  private GalaxyFile() {
  }

  /// The halos, one a host, in the order in which the hosts come.
  ///
  /// @throws IOException naming file and line where something is missing or does not fit
  public static List<Halo> read(Path file) throws IOException {
    Map<String, List<Galaxy>> hosts = new LinkedHashMap<>();
    try (BufferedReader reader = Files.newBufferedReader(WholeFile.requireReadable(file), StandardCharsets.UTF_8);
        CSVParser table = CSVParser.parse(reader, CSV)) {
      for (String column : COLUMNS) {
        if (!table.getHeaderMap().containsKey(column)) {
          throw new FormatException(file + ": there is no column " + column + "; there are " + table.getHeaderNames()
              + "; " + COLUMNS + " are required");
        }
      }
      for (CSVRecord line : table) {
        String where = file + ", line " + table.getCurrentLineNumber();
        hosts.computeIfAbsent(text(line, "host", where), host -> new ArrayList<>()).add(galaxy(line, where));
      }
    } catch (FormatException | FileSystemException named) {
      throw named;
    } catch (IOException | UncheckedIOException | IllegalArgumentException unfit) { // of the parser
      throw new FormatException(file + ": not a table: " + unfit.getMessage(), unfit);
    }
    if (hosts.isEmpty()) {
      throw new FormatException(file + ": no galaxy");
    }
    try {
      return hosts.entrySet().stream().map(host -> new Halo(host.getKey(), host.getValue())).toList();
    } catch (IllegalArgumentException unfit) {
      throw new FormatException(file + ": " + unfit.getMessage(), unfit);
    }
  }

  private static Galaxy galaxy(CSVRecord line, String where) throws FormatException {
    try {
      return new Galaxy(text(line, "galaxy", where), number(line, "x_kpc", where), number(line, "y_kpc", where),
          number(line, "z_kpc", where), number(line, "speed_km_s", where), number(line, "stellar_mass_msun", where),
          number(line, "half_light_radius_kpc", where));
    } catch (IllegalArgumentException unfit) {
      throw new FormatException(where + ": " + unfit.getMessage(), unfit);
    }
  }

  private static String text(CSVRecord line, String column, String where) throws FormatException {
    if (!line.isSet(column) || line.get(column).isBlank()) {
      throw new FormatException(where + ": " + column + " is missing");
    }
    return line.get(column);
  }

  private static double number(CSVRecord line, String column, String where) throws FormatException {
    String text = text(line, column, where);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException unfit) {
      throw new FormatException(where + ": " + column + " is '" + text + "'; a number is required", unfit);
    }
  }
}
