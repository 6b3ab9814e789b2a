package org.orrery.examples.camels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.orrery.inference.Coverage;
import org.orrery.inference.PairedBootstrap;
import org.orrery.inference.Pit;
import org.orrery.inference.Predictions;
import org.orrery.inference.PriorBox;
import org.orrery.inference.Score;
import org.orrery.inference.Tarp;
import org.orrery.io.WholeFile;
import org.orrery.report.Axis;
import org.orrery.report.Chart;
import org.orrery.report.DataTable;
import org.orrery.report.FiniteJson;
import org.orrery.report.Label;
import org.orrery.report.Paint;
import org.orrery.report.PlotLayer;
import org.orrery.report.PosteriorFigures;
import org.orrery.report.ReportPage;
import org.orrery.report.Style;
import org.orrery.report.Tone;
import org.orrery.tensor.Key;

/// What a [SpectrumStudy] found, as numbers, as lines and as a page. Sentences follow from the numbers: the network beats ridge regression
/// where the 95 % interval of the ratio of their errors on the same simulations lies below 1 for both parameters; intervals are calibrated
/// where both hold between 65 and 71 % of the truths at 68 %.
public final class SpectrumReport {
  private static final PriorBox PRIOR = PriorBox.of(new double[] {0.1, 0.6}, new double[] {0.5, 1.0});
  private static final List<Label> LABELS = List.of(Label.symbol("Ω", "m"), Label.symbol("σ", "8"));
  private static final int RESAMPLES = 4000;
  private static final int DRAWN = 120;
  private static final double LEVEL = 0.68;

  private final SpectrumSet set;
  private final List<SpectrumStudy.Repeat> repeats;
  private final String command;
  private final Key key;

  /// The scores of a method.
  ///
  /// @param name of the method
  /// @param r2 of each parameter, the mean over the seeds
  /// @param spread the standard deviation of R2 over the seeds; 0 of one seed
  /// @param rmse of each parameter, the mean over the seeds
  /// @param coverage the share of truths in the 68 % interval, the mean over the seeds
  public record Row(String name, List<Double> r2, List<Double> spread, List<Double> rmse, List<Double> coverage) {
  }

  /// Everything the page says, in numbers.
  ///
  /// @param suite of the simulations
  /// @param snapshots the latest first
  /// @param simulations how many
  /// @param rows the network first
  /// @param errorRatio RMSE of the network over that of ridge regression, by parameter: low, middle, high of 95 %
  /// @param factors of calibration, fold by fold and seed by seed
  /// @param rankPValues of uniform ranks, by parameter
  /// @param tarpPValue of joint coverage, of posteriors cut to the prior
  /// @param command that makes it again
  public record Result(String suite, List<Integer> snapshots, int simulations, List<Row> rows,
      List<List<Double>> errorRatio, List<List<Double>> factors, List<Double> rankPValues, double tarpPValue,
      String command) {
  }

  /// @param repeats of all seeds; the first is drawn
  /// @param command that makes it again
  public SpectrumReport(SpectrumSet set, List<SpectrumStudy.Repeat> repeats, String command, long seed) {
    this.set = set;
    this.repeats = List.copyOf(repeats);
    this.command = command;
    this.key = Key.of(seed).fold("report");
  }

  /// The numbers.
  public Result result() {
    List<Row> rows = new ArrayList<>();
    rows.add(row("network", repeats.stream().map(SpectrumStudy.Repeat::network).toList()));
    repeats.getFirst().baselines().keySet().forEach(
        name -> rows.add(row(name,
            repeats.stream().map(repeat -> Objects.requireNonNull(repeat.baselines().get(name))).toList())));
    Predictions network = repeats.getFirst().network();
    Predictions ridge = Objects.requireNonNull(repeats.getFirst().baselines().get(SpectrumStudy.RIDGE));
    List<List<Double>> ratios = new ArrayList<>();
    List<Double> ranks = new ArrayList<>();
    for (int p = 0; p < LABELS.size(); p++) {
      PairedBootstrap paired = PairedBootstrap.of(Score.RMSE, network, ridge, p, RESAMPLES, key.fold(p));
      ratios.add(List.of(paired.ratio(0.95).low(), paired.model() / paired.baseline(), paired.ratio(0.95).high()));
      ranks.add(Pit.of(network).pValue(p));
    }
    return new Result(set.suite(), set.snapshots(), set.size(), rows, ratios,
        repeats.stream().map(SpectrumStudy.Repeat::factors).toList(), ranks,
        Tarp.of(network.map(posterior -> posterior.within(PRIOR)), PRIOR, key.fold("tarp")).pValue(), command);
  }

  private static Row row(String name, List<Predictions> each) {
    return new Row(name, means(each, (x, p) -> Score.R2.of(x, p)), spreads(each),
        means(each, (x, p) -> Score.RMSE.of(x, p)), means(each, (x, p) -> Coverage.of(x).fraction(p, LEVEL)));
  }

  private interface Measure {
    double of(Predictions predictions, int parameter);
  }

  private static List<Double> means(List<Predictions> each, Measure measure) {
    return IntStream.range(0, LABELS.size())
        .mapToObj(p -> each.stream().mapToDouble(x -> measure.of(x, p)).average().orElseThrow()).toList();
  }

  private static List<Double> spreads(List<Predictions> each) {
    return IntStream.range(0, LABELS.size()).mapToObj(p -> {
      double[] values = each.stream().mapToDouble(x -> Score.R2.of(x, p)).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double sum = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      return values.length == 1 ? 0 : Math.sqrt(sum / (values.length - 1));
    }).toList();
  }

  /// Whether the network's error is smaller than that of ridge regression in both parameters, by the bootstrap.
  static boolean beatsRidge(Result result) {
    return result.errorRatio().stream().allMatch(ratio -> ratio.getLast() < 1);
  }

  /// Whether 68 % intervals hold 65 to 71 % of the truths.
  static boolean isCalibrated(Result result) {
    return result.rows().getFirst().coverage().stream().allMatch(share -> share >= 0.65 && share <= 0.71);
  }

  /// A table of a line a method.
  public static String text(Result result) {
    StringBuilder out = new StringBuilder(String.format(Locale.ROOT, "%-22s %-22s %-22s %s%n", result.suite(),
        "R2 Omega_m / sigma_8", "RMSE", "in 68 % intervals"));
    for (Row row : result.rows()) {
      out.append(String.format(Locale.ROOT, "%-22s %.3f / %.3f +- %.3f    %.4f / %.4f        %.3f / %.3f%n", row.name(),
          row.r2().get(0), row.r2().get(1), Math.max(row.spread().get(0), row.spread().get(1)), row.rmse().get(0),
          row.rmse().get(1), row.coverage().get(0), row.coverage().get(1)));
    }
    for (int p = 0; p < LABELS.size(); p++) {
      List<Double> ratio = result.errorRatio().get(p);
      out.append(String.format(Locale.ROOT, "%s: error %.3f of that of ridge regression, 95 %% in %.3f to %.3f%n",
          SpectrumSet.PARAMETERS.get(p), ratio.get(1), ratio.get(0), ratio.get(2)));
    }
    return out.toString();
  }

  /// Writes the page, and `result.json` beside it.
  ///
  /// @throws IOException where a file cannot be written
  public static void write(Result result, SpectrumReport report, Path page) throws IOException {
    String json = FiniteJson.pretty(result);
    WholeFile.write(page.resolveSibling("result.json"),
        out -> out.write(json.getBytes(StandardCharsets.UTF_8)));
    report.page(result).write(page);
  }

  private ReportPage page(Result result) {
    Row network = result.rows().getFirst();
    String verdict = (beatsRidge(result)
        ? "The network beats ridge regression on the same spectra in both parameters."
        : "The network does not beat ridge regression on the same spectra in both parameters.")
        + (isCalibrated(result)
            ? " Its 68 % intervals hold between 65 and 71 % of the truths."
            : " Its 68 % intervals do not hold between 65 and 71 % of the truths.");
    String heading = String.format(Locale.ROOT,
        "Galaxy spectra of %s give %s with R² %.2f and %s with %.2f", ReportPage.text(result.suite()),
        LABELS.get(0).html(), network.r2().get(0), LABELS.get(1).html(), network.r2().get(1));
    return ReportPage.titled("Power spectra of " + result.suite())
        .kicker(List.of("orrery camels-pk", result.simulations() + " simulations of 25 Mpc/h",
            "snapshots " + result.snapshots()))
        .heading(heading).lead("<p class=\"verdict\">" + verdict + "</p>")
        .section("What is seen", "<p>The power of galaxies at each wavenumber, at the latest snapshot; the color is "
            + LABELS.get(0).html()
            + ", from dark (low) to bright (high). The network sees the mean of ln P in bands, at "
            + result.snapshots().size() + (result.snapshots().size() == 1 ? " snapshot" : " snapshots")
            + ".</p><figure>"
            + ReportPage.figure("spectra", spectra()) + "</figure>")
        .section("Every simulation, by models that have not seen it", "<figure><div class=\"two\">" + div(0) + div(1)
            + "</div></figure>")
        .section("Whether to believe the widths", calibration(result))
        .section("Beside what is simpler", "<p>All methods see the same simulations in the same folds; means over "
            + repeats.size() + (repeats.size() == 1 ? " seed" : " seeds")
            + ", ± the standard deviation over them. \"The mean\" knows no spectrum at all.</p>" + table(result).html())
        .section("Make this page again", "<pre>" + ReportPage.text(command) + "</pre>")
        .footer("<p>One file, no network. Every number is in <code>result.json</code> beside it. Simulations of CAMELS "
            + "(Villaescusa-Navarro et al. 2021), spectra by Villanueva-Domingo &amp; Villaescusa-Navarro 2022.</p>");
  }

  private String div(int parameter) {
    return "<div>" + ReportPage.figure("scatter" + parameter, scatter(parameter)) + "</div>";
  }

  private Chart scatter(int parameter) {
    Predictions found = repeats.getFirst().network();
    double[][] ends = new double[4][found.size()];
    for (int i = 0; i < found.size(); i++) {
      ends[0][i] = found.truth(i)[parameter];
      ends[1][i] = found.posterior(i).mean()[parameter];
      ends[2][i] = found.posterior(i).credibleInterval(parameter, LEVEL).low();
      ends[3][i] = found.posterior(i).credibleInterval(parameter, LEVEL).high();
    }
    return PosteriorFigures.truthAgainstMean(SpectrumSet.PARAMETERS.get(parameter), Tone.of(parameter), ends[0],
        ends[1], ends[2], ends[3],
        Label.of(String.format(Locale.ROOT, "R² %.3f", Score.R2.of(found, parameter))));
  }

  private String calibration(Result result) {
    Pit pit = Pit.of(repeats.getFirst().network());
    List<double[]> ranks = List.of(pit.values(0), pit.values(1));
    return "<p>"
        + String.format(Locale.ROOT,
            "Before the factors, 68 %% intervals hold %.0f and %.0f %% of the truths, after them %.0f and %.0f %%. Right "
                + "posteriors would give ranks as uneven with probability %.2f and %.2f, and a joint coverage (TARP, posteriors "
                + "cut to the prior) as far off with probability %.3f.",
            100 * Coverage.of(repeats.getFirst().raw()).fraction(0, LEVEL),
            100 * Coverage.of(repeats.getFirst().raw()).fraction(1, LEVEL),
            100 * Coverage.of(repeats.getFirst().network()).fraction(0, LEVEL),
            100 * Coverage.of(repeats.getFirst().network()).fraction(1, LEVEL), result.rankPValues().get(0),
            result.rankPValues().get(1), result.tarpPValue())
        + "</p><figure><div class=\"trio close\"><div>"
        + ReportPage.figure("coverage", PosteriorFigures.coverage(LABELS, ranks)) + "</div><div>"
        + ReportPage.figure("rank0", PosteriorFigures.ranks("Omega_m", LABELS.get(0), Tone.of(0), ranks.get(0), 20))
        + "</div><div>"
        + ReportPage.figure("rank1", PosteriorFigures.ranks("sigma_8", LABELS.get(1), Tone.of(1), ranks.get(1), 20))
        + "</div></div></figure>";
  }

  /// Spectra of some simulations at the latest snapshot, colored by Omega_m, those of low density first.
  private Chart spectra() {
    double[] k = set.wavenumbers();
    int step = Math.max(1, set.size() / DRAWN);
    List<Integer> chosen = IntStream.range(0, set.size()).filter(i -> i % step == 0).boxed()
        .sorted(Comparator.comparingDouble(i -> set.parameters(i)[0])).toList();
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    List<PlotLayer> layers = new ArrayList<>();
    for (int simulation : chosen) {
      double[] power = Arrays.stream(set.logPower(0, simulation)).map(Math::exp).toArray();
      low = Math.min(low, Arrays.stream(power).min().orElseThrow());
      high = Math.max(high, Arrays.stream(power).max().orElseThrow());
      double share = (set.parameters(simulation)[0] - PRIOR.low(0)) / (PRIOR.high(0) - PRIOR.low(0));
      layers.add(PlotLayer.line(k, power, Style.line(Paint.scale(share).opacity(0.7), 1)));
    }
    return Chart.of("Power spectra of galaxies", Axis.logarithmic(Label.of("k, h/Mpc"), k[0], k[k.length - 1]),
        Axis.logarithmic(Label.of("P(k), (Mpc/h)³"), low, high), layers.toArray(PlotLayer[]::new)).withGrid()
        .shaped(0.5)
        .described(chosen.size() + " simulations at the latest snapshot, colored by Omega_m.");
  }

  private static DataTable table(Result result) {
    List<List<String>> rows = new ArrayList<>();
    for (Row row : result.rows()) {
      List<String> texts = new ArrayList<>(List.of(row.name()));
      for (int p = 0; p < LABELS.size(); p++) {
        texts.add(String.format(Locale.ROOT, "%.3f ± %.3f", row.r2().get(p), row.spread().get(p)));
      }
      for (int p = 0; p < LABELS.size(); p++) {
        texts.add(String.format(Locale.ROOT, "%.0f %%", 100 * row.coverage().get(p)));
      }
      rows.add(texts);
    }
    Label in = Label.of(" in 68 %");
    return new DataTable("Scores", List.of(Label.of("method"), Label.of("R² ").plus(LABELS.get(0)),
        Label.of("R² ").plus(LABELS.get(1)), LABELS.get(0).plus(in), LABELS.get(1).plus(in)), rows);
  }
}
