package org.orrery.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The central directory at the end of a zip archive, with the 64-bit sizes of large ones: PKWARE, APPNOTE.TXT 6.3,
/// sections 4.3.12 to 4.3.16 and 4.5.3.
///
/// The JDK's own reader keeps names in a table that takes quadratic time where their hash codes are equal. Here they are
/// keys of a map that orders such names.
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int LOCATOR_64_SIZE = 20;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_SIZE = 56;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_SIZE = 46;
  private static final int EXTRA_64 = 1;
  private static final long NARROW = 0xffffffffL; // says that the number stands among the 64-bit ones

  /// An entry as the directory states it.
  ///
  /// @param flags of the format; the lowest bit says that it is encrypted
  /// @param method of compression
  /// @param checksum CRC-32 of the content
  /// @param compressed bytes in the archive
  /// @param size bytes of the content
  /// @param header where its own header begins, in the file
  record Entry(int flags, int method, long checksum, long compressed, long size, long header) {
  }

  private final FileChannel channel;
  private final String source;
  private final long fileSize;
  private long count;
  private long start;
  private long end;
  private long shift; // bytes before the archive, as a program that unpacks itself has

  private ZipDirectory(FileChannel channel, String source) throws IOException {
    this.channel = channel;
    this.source = source;
    this.fileSize = channel.size();
  }

  /// The entries by their names, in the order of the directory.
  ///
  /// @throws FormatException where the file does not end in a directory, or it is damaged
  static Map<String, Entry> read(FileChannel channel, String source) throws IOException {
    ZipDirectory directory = new ZipDirectory(channel, source);
    directory.find();
    return directory.entries();
  }

  private ByteBuffer bytes(long from, long size) throws IOException {
    if (from < 0 || size < 0 || size > NumberBytes.MOST_ELEMENTS || from > fileSize - size) {
      throw damaged(size + " bytes of the directory at byte " + from + " of " + fileSize);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    SafeTensors.fill(channel, from, bytes, source);
    return bytes.flip();
  }

  private FormatException damaged(String came) {
    return new FormatException(source + ": not a whole zip archive: " + came + "; one that ends in its directory is "
        + "required");
  }

  /// The record at the end, behind which a comment of up to 65,535 bytes may stand, ends with the file.
  private void find() throws IOException {
    long tail = Math.min(fileSize, END_SIZE + 0xffff);
    ByteBuffer last = bytes(fileSize - tail, tail);
    for (int at = (int) tail - END_SIZE; at >= 0; at--) {
      if (last.getInt(at) == END && at + END_SIZE + Short.toUnsignedInt(last.getShort(at + 20)) == tail) {
        long place = fileSize - tail + at;
        read(last.slice(at, END_SIZE).order(ByteOrder.LITTLE_ENDIAN), place);
        return;
      }
    }
    throw damaged("no record of its end whose comment ends with the file");
  }

  private void read(ByteBuffer record, long place) throws IOException {
    count = Short.toUnsignedLong(record.getShort(10));
    long size = Integer.toUnsignedLong(record.getInt(12));
    long stated = Integer.toUnsignedLong(record.getInt(16));
    boolean parts = record.getShort(4) != 0 && record.getShort(4) != -1;
    end = place;
    if (place >= LOCATOR_64_SIZE) {
      ByteBuffer locator = bytes(place - LOCATOR_64_SIZE, LOCATOR_64_SIZE);
      if (locator.getInt(0) == LOCATOR_64) {
        end = wide(locator.getLong(8), place);
        ByteBuffer record64 = bytes(end, END_64_SIZE);
        count = record64.getLong(32);
        size = record64.getLong(40);
        stated = record64.getLong(48);
        parts |= record64.getInt(16) != 0;
      }
    }
    start = end - size;
    shift = start - stated;
    if (parts || count < 0 || size < 0 || stated < 0 || start < 0 || shift < 0 || count > size / ENTRY_SIZE) {
      throw damaged("a directory of " + count + " entries in " + size + " bytes at byte " + stated
          + (parts ? " of an archive in parts" : ""));
    }
  }

  /// Where the 64-bit record is: where the locator says, or directly before it where bytes precede the archive.
  private long wide(long stated, long place) throws IOException {
    long directly = place - LOCATOR_64_SIZE - END_64_SIZE;
    for (long at : new long[] {stated, directly}) {
      if (at >= 0 && at <= directly && bytes(at, Integer.BYTES).getInt(0) == END_64) {
        return at;
      }
    }
    throw damaged("no 64-bit record at byte " + stated);
  }

  private Map<String, Entry> entries() throws IOException {
    ByteBuffer directory = bytes(start, end - start);
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      if (directory.remaining() < ENTRY_SIZE || directory.getInt(directory.position()) != ENTRY) {
        throw damaged("no entry " + i + " of " + count + " in the directory");
      }
      int at = directory.position();
      int name = Short.toUnsignedInt(directory.getShort(at + 28));
      int extra = Short.toUnsignedInt(directory.getShort(at + 30));
      int comment = Short.toUnsignedInt(directory.getShort(at + 32));
      if (directory.remaining() < ENTRY_SIZE + name + extra + comment) {
        throw damaged("entry " + i + " of " + count + " goes on behind the directory");
      }
      String text = text(directory.slice(at + ENTRY_SIZE, name), i);
      Entry entry = entry(directory, at,
          directory.slice(at + ENTRY_SIZE + name, extra).order(ByteOrder.LITTLE_ENDIAN));
      if (entries.put(text, entry) != null) {
        throw new FormatException(source + ": entry " + ZipArchive.shown(text)
            + " is there twice; names that differ are required");
      }
      directory.position(at + ENTRY_SIZE + name + extra + comment);
    }
    if (directory.hasRemaining()) {
      throw damaged(directory.remaining() + " bytes behind the " + count + " entries of the directory");
    }
    return entries;
  }

  private String text(ByteBuffer name, long i) throws FormatException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(name).toString();
    } catch (CharacterCodingException invalid) {
      throw new FormatException(source + ": the name of entry " + i + " is not UTF-8; UTF-8 is required", invalid);
    }
  }

  private Entry entry(ByteBuffer directory, int at, ByteBuffer extra) throws FormatException {
    long[] sizes = {Integer.toUnsignedLong(directory.getInt(at + 24)),
      Integer.toUnsignedLong(directory.getInt(at + 20)), Integer.toUnsignedLong(directory.getInt(at + 42))};
    while (extra.remaining() >= 2 * Short.BYTES) {
      int kind = Short.toUnsignedInt(extra.getShort());
      int length = Short.toUnsignedInt(extra.getShort());
      if (length > extra.remaining()) {
        throw damaged("an extra field of " + length + " bytes in " + extra.remaining());
      }
      int next = extra.position() + length;
      for (int k = 0; kind == EXTRA_64 && k < sizes.length; k++) {
        if (sizes[k] == NARROW && next - extra.position() >= Long.BYTES) {
          sizes[k] = extra.getLong();
        }
      }
      extra.position(next);
    }
    return new Entry(Short.toUnsignedInt(directory.getShort(at + 8)), Short.toUnsignedInt(directory.getShort(at + 10)),
        Integer.toUnsignedLong(directory.getInt(at + 16)), sizes[1], sizes[0], shift + sizes[2]);
  }
}
