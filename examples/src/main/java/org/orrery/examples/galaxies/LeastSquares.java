package org.orrery.examples.galaxies;

import java.util.List;
import org.orrery.inference.LeastSquares.Columns;
import org.orrery.inference.Posterior;

/// A baseline without a network: ridge regression ([org.orrery.inference.LeastSquares]) of the parameters on a [Statistic]; where its numbers
/// are few, products of two of them are columns too.
///
/// @param numbers of boxes
/// @param fit to the training boxes, its penalties chosen by the validation boxes
record LeastSquares(StatisticTable numbers, org.orrery.inference.LeastSquares fit) implements Estimator {
  /// With at most so many numbers a box, products of two are columns too.
  static final int FEW = 36;

  /// Fits the slopes to training boxes, and chooses penalties and the covariance by validation boxes.
  static LeastSquares fit(StatisticTable numbers, List<Simulation> training, List<Simulation> validation) {
    double[][] x = numbers.of(training);
    Columns columns = x[0].length <= FEW ? Columns.QUADRATIC : Columns.LINEAR;
    return new LeastSquares(numbers, org.orrery.inference.LeastSquares.fit(columns, x, truths(training),
        numbers.of(validation), truths(validation)));
  }

  private static double[][] truths(List<Simulation> boxes) {
    return boxes.stream().map(Simulation::parameters).toArray(double[][]::new);
  }

  /// The penalty that was chosen for a parameter.
  double penalty(int parameter) {
    return fit.penalty(parameter);
  }

  /// How many columns a box has.
  int width() {
    return fit.width();
  }

  @Override
  public List<Posterior> posteriors(List<Simulation> boxes) {
    return fit.posteriors(numbers.of(boxes));
  }
}
