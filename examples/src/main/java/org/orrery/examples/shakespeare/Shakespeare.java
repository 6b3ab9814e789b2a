package org.orrery.examples.shakespeare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.SharedData;
import org.orrery.losses.CrossEntropy;
import org.orrery.nn.Mode;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.OneCycle;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.Trainer;
import org.orrery.training.TrainingRun;

/// Learns to write like a text, character by character, by a recurrence along a path or by attention on a complete graph, and counts the
/// bits that a character of the last tenth costs: `-log2 p`, which nothing is learned from.
public final class Shakespeare {
  private static final int READ_AT_ONCE = 4096;

  private Shakespeare() {
  }

  /// A model and how it is trained.
  public enum Recipe {
    /// a memory of width 256 over 64 embedded numbers
    LSTM(64, 96, 6e-3, 2200) {
      @Override
      CharacterModel create(Text text, Key key) {
        return LstmModel.create(text.kinds(), 64, 256, key);
      }
    },
    /// four layers of width 128 with four heads, 128 characters wide
    TRANSFORMER(32, 128, 3e-3, 1500) {
      @Override
      CharacterModel create(Text text, Key key) {
        return TransformerModel.create(text.kinds(), 128, 128, 4, 4, key);
      }
    };

    private final int sequences;
    private final int length;
    private final double rate;
    private final int steps;

    Recipe(int sequences, int length, double rate, int steps) {
      this.sequences = sequences;
      this.length = length;
      this.rate = rate;
      this.steps = steps;
    }

    abstract CharacterModel create(Text text, Key key);

    /// The steps that take about five minutes on two cores.
    public int steps() {
      return steps;
    }

    /// What the command line calls it.
    public String title() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The recipe of a name.
    ///
    /// @throws IllegalArgumentException where there is none
    public static Recipe named(String name) {
      return Arrays.stream(values()).filter(recipe -> recipe.title().equals(name)).findFirst()
          .orElseThrow(() -> new IllegalArgumentException(name + "; lstm or transformer is required"));
    }
  }

  /// What came of it.
  ///
  /// @param recipe that was followed
  /// @param model that was trained
  /// @param bits that a character of the last tenth costs
  public record Report(Recipe recipe, CharacterModel model, double bits) {
    /// One line.
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "shakespeare  %s  %.3f bits per character on the last tenth", recipe.title(),
          bits);
    }
  }

  private record Batch(Indices symbols, Indices next) {
  }

  /// Trains and counts the bits of the last tenth. The same key gives the same bits.
  ///
  /// @param steps of the optimizer
  public static Report train(Text text, Recipe recipe, int steps, Key key, TrainingRun run) {
    CharacterModel model = recipe.create(text, key.fold("model"));
    int length = Math.min(recipe.length, text.test() - 2);
    int epochs = Math.max(1, Math.min(20, steps / 2));
    int each = (steps + epochs - 1) / epochs;
    CrossEntropy crossEntropy = new CrossEntropy();
    Trainer<CharacterModel, Batch> trainer = Trainer.of(model,
        (CharacterModel m, Batch batch, Mode mode) -> crossEntropy
            .mean(m.logits(batch.symbols(), recipe.sequences, length, mode), batch.next()),
        new AdamW().withBetas(0.9, 0.99).withWeightDecay(0.01).on(model))
        .rate(new OneCycle(recipe.rate, Math.max(4, epochs * each), 0.3, 25, 1e3, OneCycle.Curve.COSINE,
            OneCycle.Phases.TWO))
        .clipNorm(1).key(key.fold("training"));
    run.train(trainer, passages(text, recipe.sequences, length, each, key.fold("passages")), epochs);
    return new Report(recipe, model, bits(text, model));
  }

  /// So many batches an epoch of passages that start anywhere before the last tenth.
  private static Batches<Batch> passages(Text text, int sequences, int length, int count, Key key) {
    return epoch -> () -> IntStream.range(0, count).mapToObj(b -> {
      int[] starts = key.fold(epoch).fold(b).integers(sequences, text.test() - length);
      int[] symbols = new int[sequences * length];
      int[] next = new int[symbols.length];
      for (int i = 0; i < symbols.length; i++) {
        symbols[i] = text.symbol(starts[i / length] + i % length);
        next[i] = text.symbol(starts[i / length] + i % length + 1);
      }
      return new Batch(Indices.of(symbols), Indices.of(next));
    }).iterator();
  }

  /// -log2 p of the characters of the last tenth, each after all before it that the model can hold.
  static double bits(Text text, CharacterModel model) {
    CharacterModel.Reader reader = model.reader();
    double nats = 0;
    int count = 0;
    for (int from = text.test(); from < text.length() - 1; from += READ_AT_ONCE) {
      int to = Math.min(text.length() - 1, from + READ_AT_ONCE);
      int[] symbols = text.symbols(from, to);
      Indices next = Indices.of(text.symbols(from + 1, to + 1));
      Tensor costs = Tensor.unrecorded(() -> reader.read(symbols).crossEntropy(next));
      for (double cost : costs.toDoubles()) {
        nats += cost;
        count++;
      }
    }
    return nats / count / Math.log(2);
  }

  /// What the model writes after a beginning.
  ///
  /// @param temperature below 1 keeps to what is likely
  public static String sample(Text text, CharacterModel model, String beginning, int length, double temperature,
      Key key) {
    CharacterModel.Reader reader = model.reader();
    int[] start = beginning.codePoints().map(text::number).toArray();
    int[] written = Arrays.copyOf(start, start.length + length);
    double[] draws = key.uniformDouble(length);
    int[] fresh = start;
    for (int n = 0; n < length; n++) {
      int[] read = fresh;
      Tensor logits = Tensor.unrecorded(() -> reader.read(read));
      int next = drawn(logits.select(0, -1).divide(temperature).softmax(0).toArray(), draws[n]);
      written[start.length + n] = next;
      fresh = new int[] {next};
    }
    return text.spelled(written);
  }

  private static int drawn(float[] probabilities, double draw) {
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      sum += probabilities[i];
      if (draw < sum) {
        return i;
      }
    }
    return probabilities.length - 1;
  }

  /// The text: the one given, else that in `shared/data/tinyshakespeare` beside or above the checkout.
  ///
  /// @throws IOException where there is none, naming the option
  public static Path file(@Nullable Path given) throws IOException {
    if (given != null) {
      return given;
    }
    return SharedData.folder("tinyshakespeare").map(folder -> folder.resolve("input.txt"))
        .orElseThrow(() -> new IOException(
            "no folder shared/data/tinyshakespeare beside or above the checkout; name a text by --data FILE"));
  }
}
