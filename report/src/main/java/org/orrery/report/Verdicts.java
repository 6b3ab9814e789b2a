package org.orrery.report;

import java.util.List;
import org.orrery.report.GalaxyResult.Claim;
import org.orrery.report.GalaxyResult.Estimate;
import org.orrery.report.GalaxyResult.Input;
import org.orrery.report.GalaxyResult.Stage;
import org.orrery.report.GalaxyResult.Training;

/// What numbers allow to be said. Every threshold of the galaxy page stands here, and nowhere else.
public final class Verdicts {
  /// Below this R2, the upper limit of its interval included, a method leaves a quantity open.
  public static final double LITTLE = 0.25;
  /// Above this R2, the lower limit of its interval included, a trivial method nearly gives a quantity away.
  public static final double NEARLY_THE_ANSWER = 0.5;
  /// Errors of two seeds that correlate at least this much gain nothing from an average.
  public static final double SAME_ERRORS = 0.9;
  /// Validation loss less training loss, over the fall of the validation loss, above which training has memorized.
  public static final double PARTED = 0.1;
  /// A best epoch in this last share of all says that training had not ended by itself.
  public static final double STILL_IMPROVING = 0.9;
  /// Measured time over planned time beyond which, or below whose inverse, the plan was wrong.
  public static final double PLAN_TOLERANCE = 1.5;
  /// Standard errors by which the mean must lean inward at both edges of the prior.
  public static final double LEANS = 2;
  /// Share of the prior's width that is its edge.
  public static final double EDGE = 0.1;

  private Verdicts() {
  }

  /// How a method fares against a baseline on the same boxes.
  public enum Outcome {
    /// Lower error in every quantity, and no interval of the paired difference holds zero.
    BEATS,
    /// Lower error in some quantities, level in the others.
    BEATS_IN_PART,
    /// No interval excludes zero.
    TIES,
    /// Lower error in some quantities, higher in others.
    MIXED,
    /// Higher error in some quantities, lower in none.
    LOSES
  }

  /// From relative changes of the error, one a quantity: an interval that excludes zero decides, one that touches it
  /// does not.
  public static Outcome outcome(List<Estimate> change) {
    long better = change.stream().filter(Verdicts::isBetter).count();
    long worse = change.stream().filter(Verdicts::isWorse).count();
    if (worse > 0) {
      return better > 0 ? Outcome.MIXED : Outcome.LOSES;
    }
    if (better == 0) {
      return Outcome.TIES;
    }
    return better == change.size() ? Outcome.BEATS : Outcome.BEATS_IN_PART;
  }

  /// The whole interval of the change lies below zero.
  public static boolean isBetter(Estimate change) {
    return change.high() < 0;
  }

  /// The whole interval of the change lies above zero.
  public static boolean isWorse(Estimate change) {
    return change.low() > 0;
  }

  /// How intervals fit the truth.
  public enum Fit {
    /// As many truths inside as chance allows.
    CALIBRATED,
    /// Too few inside: the intervals are too short.
    OVERCONFIDENT,
    /// Too many inside: the intervals are too long.
    UNDERCONFIDENT,
    /// Too few in one quantity and too many in another.
    MIXED
  }

  /// From the share of truths in the 68 % interval, one a quantity: outside of the band that 95 % of binomial draws
  /// keep is not chance.
  public static Fit fit(List<Double> coverage68, int boxes) {
    double[] band = Normal.binomial95(boxes, 0.68);
    boolean over = coverage68.stream().anyMatch(c -> c < band[0] - 1e-9);
    boolean under = coverage68.stream().anyMatch(c -> c > band[1] + 1e-9);
    if (over && under) {
      return Fit.MIXED;
    }
    if (over) {
      return Fit.OVERCONFIDENT;
    }
    return under ? Fit.UNDERCONFIDENT : Fit.CALIBRATED;
  }

  /// Share of the points of a TARP curve that lie outside of the pointwise 95 % band; both ends are always inside.
  public static double outsideBand(List<Double> tarp, int boxes) {
    int outside = 0;
    for (int i = 0; i < tarp.size(); i++) {
      double[] band = Normal.binomial95(boxes, i / (tarp.size() - 1.0));
      outside += tarp.get(i) < band[0] - 1e-9 || tarp.get(i) > band[1] + 1e-9 ? 1 : 0;
    }
    return outside / (double) tarp.size();
  }

  /// Whether a quantity stays open: even the upper limit of R2 is small.
  public static boolean leavesOpen(Estimate r2) {
    return r2.high() < LITTLE;
  }

  /// Whether a method that should know little knows much.
  public static boolean nearlyTheAnswer(Estimate r2) {
    return r2.low() > NEARLY_THE_ANSWER;
  }

  /// Whether training fits its own boxes much better than others at the epoch kept.
  public static boolean memorized(Training training) {
    int best = training.bestEpoch() - 1;
    double gap = training.validationLoss().get(best) - training.trainingLoss().get(best);
    double fall = training.validationLoss().getFirst() - training.validationLoss().get(best);
    return gap > PARTED * Math.max(fall, 0);
  }

  /// Whether the best epoch is among the last.
  public static boolean stillImproving(Training training) {
    return training.bestEpoch() > STILL_IMPROVING * training.seconds().size();
  }

  /// Whether the planned time held.
  public static boolean planHeld(Stage stage) {
    Double planned = stage.planned();
    return planned == null
        || (stage.seconds() <= PLAN_TOLERANCE * planned && stage.seconds() >= planned / PLAN_TOLERANCE);
  }

  /// Whether all claims hold.
  public static boolean symmetriesHold(List<Claim> claims) {
    return claims.stream().allMatch(Claim::holds);
  }

  /// Whether a catalog is unlike the training boxes.
  public static boolean isForeign(Input input) {
    return input.distance() > input.limit();
  }

  /// Whether the posterior mean leans towards the middle at both edges of the prior, from truths and means of one
  /// quantity: the mean error at each edge against its standard error.
  public static boolean leansInward(double[] truth, double[] mean, double low, double high) {
    double edge = EDGE * (high - low);
    return leans(truth, mean, low, low + edge, 1) && leans(truth, mean, high - edge, high, -1);
  }

  private static boolean leans(double[] truth, double[] mean, double from, double to, int direction) {
    int n = 0;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < truth.length; i++) {
      if (truth[i] >= from && truth[i] <= to) {
        double error = direction * (mean[i] - truth[i]);
        n++;
        sum += error;
        squares += error * error;
      }
    }
    if (n < 3) {
      return false;
    }
    double average = sum / n;
    double standardError = Math.sqrt(Math.max(0, squares / n - average * average) / (n - 1));
    return average > LEANS * standardError;
  }
}
