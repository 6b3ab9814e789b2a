package org.orrery.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Named arrays in NumPy's `.npz` format: a zip archive, compressed or not, of `.npy` files as [NumPy] reads them.
///
/// Arrays of texts, objects, dates, records and complex numbers stand among numbers in many such files. They are not read,
/// but listed in [#skipped()]. What is damaged is refused, and so are archives that expand to more than a file of that
/// size may hold: 64 MiB and 50 times its size.
public final class NumPyArchive {
  private static final String ENDING = ".npy";
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final String source;
  private final Map<String, NumericArray> arrays;
  private final Map<String, String> skipped;

  private NumPyArchive(String source, Map<String, NumericArray> arrays, Map<String, String> skipped) {
    this.source = source;
    this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    this.skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
  }

  /// Arrays to be written.
  ///
  /// @throws IllegalArgumentException where NumPy has no such array, as [NumPy#write] says, or where a name leads out of
  ///     the archive
  public static NumPyArchive of(Map<String, NumericArray> arrays) {
    arrays.forEach((name, array) -> {
      if (ZipArchive.leadsOut(name)) {
        throw new IllegalArgumentException(
            "npz: array " + name + "; a name without '/' first, '..' and '\\' is required");
      }
      NumPy.header(name, array);
    });
    return new NumPyArchive("npz", arrays, Map.of());
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming file and array, what came and what is required
  /// @throws IOException where the file cannot be read
  public static NumPyArchive read(Path file) throws IOException {
    Map<String, NumericArray> arrays = new LinkedHashMap<>();
    Map<String, String> skipped = new LinkedHashMap<>();
    try (ZipArchive archive = ZipArchive.open(file)) {
      for (String entry : archive.names()) {
        if (!entry.endsWith(ENDING)) {
          throw new FormatException(file + ": entry " + ZipArchive.shown(entry) + "; a name that ends in " + ENDING
              + " is required");
        }
        String name = entry.substring(0, entry.length() - ENDING.length());
        String what = file + ": array " + ZipArchive.shown(name);
        long size = archive.size(entry);
        archive.read(entry, in -> {
          NumPyHeader header = NumPyHeader.read(in, size, what);
          if (NumPy.type(header.type()) == null) {
            in.skipNBytes(header.numbers());
            return skipped.put(name, kind(header.type()) + " " + header.sizes());
          }
          return arrays.put(name, NumPy.numbers(header, in, what));
        });
      }
    }
    return new NumPyArchive(file.toString(), arrays, skipped);
  }

  /// The arrays by name, in the order of the file.
  public Map<String, NumericArray> arrays() {
    return arrays;
  }

  /// The array of that name.
  ///
  /// @throws FormatException naming the file, and the arrays that it has, where there is none
  public NumericArray array(String name) throws FormatException {
    NumericArray array = arrays.get(name);
    if (array == null) {
      String kind = skipped.get(name);
      throw new FormatException(kind == null
          ? source + ": there is no array " + name + "; there are " + Listing.of(arrays)
          : source + ": array " + name + " is " + kind + ", which is not read; numbers are required");
    }
    return array;
  }

  /// The arrays that were not read: what they hold, NumPy's type and the shape by name, as in `text U7 [4]`.
  public Map<String, String> skipped() {
    return skipped;
  }

  private static String kind(String type) {
    return switch (type.charAt(0)) {
      case 'U', 'S', 'T' -> "text " + type;
      case 'O' -> "objects " + type;
      case 'c' -> "complex numbers " + type;
      case 'M', 'm' -> "times " + type;
      default -> ZipArchive.shown(type);
    };
  }

  /// Writes or replaces a file without compression, as a whole or not at all: [WholeFile]. Equal arrays in equal order
  /// give equal files.
  ///
  /// @throws IllegalStateException where arrays were not read, and would be lost
  /// @throws IOException where that fails; an older file is untouched then
  public void write(Path file) throws IOException {
    if (!skipped.isEmpty()) {
      throw new IllegalStateException(
          source + ": arrays " + Listing.of(skipped) + " were not read and would be lost");
    }
    WholeFile.write(file, out -> {
      ZipOutputStream zip = new ZipOutputStream(out);
      for (Map.Entry<String, NumericArray> array : arrays.entrySet()) {
        store(zip, array.getKey(), array.getValue());
      }
      zip.finish();
    });
  }

  /// Without compression length and checksum stand before the numbers, so these are passed twice.
  private static void store(ZipOutputStream zip, String name, NumericArray array) throws IOException {
    byte[] header = NumPy.header(name, array);
    CheckedOutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    NumPy.write(header, array, sum);
    ZipEntry entry = new ZipEntry(name + ENDING);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(header.length + (long) array.type().bytes() * array.shape().elements());
    entry.setCrc(sum.getChecksum().getValue());
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    NumPy.write(header, array, zip);
    zip.closeEntry();
  }

  /// The names with their types and shapes.
  @Override
  public String toString() {
    return arrays.toString();
  }
}
