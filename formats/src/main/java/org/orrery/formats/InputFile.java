package org.orrery.formats;

import java.io.BufferedInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.orrery.io.FormatException;

/// What is opened to be read: a regular file, plain or compressed with gzip, whose content is bounded by its size.
final class InputFile {
  private static final int GZIP = 0x8b1f;
  private static final long RATIO = 50;
  private static final long ALWAYS = 64L << 20;
  private static final long ALWAYS_TEXT = 4L << 20; // two characters of it become a number of eight bytes
  private static final int LONGEST = 1 << 20;

  private InputFile() {
  }

  /// @throws NoSuchFileException where there is nothing of that name
  /// @throws FormatException where it is a folder or something else without an end
  static long size(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new FormatException(file + (Files.isDirectory(file) ? " is a folder" : " is not a regular file")
          + "; a file is required");
    }
    return Files.size(file);
  }

  /// The most bytes that a file of this size with compressed parts may hold.
  static long mostInflated(long compressed) {
    return ALWAYS + RATIO * compressed;
  }

  /// The bytes, inflated where the file begins as gzip does.
  static InputStream bytes(Path file) throws IOException {
    long size = size(file);
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(2);
      int magic = in.read() | in.read() << 8;
      in.reset();
      return magic == GZIP ? new Inflated(new GZIPInputStream(in, 1 << 16), file, ALWAYS_TEXT + RATIO * size) : in;
    } catch (IOException invalid) {
      in.close();
      throw new FormatException(file + ": not a whole gzip file: " + invalid.getMessage(), invalid);
    }
  }

  /// The characters; what is no UTF-8 becomes a replacement character, which is no number.
  static RowReader characters(Path file) throws IOException {
    return new RowReader(new InputStreamReader(bytes(file), StandardCharsets.UTF_8), file);
  }

  private static final class Inflated extends InputStream {
    private final GZIPInputStream in;
    private final Path file;
    private long left;

    private Inflated(GZIPInputStream in, Path file, long most) {
      this.in = in;
      this.file = file;
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int came;
      try {
        came = in.read(bytes, from, count);
      } catch (IOException invalid) {
        throw new FormatException(file + ": not a whole gzip file: " + invalid.getMessage(), invalid);
      }
      left -= Math.max(0, came);
      if (left < 0) {
        throw new FormatException(file + ": expands to more than " + RATIO
            + " times its size and 4 MiB; less is required");
      }
      return came;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// Refuses rows that never end.
  static final class RowReader extends FilterReader {
    private final Path file;
    private long row;
    private boolean isStart = true;

    private RowReader(Reader in, Path file) {
      super(in);
      this.file = file;
    }

    /// A new row begins.
    void nextRow() {
      row = 0;
    }

    @Override
    public int read() throws IOException {
      char[] one = new char[1];
      int came = read(one, 0, 1);
      return came < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] characters, int from, int count) throws IOException {
      int came = super.read(characters, from, count);
      if (isStart && came > 0) {
        isStart = false;
        if (characters[from] == '\uFEFF') {
          characters[from] = ' '; // the mark of byte order that some programs put first
        }
      }
      row += Math.max(0, came);
      if (row > LONGEST) {
        throw new FormatException(file + ": a row of more than " + LONGEST + " characters; rows that end are required");
      }
      return came;
    }
  }
}
