package org.orrery.nn;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// A value that training changes: a weight, or a running statistic that no gradient flows to. The only mutable part of
/// a model.
public final class Parameter {
  private final Variable cell;
  private final boolean trainable;
  private volatile @Nullable Known known;

  /// A value that was read back.
  private record Known(Tensor of, double number) {
  }

  private Parameter(Tensor initial, boolean trainable) {
    this.cell = new Variable((trainable ? "parameter " : "statistic ") + initial.shape(), initial, trainable);
    this.trainable = trainable;
  }

  /// A weight that starts as a copy of these values.
  public static Parameter of(Tensor initial) {
    return new Parameter(initial, true);
  }

  /// A value that is saved with the model and that the model itself changes, such as a running mean.
  public static Parameter statistic(Tensor initial) {
    return new Parameter(initial, false);
  }

  /// The present values; the same tensor until they change, tracked if trainable.
  public Tensor value() {
    return cell.value();
  }

  /// The only value, read back from its backend once for each refill: what a layer may ask in every pass.
  ///
  /// @throws IllegalArgumentException where there are several
  public double number() {
    Tensor now = cell.value();
    Known latest = known;
    if (latest == null || !latest.of().equals(now)) {
      latest = new Known(now, now.item());
      known = latest;
    }
    return latest.number();
  }

  /// Its shape.
  public Shape shape() {
    return cell.value().shape();
  }

  /// Whether an optimizer changes it.
  public boolean isTrainable() { return trainable; }

  /// Overwrites the values.
  ///
  /// @throws IllegalArgumentException where the shape differs
  public void refill(Tensor values) {
    cell.refill(values);
  }

  /// The cell behind it, for optimizers that change it in place.
  public Variable cell() {
    return cell;
  }
}
