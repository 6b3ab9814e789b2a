package org.orrery.formats;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import nom.tam.fits.AsciiTable;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;
import nom.tam.fits.HeaderCard;
import nom.tam.fits.ImageHDU;
import nom.tam.fits.TableHDU;
import nom.tam.image.compression.hdu.CompressedImageHDU;
import nom.tam.image.compression.hdu.CompressedTableHDU;
import nom.tam.util.Cursor;
import org.jspecify.annotations.Nullable;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.tensor.Shape;

/// Tables and images in FITS. Pence et al. 2010; nom-tam-fits parses.
///
/// Columns of one number or of a row of numbers are read, `TSCAL` and `TZERO` applied, `TNULL` as numbers that are not
/// there; columns of text, of complex numbers, of rows of varying length and of more axes are listed as
/// [NumberTable#texts]. Images come as doubles with `BSCALE` and `BZERO` applied and `BLANK` as NaN, the last axis of
/// FITS first, as in NumPy. Compressed images, tables and files are refused by name.
public final class FitsFile {
  private static final int MOST_PARTS = 10_000;
  private static final String START = "SIMPLE  =";

  private FitsFile() {
  }

  @FunctionalInterface
  private interface Use<T> {
    T of(List<BasicHDU<?>> parts) throws FitsException, IOException;
  }

  /// Headers first; what data they state must be within the file before any of it is asked for.
  private static <T> T read(Path file, Use<T> use) throws IOException {
    long size = InputFile.size(file);
    requireStart(file);
    return Untrusted.parse(file + ": not a FITS file that can be read", () -> {
      try (Fits fits = new Fits(file.toFile())) {
        List<BasicHDU<?>> parts = new ArrayList<>();
        for (BasicHDU<?> part = fits.readHDU(); part != null; part = fits.readHDU()) {
          requireInside(file + ": part " + parts.size(), part.getHeader(), size);
          parts.add(part);
          if (parts.size() > MOST_PARTS) {
            throw new FormatException(file + ": more than " + MOST_PARTS + " parts; fewer are required");
          }
        }
        if (parts.isEmpty()) {
          throw new FormatException(file + ": there is no header of FITS, which is required");
        }
        return use.of(parts);
      } catch (FitsException invalid) {
        throw new FormatException(file + ": not a FITS file that can be read: " + Untrusted.reason(invalid), invalid);
      } catch (FormatException named) {
        throw named;
      } catch (IOException invalid) {
        throw new FormatException(file + ": not a whole FITS file: " + Untrusted.reason(invalid), invalid);
      }
    });
  }

  private static void requireStart(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(START.length());
    }
    if (!new String(start, StandardCharsets.US_ASCII).equals(START)) {
      boolean isGzip = start.length > 1 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b;
      throw new FormatException(file + (isGzip
          ? ": compressed with gzip; a file of FITS that is unpacked is required"
          : ": does not begin with '" + START + "', as a file of FITS is required to"));
    }
  }

  private static void requireInside(String what, Header header, long size) throws FormatException {
    int axes = header.getIntValue("NAXIS", 0);
    if (axes < 0 || axes > 999) {
      throw new FormatException(what + " has " + axes + " axes; 0 to 999 are required");
    }
    double elements = axes == 0 ? 0 : 1;
    for (int axis = 1; axis <= axes; axis++) {
      long length = header.getLongValue("NAXIS" + axis, -1);
      if (length < 0) {
        throw new FormatException(what + " has " + length + " numbers along axis " + axis
            + "; at least 0 are required");
      }
      elements *= length;
    }
    long groups = header.getLongValue("GCOUNT", 1);
    long heap = header.getLongValue("PCOUNT", 0);
    double bytes = Math.abs((double) header.getIntValue("BITPIX", 8)) / 8 * groups * (heap + elements);
    if (groups < 0 || heap < 0 || bytes > size) {
      throw new FormatException(what + " states " + Physical.text(bytes) + " bytes of data; at most " + size
          + " are in the file");
    }
  }

  /// What the file has: for each part its number, kind, name and size.
  ///
  /// @throws FormatException where it is no FITS file
  /// @throws IOException where it cannot be read
  public static List<String> contents(Path file) throws IOException {
    return read(file, parts -> {
      List<String> contents = new ArrayList<>();
      for (BasicHDU<?> part : parts) {
        String kind = part instanceof TableHDU<?> ? "table" : part instanceof ImageHDU ? "image" : "other";
        String name = part.getHeader().getStringValue("EXTNAME", "");
        contents.add(contents.size() + ": " + kind + (name.isEmpty() ? "" : " " + name) + " "
            + (part instanceof TableHDU<?> table
                ? table.getNRows() + " rows of " + table.getNCols() + " columns"
                : Arrays.toString(part.getAxes())));
      }
      return List.copyOf(contents);
    });
  }

  /// The first table of a file.
  ///
  /// @throws FormatException naming file and column, what came and what is required; so where there is no table
  /// @throws IOException where it cannot be read
  public static NumberTable table(Path file) throws IOException {
    return read(file, parts -> {
      for (int number = 0; number < parts.size(); number++) {
        if (parts.get(number) instanceof TableHDU<?>) {
          return table(file, parts, number);
        }
      }
      throw new FormatException(file + ": " + parts.size() + " parts without a table; one is required");
    });
  }

  /// The table in one part, as [#contents] numbers them.
  ///
  /// @throws FormatException naming file and column, what came and what is required; so where that part is no table
  /// @throws IOException where it cannot be read
  public static NumberTable table(Path file, int part) throws IOException {
    return read(file, parts -> table(file, parts, part));
  }

  /// The units that a table states, by column; as the file writes them.
  ///
  /// @throws FormatException where that part is no table
  /// @throws IOException where the file cannot be read
  public static Map<String, String> units(Path file, int part) throws IOException {
    return read(file, parts -> {
      TableHDU<?> table = requireTable(file, parts, part);
      Map<String, String> units = new LinkedHashMap<>();
      for (int c = 0; c < table.getNCols(); c++) {
        String unit = table.getHeader().getStringValue("TUNIT" + (c + 1));
        if (unit != null) {
          units.put(name(table, c), unit.strip());
        }
      }
      return units;
    });
  }

  /// The numbers that the header of a part states, by keyword.
  ///
  /// @throws FormatException where there is no such part
  /// @throws IOException where the file cannot be read
  public static Map<String, Double> numbers(Path file, int part) throws IOException {
    return read(file, parts -> {
      Map<String, Double> numbers = new LinkedHashMap<>();
      Cursor<String, HeaderCard> cards = require(file, parts, part).getHeader().iterator();
      while (cards.hasNext()) {
        HeaderCard card = cards.next();
        Class<?> type = card.valueType();
        if (type != null && Number.class.isAssignableFrom(type)) {
          numbers.put(card.getKey(), card.getValue(Double.class, Double.NaN));
        }
      }
      return numbers;
    });
  }

  private static BasicHDU<?> require(Path file, List<BasicHDU<?>> parts, int part) throws FormatException {
    if (part < 0 || part >= parts.size()) {
      throw new FormatException(file + ": part " + part + " of " + parts.size() + "; 0 to " + (parts.size() - 1)
          + " is required");
    }
    return parts.get(part);
  }

  private static TableHDU<?> requireTable(Path file, List<BasicHDU<?>> parts, int part) throws FormatException {
    BasicHDU<?> found = require(file, parts, part);
    if (found instanceof TableHDU<?> table && !(found instanceof CompressedImageHDU)
        && !(found instanceof CompressedTableHDU)) {
      return table;
    }
    throw new FormatException(file + ": part " + part + " is " + kind(found)
        + "; a table without compression is required");
  }

  private static String kind(BasicHDU<?> part) {
    return switch (part) {
      case CompressedImageHDU image -> "a compressed image";
      case CompressedTableHDU table -> "a compressed table";
      case ImageHDU image -> "an image";
      default -> part.getClass().getSimpleName();
    };
  }

  private static String name(TableHDU<?> table, int column) {
    String name = table.getHeader().getStringValue("TTYPE" + (column + 1));
    return name == null || name.isBlank() ? "column " + column : name.strip();
  }

  private static NumberTable table(Path file, List<BasicHDU<?>> parts, int part) throws FitsException, IOException {
    TableHDU<?> table = requireTable(file, parts, part);
    List<Column> columns = new ArrayList<>();
    Set<String> others = new TreeSet<>();
    for (int c = 0; c < table.getNCols(); c++) {
      String name = name(table, c);
      Object values = table.getColumn(c);
      Object flat = values == null || table.getNRows() == 0 ? null : flat(values);
      if (flat == null) {
        others.add(name);
        continue;
      }
      int components = Array.getLength(flat) / table.getNRows();
      columns.add(column(name, components, flat, Stored.of(table, c)));
    }
    if (table.getNRows() == 0) {
      throw new FormatException(file + ": part " + part + " has no row; at least one is required");
    }
    return NumberTable.of(file.toString(), columns, others);
  }

  /// Numbers as one array of primitives, or null for what is none.
  private static @Nullable Object flat(Object values) {
    Class<?> type = values.getClass().getComponentType();
    if (type == null || type == char.class) {
      return null;
    }
    if (type.isPrimitive()) {
      return values;
    }
    Class<?> inner = type.getComponentType();
    if (inner == null || !inner.isPrimitive() || inner == char.class) {
      return null;
    }
    Object[] rows = (Object[]) values;
    int width = rows.length == 0 ? 0 : Array.getLength(rows[0]);
    if (width == 0) {
      return null;
    }
    Object all = Array.newInstance(inner, Math.multiplyExact(rows.length, width));
    for (int r = 0; r < rows.length; r++) {
      if (Array.getLength(rows[r]) != width) {
        return null; // rows of varying length
      }
      System.arraycopy(rows[r], 0, all, r * width, width);
    }
    return all;
  }

  /// What the numbers of a column stand for.
  ///
  /// @param missing the whole number for none, empty where each is one
  /// @param isNull whether a table of text leaves the number in a row out
  private record Stored(double scale, double zero, OptionalLong missing, IntPredicate isNull) {
    static Stored of(TableHDU<?> table, int column) {
      Header header = table.getHeader();
      int number = column + 1;
      OptionalLong missing = table.getData() instanceof AsciiTable || !header.containsKey("TNULL" + number)
          ? OptionalLong.empty()
          : OptionalLong.of(header.getLongValue("TNULL" + number));
      IntPredicate isNull = table.getData() instanceof AsciiTable text ? row -> text.isNull(row, column) : row -> false;
      return new Stored(header.getDoubleValue("TSCAL" + number, 1), header.getDoubleValue("TZERO" + number, 0), missing,
          isNull);
    }

    boolean isMissing(long value, int row) {
      return (missing.isPresent() && value == missing.getAsLong()) || isNull.test(row);
    }

    double of(double value) {
      return value * scale + zero;
    }
  }

  private static Column column(String name, int components, Object flat, Stored stored) {
    if (flat instanceof float[] || flat instanceof double[]) {
      double[] values = new double[Array.getLength(flat)];
      for (int i = 0; i < values.length; i++) {
        values[i] = stored.isNull.test(i / components) ? Double.NaN : stored.of(Array.getDouble(flat, i));
      }
      return Column.wrap(name, Quantity.UNSTATED, components, values);
    }
    long[] wholes = wholes(flat);
    boolean isWhole = stored.scale == 1 && stored.zero == Math.rint(stored.zero) && Math.abs(stored.zero) < 0x1p62
        && IntStream.range(0, wholes.length).noneMatch(i -> stored.isMissing(wholes[i], i / components));
    if (isWhole) {
      for (int i = 0; i < wholes.length; i++) {
        wholes[i] = Math.addExact(wholes[i], (long) stored.zero);
      }
      return Column.wrap(name, components, wholes);
    }
    double[] values = new double[wholes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = stored.isMissing(wholes[i], i / components) ? Double.NaN : stored.of((double) wholes[i]);
    }
    return Column.wrap(name, Quantity.UNSTATED, components, values);
  }

  private static long[] wholes(Object flat) {
    long[] values = new long[Array.getLength(flat)];
    for (int i = 0; i < values.length; i++) {
      values[i] = switch (flat) {
        case byte[] bytes -> bytes[i] & 0xff; // FITS has no others
        case boolean[] truths -> truths[i] ? 1 : 0;
        default -> Array.getLong(flat, i);
      };
    }
    return values;
  }

  /// The first image of a file that has numbers.
  ///
  /// Shape: the sizes of the axes, the one that FITS calls last first.
  ///
  /// @throws FormatException naming the file, what came and what is required; so where there is no image
  /// @throws IOException where it cannot be read
  public static NumericArray image(Path file) throws IOException {
    return read(file, parts -> {
      for (int number = 0; number < parts.size(); number++) {
        int[] axes = parts.get(number) instanceof ImageHDU image ? image.getAxes() : null;
        if (axes != null && axes.length > 0) {
          return image(file, parts, number);
        }
      }
      throw new FormatException(file + ": " + parts.size() + " parts without an image; one is required");
    });
  }

  /// The image in one part, as [#contents] numbers them.
  ///
  /// @throws FormatException naming the file, what came and what is required; so where that part is no image
  /// @throws IOException where it cannot be read
  public static NumericArray image(Path file, int part) throws IOException {
    return read(file, parts -> image(file, parts, part));
  }

  private static NumericArray image(Path file, List<BasicHDU<?>> parts, int part) throws FitsException, IOException {
    BasicHDU<?> found = require(file, parts, part);
    int[] axes = found instanceof ImageHDU image ? image.getAxes() : null;
    if (!(found instanceof ImageHDU image) || axes == null || axes.length == 0) {
      throw new FormatException(file + ": part " + part + " is " + kind(found)
          + (found instanceof ImageHDU ? " without numbers" : "") + "; an image with numbers is required");
    }
    Header header = image.getHeader();
    double scale = header.getDoubleValue("BSCALE", 1);
    double zero = header.getDoubleValue("BZERO", 0);
    boolean hasBlank = header.containsKey("BLANK") && header.getIntValue("BITPIX", 0) > 0;
    long blank = header.getLongValue("BLANK", 0);
    double[] values = new double[Math.toIntExact(Arrays.stream(axes).asLongStream().reduce(1, Math::multiplyExact))];
    if (values.length == 0) {
      throw new FormatException(file + ": part " + part + " is an image of " + Arrays.toString(axes)
          + "; at least one number is required");
    }
    int end = gather(image.getKernel(), values, 0);
    if (end != values.length) {
      throw new FormatException(file + ": part " + part + " has " + end + " numbers; " + values.length
          + " are required");
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = hasBlank && values[i] == blank ? Double.NaN : values[i] * scale + zero;
    }
    return NumericArray.of(Shape.of(axes), values);
  }

  private static int gather(Object part, double[] values, int from) {
    if (part instanceof Object[] parts) {
      int at = from;
      for (Object each : parts) {
        at = gather(each, values, at);
      }
      return at;
    }
    int count = Array.getLength(part);
    for (int i = 0; i < count; i++) {
      values[from + i] = part instanceof byte[] bytes ? bytes[i] & 0xff : Array.getDouble(part, i);
    }
    return from + count;
  }
}
