package org.orrery.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What `torch.save` writes since PyTorch 1.6: a zip archive of a pickle, and of one entry a storage.
final class TorchArchive implements TorchState.Storages {
  private static final String PICKLE = "data.pkl";
  private static final int LONGEST_ORDER = 16;

  private final String source;
  private final ZipArchive archive;
  private final Map<String, Object> storages = new HashMap<>();
  private final String root;
  private final ByteOrder order;

  private TorchArchive(String source, ZipArchive archive) throws IOException {
    this.source = source;
    this.archive = archive;
    this.root = root();
    this.order = order();
  }

  static TorchState read(String source, ZipArchive archive) throws IOException {
    TorchArchive content = new TorchArchive(source, archive);
    String entry = content.root + PICKLE;
    String what = source + ": " + ZipArchive.shown(entry);
    long size = archive.size(entry);
    Budget budget = archive.budget();
    Object value = archive.read(entry, in -> {
      CountedBytes bytes = new CountedBytes(new BufferedInputStream(in), size, what);
      Object loaded = Pickle.load(bytes, what, new TorchConstructors(what, budget), budget);
      if (bytes.remaining() > 0) {
        throw new FormatException(what + " byte " + bytes.position() + ": " + bytes.remaining()
            + " bytes behind the end; none is required");
      }
      return loaded;
    });
    return TorchState.of(source, value, budget, content);
  }

  /// The folder of the archive, which has the name that the file had when it was written.
  private String root() throws FormatException {
    List<String> roots = new ArrayList<>();
    for (String name : archive.names()) {
      if (name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/')) {
        roots.add(name.substring(0, name.length() - PICKLE.length()));
      }
    }
    if (roots.size() != 1) {
      throw new FormatException(source + ": " + roots.size() + " entries called FOLDER/" + PICKLE
          + " in a zip archive; one, as torch.save writes, is required");
    }
    return roots.getFirst();
  }

  private ByteOrder order() throws IOException {
    String entry = root + "byteorder";
    if (!archive.has(entry)) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    if (archive.size(entry) > LONGEST_ORDER) {
      throw new FormatException(source + ": byteorder of " + archive.size(entry)
          + " bytes; little or big is required");
    }
    String order = new String(archive.bytes(entry), StandardCharsets.UTF_8);
    return switch (order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw new FormatException(source + ": byteorder " + ZipArchive.shown(order)
          + "; little or big is required");
    };
  }

  @Override
  public Object numbers(String tensor, TorchView.Storage storage) throws IOException {
    ElementType type = Objects.requireNonNull(storage.kind().type());
    String entry = root + "data/" + storage.key();
    long bytes = archive.size(entry);
    if (storage.elements() > NumberBytes.MOST_ELEMENTS || storage.elements() * type.bytes() != bytes) {
      throw new FormatException(tensor + ": a storage of " + storage.elements() + " " + type + " in " + bytes
          + " bytes of entry " + ZipArchive.shown(entry) + "; as many as the numbers take are required");
    }
    String identity = type + " " + storage.key();
    Object known = storages.get(identity);
    if (known != null) {
      return known;
    }
    archive.budget().charge(bytes, tensor);
    Object numbers = archive.read(entry, in -> NumberBytes.decode(type, (int) storage.elements(), order, tensor,
        NumberBytes.Source.of(in, tensor)));
    storages.put(identity, numbers);
    return numbers;
  }
}
