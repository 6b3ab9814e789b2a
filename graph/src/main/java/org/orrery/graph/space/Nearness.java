package org.orrery.graph.space;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.cpu.CpuBackend;

/// Which of many points are near one: the inner loop of the search for the nearest.
interface Nearness {
  /// How many numbers arrays must hold behind those that count.
  int ROOM = 16;

  /// Writes the squares of the distances that are at most a limit, and the places of the points that they belong to, in
  /// ascending order. Squares are x² + y² + z², added in this order, of the differences to the nearest images.
  ///
  /// @param at coordinates along the axes, `[3][count + ROOM or more]`; behind `count` the first are NaN
  /// @param periods of the axes, infinite where one does not repeat; null where the nearest images are the points themselves
  /// @param near squares, `[count + ROOM or more]`
  /// @param found places, `[count + ROOM or more]`
  /// @return how many there are
  int within(double limit, double[][] at, int count, double px, double py, double pz, double @Nullable [] periods,
      double[] near, double[] found);

  /// With vectors where they are.
  static Nearness best() {
    return Fastest.NEARNESS;
  }

  /// Decided once. Classes that mention vectors are loaded after that only: without the module they cannot be.
  final class Fastest {
    private static final Nearness NEARNESS = CpuBackend.choosesVectors() ? new VectorNearness() : new PlainNearness();

    private Fastest() {
    }
  }
}
