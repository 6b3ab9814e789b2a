package org.orrery.tensor;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.CountingBackend;
import org.orrery.tensor.backend.Storage;

/// The one mutable thing: a buffer that is refilled in place, read as a fresh tensor after each refill.
///
/// Tensors taken before a refill can no longer be read, and a reverse sweep that meets one is refused: its history
/// speaks of values that are gone.
///
/// While a [CountingBackend] is current that did not make the cell, a refill changes nothing: what is planned leaves a
/// model as it is.
public final class Variable {
  private final String name;
  private final Shape shape;
  private final Backend backend;
  private final Storage buffer;
  private final boolean tracked;
  private Tensor value;

  /// A cell with a copy of the values, outside every scope.
  ///
  /// @param name for messages
  /// @param tracked whether gradients flow to it
  public Variable(String name, Tensor initial, boolean tracked) {
    this.name = name;
    this.shape = initial.shape();
    this.backend = initial.backend();
    this.tracked = tracked;
    this.buffer = Scope.outside(() -> {
      Storage copy = backend.fill(shape.elements(), 0);
      backend.refill(copy, initial.data());
      return copy;
    });
    this.value = Tensor.leaf(shape, buffer, backend, tracked, name);
  }

  /// The present values. The same tensor until the next refill.
  public synchronized Tensor value() {
    return value;
  }

  /// Overwrites the values.
  ///
  /// @throws IllegalArgumentException where the shape differs
  public void refill(Tensor values) {
    if (!values.shape().equals(shape)) {
      throw new IllegalArgumentException(name + ": " + values.shape() + "; its shape is " + shape);
    }
    if (planner() == null) {
      Tensor.requireSameBackend(backend, values, name);
      update(target -> backend.refill(target, values.data()));
    }
  }

  /// Lets a kernel change the buffer in place. The kernel counts the refill.
  public synchronized void update(Consumer<Storage> kernel) {
    kernel.accept(target());
    renew();
  }

  /// Lets a kernel change the buffers of several cells in place, in the order of the cells. The kernel counts the refills.
  public static void update(List<Variable> cells, Consumer<List<Storage>> kernel) {
    kernel.accept(cells.stream().map(Variable::target).toList());
    cells.forEach(Variable::renew);
  }

  private synchronized Storage target() {
    CountingBackend planner = planner();
    return planner == null ? buffer : planner.standIn(buffer);
  }

  private synchronized void renew() {
    if (planner() == null) {
      value = Tensor.leaf(shape, buffer, backend, tracked, name);
    }
  }

  /// The counting backend that only plans what happens to this cell, or null.
  @SuppressWarnings("ReferenceEquality") // backends are compared by identity
  private @Nullable CountingBackend planner() {
    CountingBackend counting = CountingBackend.current();
    return counting == backend ? null : counting;
  }

  /// The values of tracked variables that a result was made from, oldest first: what a gradient of it may flow to.
  public static List<Tensor> valuesIn(Tensor result) {
    return new SweepHistory(result, Set.of(), Set.of()).tensors().stream().filter(Tensor::isOfVariable).toList();
  }

  /// How often it was refilled.
  public int version() {
    return buffer.version();
  }

  /// What it is called in messages.
  public String name() {
    return name;
  }
}
