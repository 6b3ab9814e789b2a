package org.orrery.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// How far a training is, and how it goes on from a checkpoint.
final class Resumption {
  record BestSoFar(long epoch, double value, Map<String, Variable> weights) {
  }

  final TrainingSettings<?, ?> settings;
  History history = new History();
  long epoch;
  long step;
  @Nullable
  BestSoFar best;
  /// The last weights where the model has others since training ended.
  @Nullable
  Map<String, Variable> last;
  /// The steps of the running epoch and their losses.
  BatchMean mean = new BatchMean();
  /// The time that training took, in nanoseconds.
  long spent;
  boolean resumed;
  /// Whether it ended because it was asked to stop.
  boolean stopped;
  /// Whether model and optimizer are between two steps.
  boolean broken;

  Resumption(TrainingSettings<?, ?> settings) {
    this.settings = settings;
  }

  /// Goes on from a checkpoint. Optimizer, rate, metric of the best, limits and averaging must be those of the training
  /// that wrote it, and stay; its key is taken over. Model, objective, data and validation are not compared.
  ///
  /// @throws IllegalArgumentException where it does not fit, listing settings and tensors that differ, before any change
  void resume(Checkpoint from) {
    WeightAverage average = settings.average;
    Map<String, Parameter> parameters = settings.model.parameters();
    requireFits(from, parameters);
    broken = true; // until all is taken over
    parameters.forEach((name, parameter) -> parameter.refill(Weights.at(from.model(), name)));
    settings.optimizer.restore(from.optimizer(), parameters);
    settings.pace.schedule().restore(from.schedule());
    if (average != null && from.average() != null) {
      average.restore(from.average());
    }
    Checkpoint.Best saved = from.best();
    best = saved == null ? null : new BestSoFar(saved.epoch(), saved.value(), Weights.copyOf(saved.weights()));
    history = History.ofCsv(from.history().csv());
    settings.key = from.place().key();
    epoch = from.place().epochs();
    step = from.place().steps();
    mean = BatchMean.of(from.place().underway());
    spent = from.place().spent() == null ? 0 : from.place().spent().toNanos();
    last = null;
    broken = false;
    resumed = true;
  }

  private void requireFits(Checkpoint from, Map<String, Parameter> parameters) {
    WeightAverage average = settings.average;
    Map<String, Tensor> present = Weights.present(parameters);
    List<String> complaints = new ArrayList<>();
    settings.inWords(parameters).forEach((name, text) -> {
      String saved = from.settings().get(name);
      if (!text.equals(saved)) {
        complaints.add("setting " + name + " was " + saved + ", is " + text);
      }
    });
    complaints.addAll(Weights.differences("model.", present, from.model()));
    complaints.addAll(Weights.differences("optimizer.", settings.optimizer.state(parameters), from.optimizer()));
    if (average != null && from.average() != null) {
      complaints.addAll(Weights.differences("average.", average.state(), from.average()));
    } else if (average != null || from.average() != null) {
      complaints.add("averaged weights are " + (average == null ? "there, not asked for" : "asked for, not there"));
    }
    if (from.best() != null) {
      complaints.addAll(Weights.differences("best.", present, from.best().weights()));
    }
    if (!from.schedule().keySet().equals(settings.pace.schedule().state().keySet())) {
      complaints.add("the schedule's state is " + from.schedule().keySet() + ", not "
          + settings.pace.schedule().state().keySet());
    }
    Require.that(complaints.isEmpty(), "checkpoint", String.join("; ", complaints));
  }

  /// Where the training is.
  ///
  /// @throws IllegalStateException where it stopped in the middle of a step
  Checkpoint checkpoint() {
    WeightAverage average = settings.average;
    requireWhole();
    Map<String, Parameter> parameters = settings.model.parameters();
    Checkpoint.Place place = new Checkpoint.Place(epoch, step, settings.key,
        mean.underway(),
        settings.budgetNanos == 0 ? null : Duration.ofNanos(spent));
    return new Checkpoint(settings.inWords(parameters), place,
        last == null ? Weights.present(parameters) : Weights.values(last), settings.optimizer.state(parameters),
        settings.pace.schedule().state(), average == null ? null : average.state(),
        best == null ? null : new Checkpoint.Best(best.epoch(), best.value(), Weights.values(best.weights())), history);
  }

  /// How far it is, in words.
  ///
  /// @param epochs how many there are to be
  String inWords(long epochs) {
    String text = epoch + (epochs == Long.MAX_VALUE ? " epochs" : " of " + epochs + " epochs")
        + (mean.count() == 0 ? "" : " and " + mean.count() + " steps");
    if (best == null || settings.watch == null) {
      return text;
    }
    return text + String.format(Locale.ROOT, " (the best so far: %s %.6g in epoch %d)", settings.watch.metric(),
        best.value(), best.epoch() + 1);
  }

  void requireWhole() {
    if (broken) {
      throw new IllegalStateException("trainer: it failed in a step of epoch " + epoch
          + ", so model and optimizer are between two steps; resume from a checkpoint");
    }
  }
}
