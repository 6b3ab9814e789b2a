package org.orrery.formats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.orrery.io.FormatException;

/// Columns of numbers with as many rows each, and where they come from.
public final class NumberTable {
  private final String source;
  private final int rows;
  private final Map<String, Column> columns;
  private final Set<String> texts;

  private NumberTable(String source, int rows, Map<String, Column> columns, Set<String> texts) {
    this.source = source;
    this.rows = rows;
    this.columns = Collections.unmodifiableMap(columns);
    this.texts = Collections.unmodifiableSet(new TreeSet<>(texts));
  }

  /// A table of these columns.
  ///
  /// @param source what errors name, as a rule the file
  /// @throws FormatException where two columns have one name, or not as many rows
  public static NumberTable of(String source, List<Column> columns) throws FormatException {
    return of(source, columns, Set.of());
  }

  static NumberTable of(String source, List<Column> columns, Set<String> texts) throws FormatException {
    Map<String, Column> named = new LinkedHashMap<>();
    int rows = columns.isEmpty() ? 0 : columns.getFirst().rows();
    for (Column column : columns) {
      if (named.put(column.name(), column) != null) {
        throw new FormatException(source + ": two columns are called " + column.name()
            + "; names of their own are required");
      }
      if (column.rows() != rows) {
        throw new FormatException(source + ": column " + column.name() + " has " + column.rows() + " rows; " + rows
            + " are required, as in " + columns.getFirst().name());
      }
    }
    return new NumberTable(source, rows, named, texts);
  }

  /// Where the numbers come from.
  public String source() {
    return source;
  }

  /// How many rows there are.
  public int rows() {
    return rows;
  }

  /// The columns in the order of the file.
  public List<Column> columns() {
    return List.copyOf(columns.values());
  }

  /// The names of the columns that hold text, which were not read.
  public Set<String> texts() {
    return texts;
  }

  /// Whether there is a column of numbers of that name.
  public boolean has(String name) {
    return columns.containsKey(name);
  }

  /// The column of that name.
  ///
  /// @throws FormatException naming the file and the columns that it has, where there is none
  public Column column(String name) throws FormatException {
    Column column = columns.get(name);
    if (column == null) {
      throw new FormatException(source + ": there is no column " + name + " of numbers; there are " + columns.keySet()
          + (texts.isEmpty() ? "" : ", and texts " + texts));
    }
    return column;
  }

  /// The column of that name, which must have so many numbers a row.
  Column column(String name, int components) throws FormatException {
    Column column = column(name);
    if (column.components() != components) {
      throw new FormatException(source + ": column " + name + " has " + column.components() + " numbers a row; "
          + components + " are required");
    }
    return column;
  }

  /// `[rows, names]`: one number a row of each.
  double[] together(List<String> names) throws FormatException {
    if (names.size() == 1) {
      return column(names.getFirst(), 3).doubles();
    }
    double[] all = new double[Math.multiplyExact(rows, names.size())];
    for (int c = 0; c < names.size(); c++) {
      Column column = column(names.get(c), 1);
      for (int r = 0; r < rows; r++) {
        all[r * names.size() + c] = column.at(r);
      }
    }
    return all;
  }

  /// The rows of all, one after the other; each must have the columns of the first.
  static NumberTable joined(List<NumberTable> parts) throws FormatException {
    NumberTable first = parts.getFirst();
    if (parts.size() == 1) {
      return first;
    }
    List<Column> all = new ArrayList<>();
    for (Column column : first.columns()) {
      List<Column> pieces = new ArrayList<>();
      for (NumberTable part : parts) {
        pieces.add(part.column(column.name(), column.components()));
      }
      all.add(Column.joined(pieces));
    }
    return of(first.source + " and " + (parts.size() - 1) + " more", all, first.texts);
  }

  /// Names and shapes of the columns.
  @Override
  public String toString() {
    return source + " " + columns.values();
  }
}
