package org.orrery.examples.cosmographnet;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.io.WholeFile;

/// A field in projection along z: haloes as discs whose area grows with mass and whose color tells z, linked pairs as
/// lines. A pair across the border of the periodic box is drawn at both borders, dashed.
public final class FieldFigure {
  private static final int SCALE = 2;
  private static final int WIDTH = 760;
  private static final int HEIGHT = 720;
  private static final int LEFT = 70;
  private static final int TOP = 66;
  private static final int SIDE = 560;
  private static final int BAR = 668;
  private static final Color INK = new Color(0x222222);
  private static final Color FAINT = new Color(0x777777);
  private static final Color LINK = new Color(60, 60, 60, 110);
  private static final BasicStroke INSIDE = new BasicStroke(0.9f);
  private static final BasicStroke ACROSS = new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10,
      new float[] {3, 2}, 0);

  private final GalaxyField field;
  private final Graph graph;
  private final double box;
  private final Graphics2D page;

  private FieldFigure(GalaxyField field, Graph graph, double box, Graphics2D page) {
    this.field = field;
    this.graph = graph;
    this.box = box;
    this.page = page;
  }

  /// Draws without a display.
  ///
  /// @param graph of the field
  /// @param box its side in Mpc/h
  /// @param caption said below the title
  /// @throws IOException where the file cannot be written
  public static void write(GalaxyField field, Graph graph, double box, String caption, Path file) throws IOException {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(WIDTH * SCALE, HEIGHT * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D page = image.createGraphics();
    page.scale(SCALE, SCALE);
    page.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    page.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    page.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    new FieldFigure(field, graph, box, page).draw(caption);
    page.dispose();
    ImageIO.setUseCache(false);
    WholeFile.write(file, out -> {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("figure " + file + ": this Java writes no PNG");
      }
    });
  }

  private void draw(String caption) {
    page.setColor(Color.WHITE);
    page.fillRect(0, 0, WIDTH, HEIGHT);
    page.setColor(INK);
    page.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
    page.drawString("Haloes and linked pairs, projected along z", LEFT, 30);
    page.setColor(FAINT);
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    page.drawString(caption + "; dashed: across the border", LEFT, 51);
    sizes();
    page.setClip(new Rectangle2D.Double(LEFT, TOP, SIDE, SIDE));
    links();
    haloes();
    page.setClip(null);
    frame();
    colorBar();
  }

  private void links() {
    Sparse edges = graph.adjacency().sparse();
    double[][] x = field.positions();
    page.setColor(LINK);
    for (int e = 0; e < edges.edges(); e++) {
      double[] from = x[edges.senderOf().at(e)];
      double[] to = x[edges.receiverOf().at(e)];
      double dx = shortest(to[0] - from[0]);
      double dy = shortest(to[1] - from[1]);
      boolean crosses = dx != to[0] - from[0] || dy != to[1] - from[1];
      page.setStroke(crosses ? ACROSS : INSIDE);
      page.draw(new Line2D.Double(across(from[0]), up(from[1]), across(from[0] + dx), up(from[1] + dy)));
    }
  }

  private static double shortest(double d) {
    return d - Math.rint(d);
  }

  /// The heaviest first, so that none hides another.
  private void haloes() {
    double[][] x = field.positions();
    double[][] features = field.features();
    Comparator<Integer> heavyFirst = Comparator.comparingDouble(i -> -features[i][0]);
    IntStream.range(0, x.length).boxed().sorted(heavyFirst).forEach(i -> {
      disc(across(x[i][0]), up(x[i][1]), features[i][0], color(x[i][2]));
    });
  }

  /// @param logMass log10(1 + M / 1e10): each power of ten adds as much area
  private void disc(double x, double y, double logMass, Color color) {
    double radius = Math.sqrt(2 + 14 * Math.max(0, logMass - 1));
    Ellipse2D disc = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    page.setColor(color);
    page.fill(disc);
    page.setColor(Color.WHITE);
    page.setStroke(new BasicStroke(0.6f));
    page.draw(disc);
  }

  /// What the sizes mean: discs of round masses below the axis.
  private void sizes() {
    double y = HEIGHT - 22.0;
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    page.setColor(INK);
    page.drawString("mass in Msun/h", LEFT, (float) y + 4);
    for (int power = 11; power <= 14; power++) {
      double x = LEFT + 130.0 + 70 * (power - 11);
      disc(x, y, Math.log10(1 + Math.pow(10, power - 10)), FAINT);
      page.setColor(INK);
      page.drawString("1e" + power, (float) x + 12, (float) y + 4);
    }
  }

  private void frame() {
    page.setColor(INK);
    page.setStroke(new BasicStroke(1f));
    page.draw(new Rectangle2D.Double(LEFT, TOP, SIDE, SIDE));
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (int k = 0; k <= 4; k++) {
      double share = k / 4.0;
      String text = number(share * box);
      page.draw(new Line2D.Double(across(share), TOP + SIDE, across(share), TOP + SIDE - 5.0));
      centered(text, across(share), TOP + SIDE + 17);
      page.draw(new Line2D.Double(LEFT, up(share), LEFT + 5.0, up(share)));
      page.drawString(text, (float) (LEFT - 8 - page.getFontMetrics().stringWidth(text)), (float) (up(share) + 4));
    }
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    centered("x in Mpc/h", LEFT + SIDE / 2.0, TOP + SIDE + 40);
    turned("y in Mpc/h", 24);
    turned("z in Mpc/h", WIDTH - 14.0);
  }

  private void turned(String text, double x) {
    Graphics2D side = (Graphics2D) page.create();
    side.translate(x, TOP + SIDE / 2.0);
    side.rotate(-Math.PI / 2);
    side.drawString(text, -side.getFontMetrics().stringWidth(text) / 2f, 0f);
    side.dispose();
  }

  private void colorBar() {
    for (int row = 0; row < SIDE; row++) {
      page.setColor(color(1 - (row + 0.5) / SIDE));
      page.fill(new Rectangle2D.Double(BAR, TOP + row, 16, 1.2));
    }
    page.setColor(INK);
    page.draw(new Rectangle2D.Double(BAR, TOP, 16, SIDE));
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (int k = 0; k <= 4; k++) {
      page.drawString(number(k * box / 4), BAR + 22, (float) (up(k / 4.0) + 4));
    }
  }

  /// Dark blue over green to yellow: even steps of lightness, readable without color vision.
  private static Color color(double share) {
    double[][] stops = {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {236, 214, 37}};
    double at = Math.clamp(share, 0, 1) * (stops.length - 1);
    int low = Math.min((int) at, stops.length - 2);
    double rest = at - low;
    int[] rgb = new int[3];
    for (int k = 0; k < 3; k++) {
      rgb[k] = (int) Math.round(stops[low][k] * (1 - rest) + stops[low + 1][k] * rest);
    }
    return new Color(rgb[0], rgb[1], rgb[2]);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.1f", value);
  }

  private void centered(String text, double x, double y) {
    page.drawString(text, (float) (x - page.getFontMetrics().stringWidth(text) / 2.0), (float) y);
  }

  private static double across(double share) {
    return LEFT + SIDE * share;
  }

  private static double up(double share) {
    return TOP + SIDE * (1 - share);
  }
}
