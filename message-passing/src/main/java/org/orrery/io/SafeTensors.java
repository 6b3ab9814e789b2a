package org.orrery.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.orrery.tensor.Shape;

/// Named arrays and their metadata in the safetensors format: eight little-endian bytes with the length of a JSON header,
/// the header, and the numbers without gaps. <https://huggingface.co/docs/safetensors>
///
/// Read are all element types of [ElementType]. Tensors of others, such as C64 and F4, are not read, but listed in
/// [#skipped()].
///
/// A file is untrusted input: whatever disagrees with the format is refused with a [FormatException] before numbers are
/// read. Numbers take as much memory as in the file, and the header at most 50 times its length, which is no longer than
/// the file.
public final class SafeTensors {
  static final String METADATA = "__metadata__";
  private static final String TYPES = Arrays.toString(ElementType.values());

  private final String source;
  private final Map<String, NumericArray> arrays;
  private final Map<String, String> metadata;
  private final Map<String, String> skipped;

  private SafeTensors(String source, Map<String, NumericArray> arrays, Map<String, String> metadata,
      Map<String, String> skipped) {
    this.source = source;
    this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    this.skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
  }

  /// Arrays and metadata to be written.
  ///
  /// @throws IllegalArgumentException where an array has the name that the format keeps for the metadata
  public static SafeTensors of(Map<String, NumericArray> arrays, Map<String, String> metadata) {
    if (arrays.containsKey(METADATA)) {
      throw new IllegalArgumentException(
          "safetensors: a tensor is called " + METADATA + "; the format keeps that name");
    }
    return new SafeTensors("safetensors", arrays, metadata, Map.of());
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
          ? source + ": there is no tensor " + name + "; there are " + Listing.of(arrays)
          : source + ": tensor " + name + " is " + kind + ", which is not read; one of " + TYPES + " is required");
    }
    return array;
  }

  /// What the writer said about the file.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// The tensors that were not read: element type and shape by name, as in `C64 [3]`.
  public Map<String, String> skipped() {
    return skipped;
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming file and tensor, what came and what is required
  /// @throws IOException where the file cannot be read
  public static SafeTensors read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(WholeFile.requireReadable(file), StandardOpenOption.READ)) {
      SafeTensorsHeader header = SafeTensorsHeader.read(channel, file.toString());
      Map<String, NumericArray> arrays = new LinkedHashMap<>();
      Map<String, String> skipped = new LinkedHashMap<>();
      for (SafeTensorsHeader.Entry entry : header.entries()) { // in the order of the numbers
        ElementType type = entry.type();
        if (type == null) {
          skipped.put(entry.name(), entry.typeName() + " " + entry.shape());
        } else {
          arrays.put(entry.name(), NumericArray.wrap(type, entry.shape(), numbers(channel, entry, type, file)));
        }
      }
      return new SafeTensors(file.toString(), arrays, header.metadata(), skipped);
    }
  }

  private static Object numbers(FileChannel channel, SafeTensorsHeader.Entry entry, ElementType type, Path file)
      throws IOException {
    String what = file + ": tensor " + ZipArchive.shown(entry.name());
    long[] position = {entry.start()};
    return NumberBytes.decode(type, entry.shape().elements(), ByteOrder.LITTLE_ENDIAN, what, chunk -> {
      fill(channel, position[0], chunk, what);
      position[0] += chunk.limit();
    });
  }

  /// Reads until the chunk is full.
  static void fill(FileChannel channel, long position, ByteBuffer chunk, String what) throws IOException {
    long next = position;
    while (chunk.hasRemaining()) {
      int count = channel.read(chunk, next);
      if (count < 0) {
        throw new FormatException(
            what + ": the file ends at byte " + next + "; " + chunk.remaining() + " more are required");
      }
      next += count;
    }
  }

  /// Writes or replaces a file, as a whole or not at all: [WholeFile]. Wide numbers stand first and equal widths in the
  /// order of names, so that all are aligned and equal content gives equal files.
  ///
  /// @throws IllegalStateException where tensors were not read, and would be lost
  /// @throws IllegalArgumentException where names and metadata make a header that is longer than the format allows
  /// @throws IOException where that fails; an older file is untouched then
  public void write(Path file) throws IOException {
    if (!skipped.isEmpty()) {
      throw new IllegalStateException(
          source + ": tensors " + Listing.of(skipped) + " were not read and would be lost");
    }
    Comparator<Map.Entry<String, NumericArray>> wideFirst = Comparator.comparingInt(entry -> -width(entry.getValue()));
    List<Map.Entry<String, NumericArray>> ordered = arrays.entrySet().stream()
        .sorted(wideFirst.thenComparing(Map.Entry.comparingByKey())).toList();
    byte[] header = header(ordered);
    WholeFile.write(file, out -> {
      out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      out.write(header);
      for (Map.Entry<String, NumericArray> entry : ordered) {
        NumberBytes.encode(entry.getValue(), out);
      }
    });
  }

  private static int width(NumericArray array) {
    return array.type().bytes();
  }

  /// The JSON text, with spaces behind it up to a multiple of eight bytes.
  private byte[] header(List<Map.Entry<String, NumericArray>> ordered) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long start = 0;
      for (Map.Entry<String, NumericArray> entry : ordered) {
        NumericArray array = entry.getValue();
        long end = start + (long) width(array) * array.shape().elements();
        json.writeObjectFieldStart(entry.getKey());
        json.writeStringField("dtype", array.type().name());
        json.writeFieldName("shape");
        writeShape(json, array.shape());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {start, end}, 0, 2);
        json.writeEndObject();
        start = end;
      }
      json.writeEndObject();
    }
    while (bytes.size() % Long.BYTES != 0) {
      bytes.write(' ');
    }
    if (bytes.size() > SafeTensorsHeader.LONGEST) {
      throw new IllegalArgumentException("safetensors: names and metadata make a header of " + bytes.size()
          + " bytes; at most " + SafeTensorsHeader.LONGEST + " are allowed");
    }
    return bytes.toByteArray();
  }

  private static void writeShape(JsonGenerator json, Shape shape) throws IOException {
    json.writeArray(shape.toArray(), 0, shape.rank());
  }

  /// Equal arrays under equal names, equal metadata, and the same left out.
  @Override
  public boolean equals(Object other) {
    return other instanceof SafeTensors file && arrays.equals(file.arrays) && metadata.equals(file.metadata)
        && skipped.equals(file.skipped);
  }

  @Override
  public int hashCode() {
    return 31 * arrays.hashCode() + metadata.hashCode();
  }

  /// The names with their types and shapes.
  @Override
  public String toString() {
    return arrays.toString();
  }
}
