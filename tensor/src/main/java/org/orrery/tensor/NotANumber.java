package org.orrery.tensor;

import java.util.Arrays;
import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// Finds the operation that made the first NaN.
final class NotANumber {
  private NotANumber() {
  }

  static void check(String operation, List<Tensor> operands, Shape shape, Storage result, Backend backend) {
    int place = first(result, backend);
    if (place < 0) {
      return;
    }
    StringBuilder text = new StringBuilder(operation).append(": NaN in the result ").append(shape).append(" at ")
        .append(Arrays.toString(position(shape, place)));
    int number = 0;
    for (Tensor operand : operands) {
      int where = first(operand.data(), backend);
      text.append("; operand ").append(number++).append(' ').append(operand.shape());
      text.append(where < 0 ? " has none" : " has one at " + Arrays.toString(position(operand.shape(), where)));
    }
    throw new ArithmeticException(text.toString());
  }

  private static int first(Storage values, Backend backend) {
    int from = backend.firstNonFinite(values);
    if (from >= 0) {
      double[] numbers = backend.downloadDouble(values);
      for (int i = from; i < numbers.length; i++) {
        if (Double.isNaN(numbers[i])) {
          return i;
        }
      }
    }
    return -1;
  }

  static int[] position(Shape shape, int place) {
    int[] strides = shape.strides();
    int[] at = new int[strides.length];
    for (int d = 0; d < at.length; d++) {
      at[d] = place / strides[d];
      place %= strides[d];
    }
    return at;
  }
}
