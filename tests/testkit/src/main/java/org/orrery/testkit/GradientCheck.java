package org.orrery.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Compares gradients with central differences, in double precision.
///
/// With random probes p the scalar is L = sum p y over all results y. First derivatives: dL/dx of each input and each
/// trainable parameter, entry by entry, with (L(x + h) - L(x - h)) / 2 h. Second derivatives: the gradient of
/// sum v dL/dx for random v, which is the Hessian times v, with differences of the fourth order,
/// (g(x - 2 h v) - 8 g(x - h v) + 8 g(x + h v) - g(x + 2 h v)) / 12 h, where g is the first gradient. The probes count
/// as inputs there, so that the gradient is also differentiated with respect to what comes from above.
///
/// The function must be smooth where it is checked: inputs with ties or kinks belong into tests of their own. It may be
/// run many times, and must give the same each time.
/// ```java
/// GradientCheck.of(() -> Subject.of(x -> x.get(0).matmul(x.get(1)), a, b)).check();
/// ```
public final class GradientCheck {
  private static final double STEP = 1e-5;
  private static final long SEED = 7;

  private final Supplier<Subject> subject;
  private final double tolerance;

  /// What is differentiated. It is made on the double-precision backend, so that its tensors live there.
  ///
  /// @param inputs by name
  /// @param parameters by name; statistics are left out
  /// @param function the results, given the inputs in their order
  public record Subject(Map<String, Tensor> inputs, Map<String, Parameter> parameters,
      Function<List<Tensor>, List<Tensor>> function) {
    /// A function of these tensors.
    public static Subject of(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
      Map<String, Tensor> named = new LinkedHashMap<>();
      for (int i = 0; i < inputs.length; i++) {
        named.put("input " + i, inputs[i]);
      }
      return new Subject(named, Map.of(), x -> List.of(function.apply(x)));
    }

    /// The same function, with the parameters of a module that it uses.
    public Subject with(Block module) {
      Map<String, Parameter> trainable = new LinkedHashMap<>(parameters);
      module.parameters().forEach((name, parameter) -> {
        if (parameter.isTrainable()) {
          trainable.put("parameter " + name, parameter);
        }
      });
      return new Subject(inputs, trainable, function);
    }
  }

  private GradientCheck(Supplier<Subject> subject, double tolerance) {
    this.subject = subject;
    this.tolerance = tolerance;
  }

  /// A check of what is made here. An error max|a - b| / max(1, max|b|) of 1e-7 is allowed.
  public static GradientCheck of(Supplier<Subject> subject) {
    return new GradientCheck(subject, 1e-7);
  }

  /// The same check with another error allowed.
  public GradientCheck withTolerance(double allowed) {
    return new GradientCheck(subject, allowed);
  }

  /// Checks first and second derivatives.
  ///
  /// @throws AssertionError naming the input or parameter whose gradient is wrong, and its worst entry
  public void check() {
    checkFirst();
    checkSecond();
  }

  /// Checks first derivatives.
  ///
  /// @throws AssertionError naming the input or parameter whose gradient is wrong, and its worst entry
  public void checkFirst() {
    inDoublePrecision(() -> {
      Point point = new Point(subject.get());
      List<double[]> computed = point.gradients();
      for (int n = 0; n < point.names().size() - point.probeCount(); n++) {
        compare("gradient of " + point.names().get(n), computed.get(n), point.differences(n));
      }
    });
  }

  /// Checks second derivatives.
  ///
  /// @throws AssertionError naming the input or parameter whose gradient is wrong, and its worst entry
  public void checkSecond() {
    inDoublePrecision(() -> {
      Point point = new Point(subject.get());
      List<double[]> directions = point.directions();
      List<double[]> computed = point.secondGradients(directions);
      List<List<double[]>> along = new ArrayList<>(); // at -2 h, -h, 0, h and 2 h
      point.move(directions, -2 * STEP);
      for (int i = 0; i < 5; i++) {
        along.add(point.gradients());
        point.move(directions, STEP);
      }
      for (int n = 0; n < computed.size(); n++) {
        double[] differences = new double[computed.get(n).length];
        for (int i = 0; i < differences.length; i++) {
          differences[i] = (along.get(0).get(n)[i] - 8 * along.get(1).get(n)[i] + 8 * along.get(3).get(n)[i]
              - along.get(4).get(n)[i]) / (12 * STEP);
        }
        compare("second derivative of " + point.names().get(n), computed.get(n), differences);
      }
    });
  }

  private void compare(String what, double[] values, double[] differences) {
    double scale = 1;
    int worst = 0;
    for (int i = 0; i < values.length; i++) {
      scale = Math.max(scale, Math.abs(differences[i]));
      if (!(Math.abs(values[i] - differences[i]) <= Math.abs(values[worst] - differences[worst]))) {
        worst = i;
      }
    }
    if (values.length > 0 && !(Math.abs(values[worst] - differences[worst]) <= tolerance * scale)) {
      throw new AssertionError(what + ": entry " + worst + " of " + values.length + " is " + values[worst]
          + ", differences give " + differences[worst] + " (allowed " + tolerance * scale + ", probes of seed " + SEED
          + ")");
    }
  }

  private static void inDoublePrecision(Runnable body) {
    Supplier<Boolean> run = () -> {
      body.run();
      return true;
    };
    Backends.with(new Float64Backend(), run);
  }

  /// A subject at changing values of its inputs, parameters and probes, which are numbered in this order.
  private static final class Point {
    private final List<Tensor> inputs;
    private final List<Parameter> parameters;
    private final List<Tensor> probes = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Function<List<Tensor>, List<Tensor>> function;

    Point(Subject subject) {
      this.inputs = new ArrayList<>(subject.inputs().values());
      this.parameters = List.copyOf(subject.parameters().values());
      this.function = subject.function();
      names.addAll(subject.inputs().keySet());
      names.addAll(subject.parameters().keySet());
      Key key = Key.of(SEED);
      for (Tensor result : function.apply(List.copyOf(inputs))) {
        names.add("probe " + probes.size());
        probes.add(Tensor.normal(key.fold(probes.size()), result.shape().toArray()));
      }
    }

    List<String> names() {
      return names;
    }

    int probeCount() {
      return probes.size();
    }

    /// Everything that gradients are taken for, tracked, with the loss that depends on it.
    private record Swept(List<Tensor> wanted, Tensor loss) {
      List<double[]> hosted(Gradients gradients) {
        return wanted.stream().map(tensor -> gradients.withRespectTo(tensor).toDoubles()).toList();
      }
    }

    private Swept sweep() {
      List<Tensor> wanted = new ArrayList<>(inputs.stream().map(x -> x.detach().tracked()).toList());
      List<Tensor> results = function.apply(List.copyOf(wanted));
      parameters.forEach(parameter -> wanted.add(parameter.value()));
      Tensor loss = Tensor.of(0);
      for (int i = 0; i < probes.size(); i++) {
        Tensor probe = probes.get(i).detach().tracked();
        wanted.add(probe);
        loss = loss.add(results.get(i).multiply(probe).sum());
      }
      return new Swept(wanted, loss);
    }

    List<double[]> gradients() {
      Swept swept = sweep();
      return swept.hosted(Gradients.of(swept.loss(), swept.wanted()));
    }

    List<double[]> secondGradients(List<double[]> directions) {
      Swept swept = sweep();
      Gradients first = Gradients.differentiable(swept.loss(), swept.wanted());
      Tensor sum = Tensor.of(0);
      for (int n = 0; n < directions.size(); n++) {
        Tensor gradient = first.withRespectTo(swept.wanted().get(n)).flatten();
        sum = sum.add(gradient.multiply(vector(directions.get(n))).sum());
      }
      return swept.hosted(Gradients.of(sum, swept.wanted()));
    }

    double[] differences(int n) {
      double[] start = value(n).toDoubles();
      double[] slopes = new double[start.length];
      for (int i = 0; i < start.length; i++) {
        double[] moved = start.clone();
        moved[i] = start[i] + STEP;
        set(n, moved);
        double above = loss();
        moved[i] = start[i] - STEP;
        set(n, moved);
        slopes[i] = (above - loss()) / (2 * STEP);
      }
      set(n, start);
      return slopes;
    }

    private double loss() {
      return Tensor.unrecorded(() -> {
        double sum = 0;
        List<Tensor> results = function.apply(List.copyOf(inputs));
        for (int i = 0; i < probes.size(); i++) {
          sum += results.get(i).multiply(probes.get(i)).sum().toDoubles()[0];
        }
        return sum;
      });
    }

    /// A random direction for each input, parameter and probe.
    List<double[]> directions() {
      Key key = Key.of(SEED).fold("directions");
      List<double[]> directions = new ArrayList<>();
      for (int n = 0; n < names.size(); n++) {
        float[] normal = key.fold(n).normal(value(n).shape().elements());
        double[] direction = new double[normal.length];
        Arrays.setAll(direction, i -> normal[i]);
        directions.add(direction);
      }
      return directions;
    }

    /// Adds `step` times the direction everywhere.
    void move(List<double[]> directions, double step) {
      for (int n = 0; n < directions.size(); n++) {
        double[] direction = directions.get(n);
        double[] moved = value(n).toDoubles();
        Arrays.setAll(moved, i -> moved[i] + step * direction[i]);
        set(n, moved);
      }
    }

    private Tensor value(int n) {
      int p = n - inputs.size();
      if (p < 0) {
        return inputs.get(n);
      }
      return p < parameters.size() ? parameters.get(p).value() : probes.get(p - parameters.size());
    }

    private void set(int n, double[] numbers) {
      Tensor changed = vector(numbers).reshape(value(n).shape());
      int p = n - inputs.size();
      if (p < 0) {
        inputs.set(n, changed);
      } else if (p < parameters.size()) {
        parameters.get(p).refill(changed);
      } else {
        probes.set(p - parameters.size(), changed);
      }
    }

    private static Tensor vector(double[] numbers) {
      return Tensor.of(numbers, numbers.length);
    }
  }
}
