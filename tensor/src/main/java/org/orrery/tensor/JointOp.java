package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// An operation with several results that one kernel makes at once: the gradients of an operation by its operands, or a
/// result with what its derivative needs. The results have no history; they are made by [Tensor#allOf(JointOp)] alone.
public interface JointOp {
  /// What messages call it.
  String name();

  /// The tensors that the results depend on, in a fixed order; at least one.
  List<Tensor> operands();

  /// The shapes of the results.
  List<Shape> shapes();

  /// Computes the results, one of each shape, on the operands' backend.
  List<Storage> forward(Backend backend);

  /// The work of one run.
  Cost cost();
}
