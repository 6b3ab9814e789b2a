package org.orrery.nn;

import java.util.List;
import org.orrery.tensor.Tensor;

/// Sees the modules of a model at work; see [Observed].
@FunctionalInterface
public interface BlockObserver {
  /// Called when a module is about to run; those inside it come before it has run.
  ///
  /// @param name its dotted name, as in [Block#describe(Parts)]; empty for the model itself
  /// @param use how often a module ran under this name before
  default void entered(String name, int use, Block module) {
  }

  /// Called when a module has run; not where it threw.
  void applied(Application application);

  /// Called when a module has run or thrown, after [#applied(Application)].
  default void left(String name, int use, Block module) {
  }

  /// Whether parts that would run as one are run one by one, so that each is seen. Without, it sees what runs.
  default boolean wantsEveryPart() {
    return true;
  }

  /// One use of a module.
  ///
  /// @param name its dotted name; empty for the model itself
  /// @param use 0 for the first use of that name, 1 for the second, ...
  /// @param module itself
  /// @param inputs what it read, in the order of its arguments, those that are null left out; of an [ConcatenatedRows] its
  /// blocks of columns
  /// @param outputs what it gave
  record Application(String name, int use, Block module, List<Tensor> inputs, List<Tensor> outputs) {
    /// Copies the lists.
    public Application {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }

    /// As in `layers.0 Linear [5, 3] -> [5, 4]`; a second use is `layers.0 #1 Linear ...`.
    @Override
    public String toString() {
      return (name.isEmpty() ? "(model)" : name) + (use == 0 ? "" : " #" + use) + " "
          + module.getClass().getSimpleName() + " " + shapes(inputs) + " -> " + shapes(outputs);
    }

    private static String shapes(List<Tensor> tensors) {
      return String.join(" ", tensors.stream().map(tensor -> tensor.shape().toString()).toList());
    }
  }
}
