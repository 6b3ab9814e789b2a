package org.orrery.geometry;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.Key;

/// Orthogonal matrices in 1 to 3 dimensions.
final class Orthogonal {
  private Orthogonal() {
  }

  /// Which matrices of a box are meant.
  @FunctionalInterface
  interface Kind {
    /// Whether this one is.
    boolean test(double[][] matrix);
  }

  /// A rotation uniform on SO(2), or on SO(3) by a unit quaternion (Shoemake 1992).
  static double[][] rotation(int dimensions, Key key) {
    if (dimensions == 2) {
      double angle = 2 * Math.PI * key.uniformDouble(1)[0];
      double c = StrictMath.cos(angle);
      double s = StrictMath.sin(angle);
      return new double[][] {{c, -s}, {s, c}};
    }
    double[] q = direction(4, key);
    double w = q[0];
    double x = q[1];
    double y = q[2];
    double z = q[3];
    return new double[][] {{1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
      {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
      {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}};
  }

  /// 1 - 2 n n^T for a direction n uniform on the sphere.
  static double[][] mirror(int dimensions, Key key) {
    double[] n = direction(dimensions, key);
    double[][] matrix = new double[dimensions][dimensions];
    for (int i = 0; i < dimensions; i++) {
      for (int k = 0; k < dimensions; k++) {
        matrix[i][k] = (i == k ? 1 : 0) - 2 * n[i] * n[k];
      }
    }
    return matrix;
  }

  private static double[] direction(int dimensions, Key key) {
    float[] normal = key.normal(dimensions);
    double square = 0;
    for (float number : normal) {
      square += (double) number * number;
    }
    double[] unit = new double[dimensions];
    for (int i = 0; i < dimensions; i++) {
      unit[i] = normal[i] / Math.sqrt(square);
    }
    return unit;
  }

  /// The maps that permute and turn round axes and keep the periods, of that kind.
  static List<double[][]> ofBox(double[] periods, Kind kind) {
    List<double[][]> all = new ArrayList<>();
    extend(periods, new double[periods.length][periods.length], 0, kind, all);
    return all;
  }

  private static void extend(double[] periods, double[][] matrix, int row, Kind kind, List<double[][]> all) {
    if (row == periods.length) {
      if (kind.test(matrix)) {
        double[][] copy = new double[row][];
        for (int i = 0; i < row; i++) {
          copy[i] = matrix[i].clone();
        }
        all.add(copy);
      }
      return;
    }
    for (int axis = 0; axis < periods.length; axis++) {
      boolean isFree = periods[axis] == periods[row];
      for (int above = 0; above < row; above++) {
        isFree &= matrix[above][axis] == 0;
      }
      for (int sign = 1; isFree && sign >= -1; sign -= 2) {
        matrix[row][axis] = sign;
        extend(periods, matrix, row + 1, kind, all);
        matrix[row][axis] = 0;
      }
    }
  }

  /// Of determinant 1, and not the identity.
  static boolean isProper(double[][] matrix) {
    return determinant(matrix) > 0 && trace(matrix) < matrix.length;
  }

  /// One direction turns round, those across it stay: of determinant -1 and trace d - 2.
  static boolean isMirror(double[][] matrix) {
    return determinant(matrix) < 0 && trace(matrix) == matrix.length - 2;
  }

  static double determinant(double[][] a) {
    return switch (a.length) {
      case 1 -> a[0][0];
      case 2 -> a[0][0] * a[1][1] - a[0][1] * a[1][0];
      default -> a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
          + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
    };
  }

  private static double trace(double[][] a) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i][i];
    }
    return sum;
  }
}
