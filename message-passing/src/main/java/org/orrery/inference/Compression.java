package org.orrery.inference;

import java.util.ArrayList;
import java.util.List;
import org.orrery.losses.SquaredError;
import org.orrery.nn.Block;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.training.History;
import org.orrery.training.Scaler;
import org.orrery.training.Trainer;

/// Compression, then inference: a network learns the mean of the posterior, which is a number for each parameter; a head then learns the
/// posterior given these numbers alone. The mean keeps what it can of the information (Alsing & Wandelt 2018; Charnock et al. 2018), and
/// the second step, in few dimensions, is fast and can be repeated with other heads.
/// ```java
/// Trainer.of(network, Compression.toMean(network::summary, Batch::theta, scaler), optimizer).train(loader, 40);
/// Tensor numbers = Compression.summaries(network, loader.epoch(0), network::summary);
/// new HeadTraining(50, 64, 0.01).train(head, numbers, theta, key);
/// ```
/// Fit the head on examples that the network has not learned by heart: on those of its own training its numbers are too good, and the
/// posterior too narrow. [CalibrationFactor] on validation shows it.
public final class Compression {
  private Compression() {
  }

  /// How a network is applied to a batch.
  ///
  /// @param <M> of the network
  /// @param <B> of a batch
  @FunctionalInterface
  public interface Application<M, B> {
    /// A number for each parameter of each example, `[examples, dimensions]`.
    Tensor apply(M network, B batch, Mode mode);
  }

  /// The true parameters of a batch.
  ///
  /// @param <B> of a batch
  @FunctionalInterface
  public interface Truths<B> {
    /// Parameters in their own units, `[examples, dimensions]`.
    Tensor of(B batch);
  }

  /// The objective whose least value the mean of the posterior has: the mean squared error of standardized parameters.
  public static <M extends Block, B> Trainer.Objective<M, B> toMean(Application<M, B> network, Truths<B> truths,
      Scaler scaler) {
    return (model, batch, mode) -> new SquaredError().mean(network.apply(model, batch, mode),
        scaler.apply(truths.of(batch)));
  }

  /// Trains a network on rows of a table to the mean of the posterior.
  ///
  /// @param x inputs `[examples, ...]`
  /// @param theta parameters `[examples, dimensions]`
  public static History train(HeadTraining how, Layer network, Tensor x, Tensor theta, Scaler scaler, Key key) {
    return how.train(network, x, theta, key,
        toMean((layer, rows, mode) -> layer.apply(rows.x(), mode), HeadTraining.Rows::theta, scaler));
  }

  /// What a trained network makes of batches, one after the other: `[examples, dimensions]`.
  ///
  /// @throws IllegalArgumentException where there are no batches
  public static <M extends Block, B> Tensor summaries(M network, Iterable<B> batches, Application<M, B> application) {
    List<Tensor> parts = new ArrayList<>();
    for (B batch : batches) {
      parts.add(Scope.within(scope -> scope.keep(
          Tensor.unrecorded(() -> application.apply(network, batch, Mode.inference())))));
    }
    Require.that(!parts.isEmpty(), "compression", "no batches; at least one is required");
    return Tensor.concat(0, parts);
  }
}
