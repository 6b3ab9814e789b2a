package org.orrery.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/// A zip archive as untrusted input: nothing is unpacked to the disk, sizes are bounded by the file's own before an
/// entry is read, and what is read has the length and the checksum that the archive states.
final class ZipArchive implements AutoCloseable {
  private static final int DEFLATE_RATIO = 1032; // the most that one byte expands to
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_SIZE = 30;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int BUFFER = 1 << 16;

  /// What is made of an entry's bytes; it reads all of them.
  interface Content<T> {
    T read(InputStream in) throws IOException;
  }

  private final String source;
  private final FileChannel channel;
  private final Map<String, ZipDirectory.Entry> entries;
  private final long fileSize;
  private final Budget budget;

  private ZipArchive(String source, FileChannel channel) throws IOException {
    this.source = source;
    this.channel = channel;
    this.fileSize = channel.size();
    this.budget = new Budget(fileSize);
    this.entries = ZipDirectory.read(channel, source);
    check();
  }

  /// @throws FormatException where the file is no zip archive, or one that says more than a file of its size may hold
  static ZipArchive open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(WholeFile.requireReadable(file), StandardOpenOption.READ);
    try {
      return new ZipArchive(file.toString(), channel);
    } catch (IOException | RuntimeException invalid) {
      channel.close();
      throw invalid;
    }
  }

  /// The most bytes that a compressed file of this size may hold.
  static long mostInflated(long compressed) {
    return Math.min(DEFLATE_RATIO * compressed + 64, Budget.most(compressed));
  }

  /// What the reading of this file may take.
  Budget budget() {
    return budget;
  }

  private void check() throws FormatException {
    long most = mostInflated(fileSize);
    long stored = 0;
    long inflated = 0;
    for (Map.Entry<String, ZipDirectory.Entry> named : entries.entrySet()) {
      String what = source + ": entry " + shown(named.getKey());
      requireInside(named.getKey(), what);
      long size = named.getValue().size();
      long compressed = named.getValue().compressed();
      if (size < 0 || compressed < 0 || compressed > fileSize || size > most
          || (named.getValue().method() == STORED && size != compressed)) {
        throw new FormatException(what + " of " + size + " bytes from " + compressed + " in a file of " + fileSize
            + "; at most " + most + " are allowed");
      }
      stored += compressed;
      inflated += size;
      if (stored > fileSize || inflated > most) {
        throw new FormatException(source + ": entries of " + inflated + " bytes from " + stored + " in a file of "
            + fileSize + "; at most " + most + " are allowed");
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
    return entry(name).size();
  }

  private ZipDirectory.Entry entry(String name) throws FormatException {
    ZipDirectory.Entry entry = entries.get(name);
    if (entry == null) {
      throw new FormatException(source + ": there is no entry " + shown(name) + "; it is required");
    }
    return entry;
  }

  /// Reads an entry to its end.
  ///
  /// @throws FormatException where its content has another length or checksum than stated
  <T> T read(String name, Content<T> content) throws IOException {
    ZipDirectory.Entry entry = entry(name);
    String what = source + ": entry " + shown(name);
    CRC32 sum = new CRC32();
    T result;
    try (InputStream in = new CheckedInputStream(content(entry, what), sum)) {
      result = content.read(in);
      if (in.read() >= 0) {
        throw new FormatException(what + " is longer than the " + entry.size() + " bytes that are stated");
      }
    } catch (ZipException | EOFException invalid) {
      throw new FormatException(what + " cannot be read: " + invalid.getMessage() + "; a whole entry is required",
          invalid);
    }
    if (sum.getValue() != entry.checksum()) {
      throw new FormatException(what + " has the checksum " + Long.toHexString(sum.getValue()) + "; "
          + Long.toHexString(entry.checksum()) + " is required");
    }
    return result;
  }

  private InputStream content(ZipDirectory.Entry entry, String what) throws IOException {
    if ((entry.flags() & 1) != 0 || (entry.method() != STORED && entry.method() != DEFLATED)) {
      throw new FormatException(what + ((entry.flags() & 1) != 0 ? " is encrypted" : " has method " + entry.method())
          + "; stored or deflated content is required");
    }
    ByteBuffer header = ByteBuffer.allocate(LOCAL_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    boolean inside = entry.header() >= 0 && entry.header() <= fileSize - LOCAL_SIZE;
    if (inside) {
      SafeTensors.fill(channel, entry.header(), header, what);
    }
    long begin = entry.header() + LOCAL_SIZE + Short.toUnsignedInt(header.getShort(26))
        + Short.toUnsignedInt(header.getShort(28));
    if (!inside || header.getInt(0) != LOCAL || begin > fileSize - entry.compressed()) {
      throw new FormatException(what + " of " + entry.compressed() + " bytes is stated at byte " + entry.header()
          + " of " + fileSize + ", where it is not; its header and all bytes are required");
    }
    Part bytes = new Part(begin, entry.compressed());
    int buffer = (int) Math.min(BUFFER, entry.compressed() + 1);
    return entry.method() == STORED ? new BufferedInputStream(bytes, buffer) : new Inflated(bytes, buffer);
  }

  /// All bytes of an entry that the caller knows to be short.
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
    channel.close();
  }

  /// Gives its native memory back when it is closed, as the JDK's stream does only for an inflater of its own.
  private static final class Inflated extends InflaterInputStream {
    Inflated(InputStream compressed, int buffer) {
      super(compressed, new Inflater(true), buffer);
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }

  /// Some bytes of the file.
  private final class Part extends InputStream {
    private final long end;
    private long next;

    Part(long begin, long length) {
      this.next = begin;
      this.end = begin + length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (next >= end) {
        return -1;
      }
      int read = channel.read(ByteBuffer.wrap(bytes, from, (int) Math.min(count, end - next)), next);
      next += Math.max(0, read);
      return read;
    }
  }
}
