package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.geometry.SymmetryReport;
import org.orrery.inference.CalibrationFactor;
import org.orrery.inference.Coverage;
import org.orrery.inference.CredibleInterval;
import org.orrery.inference.Pit;
import org.orrery.inference.Predictions;
import org.orrery.inference.ReducedChiSquared;
import org.orrery.inference.Score;
import org.orrery.inference.Tarp;
import org.orrery.report.GalaxyResult;
import org.orrery.tensor.Key;

/// Predictions held against the truth, in the form of the report.
final class Audit {
  private static final int RESAMPLES = 4000;
  private static final int BINS = 10;

  private Audit() {
  }

  /// The calibration before and after a factor.
  static GalaxyResult.Calibration calibration(Predictions before, CalibrationFactor factor, Key key) {
    return new GalaxyResult.Calibration(factor.factor(0), of(before, key), of(factor.apply(before), key));
  }

  private static GalaxyResult.Audit of(Predictions predictions, Key key) {
    Coverage coverage = Coverage.of(predictions);
    ReducedChiSquared chi = ReducedChiSquared.of(predictions);
    Pit pit = Pit.of(predictions);
    List<Double> tarp = Tarp.of(predictions, SimulationSet.PRIOR, key.fold("tarp")).points().stream()
        .map(point -> point[1]).toList();
    return new GalaxyResult.Audit(each(p -> coverage.fraction(p, 0.68)), each(p -> coverage.fraction(p, 0.95)),
        each(chi::value), IntStream.range(0, parameters()).mapToObj(p -> counts(pit, p, predictions.size())).toList(),
        tarp);
  }

  /// The claims of a model and how they stood the trial. An output that is not finite counts as the largest error that a page
  /// can show.
  static List<GalaxyResult.Claim> claims(SymmetryReport report) {
    return report.results().stream().map(result -> new GalaxyResult.Claim(result.group(),
        Math.min(result.error(), Double.MAX_VALUE), result.tolerance(), result.brokenBy())).toList();
  }

  private static int parameters() {
    return SimulationSet.PARAMETERS.size();
  }

  private interface OfParameter {
    double at(int parameter);
  }

  private static List<Double> each(OfParameter value) {
    return IntStream.range(0, parameters()).mapToObj(value::at).toList();
  }

  private static List<Integer> counts(Pit pit, int parameter, int size) {
    int[] counts = new int[BINS];
    for (double value : pit.values(parameter)) {
      counts[Math.min(BINS - 1, (int) (value * BINS))]++;
    }
    if (Arrays.stream(counts).sum() != size) {
      throw new AssertionError("each box has one value");
    }
    return Arrays.stream(counts).boxed().toList();
  }

  /// A row of the table.
  ///
  /// @param seeds what the same method says from other seeds; fewer than two say nothing of a spread
  static GalaxyResult.Method method(Contender row, int trained, Predictions predictions, List<Predictions> seeds,
      Key key) {
    List<GalaxyResult.Score> scores = new ArrayList<>();
    for (int p = 0; p < parameters(); p++) {
      scores.add(new GalaxyResult.Score(estimate(Score.R2, predictions, p, key),
          estimate(Score.RMSE, predictions, p, key), estimate(Score.RELATIVE_ERROR, predictions, p, key),
          spread(seeds, p), null));
    }
    return new GalaxyResult.Method(row.id(), row.label(), row.sees(), row.network(), trained, scores);
  }

  /// The standard deviation of the error over seeds, of n - 1 degrees of freedom.
  private static @Nullable Double spread(List<Predictions> seeds, int parameter) {
    if (seeds.size() < 2) {
      return null;
    }
    double[] errors = seeds.stream().mapToDouble(seed -> Score.RMSE.of(seed, parameter)).toArray();
    double mean = Arrays.stream(errors).average().orElseThrow();
    return Math.sqrt(Arrays.stream(errors).map(e -> (e - mean) * (e - mean)).sum() / (errors.length - 1));
  }

  /// What several seeds say of the same boxes; null for one.
  static GalaxyResult.@Nullable Seeds seeds(List<Predictions> seeds) {
    if (seeds.size() < 2) {
      return null;
    }
    double sum = 0;
    int pairs = 0;
    for (int first = 0; first < seeds.size(); first++) {
      for (int second = 0; second < first; second++) {
        for (int p = 0; p < parameters(); p++, pairs++) {
          sum += correlation(offsets(seeds.get(first), p), offsets(seeds.get(second), p));
        }
      }
    }
    return new GalaxyResult.Seeds(seeds.size(), sum / pairs, seeds.stream().map(seed -> new GalaxyResult.Seed(
        each(p -> Score.R2.of(seed, p)), each(p -> Score.RMSE.of(seed, p)))).toList());
  }

  private static double[] offsets(Predictions predictions, int parameter) {
    return IntStream.range(0, predictions.size()).mapToDouble(
        box -> predictions.posterior(box).mean()[parameter] - predictions.truth(box)[parameter]).toArray();
  }

  private static double correlation(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElseThrow();
    double meanY = Arrays.stream(y).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
  }

  private static GalaxyResult.Estimate estimate(Score score, Predictions predictions, int parameter, Key key) {
    CredibleInterval within = score.interval(predictions, parameter, 0.95, RESAMPLES, key.fold(score.name()));
    return new GalaxyResult.Estimate(score.of(predictions, parameter), within.low(), within.high());
  }

  /// Two methods on the same boxes, which are drawn together.
  static GalaxyResult.Comparison comparison(String id, Predictions method, String other, Predictions baseline,
      Key key) {
    int size = method.size();
    double[][][] errors = {errors(method), errors(baseline)};
    double[][] ratios = new double[parameters()][RESAMPLES];
    int better = 0;
    for (int draw = 0; draw < RESAMPLES; draw++) {
      int[] chosen = key.fold("comparison").fold(draw).integers(size, size);
      boolean all = true;
      for (int p = 0; p < parameters(); p++) {
        ratios[p][draw] = Math.sqrt(sum(errors[0][p], chosen) / sum(errors[1][p], chosen)) - 1;
        all &= ratios[p][draw] < 0;
      }
      better += all ? 1 : 0;
    }
    int[] whole = IntStream.range(0, size).toArray();
    List<GalaxyResult.Estimate> changes = new ArrayList<>();
    for (int p = 0; p < parameters(); p++) {
      Arrays.sort(ratios[p]);
      changes.add(new GalaxyResult.Estimate(Math.sqrt(sum(errors[0][p], whole) / sum(errors[1][p], whole)) - 1,
          ratios[p][(int) (0.025 * RESAMPLES)], ratios[p][(int) (0.975 * RESAMPLES)]));
    }
    return new GalaxyResult.Comparison(id, other, RESAMPLES, better, changes);
  }

  /// Squared errors, `[parameters][boxes]`.
  private static double[][] errors(Predictions predictions) {
    double[][] errors = new double[parameters()][predictions.size()];
    for (int box = 0; box < predictions.size(); box++) {
      double[] mean = predictions.posterior(box).mean();
      double[] truth = predictions.truth(box);
      for (int p = 0; p < errors.length; p++) {
        errors[p][box] = (mean[p] - truth[p]) * (mean[p] - truth[p]);
      }
    }
    return errors;
  }

  private static double sum(double[] values, int[] chosen) {
    double sum = 0;
    for (int i : chosen) {
      sum += values[i];
    }
    return sum;
  }

  /// A test box as the page shows it.
  static List<GalaxyResult.TestBox> boxes(Predictions predictions) {
    return IntStream.range(0, predictions.size()).mapToObj(box -> new GalaxyResult.TestBox(list(predictions.truth(box)),
        list(predictions.posterior(box).mean()),
        Arrays.stream(predictions.posterior(box).covariance()).map(Audit::list).toList())).toList();
  }

  static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
