package org.orrery.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;

/// What becomes of the sums of a matrix product: f(sum + bias).
///
/// @param bias one number a column; empty for none
/// @param function f; null for none
/// @param alpha the number of f
@SuppressWarnings("ArrayRecordComponent") // a bundle of arguments, never compared
record Epilogue(float[] bias, @Nullable Unary function, float alpha) {
  private static final float[] NOTHING = new float[0];
  static final Epilogue NONE = new Epilogue(NOTHING, null, 0f);

  static Epilogue of(float @Nullable [] bias, @Nullable Unary function, double alpha) {
    return new Epilogue(bias == null ? NOTHING : bias, function, (float) alpha);
  }

  /// The least result, where that is all that f says: 0 for max(x, 0), else -infinity.
  float floor() {
    return function == Unary.RELU ? 0f : Float.NEGATIVE_INFINITY;
  }

  /// Applies f where bias and floor are done: to the columns from `column` up to `end` of `rows` rows of c.
  void finish(ElementwiseLoops loops, float[] c, int at, int rows, int columns, int column, int end) {
    if (function == null || function == Unary.RELU) {
      return;
    }
    if (column == 0 && end == columns) {
      loops.unary(function, alpha, c, c, at, at + rows * columns);
      return;
    }
    for (int i = 0; i < rows; i++) {
      loops.unary(function, alpha, c, c, at + i * columns + column, at + i * columns + end);
    }
  }

  /// Adds the bias and applies f to `rows` rows of c.
  void run(Machine machine, float[] c, int start, int rows, int columns) {
    if (bias.length == 0 && function == null) {
      return;
    }
    ElementwiseLoops loops = machine.kernels().elementwise();
    machine.parallel().forChunks(rows, Math.max(1, (1 << 16) / columns), (from, to) -> {
      for (int i = from; i < to && bias.length > 0; i++) {
        loops.binary(Binary.ADD, c, start + i * columns, bias, 0, c, start + i * columns, columns);
      }
      if (function != null) {
        loops.unary(function, alpha, c, c, start + from * columns, start + to * columns);
      }
    });
  }
}
