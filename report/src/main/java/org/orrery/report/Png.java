package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.orrery.report.Label.Kind;
import org.orrery.report.Label.Run;
import org.orrery.report.Mark.Box;
import org.orrery.report.Mark.Circle;
import org.orrery.report.Mark.Group;
import org.orrery.report.Mark.Path;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;
import org.orrery.report.Style.Dash;

/// A drawing as PNG through Java2D, without a display.
public final class Png {
  private static final List<String> SANS = List.of("Inter", "Helvetica Neue", "Segoe UI", "Roboto", "Lato",
      "Nimbus Sans", "Arial");
  private static final List<String> SERIF = List.of("Iowan Old Style", "Charter", "Palatino", "P052",
      "URW Palladio L", "Georgia");

  private final Graphics2D page;
  private final Theme theme;
  private final Font sans;
  private final Font serif;

  private Png(Graphics2D page, Theme theme) {
    this.page = page;
    this.theme = theme;
    Set<String> installed = Set.copyOf(Arrays.asList(
        GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames()));
    this.sans = font(SANS, installed, Font.SANS_SERIF);
    this.serif = font(SERIF, installed, Font.SERIF);
  }

  private static Font font(List<String> wanted, Set<String> installed, String otherwise) {
    return new Font(wanted.stream().filter(installed::contains).findFirst().orElse(otherwise), Font.PLAIN, 12);
  }

  /// The bytes of a file.
  ///
  /// @param theme light or dark
  /// @param scale pixels of the file a pixel of the drawing
  public static byte[] bytes(Drawing drawing, Theme theme, double scale) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      if (!ImageIO.write(image(drawing, theme, scale), "png", out)) {
        throw new IllegalStateException("png: this Java has no writer for it; one with java.desktop has");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("png of " + drawing.title(), e);
    }
    return out.toByteArray();
  }

  /// The picture in memory.
  ///
  /// @param theme light or dark
  /// @param scale pixels of the picture a pixel of the drawing
  public static BufferedImage image(Drawing drawing, Theme theme, double scale) {
    require(theme != Theme.PAGE, "png", "theme " + theme, "light or dark");
    require(scale > 0 && scale * Math.max(drawing.width(), drawing.height()) < 20000, "png", "scale " + scale,
        "a positive one that keeps both sides below 20,000 pixels");
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage((int) Math.ceil(scale * drawing.width()),
        (int) Math.ceil(scale * drawing.height()), BufferedImage.TYPE_INT_RGB);
    Graphics2D page = image.createGraphics();
    page.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    page.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    page.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    page.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    page.scale(scale, scale);
    page.setColor(new Color(Tone.PAPER.rgb(theme)));
    page.fill(new Rectangle2D.Double(0, 0, drawing.width(), drawing.height()));
    new Png(page, theme).marks(drawing.marks());
    page.dispose();
    return image;
  }

  private void marks(List<Mark> marks) {
    for (Mark mark : marks) {
      switch (mark) {
        case Path path -> paint(outline(path), path.style());
        case Segments segments -> paint(lines(segments.ends()), segments.style());
        case Circle circle -> paint(new Ellipse2D.Double(circle.center().x() - circle.radius(),
            circle.center().y() - circle.radius(), 2 * circle.radius(), 2 * circle.radius()), circle.style());
        case Box box -> paint(new RoundRectangle2D.Double(box.x(), box.y(), box.width(), box.height(),
            2 * box.corner(), 2 * box.corner()), box.style());
        case Words words -> words(words);
        case Group group -> group(group);
      }
    }
  }

  private void group(Group group) {
    Shape before = page.getClip();
    Frame clip = group.clip();
    if (clip != null) {
      page.clip(new Rectangle2D.Double(clip.left(), clip.top(), clip.width(), clip.height()));
    }
    marks(group.marks());
    page.setClip(before);
  }

  private static Shape outline(Path path) {
    Path2D.Double shape = new Path2D.Double();
    Point first = path.points().getFirst();
    shape.moveTo(first.x(), first.y());
    path.points().stream().skip(1).forEach(point -> shape.lineTo(point.x(), point.y()));
    if (path.closed()) {
      shape.closePath();
    }
    return shape;
  }

  private static Shape lines(List<Point> ends) {
    Path2D.Double shape = new Path2D.Double();
    for (int i = 0; i < ends.size(); i += 2) {
      shape.moveTo(ends.get(i).x(), ends.get(i).y());
      shape.lineTo(ends.get(i + 1).x(), ends.get(i + 1).y());
    }
    return shape;
  }

  private void paint(Shape shape, Style style) {
    if (style.fill() instanceof Paint fill) {
      page.setColor(color(fill));
      page.fill(shape);
    }
    if (style.stroke() instanceof Paint stroke && style.width() > 0) {
      float[] dash = style.dash().pattern();
      page.setStroke(new BasicStroke((float) style.width(),
          style.dash() == Dash.DASHED ? BasicStroke.CAP_BUTT : BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 10,
          dash.length == 0 ? null : dash, 0));
      page.setColor(color(stroke));
      page.draw(shape);
    }
  }

  private Color color(Paint paint) {
    return new Color(paint.rgb(theme) | ((int) Math.rint(255 * paint.opacity()) << 24), true);
  }

  private void words(Words words) {
    List<Run> runs = words.label().runs();
    Font[] fonts = runs.stream().map(run -> font(run.kind(), words)).toArray(Font[]::new);
    double[] widths = new double[fonts.length];
    for (int i = 0; i < fonts.length; i++) {
      widths[i] = fonts[i].getStringBounds(runs.get(i).text(), page.getFontRenderContext()).getWidth();
    }
    double total = Arrays.stream(widths).sum();
    AffineTransform before = page.getTransform();
    page.translate(words.at().x(), words.at().y());
    if (words.turned()) {
      page.rotate(-Math.PI / 2);
    }
    double x = switch (words.anchor()) {
      case START -> 0;
      case MIDDLE -> -total / 2;
      case END -> -total;
    };
    for (int i = 0; i < fonts.length; i++) {
      double drop = runs.get(i).kind() == Kind.SUBSCRIPT ? 3.5 : 0;
      letters(runs.get(i).text(), fonts[i], x, drop, words);
      x += widths[i];
    }
    page.setTransform(before);
  }

  private void letters(String text, Font font, double x, double drop, Words words) {
    if (text.isEmpty()) {
      return;
    }
    if (words.halo() instanceof Paint halo) {
      page.setColor(color(halo));
      page.setStroke(new BasicStroke(4, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      page.draw(font.createGlyphVector(page.getFontRenderContext(), text).getOutline((float) x, (float) drop));
    }
    page.setColor(color(words.paint()));
    page.setFont(font);
    page.drawString(text, (float) x, (float) drop);
  }

  private Font font(Kind kind, Words words) {
    return switch (kind) {
      case UPRIGHT -> sans.deriveFont(words.strong() ? Font.BOLD : Font.PLAIN, (float) words.size());
      case ITALIC -> serif.deriveFont(Font.ITALIC, (float) (words.size() * 7 / 6));
      case SUBSCRIPT -> sans.deriveFont(Font.PLAIN, (float) Words.SMALLEST);
    };
  }
}
