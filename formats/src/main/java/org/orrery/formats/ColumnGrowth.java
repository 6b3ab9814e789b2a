package org.orrery.formats;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Numbers of a column of text, whose kind is known at its end: whole until a fraction comes, text from the first cell
/// that is no number.
final class ColumnGrowth {
  private static final int FIRST = 64;

  private final String name;
  private long[] wholes = new long[FIRST];
  private double[] fractions = new double[0];
  private boolean isText;
  private boolean isWhole = true;
  private int size;

  ColumnGrowth(String name) {
    this.name = name;
  }

  void add(String cell) {
    if (isText) {
      return;
    }
    if (isWhole) {
      Long whole = whole(cell);
      if (whole != null) {
        if (size == wholes.length) {
          wholes = Arrays.copyOf(wholes, 2 * size);
        }
        wholes[size++] = whole;
        return;
      }
    }
    Double fraction = fraction(cell);
    if (fraction == null) {
      isText = true;
      wholes = new long[0];
      fractions = new double[0];
      return;
    }
    if (isWhole) {
      isWhole = false;
      fractions = new double[Math.max(FIRST, wholes.length)];
      for (int i = 0; i < size; i++) {
        fractions[i] = wholes[i];
      }
      wholes = new long[0];
    }
    if (size == fractions.length) {
      fractions = Arrays.copyOf(fractions, 2 * size);
    }
    fractions[size++] = fraction;
  }

  private static @Nullable Long whole(String cell) {
    if (cell.isEmpty() || cell.length() > 20 || !isDigits(cell)) {
      return null;
    }
    try {
      return Long.valueOf(cell);
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }

  private static boolean isDigits(String cell) {
    int from = cell.charAt(0) == '-' || cell.charAt(0) == '+' ? 1 : 0;
    for (int i = from; i < cell.length(); i++) {
      if (cell.charAt(i) < '0' || cell.charAt(i) > '9') {
        return false;
      }
    }
    return from < cell.length();
  }

  static boolean isNumber(String cell) {
    return !cell.isBlank() && fraction(cell.strip()) != null;
  }

  /// An empty cell is a number that is not there.
  private static @Nullable Double fraction(String cell) {
    String text = cell.toLowerCase(Locale.ROOT);
    return switch (text) {
      case "", "nan", "-nan", "+nan", "null", "na" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> finite(text);
    };
  }

  private static @Nullable Double finite(String text) {
    char last = text.charAt(text.length() - 1);
    if (!((last >= '0' && last <= '9') || last == '.') || text.indexOf('x') >= 0) {
      return null; // Java's suffixes and hexadecimal numbers
    }
    try {
      return Double.valueOf(text.replace('d', 'e'));
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }

  boolean isText() { return isText; }

  String name() {
    return name;
  }

  Column column() {
    return isWhole
        ? Column.wrap(name, 1, Arrays.copyOf(wholes, size))
        : Column.wrap(name, Quantity.UNSTATED, 1, Arrays.copyOf(fractions, size));
  }
}
