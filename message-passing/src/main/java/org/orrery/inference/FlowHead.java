package org.orrery.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.nn.Activation;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;

/// A conditional neural spline flow: any smooth density, exact to evaluate and to draw from. Durkan et al. 2019; autoregressive as in
/// Papamakarios et al. 2017.
///
/// A transform takes each parameter to z_i = g_i(e^(a_i) (u_i - m_i)), abs(a_i) < 7, g_i a rational-quadratic spline with linear tails. Its numbers
/// m_i, a_i and those of g_i come from a network of its own that sees the summary and the parameters before it: so the Jacobian is
/// triangular. A second transform takes the parameters in reverse order, and so on; the last z is standard normal. The affine part makes a narrow
/// normal posterior as easy as a wide one, and splines at rest leave a normal distribution.
///
/// Draws go through the exact inverse, parameter by parameter. Moments and marginals are averages over 1,024 even points.
///
/// @param conditioners a network for each transform and parameter, transform after transform
/// @param scaler of the parameters; it shifts and scales
/// @param form the sizes
public record FlowHead(List<Mlp> conditioners, Scaler scaler, Form form) implements PosteriorHead {
  private static final String NAME = "flow head";
  private static final double FARTHEST_STRETCH = 7; // e^7 = 1,100: what is far out cannot overflow

  /// The sizes of a flow.
  ///
  /// @param transforms how many
  /// @param bins of each spline
  /// @param bound where the linear tails of splines begin, in standard deviations or so
  /// @param hidden the width of the networks, which have two hidden layers
  public record Form(int transforms, int bins, double bound, int hidden) {
    /// Two transforms of eight bins between -4 and 4, networks of width 32.
    public static final Form USUAL = new Form(2, 8, 4, 32);

    /// Checks the sizes.
    ///
    /// @throws IllegalArgumentException naming one that does not do
    public Form {
      Require.positive(NAME, "transforms", transforms);
      Require.positive(NAME, "hidden width", hidden);
      new RationalQuadraticSpline(bins, bound);
    }

    /// With another number of transforms.
    public Form withTransforms(int number) {
      return new Form(number, bins, bound, hidden);
    }

    RationalQuadraticSpline spline() {
      return new RationalQuadraticSpline(bins, bound);
    }

    /// a, which a hyperbolic tangent keeps between -7 and 7.
    static double stretch(double number) {
      return FARTHEST_STRETCH * Math.tanh(number / FARTHEST_STRETCH);
    }

    /// m, a and the numbers of a spline.
    int numbers() {
      return 2 + spline().numbers();
    }
  }

  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where the number of networks or a width is not what the form wants, a network has
  /// norms, dropout or an ending, or the scaler takes logarithms
  public FlowHead {
    conditioners = List.copyOf(conditioners);
    int size = Standardization.dimensions(NAME, scaler);
    Require.that(conditioners.size() == form.transforms() * size, NAME,
        conditioners.size() + " networks; one for each of " + form.transforms() + " transforms of " + size
            + " parameters is required");
    for (int k = 0; k < conditioners.size(); k++) {
      Mlp network = conditioners.get(k);
      int before = k % size;
      int in = conditioners.getFirst().in() + before;
      int out = network.linears().getLast().out();
      Require.that(network.in() == in && out == form.numbers(), NAME, "network " + k + " from " + network.in() + " to "
          + out + " numbers; from " + in + " to " + form.numbers() + " is required");
      Require.that(network.norms().isEmpty() && network.dropout().rate() == 0 && network.ending() == Mlp.Epilogue.PLAIN,
          NAME, "network " + k + " has norms, dropout or an ending; linear maps and activations alone are required");
    }
  }

  /// A flow with networks of SiLU activations.
  ///
  /// @param width of the summary
  public static FlowHead create(int width, Scaler scaler, Form form, Key key) {
    int size = Standardization.dimensions(NAME, scaler);
    List<Mlp> conditioners = new ArrayList<>();
    for (int k = 0; k < form.transforms() * size; k++) {
      conditioners.add(Mlp.create(key.fold(k), width + k % size, form.hidden(), form.hidden(), form.numbers())
          .withActivation(Activation.SILU));
    }
    return new FlowHead(conditioners, scaler, form);
  }

  @Override
  public int dimensions() {
    return Standardization.scale(scaler).shape().size(0);
  }

  /// The width of the summary.
  public int width() {
    return conditioners.getFirst().in();
  }

  @Override
  public Tensor negativeLogDensity(Tensor summary, Tensor theta, Mode mode) {
    int size = dimensions();
    Standardization.check(NAME, summary, theta, size);
    RationalQuadraticSpline spline = form.spline();
    Tensor z = scaler.apply(theta);
    Tensor logSlopes = z.slice(1, 0, 1).multiply(0);
    for (int t = 0; t < form.transforms(); t++) {
      Tensor u = t == 0 ? z : z.flip(1);
      List<Tensor> images = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        Tensor input = i == 0 ? summary : Tensor.concat(1, summary, u.slice(1, 0, i));
        Tensor numbers = conditioners.get(t * size + i).apply(input, mode);
        Tensor stretch = numbers.slice(1, 1, 2).multiply(1 / FARTHEST_STRETCH).tanh().multiply(FARTHEST_STRETCH);
        Tensor straight = u.slice(1, i, i + 1).subtract(numbers.slice(1, 0, 1)).multiply(stretch.exp());
        RationalQuadraticSpline.Image image = spline.of(straight, numbers.slice(1, 2, form.numbers()));
        images.add(image.value());
        logSlopes = logSlopes.add(image.logSlope()).add(stretch);
      }
      z = Tensor.concat(1, images);
    }
    Tensor base = z.square().multiply(0.5).add(0.5 * Math.log(Math.TAU)).sum(1);
    return base.subtract(logSlopes.squeeze(1)).add(Standardization.logVolume(scaler));
  }

  @Override
  public List<Posterior> posteriors(Tensor summary) {
    Require.that(summary.rank() == 2 && summary.columns() == width(), NAME,
        "summary " + summary.shape() + "; [examples, " + width() + "] is required");
    List<FrozenMlp> frozen = conditioners.stream().map(mlp -> FrozenMlp.of(mlp, width())).toList();
    double[] offset = Standardization.offset(scaler);
    double[] scale = Standardization.scale(scaler).toDoubles();
    double[] rows = summary.toDoubles();
    List<Posterior> posteriors = new ArrayList<>(summary.rows());
    for (int n = 0; n < summary.rows(); n++) {
      double[] own = Arrays.copyOfRange(rows, n * width(), (n + 1) * width());
      posteriors.add(new FlowPosterior(frozen.stream().map(mlp -> mlp.with(own)).toList(), form, offset, scale));
    }
    return List.copyOf(posteriors);
  }
}
