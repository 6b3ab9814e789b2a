package org.orrery.examples.trees;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.orrery.examples.trees.TreeResult.Row;
import org.orrery.examples.trees.TreeResult.Verdict;
import org.orrery.io.WholeFile;
import org.orrery.report.Axis;
import org.orrery.report.Chart;
import org.orrery.report.DataTable;
import org.orrery.report.FiniteJson;
import org.orrery.report.Label;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Numbers;
import org.orrery.report.Paint;
import org.orrery.report.PlotLayer;
import org.orrery.report.ReportPage;
import org.orrery.report.Style;
import org.orrery.report.Tone;
import org.orrery.report.TreeFigure;

/// The page of a [TreeResult]: its verdict, truth against estimate, trees, and all methods in a table.
///
/// A network is better than a baseline where the 95 % interval of the ratio of their errors lies below 1 for every parameter, worse where
/// it lies above 1 for one. Intervals are called right where the 68 % ones of the network hold 63 to 73 % of the truths. A network whose R2
/// is below 0.1 for every parameter has learned next to nothing.
public final class TreePage {
  private static final double FEWEST = 0.63;
  private static final double MOST = 0.73;
  private static final double NOTHING = 0.1;

  private final TreeResult result;
  private final List<Row> networks;

  private TreePage(TreeResult result) {
    this.result = result;
    this.networks = result.rows().stream().filter(Row::network).toList();
  }

  /// Writes the page, and `result.json` beside it.
  ///
  /// @throws IOException where a file cannot be written
  public static void write(TreeResult result, Path page) throws IOException {
    String json = FiniteJson.pretty(result);
    WholeFile.write(page.resolveSibling("result.json"), out -> out.write(json.getBytes(StandardCharsets.UTF_8)));
    new TreePage(result).page().write(page);
  }

  /// The page as text.
  public static String html(TreeResult result) {
    return new TreePage(result).page().html();
  }

  /// A table of a line a method, and the verdicts.
  public static String text(TreeResult result) {
    TreePage page = new TreePage(result);
    StringBuilder out = new StringBuilder(
        String.format(Locale.ROOT, "%-26s %-24s %-20s %s%n", "", "R2", "in 68 % intervals", "earlier R2"));
    for (Row row : result.rows()) {
      out.append(String.format(Locale.ROOT, "%-26s %-24s %-20s %s%n", row.name(), page.r2(row), each(row.coverage(), 2),
          page.earlier(row)));
    }
    for (Row row : page.networks) {
      out.append(page.verdict(row)).append(System.lineSeparator());
    }
    if (result.leak() != null) {
      out.append(page.leak().replace("<i>R</i>²", "R2")).append(System.lineSeparator());
    }
    return out.toString();
  }

  private static String each(List<Double> values, int digits) {
    return String.join(" / ", values.stream().map(value -> Numbers.fixed(value, digits)).toList());
  }

  private String r2(Row row) {
    return String.join(" / ", IntStream.range(0, row.r2().size())
        .mapToObj(p -> Numbers.fixed(row.r2().get(p), 3)
            + (row.seeds() > 1 ? " ± " + Numbers.fixed(row.spread().get(p), 3) : ""))
        .toList());
  }

  private String earlier(Row row) {
    List<Double> known = result.earlier().get(row.name());
    return known == null ? "" : each(known, 3);
  }

  /// As in: the tree-LSTM is better than DeepSets: error 0.91 of its (0.85 to 0.97).
  private String verdict(Row row) {
    String how = switch (TreeResult.verdict(row)) {
      case BETTER -> "is better than";
      case NOT_WORSE -> "is not shown to be better or worse than";
      case WORSE -> "is worse than";
    };
    return "The " + row.name() + " " + how + " the best baseline, " + result.bestBaseline() + ": its error is "
        + String.join(" and ", row.errorRatio().stream()
            .map(ratio -> Numbers.fixed(ratio.get(1), 2) + " of that (95 %: " + Numbers.fixed(ratio.get(0), 2) + " to "
                + Numbers.fixed(ratio.get(2), 2) + ")")
            .toList())
        + (result.parameters().size() > 1 ? " for " + String.join(" and ", result.parameters()) : "") + ".";
  }

  private String leak() {
    TreeResult.Leak leak = result.leak();
    return leak == null
        ? ""
        : "The lightest node alone gives " + result.parameters().getFirst() + " with <i>R</i>² "
            + Numbers.fixed(leak.fixed().getFirst(), 3)
            + " where halos are cut at one mass, and with " + Numbers.fixed(leak.particles().getFirst(), 3)
            + " where they are cut at one number of particles, whose mass is proportional to Omega_m.";
  }

  private static boolean intervalsAreRight(Row row) {
    return row.coverage().stream().allMatch(share -> share >= FEWEST && share <= MOST);
  }

  private ReportPage page() {
    Row shown = networks.isEmpty() ? baseline() : networks.getFirst();
    Row best = networks.stream().max((a, b) -> Double.compare(sum(a), sum(b))).orElse(shown);
    ReportPage page = ReportPage.titled("orrery trees: " + result.task())
        .kicker(Stream.concat(Stream.of("orrery trees"), result.facts().stream())
            .toList())
        .heading(heading(best))
        .lead("<p class=\"verdict\">"
            + ReportPage.text(networks.isEmpty() ? "Only baselines were trained." : verdict(best))
            + (intervalsAreRight(best)
                ? " Its 68 % intervals hold "
                : " Its intervals are not right: those of 68 % hold ")
            + ReportPage.text(String.join(" and ", best.coverage().stream().map(Numbers::percent).toList()))
            + " of the truths.</p>");
    if (!result.drawn().isEmpty()) {
      page.section(result.drawn().size() == 1 ? "A tree" : "Two of the trees", trees());
    }
    page.section("Truth against estimate", estimates(shown))
        .section("Beside what is simpler", table());
    if (result.leak() != null) {
      page.section("A resolution that gives the answer away",
          "<p>" + leak() + " A network that seems to read Omega_m off such trees has counted particles. "
              + (result.leak().particles().getFirst() > 0.9
                  ? "Cut halos at a fixed mass before anything is learned from them."
                  : "Here the leak is small.")
              + "</p>");
    }
    return page.section("Make this page again", again())
        .footer("<p>One file, no network. Every number is in <code>result.json</code> beside it.</p>");
  }

  private Row baseline() {
    return result.rows().stream().filter(row -> row.name().equals(result.bestBaseline())).findFirst().orElseThrow();
  }

  private static double sum(Row row) {
    return row.r2().stream().mapToDouble(r2 -> r2).sum();
  }

  private String heading(Row best) {
    if (best.r2().stream().allMatch(r2 -> r2 < NOTHING)) {
      return "The " + ReportPage.text(best.name()) + " has learned next to nothing of "
          + String.join(" and ",
              IntStream.range(0, result.parameters().size()).mapToObj(p -> label(p).html()).toList());
    }
    return "The " + ReportPage.text(best.name()) + " gives "
        + String.join(" and ", IntStream.range(0, result.parameters().size())
            .mapToObj(p -> label(p).html() + " with <i>R</i>² " + Numbers.fixed(best.r2().get(p), 2)).toList());
  }

  private Label label(int parameter) {
    return switch (result.parameters().get(parameter)) {
      case "Omega_m" -> Label.symbol("Ω", "m");
      case "sigma_8" -> Label.symbol("σ", "8");
      default -> Label.of("the " + result.parameters().get(parameter) + " at fixed mass");
    };
  }

  private String trees() {
    StringBuilder out = new StringBuilder("<p>Time runs down; the volume of a disc grows with mass. The main branch, "
        + "which follows the heaviest progenitor, is full.</p><figure><div class=\"two\">");
    for (int i = 0; i < result.drawn().size(); i++) {
      TreeResult.Drawn tree = result.drawn().get(i);
      out.append("<div><h3>").append(ReportPage.text(tree.title())).append("</h3>")
          .append(ReportPage.figure("tree-" + i,
              new TreeFigure(tree.title(), tree.redshifts(), tree.logMasses(), tree.descendants()), 340, 560))
          .append("</div>");
    }
    return out.append("</div></figure>").toString();
  }

  private String estimates(Row shown) {
    StringBuilder out = new StringBuilder("<p>The ").append(ReportPage.text(shown.name()))
        .append(
            ", first seed: the posterior mean of every example by a model that has not seen it, with its 68 % interval."
                + "</p><figure><div class=\"two\">");
    for (int p = 0; p < result.parameters().size(); p++) {
      out.append("<div>").append(ReportPage.figure("estimate-" + p, estimate(p))).append("</div>");
    }
    return out.append("</div></figure>").toString();
  }

  private Chart estimate(int parameter) {
    int count = result.examples().size();
    double[] truth = column(parameter, 0);
    double[] mean = column(parameter, 1);
    double[] half = column(parameter, 2);
    double[] both = IntStream.range(0, 2 * count).mapToDouble(i -> i < count ? truth[i] : mean[i - count]).toArray();
    Axis x = Axis.around(Label.of("truth"), both, 5);
    Axis y = new Axis(Label.of("posterior mean"), x.low(), x.high(), false, x.ticks());
    Tone tone = Tone.of(parameter);
    double[] low = IntStream.range(0, count).mapToDouble(i -> Math.max(x.low(), mean[i] - half[i])).toArray();
    double[] high = IntStream.range(0, count).mapToDouble(i -> Math.min(x.high(), mean[i] + half[i])).toArray();
    PlotLayer points = PlotLayer.points(truth, mean, count > 600 ? 1.4 : 2.3,
        Style.filled(Paint.of(tone).opacity(count > 600 ? 0.55 : 0.9)));
    PlotLayer bars = PlotLayer.errorBars(truth, low, high, Style.line(Paint.mix(tone, 0.26, Tone.BAND), 1));
    Chart chart = count > 600
        ? Chart.of(result.parameters().get(parameter), x, y, PlotLayer.diagonal(Style.line(Tone.QUIET, 1)), points)
        : Chart.of(result.parameters().get(parameter), x, y, PlotLayer.diagonal(Style.line(Tone.QUIET, 1)), bars,
            points);
    return chart.withGrid().described(count + " examples, truth against posterior mean.")
        .with(PlotLayer.words(x.high(), x.low(), -6, -8, label(parameter), Anchor.END, Tone.INK));
  }

  private double[] column(int parameter, int value) {
    return result.examples().stream().mapToDouble(example -> example.get(parameter).get(value)).toArray();
  }

  private String table() {
    List<List<String>> rows = new ArrayList<>();
    for (Row row : result.rows()) {
      rows.add(List.of(row.name(), r2(row), each(row.rmse(), 4), each(row.coverage(), 2),
          row.network() ? ratio(row) : row.name().equals(result.bestBaseline()) ? "best baseline" : "", earlier(row)));
    }
    return "<p>Means over the seeds, ± the standard deviation over them"
        + (result.parameters().size() > 1 ? "; " + String.join(" / ", result.parameters()) : "")
        + ". All methods see the same trees. The last column is what an earlier program of this project found on trees of the "
        + "same kind, not a figure of a paper.</p><div class=\"scroll\">"
        + new DataTable("Methods", List.of(Label.of("method"), Label.of("R²"), Label.of("RMSE"), Label.of("in 68 %"),
            Label.of("error over the best baseline's"), Label.of("earlier R²")), rows).html()
        + "</div><ul class=\"findings\">"
        + String.join("", networks.stream().map(row -> "<li>" + ReportPage.text(verdict(row)) + "</li>").toList())
        + "</ul>";
  }

  private static String ratio(Row row) {
    return String.join(" / ", row.errorRatio().stream()
        .map(r -> Numbers.fixed(r.get(1), 2) + " (" + Numbers.fixed(r.get(0), 2) + "–" + Numbers.fixed(r.get(2), 2)
            + ")")
        .toList())
        + (TreeResult.verdict(row) == Verdict.BETTER ? " better" : "");
  }

  private String again() {
    StringBuilder out = new StringBuilder("<pre>").append(ReportPage.text(result.command()))
        .append("</pre><dl class=\"facts\">");
    result.versions().forEach((name, value) -> fact(out, name, value));
    result.seconds().forEach((name, value) -> fact(out, name, Numbers.fixed(value, 0) + " s of processor time"));
    return out.append("</dl>").toString();
  }

  private static void fact(StringBuilder out, String name, String value) {
    out.append("<dt>").append(ReportPage.text(name)).append("</dt><dd>").append(ReportPage.text(value)).append("</dd>");
  }
}
