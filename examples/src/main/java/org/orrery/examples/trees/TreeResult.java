package org.orrery.examples.trees;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that a study of trees measured, in numbers.
///
/// @param task what was inferred from what
/// @param facts about the data, in words
/// @param parameters their names
/// @param rows the methods: networks first, then baselines
/// @param bestBaseline the baseline with the least error
/// @param examples truth, mean and half of the 68 % interval of the first seed of the first network, or of the best baseline where there
///   is none: a row for each example and parameter
/// @param drawn some trees
/// @param earlier R2 that an earlier program of this project found on trees of the same kind, by method
/// @param leak R2 of each parameter from the lightest node alone, where the resolution is that of the data; and where it is a number of
///   particles; null where trees are not simulated
/// @param command that makes it again
/// @param seconds of processor time, by stage
/// @param versions of what it was made with
public record TreeResult(String task, List<String> facts, List<String> parameters, List<Row> rows, String bestBaseline,
    List<List<List<Double>>> examples, List<Drawn> drawn, Map<String, List<Double>> earlier, @Nullable Leak leak,
    String command, Map<String, Double> seconds, Map<String, String> versions) {
  /// The scores of a method.
  ///
  /// @param network whether it is a network that was asked for, else a baseline
  /// @param r2 of each parameter, the mean over seeds
  /// @param spread the standard deviation of R2 over seeds; 0 of one seed
  /// @param rmse the mean over seeds
  /// @param coverage the share of truths in the 68 % interval, the mean over seeds
  /// @param seeds how many
  /// @param errorRatio RMSE over that of the best baseline, by parameter: low, value, high of 95 %, of the first seed; empty for baselines
  public record Row(String name, boolean network, List<Double> r2, List<Double> spread, List<Double> rmse,
      List<Double> coverage, int seeds, List<List<Double>> errorRatio) {
  }

  /// A tree to draw.
  public record Drawn(String title, List<Double> redshifts, List<Double> logMasses, List<Integer> descendants) {
  }

  /// What the lightest node alone says.
  ///
  /// @param fixed R2 of each parameter with a resolution of one mass
  /// @param particles the same with a resolution of one number of particles
  public record Leak(List<Double> fixed, List<Double> particles) {
  }

  /// How a network compares with the best baseline.
  public enum Verdict {
    /// The interval of the ratio of errors lies below 1 for every parameter.
    BETTER,
    /// No interval lies wholly above or all wholly below 1.
    NOT_WORSE,
    /// For some parameter the interval lies wholly above 1.
    WORSE
  }

  /// The verdict on a network, by the intervals of its errors over those of the best baseline.
  ///
  /// @throws IllegalArgumentException where it is a baseline
  public static Verdict verdict(Row row) {
    if (row.errorRatio().isEmpty()) {
      throw new IllegalArgumentException("verdict: " + row.name() + " is a baseline; a network is required");
    }
    if (row.errorRatio().stream().anyMatch(ratio -> ratio.getFirst() > 1)) {
      return Verdict.WORSE;
    }
    return row.errorRatio().stream().allMatch(ratio -> ratio.getLast() < 1) ? Verdict.BETTER : Verdict.NOT_WORSE;
  }
}
