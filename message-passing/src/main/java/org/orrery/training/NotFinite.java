package org.orrery.training;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Block;
import org.orrery.nn.BlockObserver;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;

/// Says where a number that is not finite comes from, once there is one.
final class NotFinite {
  private NotFinite() {
  }

  /// The names of parameters in the model, or their shapes where it does not list them.
  static String names(Collection<Parameter> parameters, Block model) {
    Map<String, Parameter> named = model.parameters();
    List<String> names = parameters.stream().map(parameter -> named.entrySet().stream()
        .filter(entry -> entry.getValue().equals(parameter)).map(Map.Entry::getKey).findFirst()
        .orElse("one " + parameter.shape())).toList();
    return String.join(", ", names);
  }

  /// Refuses to write a tensor that training changes and that is NaN or infinite somewhere, or a statistic that is NaN: one may be
  /// infinite, such as a mask.
  ///
  /// @throws ArithmeticException naming file, tensor and entry
  static void refuse(Path file, String name, Tensor tensor, boolean isTrained) {
    int at = tensor.backend().firstNonFinite(tensor.data());
    if (at < 0) {
      return;
    }
    double[] values = tensor.toDoubles();
    for (int i = at; i < values.length; i++) {
      if (Double.isNaN(values[i]) || (isTrained && Double.isInfinite(values[i]))) {
        throw new ArithmeticException(file + ": entry " + i + " of " + name + " " + tensor.shape() + " would be "
            + values[i] + "; finite numbers are required, and nothing was written");
      }
    }
  }

  /// Runs the step again under observation and names the first block whose result is not finite; empty where there is none.
  /// Statistics that this run changes are put back.
  static String firstBlock(Block model, Supplier<Tensor> loss) {
    Map<String, Parameter> parameters = model.parameters();
    Map<String, Variable> before = Weights.copy(parameters);
    First first = new First();
    try {
      Observed.with(first, model, loss);
    } catch (RuntimeException failed) { // an objective that runs once alone
      return "; run again, the step fails with " + failed;
    } finally {
      Weights.fill(parameters, before);
    }
    return first.found == null ? "" : "; the first result that is not finite is that of " + first.found;
  }

  private static boolean isFinite(List<Tensor> tensors) {
    return tensors.stream().allMatch(tensor -> tensor.backend().firstNonFinite(tensor.data()) < 0);
  }

  /// Remembers the first block whose result is not finite; a block inside another comes before it.
  private static final class First implements BlockObserver {
    private @Nullable String found;

    @Override
    public void applied(Application application) {
      if (found == null && !isFinite(application.outputs())) {
        found = application + (isFinite(application.inputs()) ? "" : ", which reads numbers that are not finite");
      }
    }

    @Override
    public boolean wantsEveryPart() {
      return false; // the run that failed, not one of other kernels
    }
  }
}
