package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.orrery.io.ElementType;
import org.orrery.io.FormatException;
import org.orrery.io.NumPy;
import org.orrery.io.NumPyArchive;
import org.orrery.io.NumericArray;

/// Tables in NumPy's `.npz` and `.npy`, which [org.orrery.io] parses.
public final class NumPyTable {
  private NumPyTable() {
  }

  /// An archive whose arrays `[rows]` and `[rows, components]` with as many rows as its first are columns; others are
  /// listed as [NumberTable#texts].
  ///
  /// @throws FormatException where it is no archive of NumPy, or has no array of one or two axes
  /// @throws IOException where it cannot be read
  public static NumberTable read(Path file) throws IOException {
    InputFile.size(file);
    NumPyArchive archive = NumPyArchive.read(file);
    List<Column> columns = new ArrayList<>();
    Set<String> others = new TreeSet<>(archive.skipped().keySet());
    for (Map.Entry<String, NumericArray> entry : archive.arrays().entrySet()) {
      NumericArray array = entry.getValue();
      int rank = array.shape().rank();
      boolean fits = (rank == 1 || (rank == 2 && array.shape().size(1) > 0))
          && (columns.isEmpty() || columns.getFirst().rows() == array.shape().size(0));
      if (fits) {
        columns.add(column(entry.getKey(), array, rank == 2 ? array.shape().size(1) : 1));
      } else {
        others.add(entry.getKey());
      }
    }
    if (columns.isEmpty()) {
      throw new FormatException(file + ": no array of one or two axes but " + archive + "; at least one is required");
    }
    return NumberTable.of(file.toString(), columns, others);
  }

  /// One array `[rows, columns]` with these names of its columns.
  ///
  /// @throws FormatException where it is no array of NumPy, or has not that many columns
  /// @throws IOException where it cannot be read
  public static NumberTable read(Path file, List<String> names) throws IOException {
    InputFile.size(file);
    NumericArray array = NumPy.read(file);
    if (array.shape().rank() != 2 || array.shape().size(1) != names.size()) {
      throw new FormatException(file + ": an array " + array.shape() + "; [rows, " + names.size() + "] is required for "
          + names);
    }
    Column all = column("all", array, names.size());
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      double[] values = new double[all.rows()];
      for (int r = 0; r < values.length; r++) {
        values[r] = all.at(r * names.size() + c);
      }
      columns.add(Column.wrap(names.get(c), Quantity.UNSTATED, 1, values));
    }
    return NumberTable.of(file.toString(), columns);
  }

  private static Column column(String name, NumericArray array, int components) {
    boolean isFraction = Set.of(ElementType.F16, ElementType.BF16, ElementType.F32, ElementType.F64)
        .contains(array.type());
    return isFraction
        ? Column.wrap(name, Quantity.UNSTATED, components, array.doubles())
        : Column.wrap(name, components, array.longs());
  }
}
