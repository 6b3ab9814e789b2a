package org.orrery.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.orrery.nn.Require;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.cpu.Parallel;

/// Posteriors of test examples beside the true parameters: what every diagnostic looks at, each example of it.
/// ```java
/// Predictions predictions = Predictions.of(head.posteriors(summary), theta);
/// double p = Coverage.of(predictions).jointPValue();
/// ```
public final class Predictions {
  private static final String NAME = "predictions";

  private final List<Posterior> posteriors;
  private final double[][] truths;
  private final double[][] means;

  private Predictions(List<Posterior> posteriors, double[][] truths) {
    this.posteriors = posteriors;
    this.truths = truths;
    this.means = new double[truths.length][];
    Parallel.current().forEach(truths.length, i -> means[i] = posteriors.get(i).mean());
  }

  /// Posteriors and truths of the same examples, in the same order.
  ///
  /// @param truths a row for each posterior
  /// @throws IllegalArgumentException where there are none, numbers or widths differ, or a truth is not finite
  public static Predictions of(List<? extends Posterior> posteriors, double[][] truths) {
    Require.that(!posteriors.isEmpty() && posteriors.size() == truths.length, NAME,
        posteriors.size() + " posteriors and " + truths.length
            + " truths; as many of both, at least one, are required");
    int size = posteriors.getFirst().dimensions();
    for (int i = 0; i < truths.length; i++) {
      Require.that(truths[i].length == size && posteriors.get(i).dimensions() == size, NAME,
          "example " + i + " has a posterior of " + posteriors.get(i).dimensions() + " and a truth of "
              + truths[i].length + " parameters; " + size + " are required");
      for (double truth : truths[i]) {
        Require.that(Double.isFinite(truth), NAME,
            "truth of example " + i + " is " + truth + "; finite numbers are required");
      }
    }
    return new Predictions(List.copyOf(posteriors), Checks.copy(truths));
  }

  /// Posteriors and truths `[examples, dimensions]` of the same examples, in the same order.
  ///
  /// @throws IllegalArgumentException where there are none, numbers or widths differ, or a truth is not finite
  public static Predictions of(List<? extends Posterior> posteriors, Tensor truths) {
    Require.that(truths.rank() == 2, NAME, "truths " + truths.shape() + "; [examples, dimensions] is required");
    double[] values = truths.toDoubles();
    double[][] rows = new double[truths.rows()][truths.columns()];
    for (int k = 0; k < values.length; k++) {
      rows[k / truths.columns()][k % truths.columns()] = values[k];
    }
    return of(posteriors, rows);
  }

  /// How many examples.
  public int size() {
    return truths.length;
  }

  /// How many parameters.
  public int dimensions() {
    return truths[0].length;
  }

  /// The posterior of an example.
  public Posterior posterior(int example) {
    return posteriors.get(example);
  }

  /// The true parameters of an example.
  public double[] truth(int example) {
    return truths[example].clone();
  }

  /// mean log p(truth) over all examples: the higher, the better and the sharper at once. Minus infinity where a truth has no density.
  public double meanLogDensity() {
    double sum = 0;
    for (int i = 0; i < truths.length; i++) {
      sum += posteriors.get(i).logDensity(truths[i]);
    }
    return sum / truths.length;
  }

  /// The same truths with each posterior changed, as by a [CalibrationFactor].
  public Predictions map(UnaryOperator<Posterior> change) {
    List<Posterior> changed = new ArrayList<>(posteriors.size());
    posteriors.forEach(posterior -> changed.add(change.apply(posterior)));
    return of(changed, truths);
  }

  /// The true values of one parameter.
  double[] truths(int parameter) {
    return column(truths, parameter);
  }

  /// The posterior means of one parameter.
  double[] means(int parameter) {
    return column(means, parameter);
  }

  private double[] column(double[][] rows, int parameter) {
    Checks.parameter(NAME, parameter, dimensions());
    double[] column = new double[rows.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = rows[i][parameter];
    }
    return column;
  }
}
