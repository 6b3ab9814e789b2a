package org.orrery.formats;

import java.util.Arrays;
import java.util.List;
import org.orrery.io.FormatException;

/// Named numbers, one or several a row.
///
/// Shape: `[rows]` or `[rows, components]`, row-major. Whole numbers are kept with 64 bits, so that identifiers stay
/// themselves; fractions are kept as doubles.
public final class Column {
  private static final long DOUBLE_WHOLE = 1L << 53;

  private final String name;
  private final Quantity quantity;
  private final int components;
  private final double[] fractions; // empty where the numbers are whole
  private final long[] wholes; // empty where they are not
  private final boolean isWhole;

  private Column(String name, Quantity quantity, int components, double[] fractions, long[] wholes, boolean isWhole) {
    int size = isWhole ? wholes.length : fractions.length;
    if (components < 1 || size % components != 0) {
      throw new IllegalArgumentException("column " + name + ": " + size + " numbers in rows of " + components
          + "; whole rows are required");
    }
    this.name = name;
    this.quantity = quantity;
    this.components = components;
    this.fractions = fractions;
    this.wholes = wholes;
    this.isWhole = isWhole;
  }

  /// A column of fractions.
  ///
  /// @throws IllegalArgumentException where the numbers are not whole rows
  public static Column of(String name, Quantity quantity, int components, double... values) {
    return wrap(name, quantity, components, values.clone());
  }

  /// A column of whole numbers.
  ///
  /// @throws IllegalArgumentException where the numbers are not whole rows
  public static Column of(String name, int components, long... values) {
    return wrap(name, components, values.clone());
  }

  static Column wrap(String name, Quantity quantity, int components, double[] values) {
    return new Column(name, quantity, components, values, new long[0], false);
  }

  static Column wrap(String name, int components, long[] values) {
    return new Column(name, Quantity.NUMBER, components, new double[0], values, true);
  }

  /// The name that the file gives it.
  public String name() {
    return name;
  }

  /// What the numbers are, and their unit.
  public Quantity quantity() {
    return quantity;
  }

  /// How many numbers a row has.
  public int components() {
    return components;
  }

  /// How many rows there are.
  public int rows() {
    return (isWhole ? wholes.length : fractions.length) / components;
  }

  /// Whether the numbers are whole, and kept with 64 bits.
  public boolean isWhole() { return isWhole; }

  /// The numbers as doubles; whole numbers beyond 2^53 are rounded.
  public double[] doubles() {
    if (!isWhole) {
      return fractions.clone();
    }
    return Arrays.stream(wholes).asDoubleStream().toArray();
  }

  /// The numbers as whole ones. Fractions without a part behind the point, as single-precision formats have them,
  /// count.
  ///
  /// @throws FormatException naming the first that is no whole number of 64 bits, or one that a double cannot tell from
  ///     its neighbors
  public long[] longs() throws FormatException {
    if (isWhole) {
      return wholes.clone();
    }
    long[] converted = new long[fractions.length];
    for (int i = 0; i < converted.length; i++) {
      converted[i] = (long) fractions[i];
      if (converted[i] != fractions[i] || Math.abs(fractions[i]) > DOUBLE_WHOLE) {
        throw new FormatException("column " + name + ": row " + i / components + " has " + fractions[i]
            + "; a whole number is required");
      }
    }
    return converted;
  }

  double at(int index) {
    return isWhole ? wholes[index] : fractions[index];
  }

  /// The same numbers times a factor, as another quantity.
  Column scaled(Quantity now, double factor) {
    double[] values = doubles();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return wrap(name, now, components, values);
  }

  /// These rows, in this order.
  Column at(int[] rows) {
    double[] some = new double[isWhole ? 0 : rows.length * components];
    long[] others = new long[isWhole ? rows.length * components : 0];
    for (int r = 0; r < rows.length; r++) {
      if (isWhole) {
        System.arraycopy(wholes, rows[r] * components, others, r * components, components);
      } else {
        System.arraycopy(fractions, rows[r] * components, some, r * components, components);
      }
    }
    return new Column(name, quantity, components, some, others, isWhole);
  }

  /// The rows of all, one after the other; whole where each is.
  static Column joined(List<Column> parts) {
    Column first = parts.getFirst();
    int size = Math.toIntExact(parts.stream().mapToLong(part -> (long) part.rows() * part.components).sum());
    boolean areWhole = parts.stream().allMatch(Column::isWhole);
    double[] fractions = new double[areWhole ? 0 : size];
    long[] wholes = new long[areWhole ? size : 0];
    int at = 0;
    for (Column part : parts) {
      int count = part.rows() * part.components;
      if (areWhole) {
        System.arraycopy(part.wholes, 0, wholes, at, count);
      } else {
        System.arraycopy(part.isWhole ? part.doubles() : part.fractions, 0, fractions, at, count);
      }
      at += count;
    }
    return new Column(first.name, areWhole ? Quantity.NUMBER : first.quantity, first.components, fractions, wholes,
        areWhole);
  }

  /// Name, shape and unit.
  @Override
  public String toString() {
    return name + " [" + rows() + (components == 1 ? "" : ", " + components) + "] " + quantity.unit();
  }
}
