package org.orrery.examples.galaxyzoo;

import org.orrery.tensor.Key;

/// How a picture is looked at: its middle, turned, moved, enlarged, in a mirror. What is seen where is interpolated between pixels; beyond the
/// border stands the outermost pixel.
///
/// @param angle in radians, anticlockwise
/// @param down pixels that the picture is moved by
/// @param right pixels that the picture is moved by
/// @param zoom above 1 enlarges
/// @param mirrored whether left and right change places first; spirals then wind the other way
public record View(double angle, double down, double right, double zoom, boolean mirrored) {
  /// Pixels along a side of what is seen.
  public static final int SIDE = 48;
  /// So much larger a galaxy is there than in the survey's picture.
  private static final double ENLARGED = 1.2;
  private static final double FARTHEST = 3;
  private static final double ZOOM = 0.15;

  /// The picture as it is.
  public static View straight() {
    return new View(0, 0, 0, 1, false);
  }

  /// Any angle, up to three pixels in each direction, 15 % smaller to larger, in a mirror or not.
  public static View random(Key key) {
    double[] u = key.uniformDouble(5);
    return new View(2 * Math.PI * u[0], FARTHEST * (2 * u[1] - 1), FARTHEST * (2 * u[2] - 1),
        1 + ZOOM * (2 * u[3] - 1), u[4] < 0.5);
  }

  /// One of the eight symmetries of a square.
  public static View symmetry(int number) {
    return new View(Math.PI / 2 * (number % 4), 0, 0, 1, number >= 4);
  }

  /// The shape that is seen.
  public Morphology of(Morphology morphology) {
    return mirrored ? morphology.mirrored() : morphology;
  }

  /// Writes what is seen of a galaxy, `[SIDE, SIDE, 3]`, standardized.
  ///
  /// @param moments mean and standard deviation of each color
  void write(GalaxyImages images, int galaxy, double[][] moments, float[] into, int at) {
    double middle = (SIDE - 1) / 2.0;
    double center = (images.side() - 1) / 2.0;
    double cosine = Math.cos(angle) / (zoom * ENLARGED);
    double sine = Math.sin(angle) / (zoom * ENLARGED);
    int place = at;
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        double y = row - middle - down;
        double x = column - middle - right;
        double fromRow = center + cosine * y + sine * x;
        double turned = cosine * x - sine * y;
        double fromColumn = center + (mirrored ? -turned : turned);
        for (int color = 0; color < 3; color++) {
          double value = between(images, galaxy, fromRow, fromColumn, color);
          into[place++] = (float) ((value - moments[0][color]) / moments[1][color]);
        }
      }
    }
  }

  private static double between(GalaxyImages images, int galaxy, double row, double column, int color) {
    int last = images.side() - 1;
    double y = Math.clamp(row, 0, last);
    double x = Math.clamp(column, 0, last);
    int top = (int) y;
    int left = (int) x;
    int bottom = Math.min(last, top + 1);
    int right = Math.min(last, left + 1);
    double fromTop = y - top;
    double fromLeft = x - left;
    double above = images.stretched(galaxy, top, left, color) * (1 - fromLeft)
        + images.stretched(galaxy, top, right, color) * fromLeft;
    double below = images.stretched(galaxy, bottom, left, color) * (1 - fromLeft)
        + images.stretched(galaxy, bottom, right, color) * fromLeft;
    return above * (1 - fromTop) + below * fromTop;
  }
}
