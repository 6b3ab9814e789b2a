package org.orrery.training;

import java.util.function.Supplier;
import org.orrery.nn.Require;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

/// How fast this machine moves numbers and multiplies matrices: the two roofs under which everything else runs.
///
/// @param bytesPerSecond read and written by a copy of arrays that no cache holds
/// @param flopsPerSecond of a matrix product, a multiply-add counted as two
public record MachineRates(double bytesPerSecond, double flopsPerSecond) {
  private static final int COPIED = 1 << 25;
  private static final int ROWS = 1 << 14;
  private static final int WIDTH = 256;
  private static final int ROUNDS = 7;

  /// Checks the rates.
  ///
  /// @throws IllegalArgumentException where one is not positive and finite
  public MachineRates {
    Require.positive("machine rates", "bytes per second", bytesPerSecond);
    Require.positive("machine rates", "flops per second", flopsPerSecond);
  }

  /// Measures both on the current backend, which takes about a second: the best of several rounds, the first ones warm
  /// up.
  public static MachineRates measure() {
    Tensor numbers = Scope.outside(() -> Tensor.ones(COPIED));
    Tensor a = Scope.outside(() -> Tensor.ones(ROWS, WIDTH));
    Tensor b = Scope.outside(() -> Tensor.ones(WIDTH, WIDTH));
    double copy = best(() -> numbers.multiply(1.5));
    double product = best(() -> a.matmul(b));
    return new MachineRates(2.0 * Float.BYTES * COPIED / copy, 2.0 * ROWS * WIDTH * WIDTH / product);
  }

  /// The shortest of several runs, in seconds.
  private static double best(Supplier<Tensor> work) {
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      Scope.run(scope -> Tensor.unrecorded(work));
      best = Math.min(best, (System.nanoTime() - start) * 1e-9);
    }
    return best;
  }

  /// The least time for this work in seconds: that of the roof which is reached first.
  public double seconds(long bytes, long flops) {
    return Math.max(bytes / bytesPerSecond, flops / flopsPerSecond);
  }
}
