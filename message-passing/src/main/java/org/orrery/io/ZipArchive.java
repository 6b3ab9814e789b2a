package org.orrery.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// A zip archive as untrusted input: nothing is unpacked to the disk, sizes are bounded by the file's own before an
/// entry is read, and what is read has the length and the checksum that the archive states.
final class ZipArchive implements AutoCloseable {
  private static final int MOST_ENTRIES = 50_000; // ZipFile's own table is slow where names collide
  private static final int DEFLATE_RATIO = 1032; // the most that one byte expands to
  private static final int RATIO = 50;
  private static final long ALWAYS = 64L << 20;

  /// What is made of an entry's bytes; it reads all of them.
  interface Content<T> {
    T read(InputStream in) throws IOException;
  }

  private final String source;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  private ZipArchive(String source, ZipFile zip) {
    this.source = source;
    this.zip = zip;
  }

  /// @throws FormatException where the file is no zip archive, or one that says more than a file of its size may hold
  static ZipArchive open(Path file) throws IOException {
    String source = file.toString();
    if (!Files.exists(file)) {
      throw new NoSuchFileException(source);
    }
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (ZipException invalid) {
      throw new FormatException(source + ": not a whole zip archive: " + invalid.getMessage(), invalid);
    }
    ZipArchive archive = new ZipArchive(source, zip);
    try {
      archive.check(Files.size(file));
    } catch (IOException | RuntimeException invalid) {
      zip.close();
      throw invalid;
    }
    return archive;
  }

  /// The most bytes that a compressed file of this size may hold.
  static long mostInflated(long compressed) {
    return Math.min(DEFLATE_RATIO * compressed + 64, ALWAYS + RATIO * compressed);
  }

  private void check(long fileSize) throws FormatException {
    if (zip.size() > MOST_ENTRIES) {
      throw new FormatException(source + ": " + zip.size() + " entries; at most " + MOST_ENTRIES + " are allowed");
    }
    long stored = 0;
    long inflated = 0;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String what = source + ": entry " + shown(entry.getName());
      requireInside(entry.getName(), what);
      if (entries.put(entry.getName(), entry) != null) {
        throw new FormatException(what + " is there twice");
      }
      long size = entry.getSize();
      long compressed = entry.getCompressedSize();
      if (size < 0 || compressed < 0 || compressed > fileSize || size > mostInflated(fileSize)
          || (entry.getMethod() == ZipEntry.STORED && size != compressed)) {
        throw new FormatException(what + " of " + size + " bytes from " + compressed + " in a file of " + fileSize
            + "; at most " + mostInflated(fileSize) + " are allowed");
      }
      stored += compressed;
      inflated += size;
      if (stored > fileSize || inflated > mostInflated(fileSize)) {
        throw new FormatException(source + ": entries of " + inflated + " bytes from " + stored + " in a file of "
            + fileSize + "; at most " + mostInflated(fileSize) + " are allowed");
      }
    }
  }

  /// Names lead nowhere here, but an archive with such a name was made to do harm elsewhere.
  private static void requireInside(String name, String what) throws FormatException {
    if (leadsOut(name)) {
      throw new FormatException(what + " leads out of the archive; names below it are required");
    }
  }

  static boolean leadsOut(String name) {
    return name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0
        || List.of(name.split("/")).contains("..");
  }

  /// A name of which a message holds only so much, and no control characters.
  static String shown(String name) {
    String cut = name.length() <= 100 ? name : name.substring(0, 100) + "...";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  /// The entries in their order, without folders.
  List<String> names() {
    List<String> names = new ArrayList<>(entries.keySet());
    names.removeIf(name -> name.endsWith("/"));
    return names;
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /// The length of an entry's content.
  ///
  /// @throws FormatException where there is no such entry
  long size(String name) throws FormatException {
    return entry(name).getSize();
  }

  private ZipEntry entry(String name) throws FormatException {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new FormatException(source + ": there is no entry " + shown(name) + "; it is required");
    }
    return entry;
  }

  /// Reads an entry to its end.
  ///
  /// @throws FormatException where its content has another length or checksum than stated
  <T> T read(String name, Content<T> content) throws IOException {
    ZipEntry entry = entry(name);
    String what = source + ": entry " + shown(name);
    CRC32 sum = new CRC32();
    T result;
    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
      result = content.read(in);
      if (in.read() >= 0) {
        throw new FormatException(what + " is longer than the " + entry.getSize() + " bytes that are stated");
      }
    } catch (ZipException | EOFException invalid) {
      throw new FormatException(what + " cannot be read: " + invalid.getMessage(), invalid);
    }
    if (sum.getValue() != entry.getCrc()) {
      throw new FormatException(what + " has the checksum " + Long.toHexString(sum.getValue()) + "; "
          + Long.toHexString(entry.getCrc()) + " is required");
    }
    return result;
  }

  /// All bytes of an entry.
  byte[] bytes(String name) throws IOException {
    int size = (int) Math.min(size(name), NumberBytes.MOST_ELEMENTS);
    return read(name, in -> {
      byte[] bytes = in.readNBytes(size);
      if (bytes.length < size) {
        throw new FormatException(source + ": entry " + shown(name) + " ends after " + bytes.length + " bytes; " + size
            + " are required");
      }
      return bytes;
    });
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
