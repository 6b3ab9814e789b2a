package org.orrery.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Shape;

/// The header of a safetensors file, checked against the format and against the size of the file.
///
/// @param entries the tensors in the order of their numbers, which they cover without gaps
/// @param metadata what the writer said
record SafeTensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  /// The numbers of one tensor: bytes `start` up to `start + length` of the file.
  ///
  /// @param type null where numbers of that type are not read
  record Entry(String name, String typeName, @Nullable ElementType type, Shape shape, long start, long length) {
    private long end() {
      return start + length;
    }
  }

  static final int LONGEST = 100_000_000;
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8; // the longest array that a JVM surely makes
  /// Bits of the numbers that the format has and [ElementType] has not.
  private static final Map<String, Integer> OTHERS = Map.of("C64", 64, "F4", 4, "F6_E2M3", 6, "F6_E3M2", 6,
      "F8_E8M0", 8, "F8_E4M3FNUZ", 8, "F8_E5M2FNUZ", 8);
  /// The length of the header alone bounds a string or a name.
  private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES) // a table that outlives the file
      .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LONGEST).maxNameLength(LONGEST).build())
      .build();

  static SafeTensorsHeader read(FileChannel channel, String file) throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw new FormatException(file + ": " + size + " bytes; a header length of " + Long.BYTES + " bytes is required");
    }
    ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    SafeTensors.fill(channel, 0, prefix, file);
    long length = prefix.getLong(0);
    long longest = Math.min(LONGEST, size - Long.BYTES);
    if (length < 0 || length > longest) {
      throw new FormatException(file + ": a header of " + Long.toUnsignedString(length) + " bytes in a file of " + size
          + "; at most " + longest + " are allowed; is it a safetensors file?");
    }
    ByteBuffer header = ByteBuffer.allocate((int) length);
    SafeTensors.fill(channel, Long.BYTES, header, file);
    return parse(text(header.flip(), file), file, Long.BYTES + length, size);
  }

  private static String text(ByteBuffer header, String file) throws FormatException {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(header);
      return text.toString();
    } catch (CharacterCodingException invalid) {
      throw new FormatException(
          file + ": header byte " + header.position() + " begins no character; UTF-8 is required", invalid);
    }
  }

  private static SafeTensorsHeader parse(String text, String file, long dataStart, long size) throws IOException {
    if (!text.startsWith("{")) {
      throw new FormatException(file + ": a header that begins with '" + text.substring(0, Math.min(10, text.length()))
          + "'; a JSON object is required");
    }
    try (JsonParser json = JSON.createParser(text)) {
      return new Parsing(json, file, dataStart, size).header();
    } catch (JsonProcessingException invalid) {
      throw new FormatException(file + ": the header is not valid JSON: " + invalid.getOriginalMessage(), invalid);
    }
  }

  private static final class Parsing {
    private final JsonParser json;
    private final String file;
    private final long dataStart;
    private final long size;

    private Parsing(JsonParser json, String file, long dataStart, long size) {
      this.json = json;
      this.file = file;
      this.dataStart = dataStart;
      this.size = size;
    }

    private SafeTensorsHeader header() throws IOException {
      json.nextToken(); // the brace
      List<Entry> entries = new ArrayList<>();
      Map<String, String> metadata = Map.of();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        if (json.currentName().equals(SafeTensors.METADATA)) {
          metadata = metadata();
        } else {
          entries.add(entry(json.currentName()));
        }
      }
      if (json.nextToken() != null) {
        throw new FormatException(file + ": " + shown() + " behind the header's object; nothing is allowed there");
      }
      entries.sort(Comparator.comparingLong(Entry::start).thenComparingLong(Entry::end));
      requireNoGaps(entries);
      return new SafeTensorsHeader(List.copyOf(entries), metadata);
    }

    private Map<String, String> metadata() throws IOException {
      Map<String, String> metadata = new LinkedHashMap<>();
      require(JsonToken.START_OBJECT, file + ": " + SafeTensors.METADATA, "an object of strings");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        require(JsonToken.VALUE_STRING, file + ": " + SafeTensors.METADATA + " " + ZipArchive.shown(name), "a string");
        metadata.put(name, json.getText());
      }
      return metadata;
    }

    private Entry entry(String name) throws IOException {
      String what = file + ": tensor " + ZipArchive.shown(name);
      require(JsonToken.START_OBJECT, what, "an object");
      String type = null;
      long[] shape = null;
      long[] offsets = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        switch (field) {
          case "dtype" -> type = type(what);
          case "shape" -> shape = wholeNumbers(what + ": shape");
          case "data_offsets" -> offsets = wholeNumbers(what + ": data_offsets");
          default -> throw new FormatException(
              what + " has a field " + ZipArchive.shown(field) + "; dtype, shape and data_offsets are required");
        }
      }
      return checked(name, what, given(type, what + " has no dtype"), given(shape, what + " has no shape"),
          given(offsets, what + " has no data_offsets"));
    }

    private static <T> T given(@Nullable T value, String complaint) throws FormatException {
      if (value == null) {
        throw new FormatException(complaint + "; dtype, shape and data_offsets are required");
      }
      return value;
    }

    private String type(String what) throws IOException {
      require(JsonToken.VALUE_STRING, what + ": dtype", "a string");
      String name = json.getText();
      if (read(name) == null && !OTHERS.containsKey(name)) {
        throw new FormatException(what + ": dtype " + ZipArchive.shown(name) + "; one of "
            + Arrays.toString(ElementType.values()) + " is required");
      }
      return name;
    }

    private static @Nullable ElementType read(String name) {
      return Arrays.stream(ElementType.values()).filter(each -> each.name().equals(name)).findFirst().orElse(null);
    }

    private long[] wholeNumbers(String what) throws IOException {
      require(JsonToken.START_ARRAY, what, "an array of whole numbers");
      LongStream.Builder numbers = LongStream.builder();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
            || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            || json.getLongValue() < 0) {
          throw new FormatException(what + " holds " + shown() + "; whole numbers from 0 to " + Long.MAX_VALUE
              + " are required");
        }
        numbers.add(json.getLongValue());
      }
      return numbers.build().toArray();
    }

    private void require(JsonToken token, String what, String wanted) throws IOException {
      if (json.nextToken() != token) {
        throw new FormatException(what + " is " + shown() + "; " + wanted + " is required");
      }
    }

    /// The present token, of which a message holds only so much.
    private String shown() throws IOException {
      String text = json.getText();
      return text == null ? "nothing" : text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    private Entry checked(String name, String what, String typeName, long[] shape, long[] offsets)
        throws FormatException {
      long elements = 1;
      for (long axis : shape) {
        if (axis > MOST_ELEMENTS || elements * axis > MOST_ELEMENTS) { // neither factor has more than 31 bits
          throw new FormatException(what + ": shape " + Arrays.toString(shape) + "; at most " + MOST_ELEMENTS
              + " numbers are allowed");
        }
        elements *= axis;
      }
      long available = size - dataStart;
      if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > available) {
        throw new FormatException(what + ": data_offsets " + Arrays.toString(offsets)
            + "; begin and end, in this order, from 0 to " + available + " are required");
      }
      long length = offsets[1] - offsets[0];
      ElementType type = read(typeName);
      long bits = type == null ? OTHERS.getOrDefault(typeName, 0) : Byte.SIZE * type.bytes();
      if (Byte.SIZE * length != elements * bits) {
        throw new FormatException(what + ": " + length + " bytes for " + typeName + " " + Arrays.toString(shape) + "; "
            + Math.ceilDiv(elements * bits, Byte.SIZE) + " are required");
      }
      int[] sizes = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
      return new Entry(name, typeName, type, Shape.of(sizes), dataStart + offsets[0], length);
    }

    private void requireNoGaps(List<Entry> entries) throws FormatException {
      long end = dataStart;
      String before = "the header";
      for (Entry entry : entries) {
        if (entry.start != end) {
          throw new FormatException(file + ": tensor " + ZipArchive.shown(entry.name) + " begins at byte "
              + (entry.start - dataStart)
              + " of the numbers; " + (end - dataStart) + ", where " + before + " ends, is required");
        }
        end = entry.end();
        before = "tensor " + ZipArchive.shown(entry.name);
      }
      if (end != size) {
        throw new FormatException(file + ": " + (size - end) + " bytes behind " + before + "; none are allowed");
      }
    }
  }
}
