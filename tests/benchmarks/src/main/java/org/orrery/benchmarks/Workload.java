package org.orrery.benchmarks;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Block;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.ParameterGradients;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.training.Plan;

/// Something that is timed: what one step does, and what it is planned to need.
///
/// @param step once
/// @param plan its work; null where it is not made of tensor operations
record Workload(Runnable step, @Nullable Supplier<Plan> plan) {
  private static final double RATE = 1e-3;

  /// A step of training: loss, gradients, Adam.
  static Workload training(Block model, Supplier<Tensor> loss) {
    Optimizer adam = new Adam().on(model);
    return new Workload(
        () -> Scope.run(scope -> adam.step(ParameterGradients.releasingHistory(loss.get(), adam.parameters()), RATE)),
        () -> Plan.training(model, loss));
  }

  /// A forward run without gradients.
  static Workload forward(Block model, Supplier<Tensor> run) {
    return new Workload(() -> Scope.run(scope -> Tensor.unrecorded(run)), () -> Plan.inference(model, run));
  }

  /// Something else.
  static Workload other(Runnable step) {
    return new Workload(step, null);
  }
}
