package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What an axis shows, and where its ticks stand.
///
/// @param label said beside it; may be empty
/// @param low the value at the left or the bottom
/// @param high the value at the right or the top
/// @param logarithmic whether steps are factors
/// @param ticks in ascending order, with the text of each
public record Axis(Label label, double low, double high, boolean logarithmic, List<Tick> ticks) {
  /// A value and its text.
  public record Tick(double value, String text) {
  }

  /// Checks the range.
  public Axis {
    ticks = List.copyOf(ticks);
    require(Double.isFinite(low) && Double.isFinite(high) && low < high, "axis " + label.plain(), low + " to " + high,
        "finite, low < high");
    require(!logarithmic || low > 0, "axis " + label.plain(), low + " to " + high, "a logarithm needs positive values");
  }

  /// Equal steps are equal lengths. Ticks are multiples of 1, 2 or 5 times a power of ten.
  ///
  /// @param most ticks at most about this many
  public static Axis linear(Label label, double low, double high, int most) {
    require(low < high && most >= 1, "axis " + label.plain(), low + " to " + high + " in " + most + " steps",
        "low < high, a step");
    double step = step((high - low) / most);
    int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
    List<Tick> ticks = new ArrayList<>();
    double slack = 1e-9 * (high - low);
    for (long k = (long) Math.ceil((low - slack) / step); k * step <= high + slack; k++) {
      ticks.add(new Tick(k * step, Numbers.fixed(k * step, digits)));
    }
    return new Axis(label, low, high, false, ticks);
  }

  /// A share of 0 to 1, said in percent.
  public static Axis percent(Label label) {
    List<Tick> ticks = new ArrayList<>();
    for (int k = 0; k <= 4; k++) {
      ticks.add(new Tick(k / 4.0, Integer.toString(25 * k) + (k == 4 ? "\u00a0%" : "")));
    }
    return new Axis(label, 0, 1, false, ticks);
  }

  /// Equal factors are equal lengths. Ticks are powers of ten.
  public static Axis logarithmic(Label label, double low, double high) {
    require(low > 0 && low < high, "axis " + label.plain(), low + " to " + high, "0 < low < high");
    List<Tick> ticks = new ArrayList<>();
    for (int k = (int) Math.ceil(Math.log10(low) - 1e-9); k <= Math.log10(high) + 1e-9; k++) {
      ticks.add(new Tick(Math.pow(10, k), Numbers.powerOfTen(k)));
    }
    return new Axis(label, low, high, true, ticks);
  }

  /// A linear axis over these values with a margin of 5 %.
  public static Axis around(Label label, double[] values, int most) {
    require(values.length > 0, "axis " + label.plain(), "no values", "at least one");
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      low = Math.min(low, Checks.finite("axis " + label.plain(), value));
      high = Math.max(high, value);
    }
    double margin = high > low ? 0.05 * (high - low) : Math.max(0.5, 0.05 * Math.abs(low));
    return linear(label, low - margin, high + margin, most);
  }

  /// Seconds in minutes and seconds, from zero.
  public static Axis clock(Label label, double last) {
    double[] steps = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 36000};
    double step = steps[steps.length - 1];
    for (int k = steps.length - 1; k >= 0 && last / steps[k] <= 7; k--) {
      step = steps[k];
    }
    List<Tick> ticks = new ArrayList<>();
    double high = Math.max(step, Math.ceil(last / step) * step);
    for (double t = 0; t <= high; t += step) {
      long seconds = (long) t;
      ticks.add(new Tick(t, String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)));
    }
    return new Axis(label, 0, high, false, ticks);
  }

  /// Without the texts of its ticks.
  public Axis quiet() {
    return new Axis(Label.of(""), low, high, logarithmic, ticks.stream().map(t -> new Tick(t.value(), "")).toList());
  }

  /// Where a value lies: 0 at the low end, 1 at the high one.
  public double share(double value) {
    return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  }

  private static double step(double wanted) {
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= wanted * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
