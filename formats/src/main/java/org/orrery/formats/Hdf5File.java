package org.orrery.formats;

import io.jhdf.ObjectHeader;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.CompactDataset;
import io.jhdf.dataset.DatasetLoader;
import io.jhdf.dataset.NoParent;
import io.jhdf.filter.PipelineFilterWithData;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.message.AttributeMessage;
import io.jhdf.object.message.DataSpaceMessage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.orrery.io.FormatException;

/// Numbers in an HDF5 file, data set by data set. jHDF parses; what it does not know stands in the way of nothing else.
///
/// Data sets of one or two axes are columns: `[rows]` or `[rows, components]`, of integers of up to 64 bits (also of
/// 24, 40 or 48) and of fractions of IEEE 754; stored as one block, in the header or in chunks, with the filters
/// shuffle, deflate and checksum. Other types, other filters and links to other files are refused by name, when they
/// are asked for.
///
/// A file is untrusted input: a data set may have at most 50 times the file's size and 64 MiB.
public final class Hdf5File implements AutoCloseable {
  private static final int MOST_HOPS = 16;
  private static final List<Integer> FILTERS = List.of(1, 2, 3); // deflate, shuffle, checksum
  private static final int MOST_CHUNKS = 1 << 20;

  private final Path file;
  private final Arena arena;
  private final Hdf5Storage storage;
  private final long root;

  private Hdf5File(Path file, Arena arena, Hdf5Storage storage, long root) {
    this.file = file;
    this.arena = arena;
    this.storage = storage;
    this.root = root;
  }

  /// Opens a file until [#close].
  ///
  /// @throws FormatException where it is no HDF5 file
  /// @throws IOException where it cannot be read
  public static Hdf5File open(Path file) throws IOException {
    long size = InputFile.size(file);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      Hdf5Storage storage = Untrusted.parse(file + ": not an HDF5 file that can be read", () -> Hdf5Storage.of(bytes));
      long root = Untrusted.parse(file + ": not an HDF5 file that can be read", () -> Hdf5Links.root(storage));
      return new Hdf5File(file, arena, storage, root);
    } catch (IOException | RuntimeException invalid) {
      arena.close();
      throw invalid;
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  /// The file.
  public Path path() {
    return file;
  }

  /// The names in a group, `/` for the outermost, without a look at what is behind them.
  ///
  /// @throws FormatException where there is no such group
  public List<String> names(String group) throws FormatException {
    long address = require(group);
    return Untrusted.parse(what(group), () -> List.copyOf(Hdf5Links.of(storage, address).keySet()));
  }

  /// Whether there is an object of that path.
  ///
  /// @throws FormatException where what stands above it cannot be read
  public boolean has(String path) throws FormatException {
    return find(path, MOST_HOPS) != null;
  }

  private String what(String path) {
    return file + ": " + path;
  }

  private long require(String path) throws FormatException {
    Long address = find(path, MOST_HOPS);
    if (address == null) {
      int slash = path.lastIndexOf('/');
      String above = slash <= 0 ? "/" : path.substring(0, slash);
      throw new FormatException(what(path) + " is not there"
          + (find(above, MOST_HOPS) == null ? ", nor is " + above : "; " + above + " has " + names(above)));
    }
    return address;
  }

  /// Walks from the root, along links within the file.
  private @Nullable Long find(String path, int hops) throws FormatException {
    if (hops < 0) {
      throw new FormatException(what(path) + ": links that lead in circles");
    }
    long at = root;
    String walked = "";
    for (String name : path.split("/")) {
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      long group = at;
      String above = walked;
      Map<String, Hdf5Links.Target> links = Untrusted.parse(what(walked.isEmpty() ? "/" : walked),
          () -> Hdf5Links.of(storage, group));
      Hdf5Links.Target target = links.get(name);
      walked = walked + "/" + name;
      if (target == null) {
        return null;
      }
      if (target.address() != -1) {
        at = target.address();
        continue;
      }
      if (target.path().isEmpty()) {
        throw new FormatException(what(walked) + " is a link to another file; what is required must be in this one");
      }
      Long linked = find(target.path().startsWith("/") ? target.path() : above + "/" + target.path(), hops - 1);
      if (linked == null) {
        return null;
      }
      at = linked;
    }
    return at;
  }

  /// A data set of one or two axes as a column with its own name.
  ///
  /// @throws FormatException naming file and data set, where it is not there, has another rank or type, or cannot be
  ///     read
  public Column column(String path) throws FormatException {
    Dataset data = dataset(path);
    long[] shape = Untrusted.parse(what(path), data::getDimensionsAsLong);
    if (shape.length != 1 && shape.length != 2) {
      throw new FormatException(what(path) + " has the shape " + Arrays.toString(shape)
          + "; one or two axes are required");
    }
    if (!Hdf5Numbers.isNumeric(data.getDataType())) {
      throw new FormatException(what(path) + " is of " + data.getDataType().getClass().getSimpleName()
          + "; integers or fractions are required");
    }
    long rows = shape[0];
    long components = shape.length == 2 ? shape[1] : 1;
    long size = data.getDataType().getSize();
    long most = Math.min(Integer.MAX_VALUE - 64, InputFile.mostInflated(storage.size()));
    if (rows < 0 || components < 1 || size < 1 || rows > most / components || rows * components > most / size) {
      throw new FormatException(what(path) + " is " + Arrays.toString(shape) + " of " + size + " bytes; at most " + most
          + " bytes in rows of at least one number can be in a file of that size");
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    return Untrusted.parse(what(path), () -> {
      int bytes = Math.toIntExact(rows * components * size);
      ByteBuffer raw = bytes == 0
          ? ByteBuffer.allocate(0)
          : raw(path, data,
              Arrays.stream(shape).mapToInt(Math::toIntExact)
                  .toArray(),
              bytes);
      return Hdf5Numbers.column(what(path), name, data.getDataType(), (int) components, raw);
    });
  }

  private Dataset dataset(String path) throws FormatException {
    long address = require(path);
    return Untrusted.parse(what(path), () -> {
      ObjectHeader header = ObjectHeader.readObjectHeader(storage, address);
      if (!header.hasMessageOfType(DataSpaceMessage.class)) {
        throw new FormatException(what(path) + " is a group; a data set is required");
      }
      return DatasetLoader.createDataset(storage, header, path.substring(path.lastIndexOf('/') + 1), NoParent.INSTANCE);
    });
  }

  private ByteBuffer raw(String path, Dataset data, int[] shape, int bytes) throws FormatException {
    ByteBuffer raw = switch (data) {
      case ContiguousDataset block -> {
        if (block.getDataAddress() == -1) {
          throw new FormatException(what(path) + " was never written; numbers are required");
        }
        yield block.getBuffer();
      }
      case ChunkedDataset chunked -> chunks(path, chunked, shape, bytes);
      case CompactDataset compact -> compact.getDataBuffer();
      default -> throw new FormatException(what(path) + " is stored as " + data.getDataLayout()
          + "; one block, chunks or the header are required");
    };
    if (raw.remaining() < bytes) {
      throw new FormatException(what(path) + " has " + raw.remaining() + " bytes; " + bytes + " are required");
    }
    return raw.slice(raw.position(), bytes);
  }

  private ByteBuffer chunks(String path, ChunkedDataset data, int[] shape, int bytes) throws FormatException {
    int size = data.getDataType().getSize();
    int[] chunk = data.getChunkDimensions();
    int[] filters = data.getFilters().stream().mapToInt(PipelineFilterWithData::getId).toArray();
    if (!Arrays.stream(filters).allMatch(FILTERS::contains)
        || Arrays.stream(filters).distinct().count() != filters.length) {
      throw new FormatException(what(path) + " has the filters " + data.getFilters()
          + "; at most one each of deflate, shuffle and checksum is allowed");
    }
    int columns = shape.length == 2 ? shape[1] : 1;
    int high = chunk.length > 0 ? chunk[0] : 0;
    int wide = chunk.length == 2 ? chunk[1] : 1;
    long most = Math.min(Integer.MAX_VALUE - 64, InputFile.mostInflated(storage.size()));
    if (chunk.length != shape.length || high < 1 || wide < 1 || (long) high * wide > most / size
        || Math.ceilDiv((long) shape[0], high) * Math.ceilDiv(columns, wide) > Math.min(MOST_CHUNKS, storage.size())) {
      throw new FormatException(what(path) + " of shape " + Arrays.toString(shape) + " has chunks of "
          + Arrays.toString(chunk) + "; at most " + MOST_CHUNKS + " chunks of that rank are allowed");
    }
    byte[] all = new byte[bytes];
    for (int down = 0; down < Math.ceilDiv(shape[0], high); down++) {
      for (int right = 0; right < Math.ceilDiv(columns, wide); right++) {
        int row = down * high;
        int column = right * wide;
        int[] offset = shape.length == 2 ? new int[] {row, column} : new int[] {row};
        byte[] part = chunk(path, data, offset, high * wide * size);
        int width = Math.min(wide, columns - column) * size;
        for (int r = 0; r < Math.min(high, shape[0] - row); r++) {
          System.arraycopy(part, r * wide * size, all, ((row + r) * columns + column) * size, width);
        }
      }
    }
    return ByteBuffer.wrap(all);
  }

  private byte[] chunk(String path, ChunkedDataset data, int[] offset, int bytes) throws FormatException {
    int stored = data.getRawChunkBuffer(offset).remaining();
    if (stored > bytes + bytes / 8 + 1024) {
      throw new FormatException(what(path) + ": the chunk at " + Arrays.toString(offset) + " takes " + stored
          + " bytes for " + bytes + "; compression is required to help");
    }
    byte[] part = data.getDecompressedChunk(offset);
    if (part.length < bytes) {
      throw new FormatException(what(path) + ": the chunk at " + Arrays.toString(offset) + " has " + part.length
          + " bytes; " + bytes + " are required");
    }
    return part;
  }

  /// Data sets of a group with as many rows each as a table.
  ///
  /// @throws FormatException as [#column] does, and where rows differ
  public NumberTable table(String group, List<String> names) throws FormatException {
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(column(group + "/" + name));
    }
    return NumberTable.of(what(group), columns);
  }

  /// All numeric data sets of one or two axes of a group that have as many rows as the first; the names of the others
  /// are the table's [NumberTable#texts].
  ///
  /// @throws FormatException where there is no such group, or no such data set in it
  public NumberTable table(String group) throws FormatException {
    List<Column> columns = new ArrayList<>();
    Set<String> others = new TreeSet<>();
    for (String name : names(group)) {
      try {
        Column column = column(group + "/" + name);
        if (columns.isEmpty() || column.rows() == columns.getFirst().rows()) {
          columns.add(column);
        } else {
          others.add(name);
        }
      } catch (FormatException notNumbers) {
        others.add(name); // asked for by name, it says why
      }
    }
    if (columns.isEmpty()) {
      throw new FormatException(what(group) + " has no data set of numbers but " + others
          + "; at least one is required");
    }
    return NumberTable.of(what(group), columns, others);
  }

  /// A number beside an object: an attribute of one number.
  ///
  /// @throws FormatException where it is no single number
  OptionalDouble number(String path, String attribute) throws FormatException {
    Optional<AttributeMessage> message = attribute(path, attribute);
    if (message.isEmpty()) {
      return OptionalDouble.empty();
    }
    String what = what(path) + " attribute " + attribute;
    return Untrusted.parse(what, () -> {
      ByteBuffer bytes = message.get().getDataBuffer();
      if (bytes == null || !Hdf5Numbers.isNumeric(message.get().getDataType())
          || message.get().getDataSpace().getTotalLength() != 1) {
        throw new FormatException(what + " is " + message.get().getDataType().getClass().getSimpleName() + " "
            + Arrays.toString(message.get().getDataSpace().getDimensionsAsLong()) + "; one number is required");
      }
      return OptionalDouble.of(Hdf5Numbers
          .column(what, attribute, message.get().getDataType(), 1, bytes.slice(0,
              message.get().getDataType().getSize()))
          .at(0));
    });
  }

  /// A number beside an object that must be there.
  double requireNumber(String path, String attribute) throws FormatException {
    OptionalDouble number = number(path, attribute);
    if (number.isEmpty()) {
      throw new FormatException(what(path) + " has no attribute " + attribute + ", which is required");
    }
    return number.getAsDouble();
  }

  /// A text beside an object, where it has a fixed length.
  Optional<String> text(String path, String attribute) throws FormatException {
    Optional<AttributeMessage> message = attribute(path, attribute);
    return Untrusted.parse(what(path) + " attribute " + attribute, () -> message
        .filter(some -> some.getDataType() instanceof StringData && some.getDataBuffer() != null).map(some -> {
          ByteBuffer bytes = some.getDataBuffer().duplicate();
          byte[] copy = new byte[bytes.remaining()];
          bytes.get(copy);
          return new String(copy, StandardCharsets.UTF_8).replace('\0', ' ').strip();
        }));
  }

  private Optional<AttributeMessage> attribute(String path, String name) throws FormatException {
    Long address = find(path, MOST_HOPS);
    if (address == null) {
      return Optional.empty();
    }
    return Untrusted.parse(what(path),
        () -> Hdf5Links.attributes(storage, address).stream().filter(each -> each.getName().equals(name)).findFirst());
  }

  /// The file's name and size.
  @Override
  public String toString() {
    return "HDF5 file " + file + " of " + storage.size() + " bytes";
  }
}
