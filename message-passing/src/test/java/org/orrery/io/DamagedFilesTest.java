package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.orrery.losses.SquaredError;
import org.orrery.nn.Linear;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.training.Checkpoint;
import org.orrery.training.Dataset;
import org.orrery.training.Loader;
import org.orrery.training.ModelFormat;
import org.orrery.training.SavedModel;
import org.orrery.training.Settings;
import org.orrery.training.Trainer;
import org.orrery.training.WeightAverage;

/// Damaged files of every format: each is read, or refused as its reader documents, and nothing else is thrown. The damage
/// is done to the file, and to what stands inside it, which is then compressed and counted again: pickles, arrays in an
/// archive, headers and texts of metadata. `-Dorrery.mutations=10000` reads so many of each format.
class DamagedFilesTest {
  @TempDir
  private Path folder;

  /// Makes another content.
  private interface Change {
    byte[] of(byte[] content) throws IOException;
  }

  /// What a sample is, how it is read, and how content inside it is changed.
  enum Sample {
    NPY(".npy", Reader.ARRAYS), NPZ(".npz", Reader.ARRAYS), PT("objects.pt", Reader.ARRAYS), LEGACY_PT(
        "objects-legacy.pt", Reader.ARRAYS), SAFETENSORS(".safetensors", Reader.ARRAYS), IDX(".idx",
            Reader.ARRAYS), IDX_GZ(".idx.gz", Reader.ARRAYS), CHECKPOINT("checkpoint.safetensors",
                Reader.CHECKPOINT), MODEL("model.safetensors", Reader.MODEL);

    private final String name;
    private final Reader reader;

    Sample(String name, Reader reader) {
      this.name = name;
      this.reader = reader;
    }

    /// The bytes of a whole file.
    byte[] whole(Path folder) throws IOException {
      Path file = folder.resolve("whole" + name);
      switch (this) {
        case NPY -> NumPy.write(file, NumericArray.of(Shape.of(2, 3), 1f, 2f, 3f, 4f, 5f, 6f));
        case NPZ -> NumPyArchive.of(new TreeMap<>(Map.of( // an order that does not depend on the process
            "x", NumericArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6),
            "größe", NumericArray.of(ElementType.BOOL, Shape.of(3), 1, 0, 1),
            "scalar", NumericArray.of(Shape.of(), 0.5)))).write(file);
        case PT, LEGACY_PT -> Files.write(file, TorchSamplesTest.resource(name));
        case SAFETENSORS -> SafeTensors.of(Map.of(
            "layers.0.weight", NumericArray.of(Shape.of(2, 3), 1f, 2f, 3f, 4f, 5f, 6f),
            "small", NumericArray.of(ElementType.F8_E4M3, Shape.of(2), 1f, 2f),
            "whole", NumericArray.of(Shape.of(2), 1L, 2L)),
            Map.of("op", "Linear", "note", "größer")).write(file);
        case IDX, IDX_GZ -> {
          byte[] plain = {0, 0, 11, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
          Files.write(file, this == IDX ? plain : compressed(plain));
        }
        case CHECKPOINT -> trained(file);
        case MODEL -> SavedModel.write(file, BLUEPRINT, Linear.create(3, 2, Key.of(1)));
      }
      return Files.readAllBytes(file);
    }

    /// The file with changed content.
    private byte[] changed(byte[] whole, Path folder, Key key, Change change) throws IOException {
      return switch (this) {
        case NPZ, PT -> archive(folder.resolve("whole" + name), key, change);
        case IDX_GZ -> {
          try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(whole))) {
            yield compressed(change.of(in.readAllBytes()));
          }
        }
        case SAFETENSORS, CHECKPOINT, MODEL -> header(whole, change);
        case NPY, LEGACY_PT, IDX -> change.of(whole);
      };
    }

    byte[] damaged(byte[] whole, Path folder, Key key) throws IOException {
      Change change = content -> Mutations.damaged(content, key.fold("change"));
      return switch (key.integers(1, 4)[0]) {
        case 0 -> Mutations.mutated(whole, key.fold("change"));
        case 1 -> change.of(whole);
        case 2 -> changed(whole, folder, key, content -> Mutations.mutated(content, key.fold("change")));
        default -> changed(whole, folder, key, change);
      };
    }
  }

  private enum Reader {
    ARRAYS, CHECKPOINT, MODEL;

    void read(Path file) throws IOException {
      switch (this) {
        case ARRAYS -> ArrayFile.read(file).arrays().values()
            .forEach(array -> Objects.requireNonNull(array.toString() + array.hashCode()));
        case CHECKPOINT -> Checkpoint.read(file);
        case MODEL -> SavedModel.read(file, BLUEPRINT);
      }
    }
  }

  private static final ModelFormat<Linear> BLUEPRINT = new ModelFormat<>() {
    @Override
    public String kind() {
      return "linear 1";
    }

    @Override
    public Settings settings(Linear model) {
      return Settings.none().with("in", model.weight().value().shape().size(1)).with("out",
          model.weight().value().shape().size(0));
    }

    @Override
    public Linear create(Settings settings) {
      return Linear.create(settings.integer("in", 1, 1000), settings.integer("out", 1, 1000), Key.of(0));
    }
  };

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /// An archive of which one entry's content, or each one's, is changed.
  private static byte[] archive(Path whole, Key key, Change change) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipArchive zip = ZipArchive.open(whole)) {
      for (String name : zip.names()) {
        entries.put(name, zip.bytes(name));
      }
    }
    List<String> names = new ArrayList<>(entries.keySet());
    names.sort((a, b) -> Boolean.compare(b.endsWith(".pkl"), a.endsWith(".pkl")));
    int[] draws = key.fold("entry").integers(3, Integer.MAX_VALUE);
    String chosen = names.get(draws[0] % 2 == 0 ? 0 : draws[1] % names.size());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> named : entries.entrySet()) {
        byte[] content = named.getKey().equals(chosen) ? change.of(named.getValue()) : named.getValue();
        ZipEntry entry = new ZipEntry(named.getKey());
        if (draws[2] % 2 == 0) {
          CRC32 sum = new CRC32();
          sum.update(content);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(content.length);
          entry.setCrc(sum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /// A safetensors file whose header is changed and counted again.
  private static byte[] header(byte[] whole, Change change) throws IOException {
    int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] header = change.of(Arrays.copyOfRange(whole, 8, 8 + length));
    return ByteBuffer.allocate(whole.length - length + header.length).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length).put(header).put(whole, 8 + length, whole.length - 8 - length).array();
  }

  private record Pair(Tensor x, Tensor y) {
  }

  /// A checkpoint with all that one may hold: averages, a best epoch, a schedule and a history.
  private static void trained(Path file) throws IOException {
    Linear model = Linear.create(3, 2, Key.of(1));
    Pair pair = new Pair(Tensor.normal(Key.of(2), 4, 3), Tensor.normal(Key.of(3), 4, 2));
    Trainer<Linear, Pair> trainer = Trainer.<Linear, Pair>of(model,
        (m, batch, mode) -> new SquaredError().mean(m.apply(batch.x()), batch.y()), new Adam().on(model))
        .rate(Schedule.cosine(0.02, 60, 0)).key(Key.of(7)).validation(m -> Map.of("rmse", 1.0))
        .keepBest("rmse", Goal.LOWEST).averaging(new WeightAverage.Exponential(0.9));
    trainer.train(Loader.of(Dataset.of(2, i -> pair), 1, List::getFirst), 2);
    trainer.checkpoint().write(file);
  }

  /// The outcomes of the first damaged files: how many of each kind.
  static Map<String, Integer> outcomes(Sample sample, int count, Path folder) throws IOException {
    byte[] whole = sample.whole(folder);
    Path file = folder.resolve("damaged" + sample.name);
    sample.reader.read(Mutations.overwrite(file, whole));
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String outcome = "read";
      Mutations.overwrite(file, sample.damaged(whole, folder, Key.of(71).fold(sample.name()).fold(i)));
      try {
        sample.reader.read(file);
      } catch (IOException refused) {
        outcome = refused.getClass().getSimpleName();
        String message = String.valueOf(refused.getMessage());
        if (!message.startsWith(file.toString())) {
          throw new AssertionError(sample + ", mutation " + i + " of seed 71: the message names no file", refused);
        }
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError wrong) {
        throw new AssertionError(sample + ", mutation " + i + " of seed 71", wrong);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    return outcomes;
  }

  @ParameterizedTest
  @EnumSource(Sample.class)
  void damageEndsInAReadFileOrInAFormatException(Sample sample) throws IOException {
    Map<String, Integer> outcomes = outcomes(sample, Mutations.COUNT, folder);
    assertTrue(List.of("FormatException", "read").containsAll(outcomes.keySet()), outcomes.toString());
    assertTrue(outcomes.getOrDefault("FormatException", 0) > Mutations.COUNT / 4, outcomes.toString());
  }

  @ParameterizedTest
  @EnumSource(value = Sample.class, names = {"CHECKPOINT", "MODEL"})
  void aTensorOfATypeThatIsNotReadIsNotLeftOutOfACheckpointOrAModel(Sample sample) throws IOException {
    byte[] bytes = header(sample.whole(folder), header -> new String(header, StandardCharsets.UTF_8)
        .replaceFirst("\\{", "{\"waves\":{\"dtype\":\"C64\",\"shape\":[0],\"data_offsets\":[0,0]},")
        .getBytes(StandardCharsets.UTF_8));
    Path file = Mutations.overwrite(folder.resolve("other"), bytes);
    assertEquals(Map.of("waves", "C64 [0]"), SafeTensors.read(file).skipped());
    String message = String.valueOf(assertThrows(FormatException.class, () -> sample.reader.read(file)).getMessage());
    assertTrue(message.startsWith(file + ": ") && message.contains("waves"), message);
  }

  /// Prints the outcomes and the time: the arguments are the number of damaged files and a folder for them.
  static final class Report {
    public static void main(String[] arguments) throws IOException {
      for (Sample sample : Sample.values()) {
        long start = System.nanoTime();
        Map<String, Integer> outcomes = outcomes(sample, Integer.parseInt(arguments[0]), Path.of(arguments[1]));
        System.out.println(String.format(Locale.ROOT, "%-12s %s, %.1f s", sample, outcomes,
            (System.nanoTime() - start) * 1e-9));
      }
    }
  }
}
