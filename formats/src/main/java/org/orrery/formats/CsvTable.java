package org.orrery.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.orrery.io.FormatException;

/// Tables of comma-separated values, plain or compressed with gzip: the first line that is no comment names the
/// columns, lines that start with `#` are comments. Empty cells, `nan` and `null` are numbers that are not there.
public final class CsvTable {
  private static final int MOST_COLUMNS = 10_000;

  private CsvTable() {
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming the file and the line, what came and what is required
  /// @throws IOException where the file cannot be read
  public static NumberTable read(Path file) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setCommentMarker('#').setIgnoreEmptyLines(true)
        .setIgnoreSurroundingSpaces(true).get();
    try (InputFile.RowReader in = InputFile.characters(file);
        CSVParser parser = CSVParser.builder().setReader(in)
            .setFormat(format).get()) {
      List<ColumnGrowth> columns = new ArrayList<>();
      int rows = 0;
      for (CSVRecord row : parser) {
        in.nextRow();
        if (columns.isEmpty()) {
          columns.addAll(header(file, row));
          continue;
        }
        if (row.size() != columns.size()) {
          throw new FormatException(file + ": line " + parser.getCurrentLineNumber() + " has " + row.size()
              + " cells; " + columns.size() + " are required, as in the header");
        }
        for (int c = 0; c < columns.size(); c++) {
          columns.get(c).add(row.get(c).strip());
        }
        rows++;
      }
      if (rows == 0) {
        throw new FormatException(file + ": there is no row behind a header; at least one is required");
      }
      return table(file.toString(), columns);
    } catch (UncheckedIOException | IllegalStateException invalid) {
      if (invalid.getCause() instanceof FormatException named) {
        throw named;
      }
      throw new FormatException(file + ": not a table of comma-separated values: " + invalid.getMessage(), invalid);
    }
  }

  private static List<ColumnGrowth> header(Path file, CSVRecord row) throws FormatException {
    if (row.size() > MOST_COLUMNS) {
      throw new FormatException(file + ": " + row.size() + " columns; at most " + MOST_COLUMNS + " are allowed");
    }
    if (row.stream().allMatch(ColumnGrowth::isNumber)) {
      throw new FormatException(file + ": the first line that is no comment has numbers only, " + row.get(0)
          + " first; names of columns without # are required");
    }
    Set<String> seen = new HashSet<>();
    List<ColumnGrowth> columns = new ArrayList<>();
    for (String cell : row) {
      String name = cell.strip();
      if (name.isEmpty() || !seen.add(name)) {
        throw new FormatException(file + ": column " + columns.size() + " of the header is called '" + name
            + "'; names of their own are required");
      }
      columns.add(new ColumnGrowth(name));
    }
    return columns;
  }

  static NumberTable table(String source, List<ColumnGrowth> columns) throws FormatException {
    List<Column> numbers = new ArrayList<>();
    Set<String> texts = new TreeSet<>();
    for (ColumnGrowth column : columns) {
      if (column.isText()) {
        texts.add(column.name());
      } else {
        numbers.add(column.column());
      }
    }
    return NumberTable.of(source, numbers, texts);
  }
}
