package org.orrery.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.report.DotPlot.Emphasis;
import org.orrery.report.GalaxyResult.Audit;
import org.orrery.report.GalaxyResult.Comparison;
import org.orrery.report.GalaxyResult.Estimate;
import org.orrery.report.GalaxyResult.Method;
import org.orrery.report.GalaxyResult.Quantity;
import org.orrery.report.GalaxyResult.TestBox;
import org.orrery.report.GalaxyResult.Training;
import org.orrery.report.Mark.Anchor;

/// The figures of a galaxy page, from its numbers.
final class GalaxyFigures {
  private static final double PAD = 0.0875;

  private final GalaxyResult result;
  private final Findings findings;
  private final double factor;

  GalaxyFigures(GalaxyResult result, Findings findings) {
    this.result = result;
    this.findings = findings;
    this.factor = result.calibration().factor();
  }

  /// Standard deviations of the truth from the mean, before or after the factor.
  private double z(int box, int k, double width) {
    TestBox b = result.boxes().get(box);
    return (b.truth().get(k) - b.mean().get(k)) / (width * b.sd(k));
  }

  /// The box whose truth lies at the median distance from its mean, in the first two quantities at most.
  int typicalBox() {
    List<Integer> order = IntStream.range(0, result.boxes().size()).boxed()
        .sorted(Comparator.comparingDouble(this::distance)).toList();
    return order.get(order.size() / 2);
  }

  private double distance(int box) {
    double u = z(box, 0, factor);
    if (result.quantities().size() == 1) {
      return u * u;
    }
    double v = z(box, 1, factor);
    double r = result.boxes().get(box).correlation(0, 1);
    return (u * u - 2 * r * u * v + v * v) / Math.max(1e-6, 1 - r * r);
  }

  private Axis axis(int k, Label label) {
    Quantity q = result.quantities().get(k);
    double pad = PAD * (q.high() - q.low());
    double low = result.boxes().stream().mapToDouble(box -> Math.min(box.mean().get(k), box.truth().get(k))).min()
        .orElse(q.low());
    double high = result.boxes().stream().mapToDouble(box -> Math.max(box.mean().get(k), box.truth().get(k))).max()
        .orElse(q.high());
    return Axis.linear(label, Math.min(q.low() - pad, low - pad / 4), Math.max(q.high() + pad, high + pad / 4), 5);
  }

  Figure triangle() {
    TestBox box = result.boxes().get(typicalBox());
    double[][] covariance = box.covariance().stream()
        .map(row -> row.stream().mapToDouble(c -> factor * factor * c).toArray()).toArray(double[][]::new);
    double[] mean = box.mean().stream().mapToDouble(m -> m).toArray();
    List<Axis> axes = IntStream.range(0, mean.length).mapToObj(k -> axis(k, findings.label(k))).toList();
    return new TrianglePlot("Posterior of the chosen test box",
        "Marginal densities and contours that hold 68 and 95 % of the "
            + "probability, with the truth.",
        axes, Joint.gaussian(mean, covariance), box.truth());
  }

  Figure scatter(int k) {
    List<TestBox> boxes = result.boxes();
    double share = result.calibration().after().coverage68().get(k);
    Tone tone = Tone.of(k);
    PlotLayer points = plot -> {
      for (boolean miss : new boolean[] {false, true}) {
        double[][] chosen = IntStream.range(0, boxes.size())
            .filter(i -> Math.abs(z(i, k, factor)) > Normal.HALF_68 == miss)
            .mapToObj(i -> new double[] {boxes.get(i).truth().get(k), boxes.get(i).mean().get(k),
              factor * Normal.HALF_68 * boxes.get(i).sd(k)})
            .toArray(double[][]::new);
        if (chosen.length > 0) {
          double[] x = column(chosen, 0, 0);
          PlotLayer.errorBars(x, column(chosen, 1, -1), column(chosen, 1, 1), Style.line(miss
              ? Paint.of(tone).opacity(0.75)
              : Paint.mix(tone, 0.26, Tone.BAND), miss ? 1.15 : 1)).draw(plot);
          PlotLayer.points(x, column(chosen, 1, 0), 2.3,
              Style.filled(miss ? Paint.of(tone) : Paint.mix(tone, 0.46, Tone.BAND))).draw(plot);
        }
      }
    };
    Quantity q = result.quantities().get(k);
    Axis axis = axis(k, Label.of("truth"));
    return Chart.of(q.name() + ": truth against posterior mean", axis, new Axis(Label.of("posterior mean"), axis.low(),
        axis.high(), false, axis.ticks()), PlotLayer.diagonal(Style.line(Tone.QUIET, 1)),
        PlotLayer.named("scatter s" + k, points))
        .withGrid()
        .described(boxes.size() + " test boxes; " + Numbers.percent(share) + " of the 68 % intervals hold the truth.")
        .with(PlotLayer.words(axis.high(), axis.low(), -6, -24, Label.of(Numbers.percent(share) + " hold the truth"),
            Anchor.END, Tone.INK),
            PlotLayer.words(axis.high(), axis.low(), -6, -8,
                Label.of("R² " + Numbers.fixed(findings.headliner().scores().get(k).r2().value(), 3)), Anchor.END,
                Tone.INK));
  }

  private static double[] column(double[][] rows, int value, int sign) {
    return Arrays.stream(rows).mapToDouble(row -> row[value] + sign * row[2]).toArray();
  }

  /// Share of truths inside against the credibility of the interval.
  Figure coverage() {
    List<PlotLayer> layers = new ArrayList<>(List.of(PlotLayer.binomialBand(result.boxes().size()),
        PlotLayer.diagonal(Style.line(Tone.QUIET, 1)),
        plot -> plot
            .add(new Mark.Segments(List.of(plot.at(0.68, 0), plot.at(0.68, 0.68)), Style.line(Tone.QUIET, 1)))));
    List<PlotLayer> keys = new ArrayList<>(
        List.of(PlotLayer.words(0.68, 0, 5, -8, Label.of("68 %"), Anchor.START, Tone.SOFT)));
    for (int k = 0; k < result.quantities().size(); k++) {
      layers.add(inside(k, 1, Style.line(Paint.of(Tone.of(k)).opacity(0.85), 1.1).dashed()));
    }
    for (int k = 0; k < result.quantities().size(); k++) {
      layers.add(PlotLayer.named("coverage k" + k, inside(k, factor, Style.line(Tone.of(k), 2))));
      keys.add(PlotLayer.words(0, 1, 8 + 28 * k, 32, findings.label(k), Anchor.START, Tone.of(k)));
    }
    Audit after = result.calibration().after();
    return new Chart("Coverage of the intervals", "At 68 %: "
        + String.join(" and ", Findings.percents(result.calibration().before().coverage68())) + " before the factor, "
        + String.join(" and ", Findings.percents(after.coverage68())) + " after.",
        Axis.percent(Label.of("credibility of the interval")), Axis.percent(Label.of("truths inside")), 1, false,
        layers,
        keys);
  }

  private PlotLayer inside(int k, double width, Style style) {
    int n = result.boxes().size();
    double[] sorted = IntStream.range(0, n).mapToDouble(i -> Normal.inside(z(i, k, width))).sorted().toArray();
    double[] x = new double[n + 2];
    double[] y = new double[n + 2];
    for (int i = 0; i < n; i++) {
      x[i + 1] = sorted[i];
      y[i + 1] = (i + 1.0) / n;
    }
    x[n + 1] = 1;
    y[n + 1] = 1;
    return PlotLayer.line(x, y, style);
  }

  Figure pit(int k) {
    List<Integer> after = result.calibration().after().pit().get(k);
    List<Integer> before = result.calibration().before().pit().get(k);
    int total = Math.max(1, before.stream().mapToInt(Integer::intValue).sum());
    double top = 1.35 * Math.max(after.stream().mapToInt(c -> c).max().orElse(1) * (double) after.size()
        / Math.max(1, after.stream().mapToInt(c -> c).sum()), 1.5);
    PlotLayer steps = PlotLayer.steps(PlotLayer.equal(0, 1, before.size()),
        before.stream().mapToDouble(c -> c * (double) before.size() / total).toArray(),
        Style.line(Tone.of(k), 1.2).dashed());
    boolean last = k == result.quantities().size() - 1;
    Axis x = Axis.percent(Label.of(last ? "share of the posterior below the truth" : ""));
    return new Chart(result.quantities().get(k).name() + ": rank of the truth",
        "Histogram of the share of the posterior below the truth; flat is calibrated.", x,
        Axis.linear(findings.label(k), 0, top, 3), 0.44, false,
        List.of(PlotLayer.named("pit p" + k, PlotLayer.flatHistogram(after, 0, 1, Tone.of(k))), steps), List.of());
  }

  Figure tarp() {
    List<Double> before = result.calibration().before().tarp();
    List<Double> after = result.calibration().after().tarp();
    return Chart
        .of("Joint coverage (TARP)", Axis.percent(Label.of("expected")), Axis.percent(Label.of("truths inside")),
            PlotLayer.binomialBand(result.boxes().size()), PlotLayer.diagonal(Style.line(Tone.QUIET, 1)),
            curve(before, Style.line(Paint.of(Tone.INK).opacity(0.85), 1.1).dashed()),
            curve(after, Style.line(Tone.INK, 2)))
        .described("Joint coverage of all quantities around random reference points, before and after the factor.");
  }

  private static PlotLayer curve(List<Double> shares, Style style) {
    return PlotLayer.line(PlotLayer.equal(0, 1, shares.size() - 1), shares.stream().mapToDouble(s -> s).toArray(),
        style);
  }

  /// Baselines first, in the order of the result; what the verdict compares last.
  List<Method> ordered() {
    List<Method> order = new ArrayList<>(result.methods());
    if (!result.comparisons().isEmpty()) {
      Comparison first = result.comparisons().getFirst();
      List<Method> pair = List.of(result.method(first.baseline()), result.method(first.method()));
      order.removeAll(pair);
      order.addAll(pair);
    }
    return order;
  }

  Figure baselines(boolean stacked) {
    List<Method> order = ordered();
    int n = order.size();
    boolean paired = !result.comparisons().isEmpty();
    List<DotPlot.Row> rows = IntStream.range(0, n).mapToObj(i -> new DotPlot.Row(order.get(i).label(),
        order.get(i).sees().words(),
        !paired || i < n - 2 ? Emphasis.NONE : i == n - 1 ? Emphasis.FULL : Emphasis.HOLLOW))
        .toList();
    List<DotPlot.Column> columns = IntStream.range(0, result.quantities().size()).mapToObj(k -> {
      double top = order.stream().mapToDouble(method -> method.scores().get(k).rmse().high()).max().orElse(1);
      String unit = result.quantities().get(k).unit();
      return new DotPlot.Column(findings.label(k).plus(Label.of(" RMS error" + (unit.isEmpty() ? "" : " in " + unit))),
          "R²", Tone.of(k), Axis.linear(Label.of(""), 0, 1.04 * top, stacked ? 4 : 7),
          order.stream().map(method -> method.scores().get(k).rmse()).toList(),
          order.stream().map(method -> Numbers.fixed(method.scores().get(k).r2().value(), 3)).toList(),
          paired ? bracket(result.comparisons().getFirst().change().get(k), n) : null);
    }).toList();
    return new DotPlot("Root-mean-square error of every method",
        "With 95 % intervals; lower is better. The table below "
            + "has the same numbers.",
        rows, columns, stacked);
  }

  private static DotPlot.Bracket bracket(Estimate change, int rows) {
    return new DotPlot.Bracket(rows - 2, rows - 1, signed(change.value()),
        "95 %: " + signed(change.low()).replace("\u00a0%", "") + " to " + signed(change.high()));
  }

  private static String signed(double share) {
    return (share > 0 ? "+" : "") + Numbers.percent(share);
  }

  DataTable table() {
    List<Label> head = new ArrayList<>(List.of(Label.of("Method"), Label.of("sees"), Label.of("boxes")));
    for (int k = 0; k < result.quantities().size(); k++) {
      Label symbol = findings.label(k);
      head.addAll(List.of(Label.of("RMSE ").plus(symbol), Label.of("95 %"), Label.of("R²"), Label.of("95 %"),
          Label.of("relative error"), Label.of("over seeds")));
    }
    List<List<String>> rows = ordered().stream().map(method -> {
      List<String> row = new ArrayList<>(List.of(method.label(), method.sees().words(),
          Numbers.grouped(method.trainingBoxes())));
      method.scores().forEach(score -> {
        Double spread = score.seedSpread();
        row.addAll(List.of(Numbers.significant(score.rmse().value(), 3), interval(score.rmse()),
            Numbers.fixed(score.r2().value(), 3), interval(score.r2()),
            Numbers.fixed(100 * score.relative().value(), 1) + "\u00a0%",
            spread == null ? "" : "±" + Numbers.significant(spread, 2)));
      });
      return row;
    }).toList();
    return new DataTable("Scores of every method", head, rows);
  }

  private static String interval(Estimate estimate) {
    return Numbers.significant(estimate.low(), 3) + " to " + Numbers.significant(estimate.high(), 3);
  }

  Figure loss() {
    Training t = result.training();
    double[] x = numbers(t.seconds());
    double[] train = numbers(t.trainingLoss());
    double[] validation = numbers(t.validationLoss());
    double[] both = Arrays.copyOf(train, 2 * train.length);
    System.arraycopy(validation, 0, both, train.length, train.length);
    int best = t.bestEpoch() - 1;
    return framed("Loss against time", x, Axis.around(Label.of(""), both, 5),
        List.of(PlotLayer.line(x, train, Style.line(Tone.QUIET, 1.6).dashed()),
            PlotLayer.line(x, validation, Style.line(Tone.INK, 2)),
            best(x[best], validation[best], Tone.INK)),
        List.of(
            PlotLayer.words(x[x.length - 1], validation[best], -4, -22, Label.of("validation"), Anchor.END, Tone.INK),
            PlotLayer.words(x[x.length - 1], validation[best], -4, -37, Label.of("training, dashed"), Anchor.END,
                Tone.SOFT)));
  }

  Figure r2() {
    Training t = result.training();
    double[] x = numbers(t.seconds());
    int best = t.bestEpoch() - 1;
    List<PlotLayer> layers = new ArrayList<>();
    List<PlotLayer> names = new ArrayList<>();
    for (int k = 0; k < t.r2().size(); k++) {
      double[] y = numbers(t.r2().get(k));
      layers.add(PlotLayer.line(x, y, Style.line(Tone.of(k), 2)));
      layers.add(best(x[best], y[best], Tone.of(k)));
      names.add(PlotLayer.words(x[x.length - 1], 0, -6 - 78 * (t.r2().size() - 1 - k), -10, findings.label(k)
          .plus(Label.of(" " + Numbers.fixed(y[best], 2))), Anchor.END, Tone.of(k)));
    }
    return framed("R² on validation boxes against time", x, Axis.linear(Label.of(""), 0, 1, 5), layers, names);
  }

  Figure rate() {
    Training t = result.training();
    double[] x = numbers(t.seconds());
    double[] y = numbers(t.learningRate());
    double top = Arrays.stream(y).max().orElse(1);
    return framed("Learning rate against time", x, Axis.linear(Label.of(""), 0, top > 0 ? 1.05 * top : 1, 4),
        List.of(PlotLayer.line(x, y, Style.line(Tone.SOFT, 1.6))), List.of());
  }

  private static Chart framed(String title, double[] seconds, Axis y, List<PlotLayer> inside, List<PlotLayer> outside) {
    return new Chart(title, "", Axis.clock(Label.of("minutes and seconds"), seconds[seconds.length - 1]), y, 0.62,
        false, inside,
        outside);
  }

  private static PlotLayer best(double x, double y, Tone tone) {
    return PlotLayer.points(new double[] {x}, new double[] {y}, 4, Style.filled(tone));
  }

  Figure symmetries() {
    double low = result.symmetries().stream().mapToDouble(claim -> Math.min(positive(claim.error()), claim.tolerance()))
        .min().orElse(1e-8);
    double high = result.symmetries().stream().mapToDouble(claim -> Math.max(claim.error(), claim.tolerance())).max()
        .orElse(1);
    Axis axis = Axis.logarithmic(Label.of("largest relative change of the output"),
        Math.pow(10, Math.floor(Math.log10(low) - 0.01)),
        Math.pow(10, Math.ceil(Math.log10(high) + 0.01)));
    int n = result.symmetries().size();
    return width -> {
      double left = 40 + result.symmetries().stream().mapToDouble(c -> Label.of(c.group()).width(12)).max().orElse(0);
      Frame frame = new Frame(left, 4, width - 10, 4 + 26.0 * n);
      Plot plot = new Plot(frame, axis, Axis.linear(Label.of(""), 0, n, 1));
      plot.grid(true, false);
      plot.below(false);
      for (int i = 0; i < n; i++) {
        GalaxyResult.Claim claim = result.symmetries().get(i);
        double y = 17 + 26.0 * i;
        Tone tone = claim.holds() ? Tone.INK : Tone.WARNING;
        plot.add(Mark.Words.of(new Point(0, y + 4), claim.holds() ? "✓" : "✗", Anchor.START, tone).heavy());
        plot.add(Mark.Words.of(new Point(18, y + 4), claim.group(), Anchor.START, tone));
        double limit = plot.x(claim.tolerance());
        plot.add(new Mark.Segments(List.of(new Point(limit, y - 9), new Point(limit, y + 9)), Style.line(Tone.INK, 2)));
        plot.add(new Mark.Circle(new Point(plot.x(positive(claim.error())), y), 4.5, Style.filled(tone)));
      }
      return new Drawing(width, frame.bottom() + 42, "Symmetries tried on the trained model",
          "Largest relative change of the output under random group elements, and the tolerance.", plot.marks());
    };
  }

  private static double positive(double error) {
    return Math.max(error, 1e-12);
  }

  private static double[] numbers(List<Double> list) {
    return list.stream().mapToDouble(v -> v).toArray();
  }

  Figure plan() {
    double longest = result.stages().stream()
        .mapToDouble(s -> Math.max(s.seconds(), s.planned() == null ? 0 : s.planned()))
        .max().orElse(1);
    List<BarList.Bar> bars = new ArrayList<>(result.stages().stream().map(stage -> new BarList.Bar(stage.name(),
        stage.seconds(), stage.planned(), Math.max(1e-9, longest), Numbers.duration(stage.seconds()))).toList());
    GalaxyResult.Memory memory = result.memory();
    if (memory != null) {
      double most = 1.1 * Math.max(1, Math.max(memory.planned(), memory.measured()));
      bars.add(new BarList.Bar("memory, peak", memory.measured(), (double) memory.planned(), most,
          Numbers.fixed(memory.measured() / (double) (1L << 30), 1) + "\u00a0GiB"));
    }
    return new BarList("Plan against measured", "Processor seconds of every stage, and peak memory.", bars,
        "bar measured, line planned");
  }
}
