package org.orrery.training;

import java.util.List;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.OptimizerKernels;

/// One step of [Adam] or [AdamW] for one parameter: the fused kernel where the backend has one, else its definition.
record AdamStep(double rate, double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled,
    boolean amsgrad, double correction1, double correction2) {
  private static final String FIRST = "first_moment";
  private static final String SECOND = "second_moment";
  private static final String LARGEST = "largest_second_moment";

  static void check(String who, double beta1, double beta2, double epsilon, double weightDecay) {
    Require.fraction(who, "beta1", beta1);
    Require.fraction(who, "beta2", beta2);
    Require.notNegative(who, "epsilon", epsilon);
    Require.notNegative(who, "weight decay", weightDecay);
  }

  static List<String> slots(boolean amsgrad) {
    return amsgrad ? List.of(FIRST, SECOND, LARGEST) : List.of(FIRST, SECOND);
  }

  static AdamStep of(ParameterState state, double rate, double beta1, double beta2, double epsilon,
      double weightDecay, boolean decoupled, boolean amsgrad) {
    double t = state.steps();
    return new AdamStep(rate, beta1, beta2, epsilon, weightDecay, decoupled, amsgrad,
        1 - StrictMath.pow(beta1, t), 1 - StrictMath.pow(beta2, t));
  }

  void run(ParameterState state, Tensor gradient) {
    if (!amsgrad && gradient.backend() instanceof OptimizerKernels kernels) {
      runFused(kernels, state, gradient);
    } else {
      runDefinition(state, gradient);
    }
  }

  void runFused(OptimizerKernels kernels, ParameterState state, Tensor gradient) {
    state.slot(FIRST).update(m -> state.slot(SECOND).update(v -> state.parameter().cell()
        .update(w -> kernels.adam(w, gradient.data(), m, v, rate, beta1, beta2, epsilon, weightDecay, decoupled,
            correction1, correction2))));
  }

  void runDefinition(ParameterState state, Tensor gradient) {
    Tensor before = state.value();
    Tensor value = decoupled ? before.multiply(1 - rate * weightDecay) : before;
    Tensor g = decoupled || weightDecay == 0 ? gradient : gradient.add(before.multiply(weightDecay));
    Tensor m = state.refill(FIRST, state.slot(FIRST).value().multiply(beta1).add(g.multiply(1 - beta1)));
    Tensor v = state.refill(SECOND, state.slot(SECOND).value().multiply(beta2).add(g.square().multiply(1 - beta2)));
    Tensor scale = amsgrad ? state.refill(LARGEST, state.slot(LARGEST).value().maximum(v)) : v;
    Tensor denominator = scale.multiply(1 / correction2).sqrt().add(epsilon);
    state.parameter().refill(value.subtract(m.multiply(rate / correction1).divide(denominator)));
  }
}
