package org.orrery.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;
import org.orrery.optimizers.SavedState;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// An average of a model's weights over its training, which often generalizes better than the last weights.
///
/// Only what an optimizer changes is averaged. Running statistics are those of the last weights: models with batch
/// normalization should see the training data once more in training mode with the averaged weights.
public final class WeightAverage {
  /// When weights are taken into the average, and with what share.
  public sealed interface Kind {
    /// Whether weights are taken after each step.
    default boolean everyStep() {
      return false;
    }

    /// Whether weights are taken at the end of an epoch, counted from 0.
    default boolean atEndOf(long epoch) {
      return false;
    }

    /// The share of the new weights where `count` have been taken before.
    double share(long count);
  }

  /// a = decay a + (1 - decay) w after each step, a = w at the first: Polyak & Juditsky 1992 with forgetting.
  ///
  /// @param decay how much of the average stays
  public record Exponential(double decay) implements Kind {
    /// Checks the number.
    ///
    /// @throws IllegalArgumentException unless it is at least 0 and below 1
    public Exponential {
      Require.fraction("weight average", "decay", decay);
    }

    @Override
    public boolean everyStep() {
      return true;
    }

    @Override
    public double share(long count) {
      return count == 0 ? 1 : 1 - decay;
    }
  }

  /// The plain mean of the weights at the end of epochs `first`, `first + every`, ...: stochastic weight averaging,
  /// Izmailov et al. 2018.
  ///
  /// @param first epoch, counted from 0
  /// @param every how many epochs
  public record Stochastic(long first, int every) implements Kind {
    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException naming the one that does not do
    public Stochastic {
      Require.notNegative("weight average", "first", (double) first);
      Require.positive("weight average", "every", every);
    }

    @Override
    public boolean atEndOf(long epoch) {
      return epoch >= first && (epoch - first) % every == 0;
    }

    @Override
    public double share(long count) {
      return 1.0 / (count + 1.0);
    }
  }

  private final Kind kind;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Variable> averages;
  private long count;

  /// An average that has taken nothing yet.
  public WeightAverage(Block model, Kind kind) {
    this.kind = kind;
    model.parameters().forEach((name, parameter) -> {
      if (parameter.isTrainable()) {
        parameters.put(name, parameter);
      }
    });
    this.averages = Weights.copy(parameters);
  }

  /// Takes the present weights where the kind says so.
  public void afterStep() {
    if (kind.everyStep()) {
      take();
    }
  }

  /// Takes the present weights where the kind says so.
  public void afterEpoch(long epoch) {
    if (kind.atEndOf(epoch)) {
      take();
    }
  }

  /// Takes the present weights into the average: a += share (w - a).
  public void take() {
    double share = kind.share(count++);
    Scope.run(scope -> Tensor.unrecorded(() -> {
      parameters.forEach((name, parameter) -> {
        Variable average = Weights.at(averages, name);
        Tensor w = parameter.value().detach();
        Tensor a = average.value();
        average.refill(share == 1 ? w : a.add(w.subtract(a).multiply(share)));
      });
      return count;
    }));
  }

  /// When weights are taken.
  Kind kind() {
    return kind;
  }

  /// How often weights were taken.
  public long count() {
    return count;
  }

  /// Runs the body with the averaged weights in the model, which has its own again afterward. Before anything was taken
  /// the model keeps its own.
  public <T> T within(Supplier<T> body) {
    if (count == 0) {
      return body.get();
    }
    Map<String, Variable> own = Weights.copy(parameters);
    install();
    try {
      return body.get();
    } finally {
      Weights.fill(parameters, own);
    }
  }

  /// Overwrites the model's weights with the averaged ones, once something was taken.
  public void install() {
    if (count > 0) {
      Weights.fill(parameters, averages);
    }
  }

  /// What it remembers.
  public SavedState state() {
    return new SavedState(Weights.values(averages), Map.of("taken", count));
  }

  /// Takes over what another remembered.
  ///
  /// @throws IllegalArgumentException listing everything missing, left over or of another shape, before any change
  public void restore(SavedState saved) {
    List<String> complaints = Weights.differences("", state(), saved);
    Require.that(complaints.isEmpty(), "weight average", String.join("; ", complaints));
    averages.forEach((name, cell) -> cell.refill(Weights.at(saved.tensors(), name)));
    count = saved.counts().getOrDefault("taken", 0L);
  }
}
