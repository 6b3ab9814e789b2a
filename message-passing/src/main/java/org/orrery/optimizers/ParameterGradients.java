package org.orrery.optimizers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Parameter;
import org.orrery.nn.Require;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Tensor;

/// The gradient of a loss for each parameter that it depends on, to be clipped and handed to an optimizer.
///
/// A parameter that the loss does not depend on has none, and an optimizer leaves it alone, decay included.
public final class ParameterGradients {
  /// A sum of squares below this may lack squares that float32 rounded to 0: those of entries below 2^-63.
  private static final double LEAST_SQUARE = 0x1p-60;

  private final Map<Parameter, Tensor> gradients;

  private ParameterGradients(Map<Parameter, Tensor> gradients) {
    this.gradients = gradients;
  }

  /// dL/dp for each of the parameters by one reverse sweep.
  ///
  /// @throws IllegalArgumentException where the loss is not one number
  public static ParameterGradients of(Tensor loss, Collection<Parameter> parameters) {
    return of(Gradients.of(loss, parameters.stream().map(Parameter::value).toList()), parameters);
  }

  /// The same by a sweep that consumes the history of the loss: in a scope, what was made on the way to the loss gives its memory
  /// back as the sweep passes it, and can't be read afterward; see [Gradients#releasingHistory]. For a step of training, whose results
  /// nobody reads once the loss is known.
  ///
  /// @throws IllegalArgumentException where the loss is not one number
  public static ParameterGradients releasingHistory(Tensor loss, Collection<Parameter> parameters) {
    return of(Gradients.releasingHistory(loss, parameters.stream().map(Parameter::value).toList()), parameters);
  }

  /// What a sweep found for these parameters, which must have been asked for.
  public static ParameterGradients of(Gradients sweep, Collection<Parameter> parameters) {
    Map<Parameter, Tensor> gradients = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      Tensor value = parameter.value();
      if (sweep.reaches(value)) {
        gradients.put(parameter, sweep.withRespectTo(value));
      }
    }
    return new ParameterGradients(gradients);
  }

  /// These gradients, in the order of the map: what an exchange between machines hands back.
  ///
  /// @throws IllegalArgumentException where a gradient has another shape than its parameter
  public static ParameterGradients of(Map<Parameter, Tensor> gradients) {
    gradients.forEach((parameter, gradient) -> Require.that(gradient.shape().equals(parameter.shape()), "gradients",
        gradient.shape() + " for a parameter " + parameter.shape()));
    return new ParameterGradients(new LinkedHashMap<>(gradients));
  }

  /// The gradients by parameter, in the order in which parameters were asked for.
  public Map<Parameter, Tensor> byParameter() {
    return Collections.unmodifiableMap(gradients);
  }

  /// The gradient for a parameter, or null where the loss does not depend on it.
  public @Nullable Tensor of(Parameter parameter) {
    return gradients.get(parameter);
  }

  /// Whether the loss depends on none of the parameters.
  public boolean isEmpty() { return gradients.isEmpty(); }

  /// The Euclidean norm over all parameters together, sqrt(sum of squares), whatever the size of the entries: squares that leave
  /// float32 are taken of entries divided by the largest. NaN where an entry is NaN, infinite where one is infinite.
  ///
  /// Squares are summed tensor by tensor on the device, which is read once, and then in double precision in the order of the
  /// parameters.
  public double norm() {
    if (gradients.isEmpty()) {
      return 0;
    }
    double[] squares = numbers(gradient -> gradient.square().sum());
    double sum = 0;
    for (double square : squares) {
      sum += square;
    }
    return sum >= LEAST_SQUARE && sum < Double.POSITIVE_INFINITY ? Math.sqrt(sum) : scaledNorm();
  }

  /// The norm of entries divided by the largest of their tensor.
  private double scaledNorm() {
    double[] largest = numbers(gradient -> gradient.shape().elements() == 0 ? gradient.sum() : gradient.abs().max());
    double most = 0;
    for (double size : largest) {
      most = Math.max(most, size); // NaN stays NaN
    }
    if (most == 0 || !Double.isFinite(most)) {
      return most;
    }
    double by = most;
    double[] squares = numbers(gradient -> gradient.divide(by).square().sum());
    return most * Math.sqrt(Arrays.stream(squares).sum());
  }

  /// One number of each gradient, read together.
  private double[] numbers(UnaryOperator<Tensor> of) {
    return Tensor.unrecorded(() -> Tensor.concat(0,
        gradients.values().stream().map(gradient -> of.apply(gradient).reshape(1)).toList()).toDoubles());
  }

  /// The parameters whose gradient has an entry that is NaN or infinite.
  public List<Parameter> notFinite() {
    List<Parameter> found = new ArrayList<>();
    gradients.forEach((parameter, gradient) -> {
      if (gradient.backend().firstNonFinite(gradient.data()) >= 0) {
        found.add(parameter);
      }
    });
    return found;
  }

  /// All gradients times min(1, limit / norm): the direction stays. Pascanu, Mikolov & Bengio 2013.
  ///
  /// @throws IllegalArgumentException unless the limit is positive
  /// @throws ArithmeticException where the norm is not finite
  public ParameterGradients clippedByNorm(double limit) {
    return clippedByNorm(limit, norm());
  }

  /// The same where the [#norm()] is known.
  ///
  /// @throws IllegalArgumentException unless the limit is positive
  /// @throws ArithmeticException where the norm is not finite
  public ParameterGradients clippedByNorm(double limit, double norm) {
    Require.positive("clip by norm", "limit", limit);
    if (!Double.isFinite(norm)) {
      throw new ArithmeticException(
          "clip by norm: the norm of the gradients is " + norm + "; a finite one is required");
    }
    return norm <= limit ? this : map(gradient -> scaled(gradient, limit, norm));
  }

  /// gradient limit / norm; a factor that float32 does not hold is applied in two steps.
  private static Tensor scaled(Tensor gradient, double limit, double norm) {
    double factor = limit / (norm + 1e-6);
    double root = Math.sqrt(factor);
    return factor < Float.MIN_NORMAL ? gradient.multiply(root).multiply(root) : gradient.multiply(factor);
  }

  /// Each entry limited to -limit to limit.
  ///
  /// @throws IllegalArgumentException unless the limit is positive
  public ParameterGradients clippedByValue(double limit) {
    Require.positive("clip by value", "limit", limit);
    return map(gradient -> gradient.clamp(-limit, limit));
  }

  private ParameterGradients map(UnaryOperator<Tensor> change) {
    Map<Parameter, Tensor> changed = new LinkedHashMap<>();
    gradients.forEach((parameter, gradient) -> changed.put(parameter, Tensor.unrecorded(() -> change.apply(gradient))));
    return new ParameterGradients(changed);
  }
}
