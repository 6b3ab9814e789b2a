package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.report.Mark.Anchor;

/// Figures of posteriors of one quantity over many examples, from numbers alone: for pages beside that of galaxies.
public final class PosteriorFigures {
  private static final double INSIDE = 0.68;
  private static final double PAD = 0.04;

  private PosteriorFigures() {
  }

  /// The truth against the mean with the 68 % interval of each example; those that miss stand out.
  ///
  /// @param name of the quantity, plain
  /// @param tone of the quantity
  /// @param low where each interval begins
  /// @param high where it ends
  /// @param words what stands in the corner, such as R2
  /// @throws IllegalArgumentException where the arrays differ in length or are empty
  public static Chart truthAgainstMean(String name, Tone tone, double[] truth, double[] mean, double[] low,
      double[] high, Label words) {
    require(truth.length > 0 && truth.length == mean.length && truth.length == low.length
        && truth.length == high.length, "truth against mean",
        truth.length + " truths, " + mean.length + " means, "
            + low.length + " and " + high.length + " ends",
        "as many of each, and one at least");
    double least = Math.min(Arrays.stream(truth).min().orElse(0), Arrays.stream(mean).min().orElse(0));
    double most = Math.max(Arrays.stream(truth).max().orElse(1), Arrays.stream(mean).max().orElse(1));
    double pad = PAD * Math.max(most - least, 1e-9);
    Axis x = Axis.linear(Label.of("truth"), least - pad, most + pad, 5);
    Axis y = Axis.linear(Label.of("posterior mean"), least - pad, most + pad, 5);
    List<PlotLayer> layers = new ArrayList<>(List.of(PlotLayer.diagonal(Style.line(Tone.QUIET, 1))));
    int held = 0;
    for (boolean misses : new boolean[] {false, true}) {
      int[] chosen = IntStream.range(0, truth.length)
          .filter(i -> (truth[i] < low[i] || truth[i] > high[i]) == misses).toArray();
      held += misses ? 0 : chosen.length;
      if (chosen.length > 0) {
        layers.add(PlotLayer.errorBars(at(truth, chosen), at(low, chosen), at(high, chosen),
            Style.line(misses ? Paint.of(tone).opacity(0.4) : Paint.mix(tone, 0.22, Tone.BAND), 1)));
        layers.add(PlotLayer.points(at(truth, chosen), at(mean, chosen), 2,
            Style.filled(misses ? Paint.of(tone) : Paint.mix(tone, 0.46, Tone.BAND))));
      }
    }
    String share = Numbers.percent((double) held / truth.length);
    return Chart.of(name + ": truth against posterior mean", x, y, layers.toArray(PlotLayer[]::new)).withGrid()
        .described(truth.length + " examples; " + share + " of the 68 % intervals hold the truth.")
        .with(PlotLayer.words(x.high(), x.low(), -6, -24, Label.of(share + " hold the truth"), Anchor.END, Tone.INK),
            PlotLayer.words(x.high(), x.low(), -6, -8, words, Anchor.END, Tone.INK));
  }

  private static double[] at(double[] values, int[] chosen) {
    return Arrays.stream(chosen).mapToDouble(i -> values[i]).toArray();
  }

  /// The share of truths in central intervals against their credibility, with what chance explains.
  ///
  /// @param labels of the quantities
  /// @param ranks of each quantity, for each example the share of its posterior below the truth (PIT)
  /// @throws IllegalArgumentException where there is nothing, or a rank is not in 0..1
  public static Chart coverage(List<Label> labels, List<double[]> ranks) {
    requireRanks(labels, ranks);
    int n = ranks.getFirst().length;
    List<PlotLayer> layers = new ArrayList<>(
        List.of(PlotLayer.binomialBand(n), PlotLayer.diagonal(Style.line(Tone.QUIET, 1)),
            plot -> plot.add(
                new Mark.Segments(List.of(plot.at(INSIDE, 0), plot.at(INSIDE, INSIDE)), Style.line(Tone.QUIET, 1)))));
    List<PlotLayer> keys = new ArrayList<>(
        List.of(PlotLayer.words(INSIDE, 0, 5, -8, Label.of("68 %"), Anchor.START, Tone.SOFT)));
    for (int k = 0; k < ranks.size(); k++) {
      double[] levels = Arrays.stream(ranks.get(k)).map(u -> Math.abs(2 * u - 1)).sorted().toArray();
      double[] x = new double[n + 2];
      double[] y = new double[n + 2];
      for (int i = 0; i < n; i++) {
        x[i + 1] = levels[i];
        y[i + 1] = (i + 1.0) / n;
      }
      x[n + 1] = 1;
      y[n + 1] = 1;
      layers.add(PlotLayer.line(x, y, Style.line(Tone.of(k), 2)));
      keys.add(PlotLayer.words(0, 1, 8, 34 + 18 * k, labels.get(k), Anchor.START, Tone.of(k)));
    }
    return new Chart("Coverage of the intervals",
        "Share of " + n
            + " truths inside of central intervals, by their credibility; the band is what chance explains.",
        Axis.percent(Label.of("credibility of the interval")), Axis.percent(Label.of("truths inside")), 1, false,
        layers,
        keys);
  }

  /// How often the truth has each rank in its posterior; flat is calibrated.
  ///
  /// @param ranks for each example the share of its posterior below the truth
  public static Chart ranks(String name, Label label, Tone tone, double[] ranks, int bins) {
    requireRanks(List.of(label), List.of(ranks));
    int[] counts = new int[bins];
    for (double rank : ranks) {
      counts[Math.min(bins - 1, (int) (rank * bins))]++;
    }
    double most = Arrays.stream(counts).max().orElse(1) * (double) bins / ranks.length;
    return new Chart(name + ": rank of the truth",
        "Histogram of the share of the posterior below the truth; flat is calibrated.",
        Axis.percent(Label.of("share of the posterior below the truth")),
        Axis.linear(label, 0, 1.35 * Math.max(most, 1.2), 3), 0.44, false,
        List.of(PlotLayer.flatHistogram(Arrays.stream(counts).boxed().toList(), 0, 1, tone)), List.of());
  }

  private static void requireRanks(List<Label> labels, List<double[]> ranks) {
    require(!ranks.isEmpty() && labels.size() == ranks.size(), "ranks",
        ranks.size() + " quantities with " + labels.size() + " labels", "as many, and one at least");
    for (double[] each : ranks) {
      require(each.length > 0 && each.length == ranks.getFirst().length
          && Arrays.stream(each).allMatch(u -> u >= 0 && u <= 1), "ranks",
          each.length + " numbers, or one outside of 0..1", "shares of as many examples for each quantity");
    }
  }
}
