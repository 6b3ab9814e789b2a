package org.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.report.GalaxyResult.Estimate;
import org.orrery.report.Mark.Circle;
import org.orrery.report.Mark.Group;
import org.orrery.report.Mark.Words;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class FiguresTest {
  private static final Axis UNIT = Axis.linear(Label.symbol("Ω", "m"), 0, 1, 5);

  static Stream<Figure> everyKind() {
    double[] x = {0.1, 0.5, 0.9};
    double[] y = {0.2, 0.4, 0.8};
    double[] edges = {0, 0.25, 0.5, 1};
    Chart chart = Chart.of("layers <of> \"every\" & kind", UNIT, UNIT, PlotLayer.band(x, y, x, Paint.of(Tone.BAND)),
        PlotLayer.line(x, y, Style.line(Tone.FIRST, 2).dashed()), PlotLayer.points(x, y, 3, Style.filled(Tone.SECOND)),
        PlotLayer.errorBars(x, y, x, Style.line(Tone.SECOND, 1)),
        PlotLayer.steps(edges, y, Style.line(Tone.THIRD, 1).dotted()),
        PlotLayer.bars(edges, y, Style.filled(Tone.WASH)),
        PlotLayer.flatHistogram(List.of(9, 11, 10), 0, 1, Tone.FIRST),
        PlotLayer.binomialBand(200), PlotLayer.vertical(0.3, Style.line(Tone.INK, 1)),
        PlotLayer.horizontal(0.3, Style.line(Tone.INK, 1)), PlotLayer.diagonal(Style.line(Tone.QUIET, 1)));
    Joint gaussian = Joint.gaussian(new double[] {0.5, 0.4}, new double[][] {{0.01, 0.004}, {0.004, 0.02}});
    Joint mixture = Joint.mixture(new double[] {1, 2}, new double[][] {{0.3, 0.3, 0.5}, {0.7, 0.6, 0.5}},
        new double[][][] {eye(0.006), eye(0.01)});
    SampleGalaxies.Noise noise = new SampleGalaxies.Noise(3);
    double[][] samples = IntStream.range(0, 400)
        .mapToObj(i -> new double[] {0.5 + 0.1 * noise.normal(), 0.5 + 0.1 * noise.normal()}).toArray(double[][]::new);
    List<DotPlot.Row> rows = List.of(new DotPlot.Row("Two-point", "positions", DotPlot.Emphasis.HOLLOW),
        new DotPlot.Row("Network", "positions", DotPlot.Emphasis.FULL),
        new DotPlot.Row("Counts", "the number", DotPlot.Emphasis.NONE));
    List<DotPlot.Column> columns = List.of(new DotPlot.Column(Label.of("RMS error"), "R²", Tone.FIRST, UNIT,
        List.of(new Estimate(0.3, 0.2, 0.4), new Estimate(0.2, 0.1, 0.3), new Estimate(0.9, 0.8, 1.2)),
        List.of("0.9", "0.95", "0"), new DotPlot.Bracket(0, 1, "−16 %", "95 %: −23 to −9")));
    GalaxyResult.Tree tree = SampleGalaxies.result().trees().getFirst();
    Scene scene = new Scene("cube", "a cube", 2, Scene.Camera.USUAL,
        Scene.cube(2, Style.line(Tone.QUIET, 1), "edges"),
        List.of(new Scene.Spot(new Scene.Place(0, 0, 0), 3, Paint.of(Tone.INK), "spots")));
    return Stream.of(chart, chart.withGrid().shaped(0.5).described("with grid"),
        new TrianglePlot("gaussian", "", List.of(UNIT, UNIT), gaussian, List.of(0.5, 0.5)),
        new TrianglePlot("mixture", "", List.of(UNIT, UNIT, UNIT), mixture, null),
        new TrianglePlot("samples", "", List.of(UNIT, UNIT), Joint.samples(samples), null),
        new DotPlot("dots", "", rows, columns, false), new DotPlot("stacked dots", "", rows, columns, true),
        new BarList("bars", "", List.of(new BarList.Bar("train", 3, 2.0, 4, "3 s"),
            new BarList.Bar("link", 1, null, 4, "1 s")), "measured"),
        new TreeFigure(tree.title(), tree.redshifts(), tree.logMasses(), tree.descendants()), scene,
        new DataTable("table", List.of(Label.of("method"), UNIT.label()), List.of(List.of("a < b", "0.1"))));
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void everyFigureIsWellFormedInEveryThemeAndSaysWhatItIs(Figure figure) throws Exception {
    Drawing drawing = figure.at(480);
    for (Theme theme : Theme.values()) {
      Element svg = parse(Svg.text(drawing, theme)).getDocumentElement();
      assertEquals("svg", svg.getTagName());
      assertEquals("img", svg.getAttribute("role"));
      assertEquals(drawing.title(), svg.getAttribute("aria-label"));
      assertEquals(1, svg.getElementsByTagName("desc").getLength());
      assertEquals(theme == Theme.PAGE ? 0 : 1, svg.getElementsByTagName("title").getLength());
    }
    assertFalse(Svg.text(drawing, Theme.DARK).contains("var("), "a file of its own names no variable");
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void everyFigurePaintsTheSameDrawingAsPng(Figure figure) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Png.bytes(figure.at(480), Theme.LIGHT, 1.5)));
    assertEquals(720, image.getWidth());
    int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    long marked = IntStream.of(rgb).filter(pixel -> (pixel & 0xffffff) != 0xffffff).count();
    assertTrue(marked > 300, "pixels that are not paper: " + marked);
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void noTextIsSmallerThanElevenPixels(Figure figure) {
    String svg = Svg.text(figure.at(480), Theme.LIGHT);
    Matcher sizes = Pattern.compile("font-size[:=]\"?([0-9.]+)").matcher(svg);
    while (sizes.find()) {
      assertTrue(Double.parseDouble(sizes.group(1)) >= 11, sizes.group());
    }
  }

  @Test
  void aPointIsDrawnAtItsPixel() throws Exception {
    Chart chart = Chart.of("points", Axis.linear(Label.of("x"), 0, 10, 5), Axis.linear(Label.of("y"), 0, 4, 4),
        PlotLayer.points(new double[] {2.5}, new double[] {3}, 4, Style.filled(Tone.INK)));
    Frame frame = chart.plot(300).frame();
    Document svg = parse(Svg.text(chart.at(300), Theme.LIGHT));
    Element circle = (Element) svg.getElementsByTagName("circle").item(0);
    assertEquals(frame.left() + 0.25 * frame.width(), Double.parseDouble(circle.getAttribute("cx")), 0.051);
    assertEquals(frame.top() + 0.25 * frame.height(), Double.parseDouble(circle.getAttribute("cy")), 0.051);
    BufferedImage image = Png.image(chart.at(300), Theme.LIGHT, 1);
    int inked = image.getRGB((int) (frame.left() + 0.25 * frame.width()), (int) (frame.top() + 0.25 * frame.height()));
    assertEquals(Tone.INK.rgb(Theme.LIGHT), inked & 0xffffff);
  }

  @Test
  void aDecadeHasTheSameLengthEverywhereOnALogarithmicAxis() {
    Axis axis = Axis.logarithmic(Label.of("error"), 1e-8, 1e-4);
    assertEquals(0.25, axis.share(1e-7), 1e-12);
    assertEquals(0.75, axis.share(1e-5), 1e-12);
    assertEquals(List.of("10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴"), axis.ticks().stream().map(Axis.Tick::text).toList());
  }

  @Test
  void ticksAreRoundNumbers() {
    assertEquals(List.of("0.1", "0.2", "0.3", "0.4", "0.5"),
        Axis.linear(Label.of(""), 0.1, 0.5, 5).ticks().stream().map(Axis.Tick::text).toList());
    assertEquals(List.of("−50", "0", "50", "100"),
        Axis.linear(Label.of(""), -60, 110, 4).ticks().stream().map(Axis.Tick::text).toList());
    assertEquals(List.of("0:00", "0:30", "1:00", "1:30", "2:00", "2:30", "3:00"),
        Axis.clock(Label.of(""), 171).ticks().stream().map(Axis.Tick::text).toList());
  }

  @Test
  void marchingSquaresFindTheEllipseOfAGaussian() {
    double[][] covariance = {{0.01, -0.006}, {-0.006, 0.02}};
    double[] mean = {0.5, 0.45};
    Joint exact = Joint.gaussian(mean, covariance);
    Joint grid = Joint.mixture(new double[] {1}, new double[][] {mean}, new double[][][] {covariance});
    for (double share : new double[] {0.68, 0.95}) {
      List<List<Point>> curves = grid.contour(0, 1, share, UNIT, UNIT);
      assertEquals(1, curves.size());
      double determinant = 0.01 * 0.02 - 0.006 * 0.006;
      double wanted = -2 * Math.log(1 - share);            // chi squared of two degrees of freedom
      for (Point point : curves.getFirst()) {
        double dx = point.x() - mean[0];
        double dy = point.y() - mean[1];
        double found = (0.02 * dx * dx + 2 * 0.006 * dx * dy + 0.01 * dy * dy) / determinant;
        assertEquals(wanted, found, 0.05 * wanted);
      }
      assertEquals(90, exact.contour(0, 1, share, UNIT, UNIT).getFirst().size());
    }
  }

  @Test
  void twoDistantModesHaveTwoCurves() {
    Joint joint = Joint.mixture(new double[] {1, 1}, new double[][] {{0.2, 0.2}, {0.8, 0.8}},
        new double[][][] {{{0.002, 0}, {0, 0.002}}, {{0.002, 0}, {0, 0.002}}});
    assertEquals(2, joint.contour(0, 1, 0.68, UNIT, UNIT).size());
  }

  @Test
  void theHeaviestBranchOfATreeGoesStraightOn() {
    //      4   5
    //       \ /
    //    2   3
    //     \ /
    //      1 -> 0
    List<Integer> descendants = List.of(-1, 0, 1, 1, 3, 3);
    double[] masses = {14, 13.9, 13.5, 12, 11.9, 11};
    double[] columns = TreeLayout.columns(descendants, i -> masses[i]);
    assertEquals(columns[0], columns[1]);
    assertEquals(columns[1], columns[2]);
    assertEquals(columns[3], columns[4]);
    assertEquals(3, IntStream.of(2, 4, 5).mapToDouble(i -> columns[i]).distinct().count());
  }

  @Test
  void aTreeWithACircleIsRefused() {
    Exception e = assertThrows(IllegalArgumentException.class,
        () -> TreeLayout.rootOf("loop", List.of(-1, 2, 1)));
    assertEquals("tree loop: 1 of 3 nodes lead to the root; all must", e.getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"INK", "SOFT", "FIRST", "SECOND", "THIRD", "FOURTH", "WARNING"})
  void textStandsOutFromTheGround(Tone tone) {
    for (Theme theme : List.of(Theme.LIGHT, Theme.DARK)) {
      for (Tone ground : List.of(Tone.PAPER, Tone.WASH)) {
        double a = luminance(tone.rgb(theme)) + 0.05;
        double b = luminance(ground.rgb(theme)) + 0.05;
        double contrast = Math.max(a / b, b / a);
        assertTrue(contrast >= 4.5, tone + " on " + ground + " in " + theme + ": " + contrast);   // WCAG 2.2, AA
      }
    }
  }

  @Test
  void textBelowElevenPixelsIsRefused() {
    Words words = Words.of(new Point(0, 0), "small", Mark.Anchor.START, Tone.INK);
    assertEquals("words: 10.0 pixels; at least 11.0",
        assertThrows(IllegalArgumentException.class, () -> words.sized(10)).getMessage());
  }

  @Test
  void whatIsNotFiniteIsNeverDrawn() {
    PlotLayer layer = PlotLayer.points(new double[] {Double.NaN}, new double[] {0}, 3, Style.filled(Tone.INK));
    Chart chart = Chart.of("bad", UNIT, UNIT, layer);
    assertEquals("point: NaN; a finite number",
        assertThrows(IllegalArgumentException.class, () -> chart.at(300)).getMessage());
  }

  @Test
  void theBinomialBandIsSymmetricAndHolds95Percent() {
    for (double p : new double[] {0.02, 0.3, 0.68, 0.97}) {
      double[] band = Normal.binomial95(200, p);
      double[] mirrored = Normal.binomial95(200, 1 - p);
      assertEquals(band[0], 1 - mirrored[1], 1e-12);
      double sd = Math.sqrt(p * (1 - p) / 200);
      assertEquals(p - 1.96 * sd, band[0], 0.012);
      assertEquals(p + 1.96 * sd, band[1], 0.012);
    }
    double[] large = Normal.binomial95(100_000, 0.5);      // (1/2)^100000 underflows
    assertEquals(0.5 - 1.96 * Math.sqrt(0.25 / 100_000), large[0], 1e-4);
  }

  @Test
  void histogramBarsAreCountsOverTheirMean() {
    Chart chart = Chart.of("pit", Axis.linear(Label.of(""), 0, 1, 4), Axis.linear(Label.of(""), 0, 2, 2),
        PlotLayer.flatHistogram(List.of(30, 10), 0, 1, Tone.FIRST));
    Plot plot = chart.plot(300);
    List<Mark.Box> bars = new ArrayList<>();
    collect(chart.at(300).marks(), bars);
    assertEquals(plot.frame().bottom() - plot.y(1.5), bars.get(0).height(), 1e-9);
    assertEquals(plot.frame().bottom() - plot.y(0.5), bars.get(1).height(), 1e-9);
  }

  private static void collect(List<Mark> marks, List<Mark.Box> into) {
    for (Mark mark : marks) {
      if (mark instanceof Group group) {
        collect(group.marks(), into);
      } else if (mark instanceof Mark.Box box) {
        into.add(box);
      } else {
        assertFalse(mark instanceof Circle, "no circles here");
      }
    }
  }

  private static double luminance(int rgb) {
    double sum = 0;
    double[] weights = {0.0722, 0.7152, 0.2126};
    for (int k = 0; k < 3; k++) {
      double c = ((rgb >> (8 * k)) & 255) / 255.0;
      sum += weights[k] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  private static double[][] eye(double variance) {
    return new double[][] {{variance, 0, 0}, {0, variance, 0}, {0, 0, variance}};
  }

  static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
  }

}
