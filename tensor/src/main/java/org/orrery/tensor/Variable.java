package org.orrery.tensor;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Storage;

/// The one mutable thing: a buffer that is refilled in place, read as a fresh tensor after each refill.
///
/// Tensors taken before a refill can no longer be read, and a reverse sweep that meets one is refused: its history
/// speaks of values that are gone.
///
/// While another backend stands in for the cell's ([Backends#working(Backend)]), a refill changes nothing: what is planned leaves
/// a model as it is.
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
    Backend device = Backends.working(backend);
    Tensor.requireSameBackend(device, values, name);
    update(target -> device.refill(target, values.data()));
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
    return Backends.working(backend).changeable(buffer);
  }

  @SuppressWarnings("ReferenceEquality") // backends are compared by identity
  private synchronized void renew() {
    if (Backends.working(backend) == backend) {
      value = Tensor.leaf(shape, buffer, backend, tracked, name);
    }
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
