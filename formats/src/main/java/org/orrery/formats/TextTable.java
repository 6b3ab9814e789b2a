package org.orrery.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.orrery.io.FormatException;

/// Tables of numbers between blanks whose first line, behind `#`, names the columns, with more lines behind `#` that
/// state the box and the universe: what Rockstar, consistent-trees and CAMELS write.
///
/// @param table the numbers
/// @param comments the lines behind the header that start with `#`
/// @param names of all columns, those of text included
/// @param numbered for each column the number in parentheses behind its name, -1 where there is none
record TextTable(NumberTable table, List<String> comments, List<String> names, List<Integer> numbered) {
  private static final Pattern NUMBERED = Pattern.compile("(.+)\\((\\d{1,6})\\)");
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?");
  private static final int MOST_COMMENTS = 10_000;
  private static final int MOST_COLUMNS = 10_000;

  /// @param isBare whether a line of one number stands between header and rows, and is no row
  static TextTable read(Path file, Predicate<String> isBare) throws IOException {
    List<String> comments = new ArrayList<>();
    List<Integer> numbered = new ArrayList<>();
    List<ColumnGrowth> columns = new ArrayList<>();
    int rows = 0;
    try (InputFile.RowReader in = InputFile.characters(file); BufferedReader lines = new BufferedReader(in)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        in.nextRow();
        number++;
        String text = line.strip();
        if (number == 1) {
          columns.addAll(header(file, text, numbered));
        } else if (text.startsWith("#")) {
          // headers of the same columns return where files were joined, and lines that divide trees
          if (rows == 0 && comments.size() < MOST_COMMENTS) {
            comments.add(text.substring(1).strip());
          }
        } else if (!text.isEmpty() && !isBare.test(text)) {
          add(file, number, text.split("\\s+"), columns);
          rows++;
        }
      }
    }
    if (rows == 0) {
      throw new FormatException(file + ": there is no row behind the header; at least one is required");
    }
    return new TextTable(CsvTable.table(file.toString(), columns), List.copyOf(comments),
        columns.stream().map(ColumnGrowth::name).toList(), List.copyOf(numbered));
  }

  private static List<ColumnGrowth> header(Path file, String line, List<Integer> numbered) throws FormatException {
    if (!line.startsWith("#") || line.length() < 2) {
      throw new FormatException(file + ": the first line is '" + shown(line)
          + "'; # and names of columns are required");
    }
    String[] words = line.substring(1).strip().split("\\s+");
    if (words.length > MOST_COLUMNS) {
      throw new FormatException(file + ": " + words.length + " columns; at most " + MOST_COLUMNS + " are allowed");
    }
    Map<String, Integer> seen = new HashMap<>();
    List<ColumnGrowth> columns = new ArrayList<>();
    for (String word : words) {
      Matcher match = NUMBERED.matcher(word);
      boolean matches = match.matches();
      String name = matches ? match.group(1) : word;
      numbered.add(matches ? Integer.parseInt(match.group(2)) : -1);
      int times = seen.merge(name, 1, Integer::sum);
      columns.add(new ColumnGrowth(times == 1 ? name : name + "#" + times));
    }
    return columns;
  }

  private static void add(Path file, int line, String[] cells, List<ColumnGrowth> columns) throws FormatException {
    if (cells.length != columns.size()) {
      throw new FormatException(file + ": line " + line + " has " + cells.length + " numbers; " + columns.size()
          + " are required, as in the header");
    }
    for (int c = 0; c < cells.length; c++) {
      columns.get(c).add(cells[c]);
    }
  }

  private static String shown(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }

  /// The number that follows a name and a separator in the comments, as in `Box size: 250.0 Mpc/h` or `h0 = 0.7`.
  OptionalDouble stated(String name) throws FormatException {
    Pattern pattern = Pattern.compile("(?:^|[\\s;,])" + Pattern.quote(name) + "\\s*[:=]\\s*(\\S+)");
    for (String comment : comments) {
      Matcher match = pattern.matcher(comment);
      if (match.find()) {
        String value = match.group(1).replaceAll("[;,]$", "");
        if (!NUMBER.matcher(value).matches()) {
          throw new FormatException(
              table.source() + ": " + name + " is '" + shown(value) + "' in the header; a number is required");
        }
        try {
          return OptionalDouble.of(Double.parseDouble(value));
        } catch (NumberFormatException noNumber) {
          throw new FormatException(
              table.source() + ": " + name + " is '" + shown(value) + "' in the header; a number is required",
              noNumber);
        }
      }
    }
    return OptionalDouble.empty();
  }

  /// Whether some comment says this.
  boolean says(String words) {
    return comments.stream().anyMatch(comment -> comment.contains(words));
  }

  /// What the header states of the universe, under any of the names of these programs.
  StatedCosmology cosmology() throws FormatException {
    return StatedCosmology.of(first("Omega_M", "Om"), first("Omega_L", "Ol"), first("h0", "h"));
  }

  private OptionalDouble first(String name, String other) throws FormatException {
    OptionalDouble value = stated(name);
    return value.isPresent() ? value : stated(other);
  }
}
