package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.Shape;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;
import org.orrery.tensor.cpu.loops.RowLoops;
import org.orrery.tensor.cpu.loops.ScalarBinary;

/// c = f(a, b) where operands are repeated along axes. Axes along which both operands step alike are joined first; what
/// is left is a loop over outer axes around one contiguous run, in which an operand either steps or stands.
final class Broadcast {
  private static final int CHUNK = 1 << 16;
  /// A standing operand is written out this often at a time, so that one loop serves all cases.
  private static final int SPREAD = 1024;
  private static final int SHORT = 16;

  private final Machine machine;
  private final Binary kind;
  private final float[] a;
  private final float[] b;
  private final float[] c;
  private final int[] sizes;
  private final int[] aSteps;
  private final int[] bSteps;

  private Broadcast(Machine machine, Binary kind, float[] a, float[] b, float[] c, int[][] axes) {
    this.machine = machine;
    this.kind = kind;
    this.a = a;
    this.b = b;
    this.c = c;
    this.sizes = axes[0];
    this.aSteps = axes[1];
    this.bSteps = axes[2];
  }

  static void run(Machine machine, Binary kind, float[] a, Shape aShape, float[] b, Shape bShape, float[] c,
      Shape result) {
    if (result.elements() == 0) {
      return;
    }
    int[][] axes = joined(result.toArray(), steps(aShape, result), steps(bShape, result));
    new Broadcast(machine, kind, a, b, c, axes).run();
  }

  /// The step of an operand for each axis of the result: 0 where it is repeated.
  private static int[] steps(Shape shape, Shape result) {
    int[] own = shape.strides();
    int[] steps = new int[result.rank()];
    int missing = result.rank() - shape.rank();
    for (int d = 0; d < shape.rank(); d++) {
      steps[missing + d] = shape.size(d) == 1 ? 0 : own[d];
    }
    return steps;
  }

  /// The same loops with as few axes as possible, at least one.
  private static int[][] joined(int[] sizes, int[] aSteps, int[] bSteps) {
    int[][] kept = new int[3][Math.max(1, sizes.length)];
    int count = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] == 1) {
        continue;
      }
      if (count > 0 && kept[1][count - 1] == aSteps[d] * sizes[d] && kept[2][count - 1] == bSteps[d] * sizes[d]) {
        count--;
        kept[0][count] *= sizes[d];
      } else {
        kept[0][count] = sizes[d];
      }
      kept[1][count] = aSteps[d];
      kept[2][count] = bSteps[d];
      count++;
    }
    if (count == 0) {
      kept[0][0] = 1;
      count = 1;
    }
    int rank = count;
    return Arrays.stream(kept).map(axis -> Arrays.copyOf(axis, rank)).toArray(int[][]::new);
  }

  private void run() {
    int last = sizes.length - 1;
    int run = sizes[last];
    int aStep = aSteps[last];
    int bStep = bSteps[last];
    if (last == 0) {
      machine.parallel().forChunks(run, CHUNK,
          (from, to) -> run(from * aStep, aStep, from * bStep, bStep, from, to - from));
      return;
    }
    int runs = 1;
    for (int d = 0; d < last; d++) {
      runs *= sizes[d];
    }
    if (last == 1 && aStep == 1 && bStep == 0 && aSteps[0] == run && bSteps[0] == 1
        && (kind == Binary.MULTIPLY || kind == Binary.ADD || kind == Binary.SUBTRACT)) {
      machine.parallel().forChunks(runs, Math.max(1, CHUNK / run), (from, to) -> rowNumbers(from, to - from, run));
      return;
    }
    machine.parallel().forChunks(runs, Math.max(1, CHUNK / run), (from, to) -> runs(from, to, run, aStep, bStep));
  }

  /// A number for each row: c[r, j] = f(a[r, j], b[r]).
  private void rowNumbers(int first, int rows, int width) {
    float[] numbers = Arrays.copyOfRange(b, first, first + rows);
    RowLoops loops = machine.kernels().rows();
    switch (kind) {
      case MULTIPLY -> loops.scale(a, first * width, numbers, rows, width, c, first * width);
      case ADD -> loops.shift(a, first * width, numbers, rows, width, c, first * width);
      case SUBTRACT -> {
        machine.kernels().elementwise().unary(Unary.SCALE, -1f, numbers, numbers, 0, rows);
        loops.shift(a, first * width, numbers, rows, width, c, first * width);
      }
      default -> throw new IllegalArgumentException("no row loop for " + kind);
    }
  }

  private void runs(int from, int to, int run, int aStep, int bStep) {
    int[] place = new int[sizes.length - 1];
    int aAt = 0;
    int bAt = 0;
    for (int d = place.length - 1, rest = from; d >= 0; d--) {
      place[d] = rest % sizes[d];
      rest /= sizes[d];
      aAt += place[d] * aSteps[d];
      bAt += place[d] * bSteps[d];
    }
    for (int r = from; r < to; r++) {
      run(aAt, aStep, bAt, bStep, r * run, run);
      for (int d = place.length - 1; d >= 0; d--) {
        aAt += aSteps[d];
        bAt += bSteps[d];
        if (++place[d] < sizes[d]) {
          break;
        }
        aAt -= aSteps[d] * sizes[d];
        bAt -= bSteps[d] * sizes[d];
        place[d] = 0;
      }
    }
  }

  private void run(int aAt, int aStep, int bAt, int bStep, int cAt, int length) {
    ElementwiseLoops loops = machine.kernels().elementwise();
    if (aStep == 1 && bStep == 1) {
      loops.binary(kind, a, aAt, b, bAt, c, cAt, length);
    } else if (length < SHORT) {
      for (int i = 0; i < length; i++) {
        ScalarBinary.run(kind, a, aAt + i * aStep, b, bAt + i * bStep, c, cAt + i, 1);
      }
    } else {
      int block = Math.min(length, SPREAD);
      float[] standing = new float[block];
      Arrays.fill(standing, aStep == 0 ? a[aAt] : b[bAt]);
      for (int i = 0; i < length; i += block) {
        int count = Math.min(block, length - i);
        if (aStep == 0 && bStep == 0) {
          Arrays.fill(c, cAt + i, cAt + i + count, applied(a[aAt], b[bAt]));
        } else if (aStep == 0) {
          loops.binary(kind, standing, 0, b, bAt + i, c, cAt + i, count);
        } else {
          loops.binary(kind, a, aAt + i, standing, 0, c, cAt + i, count);
        }
      }
    }
  }

  private float applied(float left, float right) {
    float[] one = new float[1];
    ScalarBinary.run(kind, new float[] {left}, 0, new float[] {right}, 0, one, 0, 1);
    return one[0];
  }
}
