package org.orrery.examples.galaxyzoo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.orrery.io.FormatException;
import org.orrery.io.NumPyArchive;
import org.orrery.io.NumericArray;
import org.orrery.tensor.Shape;

/// Pictures of galaxies with their shapes, as read from a NumPy archive with `images` `[galaxies, side, side, 3]` from 0 to 255, `labels`
/// `[galaxies]` and `objid` `[galaxies]`.
public final class GalaxyImages {
  private static final int COLORS = 3;
  /// Brightness is raised to this power, so that faint arms are seen beside bright cores.
  private static final double STRETCH = 0.6;

  private final int side;
  private final float[] pixels;
  private final float[] stretched;
  private final List<Morphology> shapes;
  private final long[] identifiers;

  private GalaxyImages(int side, float[] pixels, List<Morphology> shapes, long[] identifiers) {
    this.side = side;
    this.pixels = pixels;
    this.stretched = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      stretched[i] = (float) Math.pow(pixels[i] / 255, STRETCH);
    }
    this.shapes = List.copyOf(shapes);
    this.identifiers = identifiers;
  }

  /// Reads the archive.
  ///
  /// @throws IOException where it cannot be read or holds something else
  public static GalaxyImages read(Path file) throws IOException {
    NumPyArchive archive = NumPyArchive.read(file);
    NumericArray images = archive.array("images");
    Shape shape = images.shape();
    if (shape.rank() != 4 || shape.size(1) != shape.size(2) || shape.size(1) < 16 || shape.size(3) != COLORS) {
      throw new FormatException(
          file + ": images " + shape + "; [galaxies, side, side, 3] with 16 pixels or more a side is "
              + "required");
    }
    int count = shape.size(0);
    float[] pixels = images.floats();
    for (float pixel : pixels) {
      if (!(pixel >= 0 && pixel <= 255)) {
        throw new FormatException(file + ": a pixel is " + pixel + "; 0 to 255 is required");
      }
    }
    long[] labels = column(file, archive, "labels", count);
    List<Morphology> shapes = new ArrayList<>();
    for (int g = 0; g < count; g++) {
      long code = labels[g];
      shapes.add(Morphology.all().stream().filter(morphology -> morphology.code() == code).findFirst()
          .orElseThrow(() -> new FormatException(file + ": a label is " + code + "; 0, 1, 2, 3 or 5 is required")));
    }
    return new GalaxyImages(shape.size(1), pixels, shapes, column(file, archive, "objid", count));
  }

  private static long[] column(Path file, NumPyArchive archive, String name, int count) throws IOException {
    NumericArray array = archive.array(name);
    if (!array.shape().equals(Shape.of(count))) {
      throw new FormatException(file + ": " + name + " " + array.shape() + "; [" + count + "] is required");
    }
    return array.longs();
  }

  /// How many galaxies.
  public int size() {
    return shapes.size();
  }

  /// Pixels along a side.
  public int side() {
    return side;
  }

  /// The shape of a galaxy.
  public Morphology shape(int galaxy) {
    return shapes.get(galaxy);
  }

  /// The survey's number of a galaxy.
  public long identifier(int galaxy) {
    return identifiers[galaxy];
  }

  /// A color of a pixel of a galaxy, 0 to 1.
  float pixel(int galaxy, int row, int column, int color) {
    return pixels[((galaxy * side + row) * side + column) * COLORS + color] / 255f;
  }

  /// The same with faint pixels made brighter, 0 to 1: what a network reads.
  float stretched(int galaxy, int row, int column, int color) {
    return stretched[((galaxy * side + row) * side + column) * COLORS + color];
  }

  /// The mean and the standard deviation of each color over the first galaxies, stretched.
  double[][] moments(int galaxies) {
    double[] mean = new double[COLORS];
    double[] square = new double[COLORS];
    int count = galaxies * side * side;
    for (int i = 0; i < count * COLORS; i++) {
      mean[i % COLORS] += (double) stretched[i] / count;
      square[i % COLORS] += (double) stretched[i] * stretched[i] / count;
    }
    double[] deviation = new double[COLORS];
    for (int c = 0; c < COLORS; c++) {
      deviation[c] = Math.sqrt(Math.max(1e-6, square[c] - mean[c] * mean[c]));
    }
    return new double[][] {mean, deviation};
  }
}
