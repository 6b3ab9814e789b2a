package org.orrery.examples.galaxyzoo;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.orrery.io.WholeFile;
import org.orrery.tensor.Tensor;

/// A white page that pictures and words are put on, drawn twice as fine as its units, without a display.
final class Page {
  static final Color INK = new Color(0x222222);
  static final Color FAINT = new Color(0x777777);
  private static final int SCALE = 2;

  private final BufferedImage image;
  private final Graphics2D graphics;

  Page(int width, int height) {
    System.setProperty("java.awt.headless", "true");
    image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION,
        RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
  }

  void title(String text, String below) {
    words(text, 20, 30, 17, Font.BOLD, INK);
    words(below, 20, 50, 12, Font.PLAIN, FAINT);
  }

  void words(String text, double x, double y, int size, int style, Color color) {
    graphics.setFont(new Font(Font.SANS_SERIF, style, size));
    graphics.setColor(color);
    graphics.drawString(text, (float) x, (float) y);
  }

  /// Words that end at x.
  void wordsBefore(String text, double x, double y, int size) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
    graphics.setColor(INK);
    graphics.drawString(text, (float) (x - graphics.getFontMetrics().stringWidth(text)), (float) y);
  }

  /// Words around x.
  void wordsAround(String text, double x, double y, int size, Color color) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
    graphics.setColor(color);
    graphics.drawString(text, (float) (x - graphics.getFontMetrics().stringWidth(text) / 2.0), (float) y);
  }

  void box(double x, double y, double width, double height, Color color) {
    graphics.setColor(color);
    graphics.fill(new Rectangle2D.Double(x, y, width, height));
  }

  /// A picture of a galaxy.
  void galaxy(GalaxyImages images, int galaxy, int x, int y, int side) {
    BufferedImage picture = new BufferedImage(images.side(), images.side(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < images.side(); row++) {
      for (int column = 0; column < images.side(); column++) {
        int rgb = 0;
        for (int color = 0; color < 3; color++) {
          rgb = rgb << 8 | Math.round(255 * images.pixel(galaxy, row, column, color));
        }
        picture.setRGB(column, row, rgb);
      }
    }
    graphics.drawImage(picture, x, y, side, side, null);
  }

  /// A channel of a map `[rows, columns]`, black to yellow from its least to its most.
  void map(Tensor map, int x, int y, int side) {
    float[] values = map.toArray();
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    BufferedImage picture = new BufferedImage(map.columns(), map.rows(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < values.length; i++) {
      picture.setRGB(i % map.columns(), i / map.columns(),
          heat(most > least ? (values[i] - least) / (most - least) : 0).getRGB());
    }
    graphics.drawImage(picture, x, y, side, side, null);
  }

  /// Dark blue, red, yellow, white for 0 to 1.
  static Color heat(double share) {
    double s = Math.clamp(share, 0, 1);
    return new Color((float) Math.min(1, 2 * s), (float) Math.clamp(2 * s - 0.8, 0, 1),
        (float) Math.max(0.25 * (1 - 2 * s), Math.clamp(4 * s - 3, 0, 1)));
  }

  void write(Path file) throws IOException {
    graphics.dispose();
    ImageIO.setUseCache(false);
    WholeFile.write(file, out -> {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("figure " + file + ": this Java writes no PNG");
      }
    });
  }
}
