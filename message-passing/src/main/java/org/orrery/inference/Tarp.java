package org.orrery.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.cpu.Parallel;

/// Tests of accuracy with random points: joint coverage by balls about reference points, without densities. Lemos et al. 2023.
///
/// For a reference r the credibility of the truth is the share f of draws nearer to r than the truth is, distances over coordinates that
/// the spread of all draws divides. f is uniform where posteriors are right and r does not depend on the truth, given the data. The coverage
/// at level c is the share of f <= c, over all examples and several references each.
///
/// In a figure of coverage over level, an S that is above the diagonal at low levels and below it at high ones is overconfident, the other S too
/// wide: most references lie outside of the posterior, and balls about them are cuts through it. A bias pulls the curve to one side.
///
/// **References.** One that looks at the truth breaks the test: at r = truth no draw is nearer and f = 0, however good the posterior. So
/// references come from a box, fresh for each example, or from a function that is given no truth. In a posterior's bulk or far
/// outside of it they see other defects; spread over the prior they see both. With references that ignore the data, the prior itself as
/// every posterior passes: look at [Score#R2] too.
///
/// **Band.** If posteriors are right, the truth is one more draw. So one draw of each example takes the place of the truth, many times
/// over with the same references: the curves of these give band and p-value, the dependence between references of an example included.
public final class Tarp {
  /// Where references come from. It is not given the truth.
  @FunctionalInterface
  public interface References {
    /// A reference point for an example.
    ///
    /// @param posterior of the example
    /// @param key of this reference alone
    double[] point(Posterior posterior, Key key);

    /// Uniform in a box, such as the prior.
    static References uniform(PriorBox box) {
      return (posterior, key) -> box.sample(key, 1)[0];
    }
  }

  /// How much work is done.
  ///
  /// @param references of each example
  /// @param draws from each posterior
  /// @param nullCurves how many curves of right posteriors are made
  public record Effort(int references, int draws, int nullCurves) {
    /// 20 references, 200 draws and 200 curves.
    public static final Effort USUAL = new Effort(20, 200, 200);

    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException unless there are references and curves, and two draws
    public Effort {
      Require.positive("tarp", "references", references);
      Require.positive("tarp", "curves", nullCurves);
      Require.that(draws >= 2, "tarp", draws + " draws; at least 2 are required");
    }
  }

  private static final int LEVELS = 100;

  private final double[] curve;
  private final double[][] nullCurves;

  private Tarp(double[] curve, double[][] nullCurves) {
    this.curve = curve;
    this.nullCurves = nullCurves;
  }

  /// The test with references uniform in a box and the usual effort.
  public static Tarp of(Predictions predictions, PriorBox box, Key key) {
    return of(predictions, References.uniform(box), Effort.USUAL, key);
  }

  /// The test.
  ///
  /// @throws IllegalArgumentException where a reference has another number of parameters
  public static Tarp of(Predictions predictions, References references, Effort effort, Key key) {
    double[][][] drawn = new double[predictions.size()][][];
    Parallel.current().forEach(drawn.length,
        n -> drawn[n] = predictions.posterior(n).sample(key.fold(n).fold("draws"), effort.draws()));
    double[] scales = scales(drawn);
    int[] counts = new int[LEVELS + 1];
    int[][] nullCounts = new int[effort.nullCurves()][LEVELS + 1];
    for (int n = 0; n < predictions.size(); n++) {
      Key own = key.fold(n);
      Posterior posterior = predictions.posterior(n);
      double[][] draws = drawn[n];
      int[] inPlace = own.fold("null").integers(effort.nullCurves(), effort.draws());
      for (int r = 0; r < effort.references(); r++) {
        double[] reference = references.point(posterior, own.fold("reference").fold(r));
        Checks.dimensions("tarp reference", reference, scales.length);
        double[] distances = new double[effort.draws()];
        Arrays.setAll(distances, k -> squaredDistance(draws[k], reference, scales));
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        double u = own.fold("tie").fold(r).uniformDouble(1)[0];
        counts[level(below(sorted, squaredDistance(predictions.truth(n), reference, scales)), effort.draws(), u)]++;
        for (int b = 0; b < inPlace.length; b++) { // without itself: one draw fewer
          nullCounts[b][level(below(sorted, distances[inPlace[b]]), effort.draws() - 1, u)]++;
        }
      }
    }
    int total = predictions.size() * effort.references();
    return new Tarp(cumulated(counts, total),
        Arrays.stream(nullCounts).map(c -> cumulated(c, total)).toArray(double[][]::new));
  }

  /// The standard deviation of each parameter over all draws: no truth is looked at.
  private static double[] scales(double[][][] drawn) {
    double[] scales = new double[drawn[0][0].length];
    for (int i = 0; i < scales.length; i++) {
      int parameter = i;
      double[] values = Arrays.stream(drawn).flatMap(Arrays::stream).mapToDouble(draw -> draw[parameter]).toArray();
      double mean = Arrays.stream(values).sum() / values.length;
      double variance = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / values.length;
      scales[i] = variance > 0 ? Math.sqrt(variance) : 1;
    }
    return scales;
  }

  private static double squaredDistance(double[] x, double[] reference, double[] scales) {
    double sum = 0;
    for (int i = 0; i < scales.length; i++) {
      double d = (x[i] - reference[i]) / scales[i];
      sum += d * d;
    }
    return sum;
  }

  private static int below(double[] sorted, double value) {
    int at = Arrays.binarySearch(sorted, value);
    while (at > 0 && sorted[at - 1] == value) {
      at--;
    }
    return at < 0 ? -at - 1 : at;
  }

  /// The first level that covers a truth with so many of n draws nearer: f = (nearer + u) / (n + 1), u uniform, has no steps.
  private static int level(int nearer, int draws, double u) {
    return (int) Math.min(LEVELS, Math.ceil((nearer + u) / (draws + 1) * LEVELS));
  }

  private static double[] cumulated(int[] counts, int total) {
    double[] curve = new double[counts.length];
    long sum = 0;
    for (int l = 0; l < curve.length; l++) {
      sum += counts[l];
      curve[l] = sum / (double) total;
    }
    return curve;
  }

  /// The share of truths in the region of this level; straight lines between hundredths.
  public double coverage(double level) {
    return at(curve, level);
  }

  /// Where the coverage lies with this confidence if posteriors are right.
  public CredibleInterval band(double level, double confidence) {
    Checks.probability("tarp", "confidence", confidence);
    double[] values = Arrays.stream(nullCurves).mapToDouble(c -> at(c, level)).sorted().toArray();
    return new CredibleInterval(Resamples.quantile(values, (1 - confidence) / 2),
        Resamples.quantile(values, (1 + confidence) / 2));
  }

  private static double at(double[] curve, double level) {
    Require.that(level >= 0 && level <= 1, "tarp", "level " + level + "; a number of 0 to 1 is required");
    int below = Math.min((int) (level * LEVELS), LEVELS - 1);
    return curve[below] + (level * LEVELS - below) * (curve[below + 1] - curve[below]);
  }

  /// The area between coverage and diagonal, with its sign: a bias, or widths where references lie in the bulk of posteriors. The two halves of an S
  /// cancel in it.
  public double excess() {
    return Arrays.stream(curve).sum() / (LEVELS + 1) - 0.5;
  }

  /// The largest distance of the curve from the diagonal.
  public double distance() {
    return distance(curve);
  }

  private static double distance(double[] curve) {
    double largest = 0;
    for (int l = 0; l < curve.length; l++) {
      largest = Math.max(largest, Math.abs(curve[l] - l / (double) LEVELS));
    }
    return largest;
  }

  /// The probability of a distance as large if posteriors are right: (1 + curves with one) / (1 + curves).
  public double pValue() {
    double own = distance();
    long larger = Arrays.stream(nullCurves).filter(c -> distance(c) >= own).count();
    return (1 + larger) / (1.0 + nullCurves.length);
  }

  /// The levels 0, 0.01, ..., 1 with their coverage, for a figure.
  public List<double[]> points() {
    List<double[]> points = new ArrayList<>();
    for (int l = 0; l < curve.length; l++) {
      points.add(new double[] {l / (double) LEVELS, curve[l]});
    }
    return points;
  }
}
