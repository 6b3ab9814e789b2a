package org.orrery.training;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.nn.Block;
import org.orrery.nn.Require;
import org.orrery.nn.State;
import org.orrery.optimizers.SavedState;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

/// Everything that a training needs to go on as if it had never stopped: parameters and statistics, optimizer, schedule,
/// averaged weights, the best so far, history and place; and the settings that it must go on with.
///
/// It is a safetensors file. Tensors are called `model.NAME`, `optimizer.NAME.SLOT`, `average.NAME` and `best.NAME`;
/// everything else is in the metadata.
public final class Checkpoint {
  private static final String FORMAT = "orrery checkpoint 1";
  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optimizer.";
  private static final String AVERAGE = "average.";
  private static final String BEST = "best.";
  private static final String SCHEDULE = "schedule.";
  private static final String SETTING = "setting.";
  private static final String BATCHES = "underway.batches";
  private static final String LOSS_SUM = "underway.loss_sum";
  private static final String SIZE = "underway.size";
  private static final String SPENT = "spent_nanoseconds";
  private static final long MOST = 1L << 53; // rules and schedules count in double precision

  /// The best epoch so far.
  ///
  /// @param epoch counted from 0
  /// @param value of the metric that is watched
  /// @param weights parameters and statistics by name
  public record Best(long epoch, double value, Map<String, Tensor> weights) {
  }

  /// An epoch that is not done.
  ///
  /// @param batches of it that are done
  /// @param lossSum the sum of their losses, each times its size ([Batches#size])
  /// @param size the sum of their sizes
  public record Underway(long batches, double lossSum, double size) {
  }

  /// Where a training is.
  ///
  /// @param epochs that are done
  /// @param steps that are done
  /// @param key of the training
  /// @param underway the running epoch; null between two epochs
  /// @param spent the time that the training took so far; null where it has no time budget
  public record Place(long epochs, long steps, Key key, @Nullable Underway underway, @Nullable Duration spent) {
  }

  private final Map<String, String> settings;
  private final Place place;
  private final Map<String, Tensor> model;
  private final SavedState optimizer;
  private final Map<String, Double> schedule;
  private final @Nullable SavedState average;
  private final @Nullable Best best;
  private final History history;

  Checkpoint(Map<String, String> settings, Place place, Map<String, Tensor> model, SavedState optimizer,
      Map<String, Double> schedule,
      @Nullable SavedState average, @Nullable Best best, History history) {
    this.settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    this.place = place;
    this.model = Collections.unmodifiableMap(new LinkedHashMap<>(model));
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.average = average;
    this.best = best;
    this.history = history;
  }

  /// What decides the numbers of the training besides model and data, in words: its optimizer, its rate.
  public Map<String, String> settings() {
    return settings;
  }

  /// Where the training was.
  public Place place() {
    return place;
  }

  /// The last parameters and statistics by name.
  public Map<String, Tensor> model() {
    return model;
  }

  /// What the optimizer remembered.
  public SavedState optimizer() {
    return optimizer;
  }

  /// What the schedule remembered.
  public Map<String, Double> schedule() {
    return schedule;
  }

  /// The averaged weights, where they were asked for.
  public @Nullable SavedState average() {
    return average;
  }

  /// The best epoch, where it was asked for and there was one.
  public @Nullable Best best() {
    return best;
  }

  /// What happened.
  public History history() {
    return history;
  }

  /// Overwrites a model's parameters and statistics with those of the best epoch, or with the last where none is best.
  ///
  /// @throws IllegalArgumentException listing every tensor missing, left over or of another shape, before any change
  public void fill(Block target) {
    State.load("checkpoint", target, best == null ? model : best.weights());
  }

  /// Writes it, as a whole or not at all.
  ///
  /// @throws ArithmeticException where a number that training changes is NaN or infinite, or a statistic is NaN, naming the
  ///         tensor: nobody could go on from there. An older file is untouched then
  /// @throws IOException where that fails; an older file is untouched then
  public void write(Path file) throws IOException {
    requireFinite(file);
    content().write(file);
  }

  private void requireFinite(Path file) {
    Set<String> trained = optimizer.counts().keySet();
    model.forEach((name, tensor) -> NotFinite.refuse(file, MODEL + name, tensor, trained.contains(name)));
    optimizer.tensors().forEach((name, tensor) -> NotFinite.refuse(file, OPTIMIZER + name, tensor, true));
    if (average != null) {
      average.tensors().forEach((name, tensor) -> NotFinite.refuse(file, AVERAGE + name, tensor, true));
    }
    if (best != null) {
      best.weights().forEach((name, tensor) -> NotFinite.refuse(file, BEST + name, tensor, trained.contains(name)));
    }
  }

  SafeTensors content() {
    Map<String, NumericArray> arrays = new TreeMap<>();
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", FORMAT);
    settings.forEach((name, text) -> metadata.put(SETTING + name, text));
    metadata.put("epochs", Long.toString(place.epochs()));
    metadata.put("steps", Long.toString(place.steps()));
    metadata.put("key", place.key().state()[0] + " " + place.key().state()[1]);
    metadata.put("history", history.csv());
    if (place.underway() != null) {
      metadata.put(BATCHES, Long.toString(place.underway().batches()));
      metadata.put(LOSS_SUM, Double.toString(place.underway().lossSum()));
      metadata.put(SIZE, Double.toString(place.underway().size()));
    }
    if (place.spent() != null) {
      metadata.put(SPENT, Long.toString(place.spent().toNanos()));
    }
    put(MODEL, model, arrays);
    put(OPTIMIZER, optimizer.tensors(), arrays);
    optimizer.counts().forEach((name, count) -> metadata.put(OPTIMIZER + name, count.toString()));
    schedule.forEach((name, value) -> metadata.put(SCHEDULE + name, value.toString()));
    if (average != null) {
      put(AVERAGE, average.tensors(), arrays);
      average.counts().forEach((name, count) -> metadata.put(AVERAGE + name, count.toString()));
    }
    if (best != null) {
      put(BEST, best.weights(), arrays);
      metadata.put(BEST + "epoch", Long.toString(best.epoch()));
      metadata.put(BEST + "value", Double.toString(best.value()));
    }
    return SafeTensors.of(arrays, metadata);
  }

  private static void put(String prefix, Map<String, Tensor> tensors, Map<String, NumericArray> arrays) {
    tensors.forEach((name, tensor) -> arrays.put(prefix + name, NumericArray.of(tensor.shape(), tensor.toArray())));
  }

  /// Reads one.
  ///
  /// @throws FormatException where the file is not a checkpoint, or says what cannot be
  /// @throws IOException where it cannot be read
  public static Checkpoint read(Path file) throws IOException {
    SafeTensors content = SafeTensors.read(file);
    Map<String, String> metadata = content.metadata();
    if (!FORMAT.equals(metadata.get("format"))) {
      throw new FormatException(
          file + ": its format is '" + metadata.get("format") + "'; '" + FORMAT + "' is required");
    }
    try {
      return Scope.outside(() -> of(content));
    } catch (IllegalArgumentException | ArithmeticException wrong) {
      throw new FormatException(file + ": " + wrong.getMessage(), wrong);
    }
  }

  private static Checkpoint of(SafeTensors content) {
    Map<String, String> metadata = content.metadata();
    List<String> strangers = new ArrayList<>(content.arrays().keySet());
    strangers.addAll(content.skipped().keySet());
    Map<String, Tensor> model = take(MODEL, content, strangers);
    SavedState optimizer = new SavedState(take(OPTIMIZER, content, strangers), counts(OPTIMIZER, metadata));
    Map<String, Tensor> averages = take(AVERAGE, content, strangers);
    Map<String, Tensor> best = take(BEST, content, strangers);
    Require.that(strangers.isEmpty(), "checkpoint", "tensors " + strangers + " belong to no part");
    Map<String, Double> schedule = new TreeMap<>();
    below(SCHEDULE, metadata).forEach((name, value) -> schedule.put(name, Double.valueOf(value)));
    History history = History.ofCsv(text("history", metadata));
    String[] key = text("key", metadata).split(" ", -1);
    Require.that(key.length == 2 && key[0].matches("-?[0-9]{1,19}") && key[1].matches("-?[0-9]{1,19}"), "checkpoint",
        "a key '" + text("key", metadata) + "'; two numbers are required");
    Place place = new Place(whole("epochs", metadata), whole("steps", metadata),
        Key.ofState(Long.parseLong(key[0]), Long.parseLong(key[1])), underway(metadata),
        metadata.containsKey(SPENT) ? Duration.ofNanos(whole(SPENT, metadata)) : null);
    Require.that(history.rows().size() == place.epochs(), "checkpoint",
        place.epochs() + " epochs and a history of " + history.rows().size());
    long batches = place.underway() == null ? 0 : place.underway().batches();
    Require.that(place.steps() >= place.epochs() + batches, "checkpoint", place.epochs() + " epochs and " + batches
        + " batches in " + place.steps() + " steps; one step an epoch and a batch is required");
    return new Checkpoint(below(SETTING, metadata), place, model, optimizer, schedule,
        averages.isEmpty() ? null : new SavedState(averages, counts(AVERAGE, metadata)),
        best.isEmpty() ? null : best(best, place, metadata), history);
  }

  private static @Nullable Underway underway(Map<String, String> metadata) {
    if (!metadata.containsKey(BATCHES)) {
      return null;
    }
    Underway underway = new Underway(whole(BATCHES, metadata), Double.parseDouble(text(LOSS_SUM, metadata)),
        Double.parseDouble(text(SIZE, metadata)));
    Require.that(underway.batches() > 0 && Double.isFinite(underway.lossSum()) && underway.size() >= 0
        && Double.isFinite(underway.size()), "checkpoint",
        underway.batches()
            + " batches of the running epoch of size " + underway.size() + " with a loss of " + underway.lossSum()
            + "; 1 or more and finite numbers are required");
    return underway;
  }

  private static Best best(Map<String, Tensor> weights, Place place, Map<String, String> metadata) {
    long epoch = whole(BEST + "epoch", metadata);
    Require.that(epoch < place.epochs(), "checkpoint", "epoch " + epoch + " is best of " + place.epochs());
    double value = Double.parseDouble(text(BEST + "value", metadata));
    Require.that(!Double.isNaN(value), "checkpoint", "the best value is NaN; a number is required");
    return new Best(epoch, value, weights);
  }

  private static Map<String, Tensor> take(String prefix, SafeTensors content, List<String> strangers) {
    Map<String, Tensor> taken = new LinkedHashMap<>();
    content.arrays().forEach((name, array) -> {
      if (name.startsWith(prefix)) {
        taken.put(name.substring(prefix.length()), Tensor.of(array.shape(), array.floats()));
        strangers.remove(name);
      }
    });
    return taken;
  }

  private static Map<String, Long> counts(String prefix, Map<String, String> metadata) {
    Map<String, Long> counts = new TreeMap<>();
    below(prefix, metadata).keySet().forEach(name -> counts.put(name, whole(prefix + name, metadata)));
    return counts;
  }

  private static Map<String, String> below(String prefix, Map<String, String> metadata) {
    Map<String, String> below = new TreeMap<>();
    metadata.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        below.put(name.substring(prefix.length()), value);
      }
    });
    return below;
  }

  private static long whole(String name, Map<String, String> metadata) {
    String text = text(name, metadata);
    Require.that(text.matches("-?[0-9]{1,18}"), "checkpoint", name + " is '" + text + "'; a whole number is required");
    long value = Long.parseLong(text);
    Require.that(value >= 0 && value <= MOST, "checkpoint", name + " is " + value + "; 0 to " + MOST + " is required");
    return value;
  }

  private static String text(String name, Map<String, String> metadata) {
    String value = metadata.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "checkpoint: no '" + name + "' in the metadata; there are " + metadata.keySet());
    }
    return value;
  }
}
