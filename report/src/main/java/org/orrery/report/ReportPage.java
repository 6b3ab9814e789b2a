package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A page in one HTML file that needs no network: prose, figures that fit their column, data for scripts, and the
/// scripts. Light or dark as the reader prefers; figures are there before any script runs, and in print.
///
/// ```java
/// String html = ReportPage.titled("Decay of a muon")
///     .heading("The lifetime is <b>2.2</b> microseconds")
///     .section("Every decay", "<p>One dot an event.</p>" + ReportPage.figure("decays", chart))
///     .html();
/// ```
public final class ReportPage {
  private static final Pattern FIELD = Pattern.compile("\\{\\{([a-z]+)\\}\\}");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final double NARROW = 330;
  private static final double WIDE = 520;

  private final String title;
  private final List<String> kicker = new ArrayList<>();
  private final List<String> sections = new ArrayList<>();
  private final List<String> scripts = new ArrayList<>();
  private String heading;
  private String lead = "";
  private String footer = "";
  private @Nullable Object data;
  private @Nullable String sceneScript;
  private boolean curves;

  private ReportPage(String title) {
    this.title = title;
    this.heading = Escape.text(title);
  }

  /// An empty page.
  ///
  /// @param title plain text, for tabs and bookmarks
  public static ReportPage titled(String title) {
    require(!title.isBlank(), "page", "no title", "a few words");
    return new ReportPage(title);
  }

  /// Plain text in HTML.
  public static String text(String plain) {
    return Escape.text(plain);
  }

  /// Small facts above the heading, in plain text.
  public ReportPage kicker(List<String> facts) {
    kicker.addAll(facts);
    return this;
  }

  /// The result in a sentence, as HTML.
  public ReportPage heading(String html) {
    heading = html;
    return this;
  }

  /// What follows the heading, as HTML.
  public ReportPage lead(String html) {
    lead = html;
    return this;
  }

  /// A section under a heading, both as HTML.
  public ReportPage section(String headingHtml, String html) {
    String id = "section-" + (sections.size() + 1);
    sections.add("<section aria-labelledby=\"" + id + "\"><h2 id=\"" + id + "\">" + headingHtml + "</h2>\n" + html
        + "</section>\n");
    return this;
  }

  /// What stands below, as HTML.
  public ReportPage footer(String html) {
    footer = html;
    return this;
  }

  /// Numbers for the scripts, which read them from the element `data`.
  public ReportPage data(Object value) {
    data = value;
    return this;
  }

  /// A classic script, run after the figures fit.
  public ReportPage script(String script) {
    scripts.add(script);
    return this;
  }

  /// Carries uPlot, for curves that answer the pointer.
  public ReportPage withCurves() {
    curves = true;
    return this;
  }

  /// Carries three.js and a module that imports it.
  public ReportPage withScene(String module) {
    sceneScript = module;
    return this;
  }

  /// A figure that fits its column: it is drawn at two widths, and a script draws it at any other by moving every
  /// coordinate along the line through both, so that text keeps its size. Without the script the first one shows.
  ///
  /// @param id unique in the page
  /// @throws IllegalArgumentException where the two drawings differ by more than numbers
  public static String figure(String id, Figure figure) {
    return figure(id, figure, NARROW, WIDE);
  }

  /// The same for columns of about these widths.
  public static String figure(String id, Figure figure, double narrow, double wide) {
    require(id.matches("[a-z][a-z0-9-]*"), "figure", "id " + id, "lower-case letters, digits and hyphens");
    require(narrow < wide, "figure " + id, narrow + " to " + wide + " pixels", "narrow < wide");
    String first = Svg.text(figure.at(narrow), Theme.PAGE);
    String second = Svg.text(figure.at(wide), Theme.PAGE);
    require(NUMBER.matcher(first).replaceAll("#").equals(NUMBER.matcher(second).replaceAll("#")), "figure " + id,
        "other marks at " + wide + " than at " + narrow + " pixels", "the same marks at every width");
    return "<div class=\"figure\" id=\"" + id + "\" data-widths=\"" + Numbers.plain(narrow) + " "
        + Numbers.plain(wide) + "\">" + first + "<template>" + second + "</template></div>\n";
  }

  /// The whole file.
  public String html() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("title", Escape.text(title));
    fields.put("tones", Tone.styleSheet());
    fields.put("style", WebModules.resource("page.css") + (curves ? WebModules.uPlotStyle() : ""));
    fields.put("kicker", kicker.isEmpty() ? "" : kickerHtml());
    fields.put("heading", heading);
    fields.put("lead", lead);
    fields.put("sections", String.join("", sections));
    fields.put("footer", footer.isEmpty() ? "" : "<footer>" + footer + "</footer>");
    fields.put("data", data == null
        ? ""
        : "<script type=\"application/json\" id=\"data\">" + FiniteJson.inScript(data) + "</script>\n");
    StringBuilder code = new StringBuilder();
    if (curves) {
      code.append("<script>").append(WebModules.uPlot()).append("</script>\n");
    }
    code.append("<script>\n").append(Escape.script(WebModules.resource("page.js"))).append("</script>\n");
    scripts.forEach(script -> code.append("<script>\n").append(Escape.script(script)).append("</script>\n"));
    if (sceneScript != null) {
      code.append("<script type=\"importmap\">").append(WebModules.threeImportMap()).append("</script>\n")
          .append("<script type=\"module\">\n").append(Escape.script(sceneScript)).append("</script>\n");
    }
    fields.put("scripts", code.toString());
    // One pass: what a field brings is never read as a field.
    return FIELD.matcher(WebModules.resource("page.html")).replaceAll(match -> {
      String value = fields.get(match.group(1));
      if (value == null) {
        throw Checks.failure("page", "the field " + match.group(1), "one of " + fields.keySet());
      }
      return Matcher.quoteReplacement(value);
    });
  }

  /// Writes the file in one step: a reader finds the old one or the whole new one.
  ///
  /// @throws IOException where that fails
  public void write(Path file) throws IOException {
    writeWhole(file, html());
  }

  static void writeWhole(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(beside, text);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private String kickerHtml() {
    StringBuilder out = new StringBuilder("<p class=\"kicker\">");
    for (int i = 0; i < kicker.size(); i++) {
      String fact = Escape.text(kicker.get(i));
      out.append(i == 0 ? "<b>" + fact + "</b>" : "<span>" + fact + "</span>");
    }
    return out.append("</p>").toString();
  }
}
