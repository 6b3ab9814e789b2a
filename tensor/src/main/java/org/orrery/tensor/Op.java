package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// An operation: a record of its operands that knows its result and its derivative. Its compact constructor checks
/// shapes, so that a misfit fails on the caller's stack before any work. Results are made by [Tensor#of(Op)] alone.
///
/// A fused operation also has a [#definition()]: the same result as a composition of plain tensor operations. Tests
/// hold both against each other, backends without the kernel run it ([#forward(Backend)] falls back to it), and where
/// [#backward] is not overridden, it is what is differentiated.
public interface Op {
  /// What messages call it: `matmul`.
  default String name() {
    return getClass().getSimpleName();
  }

  /// The tensors that the result depends on, in a fixed order.
  List<Tensor> operands();

  /// The shape of the result, of several that of the first.
  Shape shape();

  /// The shapes of the results: the one that may be differentiated, and behind it what the same kernel makes besides, as what
  /// a derivative needs ([Tensor#besides(int)]).
  default List<Shape> shapes() {
    return List.of(shape());
  }

  /// Computes the result on the operands' backend. Without a kernel, the definition.
  default Storage forward(Backend backend) {
    return Tensor.unrecorded(this::definition).data();
  }

  /// Computes the results, one of each shape, on the operands' backend: to be overridden where there are several.
  default List<Storage> forwardAll(Backend backend) {
    return List.of(forward(backend));
  }

  /// Offers each operand its share of the gradient of a scalar L, given upstream = dL/d result. Shares are written in
  /// tensor operations, so that they can be differentiated again. Without an override, that of the definition.
  default void backward(Tensor result, Tensor upstream, Gradients sink) {
    sink.addThrough(this, upstream);
  }

  /// The same result composed of plain tensor operations on the operands; operations that are plain themselves have
  /// none.
  default Tensor definition() {
    throw new IllegalStateException(name() + " is a plain operation and has no definition");
  }

  /// Whether the results have memory of their own; not so where the result is an operand in another shape or takes an operand's
  /// memory. A backend that counts runs such an operation, others only in number.
  default boolean ownsResults() { return true; }

  /// Whether kernels take operands of these sizes. Where not, every backend runs the definition.
  default boolean isWithinLimits() { return true; }

  /// The work of one forward run.
  default Cost cost() {
    long read = 0;
    for (Tensor operand : operands()) {
      read += operand.shape().elements();
    }
    long written = shapes().stream().mapToLong(Shape::elements).sum();
    return new Cost(Float.BYTES * (read + written), written, 0);
  }
}
