package org.orrery.inference;

import java.util.ArrayList;
import java.util.List;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;

/// A normal posterior, p(theta | x) = N(theta; m(x), C(x)).
///
/// A diagonal C (Nix & Weigend 1994) is right for each parameter alone, and wrong for them together where their errors
/// correlate; a full one costs d (d - 1) / 2 numbers more (Williams 1996).
///
/// @param network from a summary to [#numbers(int, Covariance)] numbers
/// @param scaler of the parameters; it shifts and scales
/// @param covariance the form of C
public record GaussianHead(Layer network, Scaler scaler, Covariance covariance) implements PosteriorHead {
  private static final String NAME = "gaussian head";

  /// The form of a covariance.
  public enum Covariance {
    /// a variance for each parameter
    DIAGONAL,
    /// variances and correlations
    FULL
  }

  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where the network gives another number of numbers, or the scaler takes logarithms
  public GaussianHead {
    Standardization.checkWidth(NAME, network, numbers(Standardization.dimensions(NAME, scaler), covariance));
  }

  /// A head with a linear map from the summary.
  ///
  /// @param width of the summary
  public static GaussianHead create(int width, Scaler scaler, Covariance covariance, Key key) {
    int numbers = numbers(Standardization.dimensions(NAME, scaler), covariance);
    return new GaussianHead(Linear.create(width, numbers, key), scaler, covariance);
  }

  /// How many numbers a network must give for so many parameters: 2 d, and d (d - 1) / 2 more for a full covariance.
  public static int numbers(int dimensions, Covariance covariance) {
    return new GaussianNumbers(dimensions, covariance == Covariance.FULL).count();
  }

  private GaussianNumbers form() {
    return new GaussianNumbers(dimensions(), covariance == Covariance.FULL);
  }

  @Override
  public int dimensions() {
    return Standardization.scale(scaler).shape().size(0);
  }

  @Override
  public Tensor negativeLogDensity(Tensor summary, Tensor theta, Mode mode) {
    Standardization.check(NAME, summary, theta, dimensions());
    Tensor numbers = Standardization.numbers(NAME, network.apply(summary, mode), form().count());
    return Standardization.logVolume(scaler)
        .subtract(form().logDensity(numbers.unsqueeze(1), scaler.apply(theta)).squeeze(1));
  }

  @Override
  public List<Posterior> posteriors(Tensor summary) {
    GaussianNumbers form = form();
    double[] numbers = Tensor.unrecorded(
        () -> Standardization.numbers(NAME, network.apply(summary, Mode.inference()), form.count())).toDoubles();
    double[] offset = Standardization.offset(scaler);
    double[] scale = Standardization.scale(scaler).toDoubles();
    List<Posterior> posteriors = new ArrayList<>(summary.rows());
    for (int from = 0; from < numbers.length; from += form.count()) {
      posteriors.add(new GaussianMixture(new double[] {1}, new double[][] {form.mean(numbers, from, offset, scale)},
          List.of(form.factor(NAME, numbers, from, scale))));
    }
    return List.copyOf(posteriors);
  }
}
