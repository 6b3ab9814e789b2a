package org.orrery.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Curves of equal height on a grid: marching squares (Maple 2003), edges joined into closed curves. Outside of the
/// grid the height is zero, so that every curve closes.
final class Contours {
  private Contours() {
  }

  /// Curves around the highest cells that together hold a share of the sum.
  ///
  /// @param grid rows of constant y, from the low ends of both axes to the high ones
  static List<List<Point>> holding(double share, double[][] grid, Axis x, Axis y) {
    return around(levelHolding(share, grid), grid, x, y);
  }

  /// The height above which cells hold this share of the sum.
  static double levelHolding(double share, double[][] grid) {
    double[] sorted = Arrays.stream(grid).flatMapToDouble(Arrays::stream).sorted().toArray();
    double total = Arrays.stream(sorted).sum();
    double held = 0;
    for (int k = sorted.length - 1; k >= 0; k--) {
      held += sorted[k];
      if (held >= share * total) {
        return sorted[k];
      }
    }
    return 0;
  }

  /// Curves at a height.
  static List<List<Point>> around(double level, double[][] grid, Axis x, Axis y) {
    int rows = grid.length;
    int columns = grid[0].length;
    Map<Long, List<Long>> neighbors = new HashMap<>();
    Map<Long, Point> places = new HashMap<>();
    for (int j = -1; j < rows; j++) {
      for (int i = -1; i < columns; i++) {
        cell(level, grid, i, j, neighbors, places);
      }
    }
    List<List<Point>> curves = new ArrayList<>();
    for (Long start : neighbors.keySet().stream().sorted().toList()) {
      List<Point> curve = new ArrayList<>();
      Deque<Long> open = new ArrayDeque<>(List.of(start));
      while (!open.isEmpty()) {
        Long edge = open.pop();
        List<Long> next = neighbors.remove(edge);
        if (next == null) {
          continue;
        }
        Point p = places.getOrDefault(edge, new Point(0, 0));
        curve.add(new Point(x.low() + (x.high() - x.low()) * p.x() / (columns - 1),
            y.low() + (y.high() - y.low()) * p.y() / (rows - 1)));
        next.stream().filter(neighbors::containsKey).forEach(open::push);
      }
      if (curve.size() > 2) {
        curves.add(curve);
      }
    }
    return curves;
  }

  /// Joins the edges that the curve crosses on its way through one cell. An edge is numbered by its lower left corner,
  /// even where it runs right and odd where it runs up.
  private static void cell(double level, double[][] grid, int i, int j, Map<Long, List<Long>> neighbors,
      Map<Long, Point> places) {
    double[] corner = {height(grid, i, j), height(grid, i + 1, j), height(grid, i + 1, j + 1), height(grid, i, j + 1)};
    int inside = 0;
    for (int k = 0; k < 4; k++) {
      inside |= corner[k] >= level && corner[k] > 0 ? 1 << k : 0;
    }
    long stride = 4L * (grid[0].length + 4);
    long here = (j + 2) * stride + 2L * (i + 2);
    long[] edge = {here, here + 2 + 1, here + stride, here + 1};
    Point[] cross = {between(level, i, j, corner[0], i + 1, j, corner[1]),
      between(level, i + 1, j, corner[1], i + 1, j + 1, corner[2]),
      between(level, i, j + 1, corner[3], i + 1, j + 1, corner[2]),
      between(level, i, j, corner[0], i, j + 1, corner[3])};
    boolean middle = (corner[0] + corner[1] + corner[2] + corner[3]) / 4 >= level;
    int[] pairs = switch (inside) {
      case 1, 14 -> new int[] {3, 0};
      case 2, 13 -> new int[] {0, 1};
      case 3, 12 -> new int[] {3, 1};
      case 4, 11 -> new int[] {1, 2};
      case 6, 9 -> new int[] {0, 2};
      case 7, 8 -> new int[] {3, 2};
      case 5 -> middle ? new int[] {3, 2, 0, 1} : new int[] {3, 0, 1, 2};
      case 10 -> middle ? new int[] {3, 0, 1, 2} : new int[] {0, 1, 2, 3};
      default -> new int[0];
    };
    for (int k = 0; k < pairs.length; k += 2) {
      int a = pairs[k];
      int b = pairs[k + 1];
      places.put(edge[a], cross[a]);
      places.put(edge[b], cross[b]);
      neighbors.computeIfAbsent(edge[a], key -> new ArrayList<>()).add(edge[b]);
      neighbors.computeIfAbsent(edge[b], key -> new ArrayList<>()).add(edge[a]);
    }
  }

  private static double height(double[][] grid, int i, int j) {
    return j >= 0 && j < grid.length && i >= 0 && i < grid[0].length ? grid[j][i] : 0;
  }

  private static Point between(double level, int i, int j, double a, int k, int l, double b) {
    double t = a == b ? 0.5 : Math.clamp((level - a) / (b - a), 0, 1);
    return new Point(i + t * (k - i), j + t * (l - j));
  }

  /// Convolved with a Gaussian of these widths in cells.
  static double[][] smoothed(double[][] grid, double widthX, double widthY) {
    return transposed(blurred(transposed(blurred(grid, widthX)), widthY));
  }

  private static double[][] blurred(double[][] grid, double width) {
    int reach = (int) Math.ceil(4 * width);
    double[][] out = new double[grid.length][grid[0].length];
    for (int j = 0; j < grid.length; j++) {
      for (int i = 0; i < grid[0].length; i++) {
        for (int d = -reach; d <= reach && grid[j][i] != 0; d++) {
          if (i + d >= 0 && i + d < grid[0].length) {
            out[j][i + d] += grid[j][i] * Math.exp(-d * d / Math.max(1e-9, 2 * width * width));
          }
        }
      }
    }
    return out;
  }

  private static double[][] transposed(double[][] grid) {
    double[][] out = new double[grid[0].length][grid.length];
    for (int j = 0; j < grid.length; j++) {
      for (int i = 0; i < grid[0].length; i++) {
        out[i][j] = grid[j][i];
      }
    }
    return out;
  }
}
