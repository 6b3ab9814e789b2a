package org.orrery.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.io.WholeFile;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;
import org.orrery.optimizers.ParameterGradients;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// The loop over epochs and steps.
///
/// @param <M> of the model
/// @param <B> of a batch
final class TrainingLoop<M extends Block, B> {
  private final TrainingSettings<M, B> settings;
  private final Resumption at;
  private boolean reachChecked;
  private boolean unsaved;
  private long clockAt;
  private long savedAt;

  TrainingLoop(TrainingSettings<M, B> settings, Resumption at) {
    this.settings = settings;
    this.at = at;
  }

  /// Trains until so many epochs are done, those before a resumption included, or until patience or the time budget ends,
  /// or somebody asks it to stop. Then the model has the best weights where the best is kept, else the averaged ones where
  /// weights are averaged, else the last; training again goes on from the last.
  ///
  /// @throws IllegalStateException where it failed in the middle of a step before
  /// @throws ArithmeticException where a loss or a gradient is not finite, naming epoch and step, before any weight changes
  /// @throws UncheckedIOException where a file cannot be written, before the first epoch where that can be seen
  History train(Batches<B> batches, long epochs) {
    at.requireWhole();
    requireWritable("checkpoint", settings.checkpoint);
    requireWritable("table", settings.table);
    if (at.last != null) {
      Weights.fill(settings.model.parameters(), at.last);
      at.last = null;
    }
    at.stopped = false;
    unsaved = false;
    clockAt = settings.clock.getAsLong();
    savedAt = clockAt;
    settings.progress.started(at.epoch, epochs);
    try {
      table(History::write);
      while (at.epoch < epochs && !isOutOfPatience() && !isSpent() && !at.stopped) {
        if (runEpoch(batches)) {
          saveIfDue(settings.checkpointEvery > 0 && at.epoch % settings.checkpointEvery == 0);
          table(History::appendLast);
          at.stopped = settings.stop.getAsBoolean();
        }
      }
      saveIfDue(unsaved);
      table(History::write);
    } finally {
      settings.progress.ended();
    }
    at.last = Weights.copy(settings.model.parameters());
    if (at.best != null) {
      Weights.fill(settings.model.parameters(), at.best.weights());
    } else if (settings.average != null) {
      settings.average.install();
    }
    return at.history;
  }

  private boolean isOutOfPatience() {
    long since = at.best == null ? at.epoch : at.epoch - 1 - at.best.epoch();
    return since >= settings.patience;
  }

  private boolean isSpent() { return settings.budgetNanos > 0 && at.spent >= settings.budgetNanos; }

  /// The part of the budget that is used up.
  private double used() {
    return settings.budgetNanos == 0 ? 0 : Math.min(1, at.spent / (double) settings.budgetNanos);
  }

  /// Adds the time since the last call to what was spent.
  private void countTime() {
    long now = settings.clock.getAsLong();
    at.spent += now - clockAt;
    clockAt = now;
  }

  /// Runs an epoch, or what is left of it, and measures; false where it was asked to stop before its end. A budget that is
  /// used up cuts the epoch short.
  private boolean runEpoch(Batches<B> batches) {
    long began = System.nanoTime();
    double rate = Double.NaN;
    Iterator<B> iterator = batches.epoch(at.epoch).iterator();
    skipDone(iterator);
    while (iterator.hasNext() && !(isSpent() && at.mean.count() > 0)) {
      double present = settings.pace.rate(at.epoch, at.step, used());
      at.broken = true;
      double loss = Scope.within(scope -> at.mean.add(batches, iterator.next(), batch -> runStep(batch, present)));
      settings.progress.stepped(at.epoch, at.step, loss);
      rate = present;
      at.step++;
      at.broken = false;
      unsaved = true;
      countTime();
      if (settings.budgetNanos > 0) {
        settings.progress.spent(used());
      }
      if (iterator.hasNext() && !isSpent()) {
        if (settings.stop.getAsBoolean()) {
          at.stopped = true;
          return false;
        }
        saveIfDue(false);
      }
    }
    at.broken = true;
    finishEpoch(rate, began);
    at.broken = false;
    countTime();
    return true;
  }

  /// Walks over the batches that were done before the training stopped.
  private void skipDone(Iterator<B> iterator) {
    for (long k = 0; k < at.mean.count(); k++) {
      Require.that(iterator.hasNext(), "trainer",
          at.mean.count() + " batches of epoch " + at.epoch + " are done, which has " + k
              + "; the same data is required");
      Scope.run(scope -> iterator.next());
    }
  }

  private void finishEpoch(double rate, long began) {
    if (settings.average != null) {
      settings.average.afterEpoch(at.epoch);
    }
    Map<String, Double> metrics = settings.average == null ? measure() : settings.average.within(this::measure);
    History.Row row = new History.Row(at.epoch, at.mean.value("trainer", "epoch " + at.epoch), metrics, rate,
        (System.nanoTime() - began) * 1e-9);
    at.history.add(row);
    boolean isBest = judge(row);
    at.epoch++;
    at.mean = new BatchMean();
    settings.progress.finished(at.history.last(), isBest);
  }

  private double runStep(B batch, double rate) {
    Tensor loss = loss(batch);
    double value = loss.toDoubles()[0];
    if (!Double.isFinite(value)) {
      throw failure("the loss is " + value + NotFinite.firstBlock(settings.model, () -> loss(batch))
          + "; run the step inside Tensor.checkingForNaN to see where it comes from, or lower the rate (" + rate + ")");
    }
    if (!reachChecked) {
      checkReach(loss);
    }
    List<Parameter> trained = settings.optimizer.parameters().stream().filter(each -> !settings.frozen.contains(each))
        .toList();
    ParameterGradients gradients = ParameterGradients.releasingHistory(loss, trained);
    Require.that(!gradients.isEmpty(), "trainer", "the loss depends on none of the optimizer's parameters");
    gradients = settings.exchange.exchanged(gradients, at.step);
    if (settings.valueLimit < Double.POSITIVE_INFINITY) {
      gradients = gradients.clippedByValue(settings.valueLimit);
    }
    double norm = gradients.norm();
    if (!Double.isFinite(norm)) {
      throw failure("the loss is " + value + ", but the gradient is not finite for "
          + NotFinite.names(gradients.notFinite(), settings.model) + "; no weight was changed");
    }
    if (settings.normLimit < Double.POSITIVE_INFINITY) {
      gradients = gradients.clippedByNorm(settings.normLimit, norm);
    }
    settings.optimizer.step(gradients, rate);
    if (settings.average != null) {
      settings.average.afterStep();
    }
    return value;
  }

  private Tensor loss(B batch) {
    return settings.objective.loss(settings.model, batch, Mode.training(settings.key.fold(at.step)));
  }

  private ArithmeticException failure(String what) {
    return new ArithmeticException("trainer: epoch " + at.epoch + ", step " + at.step + ": " + what);
  }

  /// Compares what the first loss depends on with what is trained.
  private void checkReach(Tensor loss) {
    List<String> unreached = ReachCheck.unreached(loss, settings.model.parameters(), settings.optimizer.parameters(),
        settings.frozen);
    reachChecked = true;
    if (!unreached.isEmpty()) {
      settings.progress
          .noticed("the loss does not depend on parameters that the optimizer has: " + String.join(", ", unreached)
              + "; they stay as they are");
    }
  }

  private Map<String, Double> measure() {
    Trainer.Validation<M> present = settings.validation;
    return present == null
        ? Map.of()
        : Tensor.unrecorded(() -> Scope.within(scope -> present.evaluate(settings.model)));
  }

  /// Tells the schedule, and keeps the weights where they are the best so far.
  private boolean judge(History.Row row) {
    settings.pace.observe(at.epoch, at.step - 1, used(),
        settings.watch == null ? row.trainLoss() : row.value(settings.watch.metric()));
    if (settings.watch == null) {
      return false;
    }
    double value = row.value(settings.watch.metric());
    double bar = at.best == null ? settings.watch.goal().worst() : at.best.value();
    if (!settings.watch.goal().isBetter(value, bar)) {
      return false;
    }
    Supplier<Map<String, Variable>> copy = () -> Weights.copy(settings.model.parameters());
    at.best = new Resumption.BestSoFar(row.epoch(), value,
        settings.average == null ? copy.get() : settings.average.within(copy));
    return true;
  }

  private interface TableUpdate {
    void apply(History history, Path file) throws IOException;
  }

  private static void requireWritable(String what, @Nullable Path file) {
    try {
      if (file != null) {
        WholeFile.requireWritable(file);
      }
    } catch (IOException closed) {
      throw new UncheckedIOException("trainer: the " + what + " cannot be written: " + closed.getMessage(), closed);
    }
  }

  private void table(TableUpdate update) {
    Path table = settings.table;
    try {
      if (table != null) {
        update.apply(at.history, table);
      }
    } catch (IOException failed) {
      throw unsaved("table", failed);
    }
  }

  /// Writes the checkpoint where the caller says so, or where the last is older than was asked for.
  private void saveIfDue(boolean due) {
    Path checkpoint = settings.checkpoint;
    boolean old = settings.checkpointEvery == 0 && unsaved && clockAt - savedAt >= settings.checkpointNanos;
    if (checkpoint == null || !(due || old)) {
      return;
    }
    try {
      at.checkpoint().write(checkpoint);
    } catch (IOException failed) {
      throw unsaved("checkpoint", failed);
    }
    unsaved = false;
    countTime();
    savedAt = clockAt;
  }

  private UncheckedIOException unsaved(String what, IOException failed) {
    return new UncheckedIOException(
        "trainer: " + at.epoch + " epochs are done, but the " + what + " was not saved: " + failed.getMessage(),
        failed);
  }
}
