package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.cpu.loops.RunReductions;

/// A block of a matrix with 0 in the place of what is NaN or infinite, and these numbers beside. A product over a tile multiplies all its
/// rows, also by weights of 0; 0 times NaN would carry a row to those that do not hear it. So tiles multiply the finite part, and
/// [#addProducts] adds the rest where it is heard. Where all is finite nothing is copied.
final class FiniteBlock {
  private static final int[] NONE = new int[0];

  /// Where the block is.
  final float[] values;
  final int start;
  /// From one row to the next.
  final int step;
  private final int columns;
  /// Row times columns plus column of each number that is left out.
  private final int[] places;
  private final float[] numbers;

  /// Whether row r of a table is to be multiplied by row k of the block.
  interface Heard {
    boolean at(int row, int k);
  }

  private FiniteBlock(float[] values, int start, int step, int columns, int[] places, float[] numbers) {
    this.values = values;
    this.start = start;
    this.step = step;
    this.columns = columns;
    this.places = places;
    this.numbers = numbers;
  }

  /// A block that is multiplied as it is, whatever is in it.
  static FiniteBlock unchanged(float[] values, int start, int step, int columns) {
    return new FiniteBlock(values, start, step, columns, NONE, new float[0]);
  }

  /// The block of these rows and columns.
  static FiniteBlock of(RunReductions runs, float[] values, int start, int step, int rows, int columns) {
    boolean finite = step == columns && runs.allFinite(values, start, start + rows * columns);
    for (int r = 0; r < rows && !finite; r++) {
      if (!runs.allFinite(values, start + r * step, start + r * step + columns)) {
        float[] copy = new float[rows * columns];
        for (int k = 0; k < rows; k++) {
          System.arraycopy(values, start + k * step, copy, k * columns, columns);
        }
        return inPlace(runs, copy, 0, columns, rows, columns);
      }
    }
    return unchanged(values, start, step, columns);
  }

  /// The same in the memory of the numbers, which are changed.
  static FiniteBlock inPlace(RunReductions runs, float[] values, int start, int step, int rows, int columns) {
    int[] places = new int[0];
    float[] numbers = new float[0];
    int count = 0;
    for (int r = 0; r < rows; r++) {
      int row = start + r * step;
      if (runs.allFinite(values, row, row + columns)) {
        continue;
      }
      for (int c = 0; c < columns; c++) {
        if (!Float.isFinite(values[row + c])) {
          if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count + columns);
            numbers = Arrays.copyOf(numbers, 2 * count + columns);
          }
          places[count] = r * columns + c;
          numbers[count++] = values[row + c];
          values[row + c] = 0f;
        }
      }
    }
    return new FiniteBlock(values, start, step, columns, Arrays.copyOf(places, count), numbers);
  }

  /// `y[yStart + r yStep + c]` += `table[r tableStep + k]` times the number left out at (k, c), for the rows r below `rows` that hear k.
  void addProducts(float[] table, int tableStep, int rows, Heard heard, float[] y, int yStart, int yStep) {
    for (int n = 0; n < places.length; n++) {
      int k = places[n] / columns;
      for (int r = 0; r < rows; r++) {
        if (heard.at(r, k)) {
          y[yStart + r * yStep + places[n] % columns] += table[r * tableStep + k] * numbers[n];
        }
      }
    }
  }

  /// `table[r tableStep + k]` += `left[leftStart + r leftStep + c]` times the number left out at (k, c), for the rows r that hear k.
  void addDots(float[] left, int leftStart, int leftStep, int rows, Heard heard, float[] table, int tableStep) {
    for (int n = 0; n < places.length; n++) {
      int k = places[n] / columns;
      for (int r = 0; r < rows; r++) {
        if (heard.at(r, k)) {
          table[r * tableStep + k] += left[leftStart + r * leftStep + places[n] % columns] * numbers[n];
        }
      }
    }
  }

  /// `sums[k sumStep + c]` += `table[r tableStep + k]` times the number left out at (r, c), for the k below `count` that row r hears.
  void addTransposed(float[] table, int tableStep, int count, Heard heard, float[] sums, int sumStep) {
    for (int n = 0; n < places.length; n++) {
      int r = places[n] / columns;
      for (int k = 0; k < count; k++) {
        if (heard.at(r, k)) {
          sums[k * sumStep + places[n] % columns] += table[r * tableStep + k] * numbers[n];
        }
      }
    }
  }
}
