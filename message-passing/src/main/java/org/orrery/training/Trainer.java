package org.orrery.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.nn.Require;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.ParameterGradients;
import org.orrery.optimizers.ParameterGroup;
import org.orrery.optimizers.Schedule;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// The loop: for each epoch, for each batch, the loss, its gradients, their exchange with other machines ([Exchange]), one
/// step of the optimizer; then the validation.
///
/// ```java
/// History history = Trainer
///     .of(model, (m, batch, mode) -> new SquaredError().mean(m.apply(batch.x(), mode), batch.y()), new Adam().on(model))
///     .rate(Schedule.constant(1e-3))
///     .validation(m -> Map.of("rmse", Metrics.rootMeanSquaredError(m.apply(x, Mode.inference()), y)))
///     .keepBest("rmse", Goal.LOWEST).patience(20)
///     .checkpoints(Path.of("run.safetensors"), 5)
///     .train(loader, 100);
/// ```
/// The same key, data and model give the same bits, for any number of threads and wherever the training was interrupted
/// and resumed from a checkpoint. Each step has a [Scope]: its memory is used again by the next.
///
/// A loss that depends on a parameter which no optimizer was given is refused at the first step, unless the parameter is
/// frozen by name ([#freeze]); a parameter that the loss does not depend on is reported once ([Progress#noticed]).
///
/// Where something throws in the middle of an epoch, model, optimizer and statistics are between two epochs: the trainer
/// does nothing more until it is resumed from a checkpoint.
///
/// @param <M> of the model
/// @param <B> of a batch
public final class Trainer<M extends Block, B> {
  /// The number that training makes small.
  ///
  /// @param <M> of the model
  /// @param <B> of a batch
  @FunctionalInterface
  public interface Objective<M, B> {
    /// The loss of a batch: one number.
    Tensor loss(M model, B batch, Mode mode);
  }

  /// What is measured after each epoch, on data that is not learned from.
  ///
  /// @param <M> of the model
  @FunctionalInterface
  public interface Validation<M> {
    /// Metrics by name, the same names each time. Runs unrecorded, in a scope of its own.
    Map<String, Double> evaluate(M model);
  }

  private record Pace(Schedule schedule, boolean byEpoch) {
    double rate(long epoch, long step) { return schedule.rate(byEpoch ? epoch : step); }

    void observe(long epoch, long step, double metric) { schedule.observe(byEpoch ? epoch : step, metric); }
  }

  private record Watch(String metric, Goal goal) {
  }

  private record BestSoFar(long epoch, double value, Map<String, Variable> weights) {
  }

  /// What the default text of an object, or of a lambda, says of this process alone.
  private static final Pattern IDENTITY = Pattern.compile("(/0x\\p{XDigit}+)?@\\p{XDigit}+");

  private final M model;
  private final Objective<M, B> objective;
  private final Optimizer optimizer;
  private Pace pace = new Pace(Schedule.constant(1e-3), false);
  private Key key = Key.of(0);
  private @Nullable Validation<M> validation;
  private @Nullable Watch watch;
  private long patience = Long.MAX_VALUE;
  private final Set<String> frozenNames = new TreeSet<>();
  private final Set<Parameter> frozen = new LinkedHashSet<>();
  private Exchange exchange = Exchange.none();
  private double normLimit = Double.POSITIVE_INFINITY;
  private double valueLimit = Double.POSITIVE_INFINITY;
  private @Nullable WeightAverage average;
  private @Nullable Path checkpoint;
  private int checkpointEvery = 1;
  private @Nullable Path table;
  private Progress progress = Progress.silent();

  private History history = new History();
  private long epoch;
  private long step;
  private @Nullable BestSoFar best;
  private @Nullable Map<String, Variable> last;
  private boolean resumed;
  private boolean reachChecked;
  private boolean broken;

  private Trainer(M model, Objective<M, B> objective, Optimizer optimizer) {
    this.model = model;
    this.objective = objective;
    this.optimizer = optimizer;
    optimizer.state(model.parameters()); // fails where the optimizer changes what the model does not list
  }

  /// A trainer with a constant rate of 1e-3, without validation.
  ///
  /// @throws IllegalArgumentException where the optimizer changes parameters that the model does not list
  public static <M extends Block, B> Trainer<M, B> of(M model, Objective<M, B> objective, Optimizer optimizer) {
    return new Trainer<>(model, objective, optimizer);
  }

  /// The learning rate as a function of the optimizer's steps.
  public Trainer<M, B> rate(Schedule schedule) {
    requireNotResumed("the rate");
    pace = new Pace(schedule, false);
    return this;
  }

  /// The learning rate as a function of the epochs.
  public Trainer<M, B> ratePerEpoch(Schedule schedule) {
    requireNotResumed("the rate");
    pace = new Pace(schedule, true);
    return this;
  }

  /// What noise is drawn from: each step has its own key.
  public Trainer<M, B> key(Key from) {
    requireNotResumed("the key");
    key = from;
    return this;
  }

  /// What is measured after each epoch; with averaged weights, on those.
  public Trainer<M, B> validation(Validation<M> measure) {
    requireNotResumed("the validation");
    validation = measure;
    return this;
  }

  /// Measures the mean of the objective over batches, as `validation_loss`; each batch counts the same.
  public Trainer<M, B> validationLoss(Batches<B> batches) {
    return validation(m -> {
      double sum = 0;
      long count = 0;
      Iterator<B> iterator = batches.epoch(0).iterator();
      while (iterator.hasNext()) {
        sum += Scope.within(scope -> objective.loss(m, iterator.next(), Mode.inference()).toDoubles()[0]);
        count++;
      }
      return Map.of("validation_loss", sum / count);
    });
  }

  /// Keeps the weights of the epoch whose metric is best, which the model has when training ends. A schedule that listens
  /// hears this metric, else the training loss.
  ///
  /// @param metric of the validation, or [History#TRAIN_LOSS]
  public Trainer<M, B> keepBest(String metric, Goal goal) {
    requireNotResumed("the metric of the best");
    watch = new Watch(metric, goal);
    return this;
  }

  /// Stops after so many epochs in a row that were not the best: from the start, where the metric is never a number.
  ///
  /// @throws IllegalStateException unless the best is kept
  public Trainer<M, B> patience(int epochs) {
    if (watch == null) {
      throw new IllegalStateException("trainer: patience needs a metric; call keepBest first");
    }
    Require.positive("trainer", "patience", epochs);
    patience = epochs;
    return this;
  }

  /// Leaves parameters as they are: those of this name, and those inside the block of this name. They get no gradient.
  ///
  /// @param name of a parameter or block, as [Block#parameters()] has it
  /// @throws IllegalArgumentException where nothing trainable has it
  public Trainer<M, B> freeze(String name) {
    requireNotResumed("what is frozen");
    Set<Parameter> found = new LinkedHashSet<>();
    Parts.of(model).everyName().forEach((path, parameter) -> {
      if (parameter.isTrainable() && (path.equals(name) || path.startsWith(name + "."))) {
        found.add(parameter);
      }
    });
    Require.that(!found.isEmpty(), "trainer",
        "no trainable parameter is called " + name + " or stands in a block of that "
            + "name; there are " + model.parameters().keySet());
    frozen.addAll(found);
    frozenNames.add(name);
    return this;
  }

  /// What comes between gradients and optimizer: gradients of other machines.
  public Trainer<M, B> exchange(Exchange between) {
    exchange = between;
    return this;
  }

  /// Scales gradients so that their norm over all parameters is at most this.
  public Trainer<M, B> clipNorm(double limit) {
    requireNotResumed("the limit of the norm");
    Require.positive("trainer", "norm limit", limit);
    normLimit = limit;
    return this;
  }

  /// Limits each entry of the gradients to this size.
  public Trainer<M, B> clipValue(double limit) {
    requireNotResumed("the limit of the values");
    Require.positive("trainer", "value limit", limit);
    valueLimit = limit;
    return this;
  }

  /// Averages the weights; the model has the averaged ones when it is measured, and when training ends.
  public Trainer<M, B> averaging(WeightAverage.Kind kind) {
    requireNotResumed("the averaging");
    average = new WeightAverage(model, kind);
    return this;
  }

  /// Writes a checkpoint to this file, the last replacing the one before, after every so many epochs and at the end.
  public Trainer<M, B> checkpoints(Path file, int everyEpochs) {
    Require.positive("trainer", "epochs between checkpoints", everyEpochs);
    checkpoint = file;
    checkpointEvery = everyEpochs;
    return this;
  }

  /// Writes the history to this file: all of it where training starts or is resumed, which takes back what a killed one
  /// wrote after its checkpoint; a line after each epoch; and all of it at the end, as a whole or not at all.
  public Trainer<M, B> table(Path csv) {
    table = csv;
    return this;
  }

  /// Who is told how it goes.
  public Trainer<M, B> progress(Progress listener) {
    progress = listener;
    return this;
  }

  /// Goes on from the checkpoint file, where it exists; else from the start.
  ///
  /// @throws IOException where the file cannot be read, or is not a checkpoint
  /// @throws IllegalStateException where no checkpoints were asked for
  public Trainer<M, B> resumeIfPresent() throws IOException {
    if (checkpoint == null) {
      throw new IllegalStateException("trainer: no checkpoint file; call checkpoints first");
    }
    return Files.exists(checkpoint) ? resume(Checkpoint.read(checkpoint)) : this;
  }

  /// Goes on from a checkpoint. Optimizer, rate, metric of the best, limits and averaging must be those of the training
  /// that wrote it, and stay; its key is taken over. Model, objective, data and validation are not compared.
  ///
  /// @throws IllegalArgumentException where it does not fit, listing settings and tensors that differ, before any change
  public Trainer<M, B> resume(Checkpoint from) {
    Map<String, Parameter> parameters = model.parameters();
    requireFits(from, parameters);
    broken = true; // until all is taken over
    parameters.forEach((name, parameter) -> parameter.refill(Weights.at(from.model(), name)));
    optimizer.restore(from.optimizer(), parameters);
    pace.schedule().restore(from.schedule());
    if (average != null && from.average() != null) {
      average.restore(from.average());
    }
    Checkpoint.Best saved = from.best();
    best = saved == null ? null : new BestSoFar(saved.epoch(), saved.value(), Weights.copyOf(saved.weights()));
    history = History.ofCsv(from.history().csv());
    key = from.place().key();
    epoch = from.place().epochs();
    step = from.place().steps();
    last = null;
    broken = false;
    resumed = true;
    return this;
  }

  private void requireNotResumed(String setting) {
    if (resumed) {
      throw new IllegalStateException("trainer: " + setting + " is that of the checkpoint; set it before resume");
    }
  }

  /// What decides the numbers, in words that are the same in every process: a lambda is known by its class alone.
  private Map<String, String> settings(Map<String, Parameter> parameters) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("optimizer", words(optimizer));
    List<String> groups = new ArrayList<>();
    for (ParameterGroup group : optimizer.groups()) {
      Set<Parameter> members = new HashSet<>(group.parameters());
      List<String> names = parameters.entrySet().stream().filter(entry -> members.contains(entry.getValue()))
          .map(Map.Entry::getKey).sorted().toList();
      groups.add(
          "weight decay " + group.weightDecay() + " and rate factor " + group.rateFactor() + " for " + names);
    }
    settings.put("groups", groups.toString());
    settings.put("frozen", frozenNames.toString());
    settings.put("rate", words(pace));
    settings.put("best", watch == null ? "not kept" : watch.toString());
    settings.put("norm limit", Double.toString(normLimit));
    settings.put("value limit", Double.toString(valueLimit));
    settings.put("averaging", average == null ? "none" : words(average.kind()));
    return settings;
  }

  private static String words(Object setting) { return IDENTITY.matcher(setting.toString()).replaceAll(""); }

  private void requireFits(Checkpoint from, Map<String, Parameter> parameters) {
    Map<String, Tensor> present = Weights.present(parameters);
    List<String> complaints = new ArrayList<>();
    settings(parameters).forEach((name, text) -> {
      String saved = from.settings().get(name);
      if (!text.equals(saved)) {
        complaints.add("setting " + name + " was " + saved + ", is " + text);
      }
    });
    complaints.addAll(Weights.differences("model.", present, from.model()));
    complaints.addAll(Weights.differences("optimizer.", optimizer.state(parameters), from.optimizer()));
    if (average != null && from.average() != null) {
      complaints.addAll(Weights.differences("average.", average.state(), from.average()));
    } else if (average != null || from.average() != null) {
      complaints.add("averaged weights are " + (average == null ? "there, not asked for" : "asked for, not there"));
    }
    if (from.best() != null) {
      complaints.addAll(Weights.differences("best.", present, from.best().weights()));
    }
    if (!from.schedule().keySet().equals(pace.schedule().state().keySet())) {
      complaints.add("the schedule's state is " + from.schedule().keySet() + ", not "
          + pace.schedule().state().keySet());
    }
    Require.that(complaints.isEmpty(), "checkpoint", String.join("; ", complaints));
  }

  /// Where the training is: what [#checkpoints] writes.
  ///
  /// @throws IllegalStateException where it stopped in the middle of an epoch
  public Checkpoint checkpoint() {
    requireWhole();
    Map<String, Parameter> parameters = model.parameters();
    return new Checkpoint(settings(parameters), new Checkpoint.Place(epoch, step, key),
        last == null ? Weights.present(parameters) : Weights.values(last), optimizer.state(parameters),
        pace.schedule().state(), average == null ? null : average.state(),
        best == null ? null : new Checkpoint.Best(best.epoch(), best.value(), Weights.values(best.weights())), history);
  }

  /// What happened so far.
  public History history() {
    return history;
  }

  /// Trains until so many epochs are done, those before a resumption included, or patience ends. Then the model has the
  /// best weights where the best is kept, else the averaged ones where weights are averaged, else the last; training
  /// again goes on from the last.
  ///
  /// @throws IllegalStateException where it stopped in the middle of an epoch before
  /// @throws ArithmeticException where a loss is not finite, naming epoch and step
  /// @throws UncheckedIOException where a file cannot be written
  public History train(Batches<B> batches, long epochs) {
    requireWhole();
    if (last != null) {
      Weights.fill(model.parameters(), last);
      last = null;
    }
    progress.started(epoch, epochs);
    try {
      save(false, History::write);
      boolean unsaved = false;
      while (epoch < epochs && !isOutOfPatience()) {
        broken = true;
        runEpoch(batches);
        broken = false;
        unsaved = epoch % checkpointEvery != 0;
        save(!unsaved, History::appendLast);
      }
      save(unsaved, History::write);
    } finally {
      progress.ended();
    }
    last = Weights.copy(model.parameters());
    if (best != null) {
      Weights.fill(model.parameters(), best.weights());
    } else if (average != null) {
      average.install();
    }
    return history;
  }

  private void requireWhole() {
    if (broken) {
      throw new IllegalStateException("trainer: it stopped in the middle of epoch " + epoch
          + ", so model and optimizer are between two epochs; resume from a checkpoint");
    }
  }

  private boolean isOutOfPatience() {
    long since = best == null ? epoch : epoch - 1 - best.epoch();
    return since >= patience;
  }

  private void runEpoch(Batches<B> batches) {
    long began = System.nanoTime();
    double sum = 0;
    long count = 0;
    double rate = Double.NaN;
    Iterator<B> iterator = batches.epoch(epoch).iterator();
    while (iterator.hasNext()) {
      double present = pace.rate(epoch, step);
      double loss = Scope.within(scope -> runStep(iterator.next(), present));
      progress.stepped(epoch, step, loss);
      rate = present;
      sum += loss;
      count++;
      step++;
    }
    Require.that(count > 0, "trainer", "epoch " + epoch + " has no batches");
    if (average != null) {
      average.afterEpoch(epoch);
    }
    Map<String, Double> metrics = average == null ? measure() : average.within(this::measure);
    History.Row row = new History.Row(epoch, sum / count, metrics, rate, (System.nanoTime() - began) * 1e-9);
    history.add(row);
    boolean isBest = judge(row);
    epoch++;
    progress.finished(history.last(), isBest);
  }

  private double runStep(B batch, double rate) {
    Tensor loss = objective.loss(model, batch, Mode.training(key.fold(step)));
    double value = loss.toDoubles()[0];
    if (!Double.isFinite(value)) {
      throw new ArithmeticException("trainer: epoch " + epoch + ", step " + step + ": the loss is " + value
          + "; run the step inside Tensor.checkingForNaN to see where it comes from, or lower the rate (" + rate + ")");
    }
    if (!reachChecked) {
      checkReach(loss);
    }
    List<Parameter> trained = optimizer.parameters().stream().filter(each -> !frozen.contains(each)).toList();
    ParameterGradients gradients = ParameterGradients.releasingHistory(loss, trained);
    Require.that(!gradients.isEmpty(), "trainer", "the loss depends on none of the optimizer's parameters");
    gradients = exchange.exchanged(gradients, step);
    if (valueLimit < Double.POSITIVE_INFINITY) {
      gradients = gradients.clippedByValue(valueLimit);
    }
    if (normLimit < Double.POSITIVE_INFINITY) {
      gradients = gradients.clippedByNorm(normLimit);
    }
    optimizer.step(gradients, rate);
    if (average != null) {
      average.afterStep();
    }
    return value;
  }

  /// Compares what the first loss depends on with what is trained.
  private void checkReach(Tensor loss) {
    List<String> unreached = ReachCheck.unreached(loss, model.parameters(), optimizer.parameters(), frozen);
    reachChecked = true;
    if (!unreached.isEmpty()) {
      progress.noticed("the loss does not depend on parameters that the optimizer has: " + String.join(", ", unreached)
          + "; they stay as they are");
    }
  }

  private Map<String, Double> measure() {
    Validation<M> present = validation;
    return present == null
        ? Map.of()
        : Tensor.unrecorded(() -> Scope.within(scope -> present.evaluate(model)));
  }

  /// Tells the schedule, and keeps the weights where they are the best so far.
  private boolean judge(History.Row row) {
    pace.observe(epoch, step - 1, watch == null ? row.trainLoss() : row.value(watch.metric()));
    if (watch == null) {
      return false;
    }
    double value = row.value(watch.metric());
    double bar = best == null ? watch.goal().worst() : best.value();
    if (!watch.goal().isBetter(value, bar)) {
      return false;
    }
    Supplier<Map<String, Variable>> copy = () -> Weights.copy(model.parameters());
    best = new BestSoFar(row.epoch(), value, average == null ? copy.get() : average.within(copy));
    return true;
  }

  private interface TableUpdate {
    void apply(History history, Path file) throws IOException;
  }

  private void save(boolean due, TableUpdate update) {
    try {
      if (checkpoint != null && due) {
        checkpoint().write(checkpoint);
      }
      if (table != null) {
        update.apply(history, table);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("trainer: " + epoch + " epochs are done, but not saved: " + failed.getMessage(),
          failed);
    }
  }
}
