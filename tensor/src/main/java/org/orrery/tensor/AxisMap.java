package org.orrery.tensor;

import java.util.Arrays;
import java.util.List;

/// A sparse linear map along one axis: place i of the result is the sum of `weight_p` times the entry `column_p` of the axis, for
/// p in row i. Upsampling, adaptive averages and padding that repeats cells are such maps, axis after axis.
public final class AxisMap {
  /// What one place of the result is made of.
  ///
  /// @param column an entry of the axis
  /// @param weight its share
  public record Term(int column, double weight) {
  }

  private final int columns;
  private final int[] offsets;
  private final int[] places;
  private final double[] weights;

  private AxisMap(int columns, int[] offsets, int[] places, double[] weights) {
    this.columns = columns;
    this.offsets = offsets;
    this.places = places;
    this.weights = weights;
  }

  /// The map from an axis of so many entries to one with a place for each list of terms.
  ///
  /// @throws IndexOutOfBoundsException where a term names an entry that is not there
  public static AxisMap of(int columns, List<List<Term>> rows) {
    int[] offsets = new int[rows.size() + 1];
    for (int i = 0; i < rows.size(); i++) {
      offsets[i + 1] = offsets[i] + rows.get(i).size();
    }
    int[] places = new int[offsets[rows.size()]];
    double[] weights = new double[places.length];
    int p = 0;
    for (List<Term> row : rows) {
      for (Term term : row) {
        places[p] = term.column();
        weights[p++] = term.weight();
      }
    }
    Indices.wrap(places).requireBelow(columns, "axis map");
    return new AxisMap(columns, offsets, places, weights);
  }

  /// Entry `entries_i` at place i.
  ///
  /// @throws IndexOutOfBoundsException where an entry is not there
  public static AxisMap taking(int columns, Indices entries) {
    entries.requireBelow(columns, "axis map");
    double[] ones = new double[entries.size()];
    Arrays.fill(ones, 1);
    return new AxisMap(columns, Indices.range(0, entries.size() + 1).toArray(), entries.toArray(), ones);
  }

  /// The size of the axis that it reads.
  public int columns() {
    return columns;
  }

  /// The size of the axis that it gives.
  public int rows() {
    return offsets.length - 1;
  }

  /// How many terms there are.
  public int terms() {
    return places.length;
  }

  /// Where the terms of place i start; of the next after the last, where they end.
  public int offset(int row) {
    return offsets[row];
  }

  /// The entry of term p.
  public int column(int term) {
    return places[term];
  }

  /// The share of term p.
  public double weight(int term) {
    return weights[term];
  }

  /// The transposed map.
  public AxisMap transposed() {
    int[] starts = new int[columns + 1];
    for (int column : places) {
      starts[column + 1]++;
    }
    for (int c = 0; c < columns; c++) {
      starts[c + 1] += starts[c];
    }
    int[] next = starts.clone();
    int[] rowsOf = new int[places.length];
    double[] shares = new double[places.length];
    for (int i = 0; i < rows(); i++) {
      for (int p = offsets[i]; p < offsets[i + 1]; p++) {
        int at = next[places[p]]++;
        rowsOf[at] = i;
        shares[at] = weights[p];
      }
    }
    return new AxisMap(rows(), starts, rowsOf, shares);
  }

  /// As a matrix `[rows, columns]`.
  Tensor dense() {
    double[] values = new double[Shape.of(rows(), columns).elements()];
    for (int i = 0; i < rows(); i++) {
      for (int p = offsets[i]; p < offsets[i + 1]; p++) {
        values[i * columns + places[p]] += weights[p];
      }
    }
    return Tensor.of(values, rows(), columns);
  }

  @Override
  public String toString() {
    return "AxisMap[" + columns + " to " + rows() + ", " + terms() + " terms]";
  }
}
