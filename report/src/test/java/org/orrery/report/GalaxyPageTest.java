package org.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.report.GalaxyResult.Comparison;
import org.orrery.report.GalaxyResult.Estimate;

class GalaxyPageTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  @TempDir
  static Path folder;
  private static Path page;

  @BeforeAll
  static void write() throws IOException {
    page = folder.resolve("report.html");
    GalaxyPage.write(SampleGalaxies.result(), page);
  }

  @Test
  void thePageHasItsNumbersBesideIt() throws IOException {
    assertEquals(SampleGalaxies.result(),
        FiniteJson.read(Files.readString(folder.resolve("result.json")), GalaxyResult.class));
  }

  @Test
  void thePageAsksNoNetwork() throws IOException {
    String html = Files.readString(page);
    String own = html.substring(0, html.indexOf("<script type=\"importmap\">"));
    Matcher links = Pattern.compile("(?:src|href)=[\"'](?!data:|#)([^\"']+)").matcher(own);
    assertFalse(links.find(), "a link outside of the page");
    assertFalse(html.contains("{{"), "a field without a value");
    assertTrue(html.length() < 2_000_000, "characters: " + html.length());
  }

  @Test
  void theVerdictFollowsThePairedBootstrap() {
    assertTrue(verdict(-0.2, -0.1).contains("Yes."), verdict(-0.2, -0.1));
    assertTrue(verdict(-0.2, 0.1).contains("it is a tie"), verdict(-0.2, 0.1));
    assertTrue(verdict(0.1, 0.2).contains("it loses"), verdict(0.1, 0.2));
    assertTrue(new Findings(changed(0.1, 0.2)).comparisonHeading().contains("the network loses"));
  }

  private static String verdict(double low, double high) {
    return new Findings(changed(low, high)).verdict();
  }

  private static GalaxyResult changed(double low, double high) {
    GalaxyResult r = SampleGalaxies.result();
    Estimate change = new Estimate((low + high) / 2, low, high);
    return new GalaxyResult(r.title(), r.setup(), r.quantities(), r.boxes(), r.calibration(), r.methods(),
        List.of(new Comparison("network-v", "two-v", 1000, 500, List.of(change, change))), r.seeds(), r.training(),
        r.webs(),
        r.symmetries(), r.stages(), r.memory(), r.inputs(), r.trees(), r.provenance());
  }

  @Test
  void treesAndTogglesAreThereOnlyWhereTheResultHasThem() throws IOException {
    String full = Files.readString(page);
    String plain = GalaxyPage.html(SampleGalaxies.withoutTreesAndInfluence());
    for (String part : List.of("Merger trees", "data-k=\"influence\"", "data-k=\"attribution\"",
        "unlike the training boxes")) {
      assertTrue(full.contains(part), part);
      assertFalse(plain.contains(part), part);
    }
    assertTrue(full.contains("A fixed number of halos leaves little of"), "R2 of sigma_8 from positions is small");
  }

  @Test
  void everyFigureOfThePageIsWellFormed() throws Exception {
    Matcher svg = Pattern.compile("<svg xmlns.*?</svg>(?=<template>|</template>|</div>)", Pattern.DOTALL)
        .matcher(Files.readString(page));
    int seen = 0;
    while (svg.find()) {
      FiguresTest.parse(svg.group());
      seen++;
    }
    assertTrue(seen >= 24, "figures: " + seen);
  }

  @Test
  void textOfTheResultCannotBecomeMarkup() {
    ReportPage hostile = ReportPage.titled("</title><script>").section("a", ReportPage.text("<b>"))
        .data(List.of("</script><!--{{heading}}"));
    String html = hostile.html();
    assertTrue(html.contains("&lt;/title&gt;&lt;script&gt;"), html);
    assertTrue(html.contains("\\u003c/script>\\u003c!--{{heading}}"), "data is not read as a field");
    assertEquals("\\x3C/SCRIPT> \\x3C!-- < x", Escape.script("</SCRIPT> <!-- < x"));
    assertEquals("data:text/javascript;charset=utf-8,a%25%23%22%5C%3C%0A%0D%09b",
        Escape.dataAddress("a%#\"\\<\n\r\tb"));
  }

  @Test
  void aFigureWithOtherMarksAtOtherWidthsIsRefused() {
    Figure changing = width -> new Drawing(width, 10, "changing", "", width < 400
        ? List.of()
        : List.of(new Mark.Circle(new Point(1, 1), 1, Style.filled(Tone.INK))));
    Exception e = assertThrows(IllegalArgumentException.class, () -> ReportPage.figure("changing", changing));
    assertTrue(String.valueOf(e.getMessage()).contains("the same marks at every width"), e.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {420, 1280})
  void aBrowserDrawsThePageWithoutErrorsAndWithoutOverflow(int width) throws Exception {
    assumeTrue(Files.isExecutable(CHROMIUM), "skipped: there is no " + CHROMIUM);
    Path probed = folder.resolve("probe-" + width + ".html");
    String probe = "<script>addEventListener('load', () => { const look = () => { const sky = document.getElementById('sky');"
        + "if (!sky.classList.contains('live')) return setTimeout(look, 100);"
        + "document.title = 'scroll ' + document.documentElement.scrollWidth + ' of ' + innerWidth; }; look(); });"
        + "addEventListener('error', e => document.body.dataset.error = e.message);</script></body>";
    Files.writeString(probed, Files.readString(page).replace("</body>", probe));
    String dom = chromium(width, probed, "--virtual-time-budget=15000", "--dump-dom");
    Matcher title = Pattern.compile("<title>scroll (\\d+) of (\\d+)</title>").matcher(dom);
    assertTrue(title.find(), "the sky is live: " + dom.lines().filter(line -> line.contains("CONSOLE")).toList());
    assertTrue(Integer.parseInt(title.group(1)) <= Integer.parseInt(title.group(2)), title.group());
    assertFalse(dom.contains("data-error"), "a script threw");
    assertFalse(dom.contains(":CONSOLE"), dom.lines().filter(line -> line.contains(":CONSOLE")).toList().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "0"})
  void theSkyIsDrawnInLightAndDark(String scheme) throws Exception {
    assumeTrue(Files.isExecutable(CHROMIUM), "skipped: there is no " + CHROMIUM);
    Path picture = folder.resolve("picture-" + scheme + ".png");
    chromium(1280, page, "--blink-settings=preferredColorScheme=" + scheme, "--screenshot=" + picture);
    BufferedImage image = ImageIO.read(picture.toFile());
    Tone paper = Tone.PAPER;
    assertEquals(paper.rgb(scheme.equals("0") ? Theme.DARK : Theme.LIGHT), image.getRGB(5, 5) & 0xffffff);
    int bright = 0;
    int seen = 0;
    for (int y = 1000; y < 1350; y++) {
      for (int x = 100; x < 1180; x++) {
        int rgb = image.getRGB(x, y);
        bright += (rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255) > 180 ? 1 : 0;
        seen++;
      }
    }
    double share = bright / (double) seen;
    assertTrue(share > 0.01 && share < 0.3, "share of bright pixels in the sky: " + share);
  }

  private static String chromium(int width, Path file, String... more) throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory(folder, "profile");
    List<String> command = new ArrayList<>(List.of(CHROMIUM.toString(), "--headless", "--no-sandbox",
        "--disable-background-networking", "--disable-component-update", "--no-first-run", "--user-data-dir=" + profile,
        "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--hide-scrollbars",
        "--window-size=" + width + ",1500",
        "--timeout=12000", "--enable-logging=stderr"));
    command.addAll(List.of(more));
    command.add(file.toUri().toString());
    Path out = Files.createTempFile(folder, "chromium", ".txt");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    process.waitFor();
    return Files.readString(out);
  }
}
