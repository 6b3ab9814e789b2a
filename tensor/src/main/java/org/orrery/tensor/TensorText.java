package org.orrery.tensor;

import java.util.Locale;

/// A tensor for reading: nested brackets, up to three entries at both ends of each axis, then the shape.
final class TensorText {
  private static final int EDGE = 3;

  private TensorText() {
  }

  static String of(Tensor tensor) {
    Shape shape = tensor.shape();
    StringBuilder text = new StringBuilder();
    append(text, tensor.toArray(), shape, 0, 0);
    return text.append(' ').append(shape).toString();
  }

  private static void append(StringBuilder text, float[] values, Shape shape, int axis, int offset) {
    if (axis == shape.rank()) {
      text.append(number(values[offset]));
      return;
    }
    int size = shape.size(axis);
    int step = shape.extent(axis + 1, shape.rank());
    text.append('[');
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        text.append(axis == shape.rank() - 1 ? ", " : ",\n" + " ".repeat(axis + 1));
      }
      if (size > 2 * EDGE && i == EDGE) {
        text.append("...");
        i = size - EDGE - 1;
        continue;
      }
      append(text, values, shape, axis + 1, offset + i * step);
    }
    text.append(']');
  }

  private static String number(float value) {
    float size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e6f) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return size >= 1e-3f && size < 1e6f
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.3e", value);
  }
}
