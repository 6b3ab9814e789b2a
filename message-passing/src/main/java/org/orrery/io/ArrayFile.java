package org.orrery.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Named arrays from a file of any of the formats of this package, which the end of its name tells.
public final class ArrayFile {
  /// A format, and how names of its files end.
  public enum Format {
    /// checkpoints of PyTorch
    PYTORCH("PyTorch checkpoint", ".pt", ".pth"),
    /// <https://huggingface.co/docs/safetensors>
    SAFETENSORS("safetensors", ".safetensors");

    private final String title;
    private final List<String> endings;

    Format(String title, String... endings) {
      this.title = title;
      this.endings = List.of(endings);
    }

    /// The format of a file with that name.
    ///
    /// @throws FormatException listing the endings that are known, where this is none of them
    public static Format of(Path file) throws FormatException {
      String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
      Optional<Format> format = Arrays.stream(values()).filter(each -> each.endings.stream().anyMatch(name::endsWith))
          .findFirst();
      return format.orElseThrow(() -> new FormatException(file + ": the name of a file of arrays ends in one of "
          + Arrays.stream(values()).flatMap(each -> each.endings.stream()).toList()));
    }

    /// What people call it.
    @Override
    public String toString() {
      return title;
    }
  }

  private final Format format;
  private final Map<String, NumericArray> arrays;
  private final Map<String, String> metadata;

  private ArrayFile(Format format, Map<String, NumericArray> arrays, Map<String, String> metadata) {
    this.format = format;
    this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
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
        yield new ArrayFile(format, content.arrays(), content.metadata());
      }
      case SAFETENSORS -> {
        SafeTensors content = SafeTensors.read(file);
        yield new ArrayFile(format, content.arrays(), content.metadata());
      }
    };
  }

  /// The format that was read.
  public Format format() {
    return format;
  }

  /// The arrays by name, in the order of the file.
  public Map<String, NumericArray> arrays() {
    return arrays;
  }

  /// What the file says besides.
  public Map<String, String> metadata() {
    return metadata;
  }
}
