package org.orrery.nn;

import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Random matrices with orthonormal rows or columns: Gram and Schmidt's process on normal vectors, in double precision
/// and twice, so that rounding does not tilt them.
final class OrthonormalRows {
  private OrthonormalRows() {
  }

  static Tensor random(Shape shape, double gain, Key key) {
    int rows = shape.size(0);
    int columns = shape.extent(1, shape.rank());
    boolean tall = rows > columns;
    double[][] vectors = vectors(Math.min(rows, columns), Math.max(rows, columns), key);
    double[] values = new double[shape.elements()];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        values[i * columns + j] = gain * (tall ? vectors[j][i] : vectors[i][j]);
      }
    }
    return Tensor.of(values, values.length).reshape(shape);
  }

  private static double[][] vectors(int count, int width, Key key) {
    float[] normal = key.normal(Math.multiplyExact(count, width));
    double[][] vectors = new double[count][width];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < width; k++) {
        vectors[i][k] = normal[i * width + k];
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          shift(vectors[i], -dot(vectors[i], vectors[j]), vectors[j]);
        }
        double length = Math.sqrt(dot(vectors[i], vectors[i]));
        shift(vectors[i], 1 / length - 1, vectors[i]);
      }
    }
    return vectors;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  /// a += factor b.
  private static void shift(double[] a, double factor, double[] b) {
    for (int k = 0; k < a.length; k++) {
      a[k] += factor * b[k];
    }
  }
}
