package org.orrery.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.orrery.tensor.Tensor;

/// A checkpoint that `torch.save` wrote: since PyTorch 1.6 a zip archive of a pickle and raw numbers, before that pickles
/// and raw numbers one behind the other. Both are read.
///
/// Dictionaries, lists and tuples become dotted names, as in `model.layers.0.weight`; numbers, texts and `None` among
/// them are [#metadata()]. Tensors may be views, expanded ones too; their elements come out in row-major order. Weights go
/// into a model by `State.load(model, PyTorchFile.read(file).tensors())`.
///
/// Any other object is not made but listed in [#skipped()]: functions, instances of other classes, such as
/// `argparse.Namespace` and subclasses of dictionaries, and tensors that are complex, sparse or quantized. A tensor whose
/// numbers are not those of its storage (its `neg` or `conj` bit is set) is refused by name.
///
/// A file is untrusted input: nothing that it names is executed, and memory is at most 64 MiB and 50 times the file's
/// size, to which pickles, their objects and names, and all numbers are charged before they are made.
public final class PyTorchFile {
  private static final byte[] ZIP = {'P', 'K'};
  private static final byte PICKLE = (byte) 0x80;

  private final String source;
  private final Map<String, NumericArray> arrays;
  private final Map<String, String> metadata;
  private final Map<String, String> skipped;

  private PyTorchFile(String source, TorchState state) {
    this.source = source;
    this.arrays = Collections.unmodifiableMap(state.arrays());
    this.metadata = Collections.unmodifiableMap(state.metadata());
    this.skipped = Collections.unmodifiableMap(state.skipped());
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming file and tensor or class, what came and what is required
  /// @throws IOException where the file cannot be read
  public static PyTorchFile read(Path file) throws IOException {
    WholeFile.requireReadable(file);
    String source = file.toString();
    if (isBarePickle(file)) {
      return new PyTorchFile(source, TorchSequence.read(file));
    }
    try (ZipArchive archive = ZipArchive.open(file)) {
      return new PyTorchFile(source, TorchArchive.read(source, archive));
    }
  }

  private static boolean isBarePickle(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] begin = in.readNBytes(ZIP.length);
      if (begin.length == ZIP.length && begin[0] == PICKLE) {
        return true;
      }
      if (!Arrays.equals(begin, ZIP)) {
        throw new FormatException(file + ": neither a zip archive nor a pickle; what torch.save writes is required");
      }
      return false;
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
      String kind = skipped.get(name);
      throw new FormatException(kind == null
          ? source + ": there is no tensor " + name + "; there are " + Listing.of(arrays)
          : source + ": " + name + " is " + kind + ", which is not read; a tensor is required");
    }
    return array;
  }

  /// What is no tensor, by dotted name: numbers, texts and `None`, as Java writes them.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// What was not made, by dotted name: the class that it would have had, or its kind. Its content is not read, tensors in
  /// it included.
  public Map<String, String> skipped() {
    return skipped;
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
          source + ": no tensor's name begins with " + prefix + "; there are " + Listing.of(arrays.keySet()));
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
}
