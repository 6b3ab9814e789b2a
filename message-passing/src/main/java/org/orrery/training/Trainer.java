package org.orrery.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.nn.Require;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

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
/// Where something throws in the middle of a step, model, optimizer and statistics are between two steps: the trainer
/// does nothing more until it is resumed from a checkpoint. With a time budget, how many steps are done depends on the clock.
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

  private final TrainingSettings<M, B> settings;
  private final Resumption at;
  private final TrainingLoop<M, B> loop;

  private Trainer(M model, Objective<M, B> objective, Optimizer optimizer) {
    settings = new TrainingSettings<>(model, objective, optimizer);
    at = new Resumption(settings);
    loop = new TrainingLoop<>(settings, at);
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
    settings.pace = new TrainingSettings.Pace(schedule, false, 0);
    return this;
  }

  /// The learning rate as a function of the epochs.
  public Trainer<M, B> ratePerEpoch(Schedule schedule) {
    requireNotResumed("the rate");
    settings.pace = new TrainingSettings.Pace(schedule, true, 0);
    return this;
  }

  /// The learning rate as a function of the part of the time budget that is used up: at 0.25 of it the rate is
  /// `schedule.rate(parts / 4)`. So `rateOverBudget(Schedule.cosine(0.01, 1000, 0), 1000)` falls to 0 when the time ends.
  ///
  /// @param parts the schedule's length in its own steps
  public Trainer<M, B> rateOverBudget(Schedule schedule, int parts) {
    requireNotResumed("the rate");
    Require.positive("trainer", "parts of the budget", parts);
    settings.pace = new TrainingSettings.Pace(schedule, false, parts);
    return this;
  }

  /// How long training may take, validation and checkpoints included. When the time is used up, the running step ends, the
  /// epoch is cut short and measured, and training ends; the best is kept. Time before a resumption counts.
  ///
  /// How many steps that are depends on the clock: with a budget, the same key, data and model do not give the same bits.
  ///
  /// @throws IllegalArgumentException unless it is longer than nothing
  public Trainer<M, B> budget(Duration time) {
    Require.that(time.isPositive(), "trainer", "a time budget of " + time + "; more than nothing is required");
    settings.budgetNanos = time.toNanos();
    return this;
  }

  /// Who may end the training early: asked after each step. Then the checkpoint is written, where checkpoints were asked
  /// for, and a training that is resumed from it goes on in the middle of the epoch, to the same bits.
  public Trainer<M, B> stopWhen(BooleanSupplier asked) {
    settings.stop = asked;
    return this;
  }

  /// What the time is read from, in nanoseconds.
  Trainer<M, B> clock(LongSupplier nanoseconds) {
    settings.clock = nanoseconds;
    return this;
  }

  /// What noise is drawn from: each step has its own key.
  public Trainer<M, B> key(Key from) {
    requireNotResumed("the key");
    settings.key = from;
    return this;
  }

  /// What is measured after each epoch; with averaged weights, on those.
  public Trainer<M, B> validation(Validation<M> measure) {
    requireNotResumed("the validation");
    settings.validation = measure;
    return this;
  }

  /// Measures the mean of the objective over batches, as `validation_loss`; each batch counts by its size
  /// ([Batches#size]), so that a mean over examples does not depend on how they are cut into batches.
  ///
  /// Training fails where there are no batches.
  public Trainer<M, B> validationLoss(Batches<B> batches) {
    return validation(m -> {
      BatchMean mean = new BatchMean();
      Iterator<B> iterator = batches.epoch(0).iterator();
      while (iterator.hasNext()) {
        Scope.within(scope -> mean.add(batches, iterator.next(),
            batch -> settings.objective.loss(m, batch, Mode.inference()).toDoubles()[0]));
      }
      return Map.of("validation_loss", mean.value("validation loss", "the validation"));
    });
  }

  /// Keeps the weights of the epoch whose metric is best, which the model has when training ends. A schedule that listens
  /// hears this metric, else the training loss.
  ///
  /// @param metric of the validation, or [History#TRAIN_LOSS]
  public Trainer<M, B> keepBest(String metric, Goal goal) {
    requireNotResumed("the metric of the best");
    settings.watch = new TrainingSettings.Watch(metric, goal);
    return this;
  }

  /// Stops after so many epochs in a row that were not the best: from the start, where the metric is never a number.
  ///
  /// @throws IllegalStateException unless the best is kept
  public Trainer<M, B> patience(int epochs) {
    if (settings.watch == null) {
      throw new IllegalStateException("trainer: patience needs a metric; call keepBest first");
    }
    Require.positive("trainer", "patience", epochs);
    settings.patience = epochs;
    return this;
  }

  /// Leaves parameters as they are: those of this name, and those inside the block of this name. They get no gradient.
  ///
  /// @param name of a parameter or block, as [Block#parameters()] has it
  /// @throws IllegalArgumentException where nothing trainable has it
  public Trainer<M, B> freeze(String name) {
    requireNotResumed("what is frozen");
    Set<Parameter> found = new LinkedHashSet<>();
    Parts.of(settings.model).everyName().forEach((path, parameter) -> {
      if (parameter.isTrainable() && (path.equals(name) || path.startsWith(name + "."))) {
        found.add(parameter);
      }
    });
    Require.that(!found.isEmpty(), "trainer",
        "no trainable parameter is called " + name + " or stands in a block of that "
            + "name; there are " + settings.model.parameters().keySet());
    settings.frozen.addAll(found);
    settings.frozenNames.add(name);
    return this;
  }

  /// What comes between gradients and optimizer: gradients of other machines.
  public Trainer<M, B> exchange(Exchange between) {
    settings.exchange = between;
    return this;
  }

  /// Scales gradients so that their norm over all parameters is at most this.
  public Trainer<M, B> clipNorm(double limit) {
    requireNotResumed("the limit of the norm");
    Require.positive("trainer", "norm limit", limit);
    settings.normLimit = limit;
    return this;
  }

  /// Limits each entry of the gradients to this size.
  public Trainer<M, B> clipValue(double limit) {
    requireNotResumed("the limit of the values");
    Require.positive("trainer", "value limit", limit);
    settings.valueLimit = limit;
    return this;
  }

  /// Averages the weights; the model has the averaged ones when it is measured, and when training ends.
  public Trainer<M, B> averaging(WeightAverage.Kind kind) {
    requireNotResumed("the averaging");
    settings.average = new WeightAverage(settings.model, kind);
    return this;
  }

  /// Writes a checkpoint to this file, the last replacing the one before, after every so many epochs and at the end.
  public Trainer<M, B> checkpoints(Path file, int everyEpochs) {
    Require.positive("trainer", "epochs between checkpoints", everyEpochs);
    settings.checkpoint = file;
    settings.checkpointEvery = everyEpochs;
    return this;
  }

  /// Writes a checkpoint to this file, the last replacing the one before, at the end of a step where the last one is this
  /// old, and at the end. When that is depends on the clock; what a resumed training computes does not.
  ///
  /// @throws IllegalArgumentException where the time is negative
  public Trainer<M, B> checkpoints(Path file, Duration atLeast) {
    Require.that(!atLeast.isNegative(), "trainer", "checkpoints every " + atLeast + "; 0 or more is required");
    settings.checkpoint = file;
    settings.checkpointEvery = 0;
    settings.checkpointNanos = atLeast.toNanos();
    return this;
  }

  /// Writes the history to this file: all of it where training starts or is resumed, which takes back what a killed one
  /// wrote after its checkpoint; a line after each epoch; and all of it at the end, as a whole or not at all.
  public Trainer<M, B> table(Path csv) {
    settings.table = csv;
    return this;
  }

  /// Who is told how it goes.
  public Trainer<M, B> progress(Progress listener) {
    settings.progress = listener;
    return this;
  }

  /// Goes on from the checkpoint file, where it exists; else from the start.
  ///
  /// @throws IOException where the file cannot be read, or is not a checkpoint
  /// @throws IllegalStateException where no checkpoints were asked for
  public Trainer<M, B> resumeIfPresent() throws IOException {
    Path checkpoint = settings.checkpoint;
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
    at.resume(from);
    return this;
  }

  /// How far it is.
  Resumption position() { return at; }

  private void requireNotResumed(String setting) {
    if (at.resumed) {
      throw new IllegalStateException("trainer: " + setting + " is that of the checkpoint; set it before resume");
    }
  }

  /// Where the training is: what [#checkpoints(Path, int)] writes.
  ///
  /// @throws IllegalStateException where it failed in the middle of a step
  public Checkpoint checkpoint() {
    return at.checkpoint();
  }

  /// What happened so far.
  public History history() {
    return at.history;
  }

  /// Whether the last training ended because it was asked to stop: [#stopWhen].
  public boolean isStopped() { return at.stopped; }

  /// Trains until so many epochs are done, those before a resumption included, or until patience or the time budget ends,
  /// or somebody asks it to stop. Then the model has the best weights where the best is kept, else the averaged ones where
  /// weights are averaged, else the last; training again goes on from the last.
  ///
  /// @throws IllegalStateException where it failed in the middle of a step before
  /// @throws ArithmeticException where a loss or a gradient is not finite, naming epoch, step and where it comes from, before any
  ///         weight changes; and where weights that are not finite would be written as a checkpoint
  /// @throws UncheckedIOException where a file cannot be written; before the first epoch where its folder is missing or closed
  public History train(Batches<B> batches, long epochs) {
    Require.that(settings.pace.parts() == 0 || settings.budgetNanos > 0, "trainer",
        "the rate follows the time budget, and there is none; call budget first");
    return loop.train(batches, epochs);
  }

  /// Trains until patience or the time budget ends, or somebody asks it to stop.
  ///
  /// @throws IllegalStateException where there is no budget
  /// @see #train(Batches, long)
  public History train(Batches<B> batches) {
    if (settings.budgetNanos == 0) {
      throw new IllegalStateException("trainer: no end; call budget first, or say how many epochs");
    }
    return train(batches, Long.MAX_VALUE);
  }
}
