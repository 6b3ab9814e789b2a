package org.orrery.optimizers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.orrery.nn.Require;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Variable;
import org.orrery.tensor.backend.AdamKernels;

/// One step of [Adam] or [AdamW] for parameters that took as many: the fused kernel where the backend has one, else its definition.
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

  void run(List<ParameterState> states, List<Tensor> gradients) {
    AdamKernels kernels = amsgrad ? null : gradients.getFirst().backend().kernels(AdamKernels.class);
    if (kernels != null) {
      runFused(kernels, states, gradients);
      return;
    }
    for (int i = 0; i < states.size(); i++) {
      ParameterState state = states.get(i);
      Tensor gradient = gradients.get(i);
      Scope.run(scope -> runDefinition(state, gradient));
    }
  }

  void runFused(AdamKernels kernels, List<ParameterState> states, List<Tensor> gradients) {
    List<Variable> cells = states.stream()
        .flatMap(state -> Stream.of(state.parameter().cell(), state.slot(FIRST), state.slot(SECOND))).toList();
    Variable.update(cells, buffers -> {
      List<AdamKernels.Moments> all = new ArrayList<>();
      for (int i = 0; i < gradients.size(); i++) {
        all.add(new AdamKernels.Moments(buffers.get(3 * i), gradients.get(i).data(), buffers.get(3 * i + 1),
            buffers.get(3 * i + 2)));
      }
      kernels.adam(all, rate, beta1, beta2, epsilon, weightDecay, decoupled, correction1, correction2);
    });
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
