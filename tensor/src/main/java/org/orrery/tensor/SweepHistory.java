package org.orrery.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tracked tensors that an output was made from, oldest first, and those of them on the way from what is wanted to the output.
final class SweepHistory {
  private final Set<Tensor> leaves;
  private final List<Tensor> tensors;
  private final Set<Tensor> needed = new HashSet<>();

  /// @param wanted whose gradients are asked for
  /// @param leaves tensors that count as if nothing had made them
  SweepHistory(Tensor output, Set<Tensor> wanted, Set<Tensor> leaves) {
    this.leaves = leaves;
    this.tensors = madeFrom(output);
    for (Tensor tensor : tensors) {
      if (wanted.contains(tensor) || operandsOf(tensor).stream().anyMatch(needed::contains)) {
        needed.add(tensor);
      }
    }
  }

  private List<Tensor> madeFrom(Tensor output) {
    Set<Tensor> found = new HashSet<>();
    Deque<Tensor> open = new ArrayDeque<>();
    if (output.isTracked()) {
      found.add(output);
      open.push(output);
    }
    while (!open.isEmpty()) {
      for (Tensor operand : operandsOf(open.pop())) {
        if (operand.isTracked() && found.add(operand)) {
          open.push(operand);
        }
      }
    }
    List<Tensor> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingLong(Tensor::id));
    return sorted;
  }

  List<Tensor> tensors() {
    return tensors;
  }

  /// Whether something wanted is the tensor or was used to make it.
  boolean needs(Tensor tensor) {
    return needed.contains(tensor);
  }

  /// What made a tensor; null for a leaf.
  @Nullable
  Op originOf(Tensor tensor) {
    return leaves.contains(tensor) ? null : tensor.origin();
  }

  /// What a tensor was made from; nothing for a leaf.
  List<Tensor> operandsOf(Tensor tensor) {
    Op origin = originOf(tensor);
    return origin == null ? List.of() : origin.operands();
  }
}
