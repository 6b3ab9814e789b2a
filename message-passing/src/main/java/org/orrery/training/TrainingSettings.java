package org.orrery.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.ParameterGroup;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Key;

/// What a training is told before it starts.
///
/// @param <M> of the model
/// @param <B> of a batch
final class TrainingSettings<M extends Block, B> {
  /// What a schedule's steps are: those of the optimizer, epochs, or equal parts of the time budget.
  ///
  /// @param parts into how many the budget is divided; 0 where the schedule does not follow it
  record Pace(Schedule schedule, boolean byEpoch, long parts) {
    double rate(long epoch, long step, double spent) { return schedule.rate(at(epoch, step, spent)); }

    void observe(long epoch, long step, double spent, double metric) {
      schedule.observe(at(epoch, step, spent), metric);
    }

    private long at(long epoch, long step, double spent) {
      return parts > 0 ? (long) (spent * parts) : byEpoch ? epoch : step;
    }

    @Override
    public String toString() {
      String follows = parts > 0 ? "partsOfBudget=" + parts : "byEpoch=" + byEpoch;
      return "Pace[schedule=" + schedule + ", " + follows + "]";
    }
  }

  record Watch(String metric, Goal goal) {
  }

  /// What the default text of an object, or of a lambda, says of this process alone.
  private static final Pattern IDENTITY = Pattern.compile("(/0x\\p{XDigit}+)?@\\p{XDigit}+");

  final M model;
  final Trainer.Objective<M, B> objective;
  final Optimizer optimizer;
  Pace pace = new Pace(Schedule.constant(1e-3), false, 0);
  Key key = Key.of(0);
  Trainer.@Nullable Validation<M> validation;
  @Nullable
  Watch watch;
  long patience = Long.MAX_VALUE;
  final Set<String> frozenNames = new TreeSet<>();
  final Set<Parameter> frozen = new LinkedHashSet<>();
  Exchange exchange = Exchange.none();
  double normLimit = Double.POSITIVE_INFINITY;
  double valueLimit = Double.POSITIVE_INFINITY;
  @Nullable
  WeightAverage average;
  @Nullable
  Path checkpoint;
  int checkpointEvery = 1; // epochs; 0 where time decides
  long checkpointNanos;
  long budgetNanos; // 0 for none
  BooleanSupplier stop = () -> false;
  LongSupplier clock = System::nanoTime;
  @Nullable
  Path table;
  Progress progress = Progress.silent();

  TrainingSettings(M model, Trainer.Objective<M, B> objective, Optimizer optimizer) {
    this.model = model;
    this.objective = objective;
    this.optimizer = optimizer;
  }

  /// What decides the numbers, in words that are the same in every process: a lambda is known by its class alone.
  Map<String, String> inWords(Map<String, Parameter> parameters) {
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
}
