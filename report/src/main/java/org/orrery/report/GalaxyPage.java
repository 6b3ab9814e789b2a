package org.orrery.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.orrery.report.Findings.Finding;
import org.orrery.report.GalaxyResult.Method;
import org.orrery.report.GalaxyResult.Provenance;
import org.orrery.report.GalaxyResult.Setup;
import org.orrery.report.GalaxyResult.Web;

/// The page of a galaxy run: the result and the verdict, what the network sees in three dimensions, one test box and
/// all of them, calibration, baselines, training, merger trees, what a reader should hear without asking, and how to make
/// it again. Every heading and verdict is chosen from the numbers by [Verdicts].
public final class GalaxyPage {
  private final GalaxyResult result;
  private final Findings findings;
  private final GalaxyFigures figures;

  private GalaxyPage(GalaxyResult result) {
    this.result = result;
    this.findings = new Findings(result);
    this.figures = new GalaxyFigures(result, findings);
  }

  /// Writes the page, and `result.json` beside it with every number of it.
  ///
  /// @param file the page, such as `report.html`
  /// @throws IOException where a file cannot be written
  public static void write(GalaxyResult result, Path file) throws IOException {
    String page = html(result);
    ReportPage.writeWhole(file.resolveSibling("result.json"), FiniteJson.pretty(result));
    ReportPage.writeWhole(file, page);
  }

  /// The page as text.
  public static String html(GalaxyResult result) {
    return new GalaxyPage(result).page().html();
  }

  private ReportPage page() {
    Setup setup = result.setup();
    ReportPage page = ReportPage.titled(result.title() + ": " + plain(findings.heading()))
        .kicker(List.of(result.title(), (setup.countIsFixed() ? "" : "up to ") + Numbers.grouped(setup.halos())
            + " halos a box, " + setup.sees().words(),
            Numbers.grouped(setup.training()) + " boxes to train, "
                + Numbers.grouped(setup.test()) + " to test",
            result.provenance().date()))
        .heading(findings.heading())
        .lead("<p class=\"verdict\">" + findings.verdict() + "</p>\n" + keys())
        .data(data()).withCurves().script(WebModules.resource("galaxies.js"));
    if (!result.webs().isEmpty()) {
      page.section("What the network sees", web()).withScene(WebModules.resource("sky.js"));
    }
    page.section("One box, and all " + Numbers.grouped(setup.test()), boxes())
        .section(findings.calibrationHeading(), calibration())
        .section(findings.comparisonHeading(), baselines())
        .section(findings.trainingHeading(), training());
    if (!result.trees().isEmpty()) {
      page.section(result.trees().size() == 1 ? "A merger tree" : "Merger trees", trees());
    }
    List<Finding> unasked = findings.unasked();
    if (!unasked.isEmpty()) {
      page.section("Said unasked", "<ul class=\"findings\">" + Findings.each(unasked.size(), i -> "<li><b>"
          + unasked.get(i).title() + "</b> " + unasked.get(i).text() + "</li>\n") + "</ul>\n");
    }
    return page.section("Make this page again", again())
        .footer("<p>One file, no network. Every number of this page is in "
            + "<code>result.json</code> beside it. Drawn with three.js " + WebModules.version("three") + " and uPlot "
            + WebModules.version("uplot") + ", both under the MIT license.</p>");
  }

  private static String plain(String html) {
    return html.replaceAll("<[^>]*>", "").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
        .replace("&quot;", "\"");
  }

  private int quantities() {
    return result.quantities().size();
  }

  private String colored(int k, String text) {
    return "<span class=\"" + Findings.tone(k) + " nb\">" + text + "</span>";
  }

  private String keys() {
    Method network = findings.headliner();
    StringBuilder out = new StringBuilder("<dl class=\"keys\">");
    String r2 = Findings.each(quantities(),
        k -> colored(k, Numbers.fixed(network.scores().get(k).r2().value(), 3)));
    String baseline = result.comparisons().isEmpty()
        ? "no baseline ran"
        : "best baseline " + Findings.and(IntStream
            .range(0, quantities())
            .mapToObj(k -> Numbers.fixed(result.method(result.comparisons().getFirst().baseline())
                .scores().get(k).r2().value(), 3))
            .toList());
    key(out, "Share of variance explained, R²", r2, baseline);
    String after = Findings.each(quantities(),
        k -> colored(k, Numbers.percent(result.calibration().after().coverage68().get(k))));
    key(out, "Truths inside the 68 % interval", after,
        Findings.and(Findings.percents(result.calibration().before().coverage68())) + " before the factor "
            + Numbers.fixed(result.calibration().factor(), 2));
    Finding alone = findings.positionsAlone();
    if (alone != null) {
      key(out, "From positions alone", alone.title(), alone.text());
    }
    double seconds = result.stages().stream().mapToDouble(GalaxyResult.Stage::seconds).sum();
    key(out, "Processor time", Numbers.duration(seconds), Findings.and(result.stages().stream()
        .sorted((a, b) -> Double.compare(b.seconds(), a.seconds())).limit(2)
        .map(stage -> ReportPage.text(stage.name()) + " " + Numbers.duration(stage.seconds())).toList())
        + ", most of it");
    return out.append("</dl>").toString();
  }

  private static void key(StringBuilder out, String name, String value, String below) {
    out.append("<div><dt>").append(name).append("</dt><dd>").append(value).append("<small>").append(below)
        .append("</small></dd></div>");
  }

  private List<WebScene> scenes() {
    double lightest = result.webs().stream().flatMap(web -> web.logMasses().stream()).mapToDouble(m -> m).min()
        .orElse(0);
    double influence = top(result.webs().stream().flatMap(web -> web.influence().stream()).mapToDouble(v -> v));
    double attribution = top(result.webs().stream().flatMap(web -> web.attribution().stream()).mapToDouble(v -> v));
    return result.webs().stream().map(web -> new WebScene(web, result.setup().side(), result.setup().radius(), lightest,
        influence, attribution)).toList();
  }

  /// What 99 in 100 stay below, so that one outlier does not darken the rest.
  private static double top(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted.length == 0 ? 1 : Math.max(1e-12, sorted[(int) (0.99 * (sorted.length - 1))]);
  }

  private String web() {
    List<WebScene> scenes = scenes();
    Setup setup = result.setup();
    String side = Numbers.brief(setup.side(), 3);
    StringBuilder out = new StringBuilder("<p>").append(scenes.size() == 1 ? "A periodic box, " : "Periodic boxes, ")
        .append(side).append(" Mpc/<i>h</i> on a side, ").append(scenes.size() == 1 ? "with its " : "each with its ")
        .append(setup.countIsFixed() ? Numbers.grouped(setup.halos()) + " heaviest halos. " : "halos. ")
        .append("Pairs closer than ").append(Numbers.brief(setup.radius(), 3))
        .append(" Mpc/<i>h</i> are linked; the network passes messages along these links")
        .append(setup.countIsFixed() ? " and never sees the count.</p>\n" : ".</p>\n")
        .append("<figure><div class=\"sky").append(scenes.size() == 1 ? " single" : "")
        .append("\" id=\"sky\" tabindex=\"0\" role=\"group\" aria-label=\"Boxes of halos in three dimensions, turning "
            + "together. Arrow keys turn, plus and minus zoom.\">");
    for (int i = 0; i < scenes.size(); i++) {
      out.append(cell(result.webs().get(i), scenes.get(i), i));
    }
    boolean velocities = result.webs().stream().anyMatch(web -> !web.velocities().isEmpty());
    boolean influence = result.webs().stream().anyMatch(web -> !web.influence().isEmpty());
    boolean attribution = result.webs().stream().anyMatch(web -> !web.attribution().isEmpty());
    out.append(
        "</div><div class=\"under\"><figcaption>Points grow with mass, nearer ones are brighter; links fade with "
            + "length. ");
    if (velocities) {
      out.append("<span class=\"third\">Arrows</span> are velocities, ")
          .append(Numbers.brief(100 * WebScene.ARROW, 2))
          .append(" Mpc/<i>h</i> long for 100 km/s; the median speed is ").append(Findings.and(scenes.stream()
              .map(scene -> Numbers.fixed(scene.medianSpeed(), 0)).toList()))
          .append(" km/s. ");
    }
    if (influence) {
      out.append("Influence of a link: how far the posterior mean moves without it, <span class=\"nb\">0<span "
          + "class=\"ramp\"></span>").append(Numbers.significant(
              top(result.webs().stream()
                  .flatMap(web -> web.influence().stream()).mapToDouble(v -> v)),
              2))
          .append(" σ</span>. ");
    }
    if (attribution) {
      out.append("Attribution: how much of the mean a halo carries, up to ").append(Numbers.significant(
          top(result.webs().stream().flatMap(web -> web.attribution().stream()).mapToDouble(v -> v)), 2))
          .append(" σ. ");
    }
    out.append("<span class=\"glonly\">Drag to turn.</span> <span id=\"nogl\">Without WebGL this is a fixed projection."
        + "</span></figcaption><div class=\"btns\" id=\"skybtn\">");
    if (velocities) {
      out.append(button("arrows", "Velocities", true));
    }
    out.append(button("links", "Links", true));
    if (influence) {
      out.append(button("influence", "Influence", false));
    }
    if (attribution) {
      out.append(button("attribution", "Attribution", false));
    }
    return out.append("<button type=\"button\" data-k=\"turn\" aria-pressed=\"true\" hidden>Turn</button>"
        + "<button type=\"button\" data-k=\"in\" aria-label=\"Zoom in\" hidden>+</button>"
        + "<button type=\"button\" data-k=\"out\" aria-label=\"Zoom out\" hidden>−</button></div></div></figure>\n")
        .toString();
  }

  private static String button(String key, String text, boolean pressed) {
    return "<button type=\"button\" data-k=\"" + key + "\" aria-pressed=\"" + pressed + "\">" + text + "</button>";
  }

  private String cell(Web web, WebScene scene, int index) {
    List<String> values = IntStream.range(0, quantities()).mapToObj(k -> findings.label(k).html() + " = "
        + Numbers.significant(web.values().get(k), 2) + findings.unit(k)).toList();
    String title = "Box " + (index + 1) + " with " + plain(Findings.and(values));
    String small = values.size() < 2
        ? ""
        : "<small>" + String.join(", ", values.subList(1, values.size())) + "</small>";
    return "<div><div class=\"name\"><span>" + values.getFirst() + "</span>" + small + "</div>"
        + Svg.text(scene.still(title,
            web.halos() + " halos and " + web.links().size() / 2 + " links in perspective.").at(366), Theme.PAGE)
        + "</div>";
  }

  private String boxes() {
    boolean triangle = quantities() > 1;
    StringBuilder out = new StringBuilder("<p>").append(triangle
        ? "The posterior of one test box, then truth"
        : "Truth")
        .append(" against posterior mean for every test box with its 68 % interval; boxes whose interval misses "
            + "the truth are in full color. Point at one, or step with the arrow keys: it is marked in every figure.</p>\n"
            + "<figure><div class=\"trio\">");
    if (triangle) {
      out.append("<div class=\"lead\"><h3>Posterior of box <span id=\"boxno\">").append(figures.typicalBox() + 1)
          .append("</span></h3>").append(ReportPage.figure("triangle", figures.triangle())).append("</div>");
    }
    for (int k = 0; k < quantities(); k++) {
      out.append("<div><h3 class=\"").append(Findings.tone(k)).append("\">").append(findings.label(k).html())
          .append(", all test boxes</h3>").append(ReportPage.figure("scatter-" + k, figures.scatter(k)))
          .append("</div>");
    }
    return out
        .append("</div><div class=\"bar\"><output id=\"readout\" aria-live=\"polite\"></output><div class=\"btns\">"
            + "<button type=\"button\" id=\"prev\" aria-label=\"Previous box\">←</button><button type=\"button\" id=\"next\" "
            + "aria-label=\"Next box\">→</button><button type=\"button\" id=\"nextmiss\">Next miss</button></div></div>"
            + "<figcaption>Contours hold 68 and 95 % of the probability, after the factor "
            + Numbers.fixed(result.calibration().factor(), 2)
            + "; crosses and thin lines mark the truth. The first box shown "
            + "is the typical one: half of all boxes lie closer to their truth, half farther.</figcaption></figure>\n")
        .toString();
  }

  private String calibration() {
    GalaxyResult.Audit before = result.calibration().before();
    GalaxyResult.Audit after = result.calibration().after();
    return "<p>" + findings.calibrationText() + " Solid lines are after the factor, dashed ones before.</p>\n"
        + "<figure><div class=\"trio close\"><div><h3>Coverage of each interval</h3>"
        + ReportPage.figure("coverage", figures.coverage()) + "</div><div><h3>Rank of the truth (PIT)</h3>"
        + Findings.each(quantities(), k -> ReportPage.figure("pit-" + k, figures.pit(k)))
        + "</div><div><h3>Joint coverage (TARP)</h3>" + ReportPage.figure("tarp", figures.tarp()) + "</div></div>"
        + "<figcaption>Bands: what chance does in 95 % of cases, point by point. χ² a box: "
        + Findings.and(chi(before)) + " before, " + Findings.and(chi(after)) + " after. The 95 % intervals hold "
        + Findings.and(Findings.percents(after.coverage95())) + ". " + findings.tarpText()
        + " The ring is the box chosen above.</figcaption></figure>\n";
  }

  private static List<String> chi(GalaxyResult.Audit audit) {
    return audit.chiSquared().stream().map(chi -> Numbers.fixed(chi, 2)).toList();
  }

  private String baselines() {
    String draws = result.comparisons().isEmpty()
        ? ""
        : " from " + Numbers.grouped(result.comparisons().getFirst().draws()) + " bootstraps";
    return "<p>Root-mean-square error on the same " + Numbers.grouped(result.setup().test())
        + " boxes, with 95 % intervals"
        + draws + "; lower is better."
        + (result.comparisons().isEmpty()
            ? ""
            : " The comparison of the verdict is the pair "
                + "at the bottom.")
        + "</p>\n<figure><div class=\"wide\">" + ReportPage.figure("dots", figures.baselines(false), 800, 1200)
        + "</div><div class=\"narrow\">" + ReportPage.figure("dots-stacked", figures.baselines(true)) + "</div>"
        + "<figcaption>Intervals of single rows overlap because all rows share the boxes, hard ones included. The bracket is "
        + "the paired difference, where that cancels.</figcaption><details><summary>The same as a table</summary>"
        + "<div class=\"scroll\">" + figures.table().html() + "</div></details></figure>\n";
  }

  private String training() {
    return "<p>" + findings.trainingText() + "</p>\n<figure><div class=\"trio close\"><div><h3>Loss</h3>"
        + ReportPage.figure("curve-loss", figures.loss()) + "</div><div><h3>R² on validation boxes</h3>"
        + ReportPage.figure("curve-r2", figures.r2()) + "</div><div><h3>Learning rate</h3>"
        + ReportPage.figure("curve-rate", figures.rate())
        + "</div></div><div class=\"bar\" id=\"epochbar\" hidden><output "
        + "id=\"epoch\"></output></div></figure>\n";
  }

  private String trees() {
    return "<p>Time runs down to the present; the volume of a disc grows with mass. The main branch, which follows the "
        + "heaviest progenitor, is full and stands upright.</p>\n<figure><div class=\"two\">"
        + Findings.each(result.trees().size(), i -> {
          GalaxyResult.Tree tree = result.trees().get(i);
          return "<div><h3>" + ReportPage.text(tree.title()) + "</h3>"
              + ReportPage.figure("tree-" + i, new TreeFigure(tree.title(),
                  tree.redshifts(), tree.logMasses(), tree.descendants()), 340, 560)
              + "</div>";
        }) + "</div></figure>\n";
  }

  private String again() {
    Provenance provenance = result.provenance();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("seed", Long.toString(provenance.seed()));
    facts.putAll(provenance.versions());
    facts.putAll(provenance.hashes());
    facts.put("made", provenance.date());
    StringBuilder out = new StringBuilder("<div class=\"two\"><div><pre>")
        .append(ReportPage.text(String.join("\n", provenance.commands()))).append("</pre><dl class=\"facts\">");
    facts.forEach((name, value) -> out.append("<dt>").append(ReportPage.text(name)).append("</dt><dd>")
        .append(ReportPage.text(value))
        .append("</dd>"));
    out.append("</dl></div><div>");
    if (!result.stages().isEmpty()) {
      out.append("<h3>Plan against measured</h3>").append(ReportPage.figure("plan", figures.plan(), 340, 560));
    }
    if (!result.symmetries().isEmpty()) {
      out.append("<h3 style=\"margin-top:1.8rem\">").append(findings.symmetryHeading()).append("</h3>")
          .append(ReportPage.figure("symmetries", figures.symmetries(), 340, 560));
    }
    return out.append("</div></div>\n").toString();
  }

  /// What the scripts of the page need, and no more.
  private Map<String, Object> data() {
    Map<String, Object> data = new TreeMap<>();
    data.put("factor", result.calibration().factor());
    data.put("half68", Normal.HALF_68);
    data.put("chosen", figures.typicalBox());
    data.put("side", result.setup().side());
    data.put("quantities", IntStream.range(0, quantities()).mapToObj(k -> {
      Map<String, Object> quantity = new TreeMap<>();
      quantity.put("html", findings.symbol(k));
      quantity.put("tone", Findings.tone(k));
      quantity.put("symbol", findings.label(k).plain());
      quantity.put("unit", result.quantities().get(k).unit());
      return quantity;
    }).toList());
    data.put("boxes", result.boxes());
    data.put("training", result.training());
    List<Object> webs = new ArrayList<>();
    scenes().forEach(scene -> webs.add(scene.data()));
    data.put("webs", webs);
    return data;
  }
}
