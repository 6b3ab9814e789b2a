package org.orrery.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Shape;

/// The header of a `.npy` file: a magic number, a version, and a dictionary as Python writes it.
/// <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
///
/// @param type NumPy's name of the element type without the byte order, as in `f4`, or [#RECORDS]
/// @param order of the bytes of a number
/// @param columnMajor whether the first index is the fastest
/// @param sizes of the axes
/// @param numbers how many bytes follow
record NumPyHeader(String type, ByteOrder order, boolean columnMajor, List<Long> sizes, long numbers) {
  static final String RECORDS = "records";
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST = 1 << 16; // NumPy itself refuses more than 10,000
  private static final int ALIGNMENT = 64;
  private static final Pattern TYPE = Pattern.compile("([<>|=])([?a-zA-Z])(\\d{0,9})(\\[.*)?");

  /// @param size bytes of the whole array, header and numbers
  static NumPyHeader read(InputStream in, long size, String what) throws IOException {
    byte[] begin = take(in, MAGIC.length + 2, what);
    if (!Arrays.equals(begin, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new FormatException(what + ": does not begin with the magic number of an .npy file, which is required");
    }
    int version = begin[MAGIC.length];
    if (version < 1 || version > 3 || begin[MAGIC.length + 1] != 0) {
      throw new FormatException(what + ": version " + version + "." + begin[MAGIC.length + 1]
          + "; 1.0, 2.0 or 3.0 is required");
    }
    int prefix = version == 1 ? Short.BYTES : Integer.BYTES;
    ByteBuffer length = ByteBuffer.wrap(take(in, prefix, what)).order(ByteOrder.LITTLE_ENDIAN);
    long header = version == 1 ? Short.toUnsignedInt(length.getShort()) : Integer.toUnsignedLong(length.getInt());
    if (header > LONGEST || header > size) {
      throw new FormatException(what + ": a header of " + header + " bytes in " + size + "; at most "
          + Math.min(LONGEST, size) + " are allowed");
    }
    String text = new String(take(in, (int) header, what),
        version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    return new Parsing(text, what).header(size - begin.length - prefix - header);
  }

  private static byte[] take(InputStream in, int count, String what) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new FormatException(what + ": ends within its header; " + (count - bytes.length)
          + " more bytes are required");
    }
    return bytes;
  }

  /// The bytes of a header, version 1.0, for row-major numbers.
  static byte[] write(String type, Shape shape) {
    String sizes = Arrays.stream(shape.toArray()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes
        + (shape.rank() == 1 ? "," : "") + "), }";
    int before = MAGIC.length + 2 + Short.BYTES;
    int length = Math.ceilDiv(before + text.length() + 1, ALIGNMENT) * ALIGNMENT - before;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    out.writeBytes(new byte[] {1, 0});
    out.writeBytes(ByteBuffer.allocate(Short.BYTES).order(ByteOrder.LITTLE_ENDIAN).putShort((short) length).array());
    out.writeBytes((text + " ".repeat(length - text.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static final class Parsing {
    private final String text;
    private final String what;
    private int at;

    private Parsing(String text, String what) {
      this.text = text;
      this.what = what;
    }

    private NumPyHeader header(long rest) throws FormatException {
      String type = null;
      Boolean columnMajor = null;
      long[] sizes = null;
      expect('{');
      while (!next('}')) {
        String key = quoted();
        expect(':');
        switch (key) {
          case "descr" -> type = once(type, key, next('[') ? records() : quoted());
          case "fortran_order" -> columnMajor = once(columnMajor, key, truth());
          case "shape" -> sizes = once(sizes, key, sizes());
          default -> throw refusal("has a field " + ZipArchive.shown(key));
        }
        if (!next(',')) {
          expect('}');
          break;
        }
      }
      if (!text.substring(at).isBlank()) {
        throw refusal("goes on behind its dictionary");
      }
      if (type == null || columnMajor == null || sizes == null) {
        throw refusal("lacks a field");
      }
      return checked(type, columnMajor, sizes, rest);
    }

    private NumPyHeader checked(String descr, boolean columnMajor, long[] sizes, long rest) throws FormatException {
      NumberBytes.elements(sizes, what);
      List<Long> shape = LongStream.of(sizes).boxed().toList();
      if (descr.equals(RECORDS)) {
        return new NumPyHeader(RECORDS, ByteOrder.LITTLE_ENDIAN, columnMajor, shape, rest);
      }
      Matcher type = TYPE.matcher(descr);
      boolean known = type.matches();
      boolean wide = known && !type.group(3).isEmpty() && !type.group(3).equals("1");
      if (!known || type.group(1).equals("=")
          || (type.group(1).equals("|") && "iufcb".contains(type.group(2)) && wide)) {
        throw new FormatException(what + ": type " + ZipArchive.shown(descr) + "; " + NumPy.TYPES + " are required");
      }
      ByteOrder order = type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      return new NumPyHeader(type.group(2) + type.group(3), order, columnMajor, shape, rest);
    }

    private <T> T once(@Nullable T before, String key, T value) throws FormatException {
      if (before != null) {
        throw refusal("has two fields " + key);
      }
      return value;
    }

    private FormatException refusal(String came) {
      return new FormatException(what + ": the header " + came
          + "; {'descr': ..., 'fortran_order': ..., 'shape': (...)} is required");
    }

    private boolean next(char wanted) {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      if (at < text.length() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void expect(char wanted) throws FormatException {
      if (!next(wanted)) {
        String came = at < text.length() ? ZipArchive.shown(text.substring(at, at + 1)) : "the end";
        throw refusal("has " + came + " at place " + at + " and not " + wanted);
      }
    }

    private String quoted() throws FormatException {
      char quote = next('"') ? '"' : '\'';
      if (quote == '\'') {
        expect('\'');
      }
      int end = text.indexOf(quote, at);
      if (end < 0) {
        throw refusal("has a text without end");
      }
      String content = text.substring(at, end);
      at = end + 1;
      return content;
    }

    /// The name of a type that is a list of fields, behind whose bracket this begins.
    private String records() throws FormatException {
      int depth = 1;
      while (depth > 0) {
        if (at == text.length()) {
          throw refusal("has records without end");
        }
        char mark = text.charAt(at);
        if (mark == '\'' || mark == '"') {
          quoted();
        } else {
          depth += mark == '[' ? 1 : mark == ']' ? -1 : 0;
          at++;
        }
      }
      return RECORDS;
    }

    private boolean truth() throws FormatException {
      next(' ');
      for (boolean value : new boolean[] {true, false}) {
        String word = value ? "True" : "False";
        if (text.startsWith(word, at)) {
          at += word.length();
          return value;
        }
      }
      throw refusal("has a fortran_order that is neither True nor False");
    }

    private long[] sizes() throws FormatException {
      LongStream.Builder sizes = LongStream.builder();
      expect('(');
      while (!next(')')) {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
          at++;
        }
        if (at == start || at - start > 18) {
          throw refusal("has a shape of other than whole numbers");
        }
        sizes.add(Long.parseLong(text, start, at, 10));
        next('L'); // of Python 2
        if (!next(',')) {
          expect(')');
          break;
        }
      }
      return sizes.build().toArray();
    }
  }
}
