package org.orrery.inference;

import java.util.ArrayList;
import java.util.List;
import org.orrery.losses.MomentNetwork;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;

/// A moment network: mean and standard deviation of each parameter's posterior, learned from samples without a form of
/// the density. Jeffrey & Wandelt 2020; the loss is [MomentNetwork].
///
/// A network that minimizes it gives E[theta | x] and sqrt Var[theta | x] whatever the posterior looks like. It says
/// nothing of correlations and shapes: where densities and draws are asked for, they are those of independent normal
/// distributions with these moments.
///
/// @param network from a summary to 2 d numbers: means, then logarithms of standard deviations
/// @param scaler of the parameters; it shifts and scales
public record MomentHead(Layer network, Scaler scaler) implements PosteriorHead {
  private static final String NAME = "moment head";

  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where the network gives another number of numbers, or the scaler takes logarithms
  public MomentHead {
    Standardization.checkWidth(NAME, network, 2 * Standardization.dimensions(NAME, scaler));
  }

  /// A head with a linear map from the summary.
  ///
  /// @param width of the summary
  public static MomentHead create(int width, Scaler scaler, Key key) {
    return new MomentHead(Linear.create(width, 2 * Standardization.dimensions(NAME, scaler), key), scaler);
  }

  @Override
  public int dimensions() {
    return Standardization.scale(scaler).shape().size(0);
  }

  private List<Tensor> moments(Tensor summary, Mode mode) {
    int size = dimensions();
    return Standardization.numbers(NAME, network.apply(summary, mode), 2 * size).split(1, size, size);
  }

  /// The loss of [MomentNetwork] over standardized parameters, shape `[]`: it depends on the batch as a whole.
  @Override
  public Tensor loss(Tensor summary, Tensor theta, Mode mode) {
    Standardization.check(NAME, summary, theta, dimensions());
    List<Tensor> moments = moments(summary, mode);
    return MomentNetwork.loss(moments.get(0), moments.get(1).exp(), scaler.apply(theta));
  }

  /// That of independent normal distributions with these moments.
  @Override
  public Tensor negativeLogDensity(Tensor summary, Tensor theta, Mode mode) {
    Standardization.check(NAME, summary, theta, dimensions());
    List<Tensor> moments = moments(summary, mode);
    Tensor numbers = Tensor.concat(1, moments.get(0), moments.get(1).negate()).unsqueeze(1);
    Tensor logDensity = new GaussianNumbers(dimensions(), false).logDensity(numbers, scaler.apply(theta)).squeeze(1);
    return Standardization.logVolume(scaler).subtract(logDensity);
  }

  @Override
  public List<Posterior> posteriors(Tensor summary) {
    List<Tensor> moments = Tensor.unrecorded(() -> moments(summary, Mode.inference()));
    int size = dimensions();
    GaussianNumbers form = new GaussianNumbers(size, false);
    double[] numbers = Tensor.concat(1, moments.get(0), moments.get(1).negate()).toDoubles();
    double[] offset = Standardization.offset(scaler);
    double[] scale = Standardization.scale(scaler).toDoubles();
    List<Posterior> posteriors = new ArrayList<>(summary.rows());
    for (int from = 0; from < numbers.length; from += 2 * size) {
      posteriors.add(new GaussianMixture(new double[] {1}, new double[][] {form.mean(numbers, from, offset, scale)},
          List.of(form.factor(NAME, numbers, from, scale))));
    }
    return List.copyOf(posteriors);
  }
}
