package org.orrery.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.orrery.io.FormatException;

/// Friends-of-friends groups of P-Gadget3 in its binary format, `group_tab_NNN.I`, as the Quijote simulations have
/// them. Villaescusa-Navarro et al. 2020; <https://quijote-simulations.readthedocs.io/en/latest/halos.html>.
///
/// A file has the number of its groups, that of all groups, the numbers of particles of both, the number of files, and
/// then one array after the other: lengths, offsets, masses, positions, velocities, lengths and masses by type, and in
/// runs with star formation its rates. It states neither units nor box nor time: masses are in 10^10 M_sun/h, positions
/// in comoving kpc/h unless said, velocities in km/s times the scale factor. The order of the bytes, and whether there
/// are rates, follow from the length of the file, which one of these layouts must have exactly.
public final class BinaryGroups {
  private static final int HEADER = 24;
  private static final int A_GROUP = 84;
  private static final int A_RATE = 4;
  private static final int TYPES = 6;

  private BinaryGroups() {
  }

  /// Reads all files of one snapshot, in their order.
  ///
  /// @param box the side of the periodic box in comoving Mpc/h, 1000 for Quijote
  /// @param redshift of the snapshot
  /// @throws FormatException naming file and group, what came and what is required
  /// @throws IOException where a file cannot be read
  public static HaloCatalog read(List<Path> files, double box, double redshift) throws IOException {
    return read(files, LengthUnit.KPC_PER_H, box, redshift);
  }

  /// Reads all files of one snapshot, in their order, with positions in another unit.
  ///
  /// @param box the side of the periodic box in comoving Mpc/h
  /// @param redshift of the snapshot
  /// @throws FormatException naming file and group, what came and what is required
  /// @throws IOException where a file cannot be read
  public static HaloCatalog read(List<Path> files, LengthUnit length, double box, double redshift) throws IOException {
    if (files.isEmpty() || !(box > 0) || !(redshift > -1)) {
      throw new IllegalArgumentException("binary groups: " + files.size() + " files, a box of " + box
          + " Mpc/h and redshift " + redshift
          + "; at least one file, a positive side and a redshift above -1 are required");
    }
    double scaleFactor = 1 / (1 + redshift);
    List<NumberTable> parts = new ArrayList<>();
    long total = 0;
    for (Path file : files) {
      Content content = Content.read(file);
      if (content.files != files.size()) {
        throw new FormatException(file + ": is one of " + content.files + " files of a snapshot; all are required, and "
            + files.size() + " came");
      }
      if (parts.isEmpty()) {
        total = content.total;
      } else if (content.total != total) {
        throw new FormatException(file + ": a snapshot of " + content.total + " groups; " + total
            + " are required, as in "
            + files.getFirst());
      }
      parts.add(content.table);
    }
    NumberTable table = NumberTable.joined(parts);
    if (table.rows() != total) {
      throw new FormatException(table.source() + ": " + table.rows() + " groups; " + total
          + " are required, as the header states");
    }
    List<Column> columns = new ArrayList<>(table.columns());
    columns.add(Column.wrap("number", 1, LongStream.range(0, table.rows()).toArray()));
    return CatalogLayout.of(List.of("GroupPos"), length, "GroupMass", MassUnit.GADGET)
        .velocities(List.of("GroupVel"), VelocityUnit.overScaleFactor(scaleFactor)).id("number")
        .mass("GroupTMass", MassUnit.GADGET).box(box / length.inMpcPerH()).scaleFactor(scaleFactor)
        .read(NumberTable.of(table.source(), columns));
  }

  private record Content(NumberTable table, long total, long files) {
    static Content read(Path file) throws IOException {
      long size = InputFile.size(file);
      if (size < HEADER || size > Integer.MAX_VALUE - 64) {
        throw new FormatException(file + ": " + size + " bytes; " + HEADER + " to 2^31 are required");
      }
      ByteBuffer bytes;
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size).order(ByteOrder.LITTLE_ENDIAN);
      }
      if (!fits(bytes)) {
        bytes.order(ByteOrder.BIG_ENDIAN);
      }
      long groups = Integer.toUnsignedLong(bytes.getInt(0));
      if (!fits(bytes)) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        throw new FormatException(file + ": " + size + " bytes for " + Integer.toUnsignedLong(bytes.getInt(0)) + " or "
            + groups + " groups; 24 and 84 or 88 a group are required");
      }
      bytes.position(4);
      long total = Integer.toUnsignedLong(bytes.getInt());
      bytes.position(20);
      long files = Integer.toUnsignedLong(bytes.getInt());
      boolean hasRates = groups > 0 && size == HEADER + groups * (A_GROUP + A_RATE);
      int count = (int) groups;
      List<Column> columns = new ArrayList<>();
      columns.add(wholes("GroupLen", count, 1, bytes));
      wholes("GroupOffset", count, 1, bytes); // among the particles of all files, which are elsewhere
      columns.add(fractions("GroupMass", count, 1, bytes));
      columns.add(fractions("GroupPos", count, 3, bytes));
      columns.add(fractions("GroupVel", count, 3, bytes));
      wholes("GroupTLen", count, TYPES, bytes);
      columns.add(fractions("GroupTMass", count, TYPES, bytes));
      if (hasRates) {
        columns.add(fractions("GroupSFR", count, 1, bytes));
      }
      return new Content(NumberTable.of(file.toString(), columns), total, files);
    }

    private static boolean fits(ByteBuffer bytes) {
      long groups = Integer.toUnsignedLong(bytes.getInt(0));
      long rest = (long) bytes.capacity() - HEADER;
      return rest == groups * A_GROUP || rest == groups * (A_GROUP + A_RATE);
    }

    private static Column wholes(String name, int rows, int components, ByteBuffer bytes) {
      long[] values = new long[rows * components];
      for (int i = 0; i < values.length; i++) {
        values[i] = Integer.toUnsignedLong(bytes.getInt());
      }
      return Column.wrap(name, components, values);
    }

    private static Column fractions(String name, int rows, int components, ByteBuffer bytes) {
      double[] values = new double[rows * components];
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes.getFloat();
      }
      return Column.wrap(name, Quantity.UNSTATED, components, values);
    }
  }
}
