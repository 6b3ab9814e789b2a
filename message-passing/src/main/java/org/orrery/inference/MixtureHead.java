package org.orrery.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;

/// A mixture density network: p(theta | x) = sum_c a_c(x) N(theta; m_c(x), C_c(x)) with full covariances.
///
/// Bishop 1994. With diagonal covariances alone, as in [org.orrery.losses.MixtureDensity], a correlation costs several
/// components.
///
/// @param network from a summary to [#numbers(int, int)] numbers
/// @param scaler of the parameters; it shifts and scales
/// @param components how many
public record MixtureHead(Layer network, Scaler scaler, int components) implements PosteriorHead {
  private static final String NAME = "mixture head";

  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where the network gives another number of numbers, or the scaler takes logarithms
  public MixtureHead {
    Require.positive(NAME, "components", components);
    Standardization.checkWidth(NAME, network, numbers(Standardization.dimensions(NAME, scaler), components));
  }

  /// A head with a linear map from the summary.
  ///
  /// @param width of the summary
  public static MixtureHead create(int width, Scaler scaler, int components, Key key) {
    int numbers = numbers(Standardization.dimensions(NAME, scaler), components);
    return new MixtureHead(Linear.create(width, numbers, key), scaler, components);
  }

  /// How many numbers a network must give: the logarithm of a weight and a normal distribution for each component.
  public static int numbers(int dimensions, int components) {
    return components * (1 + new GaussianNumbers(dimensions, true).count());
  }

  private GaussianNumbers form() {
    return new GaussianNumbers(dimensions(), true);
  }

  @Override
  public int dimensions() {
    return Standardization.scale(scaler).shape().size(0);
  }

  @Override
  public Tensor negativeLogDensity(Tensor summary, Tensor theta, Mode mode) {
    Standardization.check(NAME, summary, theta, dimensions());
    int own = components * form().count();
    List<Tensor> parts = Standardization
        .numbers(NAME, network.apply(summary, mode), components + own).split(1, components, own);
    Tensor each = form().logDensity(parts.get(1).reshape(summary.rows(), components, form().count()),
        scaler.apply(theta));
    return Standardization.logVolume(scaler).subtract(parts.get(0).logSoftmax(-1).add(each).logSumExp(-1));
  }

  @Override
  public List<Posterior> posteriors(Tensor summary) {
    GaussianNumbers form = form();
    int width = components * (1 + form.count());
    double[] numbers = Tensor.unrecorded(
        () -> Standardization.numbers(NAME, network.apply(summary, Mode.inference()), width)).toDoubles();
    double[] offset = Standardization.offset(scaler);
    double[] scale = Standardization.scale(scaler).toDoubles();
    List<Posterior> posteriors = new ArrayList<>(summary.rows());
    for (int from = 0; from < numbers.length; from += width) {
      double[] weights = softmax(Arrays.copyOfRange(numbers, from, from + components));
      double[][] means = new double[components][];
      List<CovarianceFactor> factors = new ArrayList<>(components);
      for (int c = 0; c < components; c++) {
        int at = from + components + c * form.count();
        means[c] = form.mean(numbers, at, offset, scale);
        factors.add(form.factor(NAME, numbers, at, scale));
      }
      posteriors.add(new GaussianMixture(weights, means, factors));
    }
    return List.copyOf(posteriors);
  }

  static double[] softmax(double[] logits) {
    double top = Arrays.stream(logits).max().orElseThrow();
    double[] weights = Arrays.stream(logits).map(logit -> Math.exp(logit - top)).toArray();
    double total = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / total).toArray();
  }
}
