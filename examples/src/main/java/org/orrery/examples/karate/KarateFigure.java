package org.orrery.examples.karate;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.orrery.graph.Sparse;
import org.orrery.io.WholeFile;
import org.orrery.tensor.Indices;

/// The club in the plane that the model learned: ties as lines, members colored by the side they took, the two labeled
/// members as squares, wrong ones ringed, and the line between the predicted sides.
final class KarateFigure {
  private static final int SCALE = 2;
  private static final int WIDTH = 760;
  private static final int HEIGHT = 640;
  private static final int LEFT = 70;
  private static final int TOP = 78;
  private static final int SIDE_WIDTH = 660;
  private static final int SIDE_HEIGHT = 480;
  private static final double RADIUS = 9;

  private static final Color[] FACTIONS = {new Color(0x1f6fb4), new Color(0xe07b27)};
  private static final Color[] TINTS = {new Color(0xf1f6fb), new Color(0xfdf5ee)};
  private static final Color INK = new Color(0x222222);
  private static final Color FAINT = new Color(0x8a8a8a);
  private static final Color TIE = new Color(90, 90, 90, 70);
  private static final Color ERROR = new Color(0xc2183c);

  private final Karate.Result result;
  private final Graphics2D page;
  private final PrincipalAxes axes;
  private final Span across;
  private final Span upward;

  private KarateFigure(Karate.Result result, Graphics2D page) {
    this.result = result;
    this.page = page;
    this.axes = PrincipalAxes.of(result);
    this.across = Span.of(axes.members(), axes::x);
    this.upward = Span.of(axes.members(), axes::y);
  }

  /// Draws without a display.
  ///
  /// @throws IOException where the file cannot be written
  static void write(Karate.Result result, Path file) throws IOException {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(WIDTH * SCALE, HEIGHT * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D page = image.createGraphics();
    page.scale(SCALE, SCALE);
    page.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    page.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    page.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    new KarateFigure(result, page).draw();
    page.dispose();
    ImageIO.setUseCache(false);
    WholeFile.write(file, out -> {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("figure " + file + ": this Java writes no PNG");
      }
    });
  }

  private void draw() {
    page.setColor(Color.WHITE);
    page.fillRect(0, 0, WIDTH, HEIGHT);
    title();
    sides();
    ties();
    frame();
    members();
    legend();
  }

  private void title() {
    page.setColor(INK);
    page.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
    page.drawString("Zachary's karate club, learned from two members", LEFT, 36);
    page.setColor(FAINT);
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    int right = result.predicted().size() - result.wrong().size();
    page.drawString("Two graph convolutions into the plane; " + right + " of " + result.predicted().size()
        + " members on the side that they took", LEFT, 58);
  }

  /// The plane in the tint of the side that is predicted there, and the line between them.
  private void sides() {
    double left = LEFT;
    double right = LEFT + SIDE_WIDTH;
    double head = Math.clamp(at(axes.dividing(upward.high()), upward.low()).getX(), left, right);
    double foot = Math.clamp(at(axes.dividing(upward.low()), upward.low()).getX(), left, right);
    double low = TOP + SIDE_HEIGHT;
    page.setColor(TINTS[0]);
    page.fill(quadrangle(left, TOP, head, TOP, foot, low, left, low));
    page.setColor(TINTS[1]);
    page.fill(quadrangle(head, TOP, right, TOP, right, low, foot, low));
    page.setColor(FAINT);
    page.setStroke(new BasicStroke(1.1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0));
    page.draw(new Line2D.Double(head, TOP, foot, low));
  }

  private static Shape quadrangle(double... corners) {
    Path2D.Double path = new Path2D.Double();
    path.moveTo(corners[0], corners[1]);
    for (int k = 2; k < corners.length; k += 2) {
      path.lineTo(corners[k], corners[k + 1]);
    }
    path.closePath();
    return path;
  }

  private void ties() {
    Sparse edges = result.club().graph().adjacency().sparse();
    page.setColor(TIE);
    page.setStroke(new BasicStroke(0.8f));
    for (int e = 0; e < edges.edges(); e++) {
      if (edges.senderOf().at(e) < edges.receiverOf().at(e)) {
        page.draw(new Line2D.Double(node(edges.senderOf().at(e)), node(edges.receiverOf().at(e))));
      }
    }
  }

  private void frame() {
    page.setColor(INK);
    page.setStroke(new BasicStroke(1f));
    page.draw(new Rectangle2D.Double(LEFT, TOP, SIDE_WIDTH, SIDE_HEIGHT));
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (double tick : across.ticks()) {
      Point2D foot = at(tick, upward.low());
      page.draw(new Line2D.Double(foot.getX(), foot.getY(), foot.getX(), foot.getY() - 5));
      centered(number(tick), foot.getX(), foot.getY() + 17);
    }
    for (double tick : upward.ticks()) {
      Point2D foot = at(across.low(), tick);
      page.draw(new Line2D.Double(foot.getX(), foot.getY(), foot.getX() + 5, foot.getY()));
      String text = number(tick);
      page.drawString(text, (float) (foot.getX() - 8 - page.getFontMetrics().stringWidth(text)),
          (float) (foot.getY() + 4));
    }
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    centered("first principal axis of the embedding", LEFT + SIDE_WIDTH / 2.0, TOP + SIDE_HEIGHT + 38);
    Graphics2D turned = (Graphics2D) page.create();
    turned.translate(22, TOP + SIDE_HEIGHT / 2.0);
    turned.rotate(-Math.PI / 2);
    String second = "second principal axis, stretched";
    turned.drawString(second, -turned.getFontMetrics().stringWidth(second) / 2f, 0f);
    turned.dispose();
  }

  private void members() {
    Indices truth = result.club().graph().labels(KarateClub.FACTION);
    Indices labeled = result.club().graph().mask(KarateClub.LABELED);
    List<Integer> wrong = result.wrong();
    for (int i = 0; i < truth.size(); i++) {
      Point2D center = node(i);
      marker(center, truth.at(i), i == labeled.at(0) || i == labeled.at(1), wrong.contains(i));
      page.setColor(Color.WHITE);
      page.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 9));
      centered(Integer.toString(result.club().number(i)), center.getX(), center.getY() + 3.3);
    }
  }

  private void marker(Point2D center, int faction, boolean labeled, boolean wrong) {
    double r = labeled ? RADIUS + 2 : RADIUS;
    Shape shape = labeled
        ? square(center, r)
        : new Ellipse2D.Double(center.getX() - r, center.getY() - r, 2 * r, 2 * r);
    page.setColor(FACTIONS[faction]);
    page.fill(shape);
    page.setColor(labeled ? INK : Color.WHITE);
    page.setStroke(new BasicStroke(labeled ? 1.8f : 1f));
    page.draw(shape);
    if (wrong) {
      double ring = r + 4;
      page.setColor(ERROR);
      page.setStroke(new BasicStroke(2f));
      page.draw(new Ellipse2D.Double(center.getX() - ring, center.getY() - ring, 2 * ring, 2 * ring));
    }
  }

  private static Shape square(Point2D center, double r) {
    int x = (int) Math.round(center.getX());
    int y = (int) Math.round(center.getY());
    int half = (int) Math.round(r);
    return new Polygon(new int[] {x - half, x + half, x + half, x - half},
        new int[] {y - half, y - half, y + half, y + half}, 4);
  }

  private void legend() {
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    double y = HEIGHT - 17;
    double x = LEFT;
    x = entry(x, y, "instructor's side", 0, false, false);
    x = entry(x, y, "administrator's side", 1, false, false);
    x = entry(x, y, "side labeled", 0, true, false);
    entry(x, y, "wrong", 0, false, true);
  }

  private double entry(double x, double y, String text, int faction, boolean labeled, boolean wrong) {
    marker(new Point2D.Double(x + RADIUS, y - 4), faction, labeled, wrong);
    page.setColor(INK);
    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    page.drawString(text, (float) (x + 2 * RADIUS + 9), (float) y);
    return x + 2 * RADIUS + 9 + page.getFontMetrics().stringWidth(text) + 26;
  }

  private void centered(String text, double x, double y) {
    page.drawString(text, (float) (x - page.getFontMetrics().stringWidth(text) / 2.0), (float) y);
  }

  private Point2D node(int i) {
    return at(axes.x(i), axes.y(i));
  }

  private Point2D at(double x, double y) {
    return new Point2D.Double(LEFT + SIDE_WIDTH * across.share(x),
        TOP + SIDE_HEIGHT * (1 - upward.share(y)));
  }

  /// What an axis shows.
  private record Span(double low, double high) {
    /// All values and a margin of 6 %.
    static Span of(int count, IntToDoubleFunction value) {
      double low = IntStream.range(0, count).mapToDouble(value).min().orElse(0);
      double high = IntStream.range(0, count).mapToDouble(value).max().orElse(0);
      double margin = 0.06 * Math.max(high - low, 1e-6);
      return new Span(low - margin, high + margin);
    }

    double share(double value) {
      return (value - low) / (high - low);
    }

    /// Multiples of 1, 2 or 5 times a power of ten, at most eight of them.
    double[] ticks() {
      double wanted = (high - low) / 8;
      double power = Math.pow(10, Math.floor(Math.log10(wanted)));
      double step = Arrays.stream(new double[] {1, 2, 5, 10}).map(factor -> factor * power)
          .filter(candidate -> candidate >= wanted).findFirst().orElse(10 * power);
      return LongStream.rangeClosed((long) Math.ceil(low / step), (long) Math.floor(high / step))
          .mapToDouble(k -> k * step).toArray();
    }
  }

  private static String number(double tick) {
    String text = String.format(Locale.ROOT, "%.2f", tick == 0 ? 0.0 : tick);
    return text.replace("-", "\u2212");
  }
}
