package org.orrery.geometry;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a [SymmetryCheck] found, one result for each group in the order of the claim.
///
/// @param results of the groups
public record SymmetryReport(List<Result> results) {
  /// Copies the list.
  public SymmetryReport {
    results = List.copyOf(results);
  }

  /// A group that was tried.
  ///
  /// @param group its name, such as `rotation`
  /// @param error largest difference between the output and what it should be, over the scale, of all draws
  /// @param scale largest number of the output
  /// @param tolerance up to which the error counts as rounding
  /// @param brokenBy the part that breaks the symmetry, by its dotted name: the first whose output changes although what it
  ///   reads does not. `(graph) nodes`, `(graph) edges` or `(graph) globals` where what the model reads changes already,
  ///   `(graph) links` where other points are joined, `(outside the parts)` where the model does it between its parts; null
  ///   where the symmetry holds
  /// @param parts the error of each part in order of computation, for the draw with the largest error; empty where the symmetry
  ///   holds
  public record Result(String group, double error, double scale, double tolerance, @Nullable String brokenBy,
      List<Change> parts) {
    /// Copies the list.
    public Result {
      parts = List.copyOf(parts);
    }

    /// Whether the error is within the tolerance.
    public boolean holds() {
      return error <= tolerance;
    }
  }

  /// How far the output of a part changed.
  ///
  /// @param part its dotted name, with `#1` behind it for the second use; `(model)` for the whole
  /// @param error largest difference of matching rows over the largest number
  /// @param inputError the same of what the part read
  public record Change(String part, double error, double inputError) {
  }

  /// Whether all groups hold.
  public boolean holds() {
    return results.stream().allMatch(Result::holds);
  }

  /// The result of a group.
  ///
  /// @throws IllegalArgumentException listing the groups, where this one was not tried
  public Result of(Symmetry symmetry) {
    return results.stream().filter(result -> result.group().equals(symmetry.group())).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("symmetry report: " + symmetry.group()
            + " was not tried; there are " + results.stream().map(Result::group).toList()));
  }

  /// A table, one line for each group.
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder(line("group", "error", "scale", "tolerance", "broken by"));
    for (Result result : results) {
      table.append('\n').append(line(result.group(), number(result.error()), number(result.scale()),
          number(result.tolerance()), result.brokenBy() == null ? "" : result.brokenBy()));
    }
    return table.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2g", value);
  }

  private static String line(String group, String error, String scale, String tolerance, String brokenBy) {
    return String.format(Locale.ROOT, "%-20s %9s %9s %9s  %s", group, error, scale, tolerance, brokenBy)
        .stripTrailing();
  }
}
