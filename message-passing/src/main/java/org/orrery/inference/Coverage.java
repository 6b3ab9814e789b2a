package org.orrery.inference;

import java.util.stream.IntStream;
import org.orrery.tensor.cpu.Parallel;

/// Expected coverage: how often the truth lies in the credible region of each level. Posteriors that are right on average
/// cover c of the truths at level c, for every c.
///
/// For each parameter the regions are central intervals: the truth is inside at level c where |2 F(truth) - 1| <= c, F the marginal
/// distribution. Jointly they are regions of highest density: inside where [Posterior#credibility] <= c (Hermans et al. 2022).
/// In a figure of coverage over level, a curve below the diagonal is overconfident (too narrow), one above too wide. A bias
/// lowers the curve too; [Pit] tells them apart.
public final class Coverage {
  private final Uniformity[] marginal;
  private final Uniformity joint;

  private Coverage(Uniformity[] marginal, Uniformity joint) {
    this.marginal = marginal;
    this.joint = joint;
  }

  /// The coverage of all examples.
  public static Coverage of(Predictions predictions) {
    int size = predictions.dimensions();
    double[][] levels = new double[size][predictions.size()];
    double[] joint = new double[predictions.size()];
    Parallel.current().forEach(joint.length, n -> {
      double[] truth = predictions.truth(n);
      for (int i = 0; i < size; i++) {
        levels[i][n] = Math.abs(2 * predictions.posterior(n).cumulative(i, truth[i]) - 1);
      }
      joint[n] = predictions.posterior(n).credibility(truth);
    });
    return new Coverage(IntStream.range(0, size).mapToObj(i -> new Uniformity(levels[i])).toArray(Uniformity[]::new),
        new Uniformity(joint));
  }

  private Uniformity of(int parameter) {
    Checks.parameter("coverage", parameter, marginal.length);
    return marginal[parameter];
  }

  /// The share of truths in the central interval of this level.
  public double fraction(int parameter, double level) {
    return of(parameter).share(level);
  }

  /// The share of truths in the region of highest density of this level.
  public double jointFraction(double level) {
    return joint.share(level);
  }

  /// Where the share lies with this confidence if the level is right.
  public BinomialBand band(double level, double confidence) {
    return BinomialBand.of(joint.size(), level, confidence);
  }

  /// The area between coverage and diagonal, the mean of share - level over levels: below 0 for overconfident posteriors,
  /// -1/2 where no truth is ever inside. 0 +- [#excessError] if they are right.
  public double excess(int parameter) {
    return 0.5 - of(parameter).mean();
  }

  /// The area between joint coverage and diagonal.
  public double jointExcess() {
    return 0.5 - joint.mean();
  }

  /// The standard deviation of an excess if posteriors are right: 1 / sqrt(12 n) for n examples.
  public double excessError() {
    return Uniformity.errorOfMean(joint.size());
  }

  /// The probability of a curve as far from the diagonal anywhere, if posteriors are right (Kolmogorov-Smirnov).
  public double pValue(int parameter) {
    return of(parameter).kolmogorovSmirnov();
  }

  /// The same for the joint coverage.
  public double jointPValue() {
    return joint.kolmogorovSmirnov();
  }
}
