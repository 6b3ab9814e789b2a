package org.orrery.optimizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.losses.SquaredError;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.AdamKernels;
import org.orrery.training.ReferenceCase;

class OptimizerTest {
  private static final Map<String, UpdateRule> RULES = new LinkedHashMap<>();

  static {
    RULES.put("sgd", new Sgd());
    RULES.put("adam", new Adam());
    RULES.put("adamw", new AdamW());
    RULES.put("rmsprop", new RmsProp());
    RULES.put("adagrad", new Adagrad());
  }

  static Stream<String> names() {
    return RULES.keySet().stream();
  }

  static Stream<UpdateRule> rules() {
    return Stream.of(new Sgd(), new Sgd().withMomentum(0.9).withDampening(0.1).withWeightDecay(0.1),
        new Sgd().withNesterov(0.9), new Adam(), new Adam().withAmsgrad().withWeightDecay(0.1), new AdamW(),
        new RmsProp(), new RmsProp().withCentering().withMomentum(0.5), new Adagrad().withInitialSum(0.1));
  }

  private static Block model(Parameter... parameters) {
    return new Several(List.of(parameters));
  }

  private record Several(List<Parameter> p) implements Block {
  }

  private static Parameter parameter(double... values) {
    return Parameter.of(Tensor.of(values));
  }

  /// Steps down |w - c|^2 from (1, -2, 3).
  private static void descend(Optimizer optimizer, Parameter w, int steps) {
    for (int i = 0; i < steps; i++) {
      Scope.run(scope -> {
        Tensor loss = w.value().subtract(Tensor.of(new float[] {0.5f, 0.25f, -1})).square().sum();
        optimizer.step(ParameterGradients.of(loss, optimizer.parameters()), 0.05);
      });
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void agreesWithTheReference(String name) {
    ReferenceCase reference = ReferenceCase.of("train/optimizer_" + name);
    Tensor a = reference.tensor("in.a");
    Tensor b = reference.tensor("in.b").unsqueeze(1);
    Parameter w = Parameter.of(reference.tensor("in.w0"));
    Optimizer optimizer = Weights.at(RULES, name).on(model(w));
    Tensor trajectory = reference.tensor("out.trajectory");
    for (int i = 0; i < trajectory.rows(); i++) {
      Tensor loss = new SquaredError().mean(a.matmul(w.value().unsqueeze(1)), b);
      optimizer.step(ParameterGradients.of(loss, optimizer.parameters()), reference.number("lr"));
      ReferenceCase.assertClose(trajectory.select(0, i).toArray(), w.value().toArray(), 2e-5, name + " step " + i);
    }
  }

  @Test
  void momentumStartsWithTheWholeGradient() { // loss 3 w: g = 3 always; b = 3, then 0.5 3 + 0.8 3 = 3.9
    Parameter w = parameter(10);
    Optimizer optimizer = new Sgd().withMomentum(0.5).withDampening(0.2).on(model(w));
    optimizer.step(ParameterGradients.of(w.value().multiply(3).sum(), List.of(w)), 1);
    assertEquals(7, w.value().item(), 1e-6);
    optimizer.step(ParameterGradients.of(w.value().multiply(3).sum(), List.of(w)), 1);
    assertEquals(3.1, w.value().item(), 1e-6);
  }

  @Test
  void nesterovLooksAhead() { // g = 2; b = 2, step 2 + 0.5 2 = 3; b = 3, step 2 + 0.5 3 = 3.5
    Parameter w = parameter(10);
    Optimizer optimizer = new Sgd().withNesterov(0.5).on(model(w));
    optimizer.step(ParameterGradients.of(w.value().multiply(2).sum(), List.of(w)), 1);
    assertEquals(7, w.value().item(), 1e-6);
    optimizer.step(ParameterGradients.of(w.value().multiply(2).sum(), List.of(w)), 1);
    assertEquals(3.5, w.value().item(), 1e-6);
  }

  @Test
  void centeringDividesByTheSpreadOfGradients() { // g = 2: s = 0.01 4, mean 0.02; sqrt(0.04 - 0.0004)
    Parameter w = parameter(1);
    Optimizer optimizer = new RmsProp().withCentering().on(model(w));
    optimizer.step(ParameterGradients.of(w.value().multiply(2).sum(), List.of(w)), 0.01);
    assertEquals(1 - 0.01 * 2 / Math.sqrt(0.0396), w.value().item(), 1e-6);
  }

  @Test
  void amsgradNeverForgetsALargeGradient() {
    Parameter plain = parameter(0);
    Parameter careful = parameter(0);
    Optimizer adam = new Adam().withBetas(0, 0.5).on(model(plain));
    Optimizer amsgrad = new Adam().withBetas(0, 0.5).withAmsgrad().on(model(careful));
    for (double slope : new double[] {100, 1, 1, 1, 1, 1, 1, 1}) {
      adam.step(ParameterGradients.of(plain.value().multiply(slope).sum(), List.of(plain)), 1);
      amsgrad.step(ParameterGradients.of(careful.value().multiply(slope).sum(), List.of(careful)), 1);
    }
    // v of the first step is 5000; later steps of amsgrad are at most 1 / sqrt(5000)
    assertEquals(-1 - 7 / Math.sqrt(5000), careful.value().item(), 0.02);
    assertTrue(plain.value().item() < careful.value().item() - 0.3); // whose v falls by half with each step
  }

  @Test
  void adagradsRateFallsWithTheSteps() { // g = 1: sums 1 and 2, rates 1 and 1 / (1 + 1)
    Parameter w = parameter(0);
    Optimizer optimizer = new Adagrad().withRateDecay(1).on(model(w));
    optimizer.step(ParameterGradients.of(w.value().sum(), List.of(w)), 1);
    assertEquals(-1, w.value().item(), 1e-6);
    optimizer.step(ParameterGradients.of(w.value().sum(), List.of(w)), 1);
    assertEquals(-1 - 0.5 / Math.sqrt(2), w.value().item(), 1e-6);
  }

  @Test
  void theFusedStepIsItsDefinition() {
    for (boolean decoupled : new boolean[] {false, true}) {
      Tensor start = Tensor.normal(Key.of(3), 1000);
      ParameterState fused = new ParameterState(Parameter.of(start), new Adam());
      ParameterState plain = new ParameterState(Parameter.of(start), new Adam());
      AdamKernels kernels = start.backend().kernels(AdamKernels.class);
      if (kernels == null) {
        throw new AssertionError("the CPU backend has the kernel");
      }
      for (int step = 1; step <= 5; step++) {
        Tensor gradient = Tensor.normal(Key.of(step), 1000);
        fused.countStep();
        plain.countStep();
        AdamStep.of(fused, 0.01, 0.9, 0.99, 1e-8, 0.1, decoupled, false).runFused(kernels, List.of(fused),
            List.of(gradient));
        AdamStep.of(plain, 0.01, 0.9, 0.99, 1e-8, 0.1, decoupled, false).runDefinition(plain, gradient);
      }
      ReferenceCase.assertClose(plain.value().toArray(), fused.value().toArray(), 1e-6, "decoupled " + decoupled);
      ReferenceCase.assertClose(plain.slot("first_moment").value().toArray(),
          fused.slot("first_moment").value().toArray(), 1e-6, "first moment");
      ReferenceCase.assertClose(plain.slot("second_moment").value().toArray(),
          fused.slot("second_moment").value().toArray(), 1e-6, "second moment");
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRestoredStateGoesOnToTheBit(UpdateRule rule) {
    Parameter straight = parameter(1, -2, 3);
    descend(rule.on(model(straight)), straight, 7);

    Parameter first = parameter(1, -2, 3);
    Optimizer before = rule.on(model(first));
    descend(before, first, 4);
    Parameter second = Parameter.of(first.value().detach());
    Optimizer after = rule.on(model(second));
    after.restore(before.state(model(first).parameters()), model(second).parameters());
    descend(after, second, 3);
    assertArrayEquals(straight.value().toArray(), second.value().toArray());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aStepLeavesNothingInTheScope(UpdateRule rule) {
    Parameter w = parameter(1, -2, 3);
    Optimizer optimizer = rule.on(model(w));
    Scope.run(scope -> {
      descend(optimizer, w, 3);
      assertEquals(0, scope.liveBytes());
    });
    assertEquals(3, w.value().toArray().length); // still readable
  }

  @Test
  void groupsHaveTheirOwnDecayAndRate() { // gradients 0: only the decay acts, w (1 - rate factor decay)
    Parameter weight = parameter(1);
    Parameter bias = parameter(1);
    Optimizer optimizer = new Sgd().on(List.of(new ParameterGroup(List.of(weight), 0.5, 2),
        new ParameterGroup(List.of(bias), 0, 1)));
    Tensor loss = weight.value().multiply(0).add(bias.value().multiply(0)).sum();
    optimizer.step(ParameterGradients.of(loss, optimizer.parameters()), 0.1);
    assertEquals(0.9, weight.value().item(), 1e-6);
    assertEquals(1, bias.value().item());
  }

  @Test
  void whatTheLossDoesNotReachStays() {
    Parameter used = parameter(1);
    Parameter idle = parameter(1);
    Optimizer optimizer = new Sgd().withWeightDecay(0.5).on(model(used, idle));
    optimizer.step(ParameterGradients.of(used.value().sum(), optimizer.parameters()), 0.1);
    assertEquals(1, idle.value().item());
    assertEquals(0.85, used.value().item(), 1e-6); // 1 - 0.1 (1 + 0.5)
  }

  @Test
  void aStateThatDoesNotFitChangesNothing() {
    Parameter w = parameter(1, 2);
    Optimizer optimizer = new Adam().on(model(w));
    SavedState state = optimizer.state(model(w).parameters());
    Map<String, Tensor> broken = new LinkedHashMap<>(state.tensors());
    broken.put("p.0.first_moment", Tensor.ones(3));
    broken.remove("p.0.second_moment");
    broken.put("p.1.first_moment", Tensor.ones(1));
    String message = assertThrows(IllegalArgumentException.class,
        () -> optimizer.restore(new SavedState(broken, state.counts()), model(w).parameters())).toString();
    List<String> missing = new ArrayList<>();
    for (String part : List.of("p.0.first_moment is [3]", "p.0.second_moment [2] is missing", "p.1.first_moment")) {
      if (!message.contains(part)) {
        missing.add(part);
      }
    }
    assertEquals(List.of(), missing, message);
    assertArrayEquals(new float[2],
        Weights.at(optimizer.state(model(w).parameters()).tensors(), "p.0.first_moment").toArray());
  }

  @Test
  void aParameterStandsInOneGroup() {
    Parameter w = parameter(1);
    ParameterGroup group = new ParameterGroup(List.of(w), 0, 1);
    assertThrows(IllegalArgumentException.class, () -> new Sgd().on(List.of(group, group)));
    assertThrows(IllegalArgumentException.class,
        () -> new ParameterGroup(List.of(Parameter.statistic(Tensor.of(1))), 0, 1));
  }

  @Test
  void clippingKeepsTheDirectionOrLimitsEachEntry() { // gradient (3, 4), norm 5
    Parameter w = parameter(0, 0);
    Tensor loss = w.value().multiply(Tensor.of(new float[] {3, 4})).sum();
    ParameterGradients gradients = ParameterGradients.of(loss, List.of(w));
    assertEquals(5, gradients.norm(), 1e-6);
    assertEquals(1, gradients.clippedByNorm(1).norm(), 1e-5);
    assertArrayEquals(new double[] {0.6, 0.8}, of(gradients.clippedByNorm(1), w).toDoubles(), 1e-5);
    assertArrayEquals(new float[] {3, 4}, of(gradients.clippedByNorm(6), w).toArray());
    assertArrayEquals(new float[] {3, 3.5f}, of(gradients.clippedByValue(3.5), w).toArray());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1e19, 5e37, 1e-30, 1e-40})
  void theNormHoldsWhereSquaresLeaveFloat32(double unit) { // (3, 4) unit has norm 5 unit and direction (0.6, 0.8)
    Parameter first = parameter(0);
    Parameter second = parameter(0);
    Map<Parameter, Tensor> map = new LinkedHashMap<>();
    map.put(first, Tensor.of(new double[] {3 * unit}));
    map.put(second, Tensor.of(new double[] {4 * unit}));
    ParameterGradients gradients = ParameterGradients.of(map);
    assertEquals(5 * unit, gradients.norm(), 1e-4 * unit);
    ParameterGradients clipped = gradients.clippedByNorm(1);
    double size = Math.min(1, 5 * unit);
    assertEquals(0.6 * size, of(clipped, first).toDoubles()[0], 1e-4 * size);
    assertEquals(0.8 * size, of(clipped, second).toDoubles()[0], 1e-4 * size);
  }

  @Test
  void aNormMayBeClippedToWhatFloat32HardlyHolds() { // 1e38 times 1e-44 is 1e-6: that factor has three bits in float32
    ParameterGradients gradients = ParameterGradients.of(Map.of(parameter(0), Tensor.of(new float[] {1e38f})));
    assertEquals(1e-6, gradients.clippedByNorm(1e-6).norm(), 1e-10);
  }

  @Test
  void theNormOfNothingIsZeroAndOfNoNumberNone() {
    assertEquals(0, ParameterGradients.of(Map.of()).norm());
    Parameter w = parameter(0, 0);
    assertEquals(0, ParameterGradients.of(Map.of(w, Tensor.zeros(2))).norm());
    assertEquals(0, ParameterGradients.of(Map.of(Parameter.of(Tensor.zeros(0)), Tensor.zeros(0))).norm());
    ParameterGradients infinite = ParameterGradients
        .of(Map.of(w, Tensor.of(new double[] {1, Double.NEGATIVE_INFINITY})));
    assertEquals(Double.POSITIVE_INFINITY, infinite.norm());
    assertEquals(List.of(w), infinite.notFinite());
    ParameterGradients nan = ParameterGradients.of(Map.of(w, Tensor.of(new double[] {Double.NaN, 1})));
    assertEquals(Double.NaN, nan.norm());
    assertThrows(ArithmeticException.class, () -> nan.clippedByNorm(1));
    assertEquals(List.of(), ParameterGradients.of(Map.of(w, Tensor.ones(2))).notFinite());
  }

  private static Tensor of(ParameterGradients gradients, Parameter parameter) {
    return Objects.requireNonNull(gradients.of(parameter));
  }
}
