package org.orrery.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Named arrays from a file of any of the formats of this package, which the end of its name tells.
public final class ArrayFile {
  /// A format, and how names of its files end.
  public enum Format {
    /// checkpoints of PyTorch
    PYTORCH("PyTorch checkpoint", ".pt .pth"),
    /// <https://huggingface.co/docs/safetensors>
    SAFETENSORS("safetensors", ".safetensors"),
    /// many arrays of NumPy
    NPZ("NumPy archive", ".npz"),
    /// one array of NumPy
    NPY("NumPy array", ".npy"),
    /// one array as the MNIST digits have it, plain or compressed
    IDX("IDX array", ".idx .idx.gz -ubyte -ubyte.gz");

    private final String title;
    private final String endings;

    Format(String title, String endings) {
      this.title = title;
      this.endings = endings;
    }

    private Stream<String> endings() {
      return Stream.of(endings.split(" "));
    }

    /// The format of a file with that name.
    ///
    /// @throws FormatException listing the endings that are known, where this is none of them
    public static Format of(Path file) throws FormatException {
      String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
      Optional<Format> format = Arrays.stream(values()).filter(each -> each.endings().anyMatch(name::endsWith))
          .findFirst();
      return format.orElseThrow(() -> new FormatException(file + ": the name of a file of arrays ends in one of "
          + Arrays.stream(values()).flatMap(Format::endings).toList()));
    }

    /// What people call it.
    @Override
    public String toString() {
      return title;
    }
  }

  private static final String ONLY = "array"; // the name where a format has none

  private final Format format;
  private final Map<String, NumericArray> arrays;
  private final Map<String, String> metadata;
  private final Map<String, String> skipped;

  private ArrayFile(Format format, Map<String, NumericArray> arrays, Map<String, String> metadata,
      Map<String, String> skipped) {
    this.format = format;
    this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    this.skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException where the file is not what the end of its name says, or the end is unknown
  /// @throws IOException where the file cannot be read
  public static ArrayFile read(Path file) throws IOException {
    Format format = Format.of(file);
    return switch (format) {
      case PYTORCH -> {
        PyTorchFile content = PyTorchFile.read(file);
        yield new ArrayFile(format, content.arrays(), content.metadata(), content.skipped());
      }
      case SAFETENSORS -> {
        SafeTensors content = SafeTensors.read(file);
        yield new ArrayFile(format, content.arrays(), content.metadata(), content.skipped());
      }
      case NPZ -> {
        NumPyArchive content = NumPyArchive.read(file);
        yield new ArrayFile(format, content.arrays(), Map.of(), content.skipped());
      }
      case NPY -> new ArrayFile(format, Map.of(ONLY, NumPy.read(file)), Map.of(), Map.of());
      case IDX -> new ArrayFile(format, Map.of(ONLY, Idx.read(file)), Map.of(), Map.of());
    };
  }

  /// Writes or replaces a file in the format that the end of its name tells, as a whole or not at all: [WholeFile].
  ///
  /// NumPy's formats have no place for metadata; it is not written there. Nor is what is [#skipped()] written.
  ///
  /// @throws FormatException where the format is only read here, or holds one array and there are not one
  /// @throws IllegalArgumentException where the format has no such array or name
  /// @throws IOException where that fails; an older file is untouched then
  public void write(Path file) throws IOException {
    Format target = Format.of(file);
    switch (target) {
      case SAFETENSORS -> SafeTensors.of(arrays, metadata).write(file);
      case NPZ -> NumPyArchive.of(arrays).write(file);
      case NPY -> {
        if (arrays.size() != 1) {
          throw new FormatException(file + ": " + arrays.size() + " arrays; one is required in .npy, .npz holds many");
        }
        NumPy.write(file, arrays.values().iterator().next());
      }
      case PYTORCH, IDX -> throw new FormatException(file + ": " + target
          + " is only read; .safetensors, .npz or .npy is required");
    }
  }

  /// The format that was read.
  public Format format() {
    return format;
  }

  /// The arrays by name, in the order of the file.
  public Map<String, NumericArray> arrays() {
    return arrays;
  }

  /// What the file holds besides and is not read, by name: the kind of each.
  public Map<String, String> skipped() {
    return skipped;
  }

  /// What the file says besides.
  public Map<String, String> metadata() {
    return metadata;
  }
}
