package org.orrery.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// A checkpoint that `torch.save` wrote (PyTorch 1.6 and later): a zip archive of a pickle and raw numbers.
///
/// Dictionaries, lists and tuples become dotted names, as in `model.layers.0.weight`; numbers, texts and `None` among
/// them are [#metadata()]. Tensors may be views; their elements come out in row-major order. Weights go into a model by
/// `State.load(model, PyTorchFile.read(file).tensors())`.
///
/// A file is untrusted input: a pickle that names any class but those a state dictionary needs is refused with that
/// name, nothing is ever executed, and memory is at most a small multiple of the file's size.
public final class PyTorchFile {
  private static final int DEEPEST = 100;
  private static final int VIEWS = 4; // copies of the numbers that views may make
  private static final long SMALL = 1 << 20; // bytes that nobody minds
  private static final byte[] ZIP = {'P', 'K'};

  private final String source;
  private final Map<String, NumericArray> arrays;
  private final Map<String, String> metadata;

  private PyTorchFile(String source, Map<String, NumericArray> arrays, Map<String, String> metadata) {
    this.source = source;
    this.arrays = Collections.unmodifiableMap(arrays);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming file and tensor or class, what came and what is required
  /// @throws IOException where the file cannot be read
  public static PyTorchFile read(Path file) throws IOException {
    requireZip(file);
    try (ZipArchive archive = ZipArchive.open(file)) {
      return new Reading(file.toString(), Files.size(file), archive).content();
    }
  }

  private static void requireZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] begin = in.readNBytes(ZIP.length);
      if (begin.length == ZIP.length && begin[0] == (byte) 0x80) {
        throw new FormatException(
            file + ": a bare pickle, as PyTorch wrote before 1.6; a zip archive is required, which "
                + "torch.save(torch.load(file), file) of a newer PyTorch makes");
      }
      if (!Arrays.equals(begin, ZIP)) {
        throw new FormatException(file + ": not a zip archive; what torch.save writes is required");
      }
    }
  }

  /// The arrays by dotted name, in the order of the file.
  public Map<String, NumericArray> arrays() {
    return arrays;
  }

  /// The array of that name.
  ///
  /// @throws FormatException naming the file, and the arrays that it has, where there is none
  public NumericArray array(String name) throws FormatException {
    NumericArray array = arrays.get(name);
    if (array == null) {
      throw new FormatException(source + ": there is no tensor " + name + "; there are " + arrays);
    }
    return array;
  }

  /// What is no tensor, by dotted name: numbers, texts and `None`, as Java writes them.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// Every array as a tensor, for `State.load`.
  ///
  /// @throws ArithmeticException naming a tensor with a number that a float does not hold
  public Map<String, Tensor> tensors() {
    return tensors("");
  }

  /// The arrays below a prefix, such as `model.`, as tensors under the rest of their names.
  ///
  /// @throws IllegalArgumentException where no name begins so
  /// @throws ArithmeticException naming a tensor with a number that a float does not hold
  public Map<String, Tensor> tensors(String prefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> {
      if (name.startsWith(prefix)) {
        tensors.put(name.substring(prefix.length()), tensor(name, array));
      }
    });
    if (tensors.isEmpty() && !prefix.isEmpty()) {
      throw new IllegalArgumentException(
          source + ": no tensor's name begins with " + prefix + "; there are " + arrays.keySet());
    }
    return Collections.unmodifiableMap(tensors);
  }

  private Tensor tensor(String name, NumericArray array) {
    try {
      return array.tensor();
    } catch (ArithmeticException unfit) {
      ArithmeticException named = new ArithmeticException(source + ": tensor " + name + ": " + unfit.getMessage());
      named.initCause(unfit);
      throw named;
    }
  }

  /// The names with their types and shapes.
  @Override
  public String toString() {
    return arrays.toString();
  }

  private static final class Reading {
    private final String source;
    private final long fileSize;
    private final ZipArchive archive;
    private final Map<String, NumericArray> arrays = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Object> storages = new HashMap<>();
    private final Map<String, NumericArray> views = new HashMap<>();
    private String root = "";
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private long charged;
    private long nameBudget;

    private Reading(String source, long fileSize, ZipArchive archive) {
      this.source = source;
      this.fileSize = fileSize;
      this.archive = archive;
    }

    private PyTorchFile content() throws IOException {
      root = root();
      order = order();
      byte[] pickle = archive.bytes(root + "data.pkl");
      nameBudget = 65_536 + 64L * pickle.length;
      String what = source + ": " + root + "data.pkl";
      Object value = Pickle.load(pickle, what, new TorchView.Constructors(what));
      flatten(value instanceof TorchView ? "tensor" : "", value, 0);
      return new PyTorchFile(source, arrays, metadata);
    }

    /// The folder of the archive, which has the name that the file had when it was written.
    private String root() throws FormatException {
      List<String> roots = new ArrayList<>();
      for (String name : archive.names()) {
        if (name.endsWith("/data.pkl") && name.indexOf('/') == name.lastIndexOf('/')) {
          roots.add(name.substring(0, name.length() - "data.pkl".length()));
        }
      }
      if (roots.size() != 1) {
        throw new FormatException(
            source + ": " + roots.size() + " entries called FOLDER/data.pkl in a zip archive; one, "
                + "as torch.save writes, is required");
      }
      return roots.getFirst();
    }

    private ByteOrder order() throws IOException {
      if (!archive.has(root + "byteorder")) {
        return ByteOrder.LITTLE_ENDIAN;
      }
      String order = new String(archive.bytes(root + "byteorder"), StandardCharsets.UTF_8);
      return switch (order) {
        case "little" -> ByteOrder.LITTLE_ENDIAN;
        case "big" -> ByteOrder.BIG_ENDIAN;
        default -> throw new FormatException(source + ": byteorder " + ZipArchive.shown(order)
            + "; little or big is required");
      };
    }

    /// A pickle may hold one list many times, or a list inside itself: depth and the length of all names are bounded.
    private void flatten(String name, Object value, int depth) throws IOException {
      nameBudget -= name.length() + 1;
      if (depth > DEEPEST || nameBudget < 0) {
        throw new FormatException(source + ": at " + ZipArchive.shown(name) + ": values inside one another deeper than "
            + DEEPEST + ", or with more names than a pickle of that size may have");
      }
      String prefix = name.isEmpty() ? "" : name + ".";
      switch (value) {
        case LinkedHashMap<?, ?> dictionary -> {
          for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
            flatten(prefix + entry.getKey(), entry.getValue(), depth + 1);
          }
        }
        case ArrayList<?> list -> flattenAll(prefix, list.toArray(), depth);
        case Object[] tuple -> flattenAll(prefix, tuple, depth);
        case TorchView view -> add(arrays, name, array(name, view));
        case Long _,Double _,Boolean _,String _ -> add(metadata, name, value.toString());
        default -> {
          if (!value.equals(Pickle.NONE)) {
            throw new FormatException(source + ": " + ZipArchive.shown(name) + " is " + Pickle.kind(value)
                + "; a tensor, number, text, dictionary, list or tuple is required");
          }
          add(metadata, name, "None");
        }
      }
    }

    private void flattenAll(String prefix, Object[] values, int depth) throws IOException {
      for (int i = 0; i < values.length; i++) {
        flatten(prefix + i, values[i], depth + 1);
      }
    }

    private <T> void add(Map<String, T> target, String name, T value) throws FormatException {
      if (arrays.containsKey(name) || metadata.containsKey(name)) {
        throw new FormatException(source + ": two values are called " + ZipArchive.shown(name)
            + "; names that stay apart when joined by dots are required");
      }
      target.put(name, value);
    }

    private NumericArray array(String name, TorchView view) throws IOException {
      String identity = view.identity();
      NumericArray known = views.get(identity);
      if (known != null) {
        return known;
      }
      String tensor = source + ": tensor " + ZipArchive.shown(name);
      Shape shape = Shape.of(view.checkedSizes(tensor));
      Object numbers = numbers(tensor, view.storage);
      if (!view.isWhole()) {
        charge(tensor, (long) shape.elements() * view.storage.type().bytes());
        numbers = view.gather(numbers);
      }
      NumericArray array = NumericArray.wrap(view.storage.type(), shape, numbers);
      views.put(identity, array);
      return array;
    }

    private Object numbers(String tensor, TorchView.Storage storage) throws IOException {
      String identity = storage.type() + " " + storage.key();
      Object known = storages.get(identity);
      String entry = root + "data/" + storage.key();
      long bytes = archive.size(entry);
      if (storage.elements() > NumberBytes.MOST_ELEMENTS || storage.elements() * storage.type().bytes() != bytes) {
        throw new FormatException(tensor + ": a storage of " + storage.elements() + " " + storage.type() + " in "
            + bytes + " bytes of entry " + ZipArchive.shown(entry) + "; as many as the numbers take are required");
      }
      if (known != null) {
        return known;
      }
      charge(tensor, bytes);
      Object numbers = archive.read(entry, in -> NumberBytes.decode(storage.type(), (int) storage.elements(), order,
          tensor, NumberBytes.Source.of(in, tensor)));
      storages.put(identity, numbers);
      return numbers;
    }

    private void charge(String tensor, long bytes) throws FormatException {
      charged += bytes;
      if (charged > VIEWS * fileSize + SMALL) {
        throw new FormatException(tensor + ": views of " + charged + " bytes in a file of " + fileSize
            + "; at most " + VIEWS + " times its size are allowed");
      }
    }
  }
}
