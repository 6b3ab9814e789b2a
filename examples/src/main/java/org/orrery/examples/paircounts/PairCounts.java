package org.orrery.examples.paircounts;

import java.util.Arrays;
import org.orrery.graph.space.Pairs;
import org.orrery.graph.space.Space;

/// Pair counts DD of a survey, each pair counted once: by angle on the sky, and by separation across and along the line
/// of sight. Davis & Peebles 1983; the conventions are those of Corrfunc (Sinha & Garrison 2020), which counts each pair
/// twice.
public final class PairCounts {
  private PairCounts() {
  }

  /// How many pairs are theta_b up to, not including, theta_{b+1} apart on the sky.
  ///
  /// @param rightAscension in degrees
  /// @param declination in degrees
  /// @param edges of the bins in degrees, ascending, from above 0 up to 180
  /// @throws IllegalArgumentException where the coordinates differ in number, are no place on the sky, or the edges do
  ///   not ascend within 0 to 180
  public static long[] angular(double[] rightAscension, double[] declination, double... edges) {
    if (rightAscension.length != declination.length) {
      throw new IllegalArgumentException("pair counts: " + rightAscension.length + " right ascensions and "
          + declination.length + " declinations; one of each a galaxy is required");
    }
    double[] chords = new double[edges.length];
    for (int b = 0; b < edges.length; b++) {
      if (!(edges[b] >= 0 && edges[b] <= 180)) {
        throw new IllegalArgumentException("pair counts: edge " + edges[b] + " degrees; 0 to 180 is required");
      }
      chords[b] = 2 * Math.sin(Math.toRadians(edges[b]) / 2); // between points of the unit sphere
    }
    double[] positions = new double[3 * rightAscension.length];
    for (int i = 0; i < rightAscension.length; i++) {
      if (!(Math.abs(declination[i]) <= 90) || !Double.isFinite(rightAscension[i])) {
        throw new IllegalArgumentException("pair counts: galaxy " + i + " at right ascension " + rightAscension[i]
            + ", declination " + declination[i] + "; finite degrees, the latter within -90 to 90, are required");
      }
      double ra = Math.toRadians(rightAscension[i]);
      double dec = Math.toRadians(declination[i]);
      positions[3 * i] = Math.cos(dec) * Math.cos(ra);
      positions[3 * i + 1] = Math.cos(dec) * Math.sin(ra);
      positions[3 * i + 2] = Math.sin(dec);
    }
    return Pairs.histogram(Space.open(3), positions, chords);
  }

  /// How many pairs are r_b up to, not including, r_{b+1} apart across the line of sight and, in steps of 1, less than
  /// `depth` along it: `[bins][depth]`. With s = x_1 - x_2 and l = x_1 + x_2, pi = |s . l| / |l| and
  /// r_p^2 = s . s - pi^2.
  ///
  /// @param positions `[galaxies, 3]` seen from the origin, in the unit of the edges
  /// @param edges of r_p, ascending from above 0
  /// @param depth how many steps along the line of sight
  public static long[][] projected(double[] positions, double[] edges, int depth) {
    if (edges.length < 2 || depth < 1) {
      throw new IllegalArgumentException(
          "pair counts: " + edges.length + " edges and depth " + depth + "; 2 and 1 at least are required");
    }
    int bins = edges.length - 1;
    double[] squares = Arrays.stream(edges).map(edge -> edge * edge).toArray();
    double radius = Math.sqrt(squares[bins] + (double) depth * depth);
    double[] x = positions.clone();
    long[] flat = Pairs.joined(bins * depth, Pairs.fold(Space.open(3), x, radius, new Pairs.Fold<long[]>() {
      @Override
      public long[] start() {
        return new long[bins * depth];
      }

      @Override
      public void pair(long[] sum, int i, int j, double square) {
        double dot = 0;
        double length = 0;
        for (int k = 0; k < 3; k++) {
          double middle = x[3 * i + k] + x[3 * j + k];
          dot += (x[3 * i + k] - x[3 * j + k]) * middle;
          length += middle * middle;
        }
        double along = length == 0 ? 0 : dot * dot / length;
        double across = square - along;
        int step = (int) Math.sqrt(along);
        if (step >= depth || across < squares[0] || across >= squares[bins]) {
          return;
        }
        int bin = bins - 1;
        while (across < squares[bin]) {
          bin--;
        }
        sum[bin * depth + step]++;
      }
    }));
    long[][] counts = new long[bins][];
    Arrays.setAll(counts, b -> Arrays.copyOfRange(flat, b * depth, (b + 1) * depth));
    return counts;
  }
}
