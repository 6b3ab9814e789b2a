package org.orrery.graph.space;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Open or periodic along each axis by itself.
final class Rectangular extends Space {
  private final double[] periods;

  Rectangular(double[] periods) {
    super(periods.length);
    this.periods = periods;
    for (int axis = 0; axis < periods.length; axis++) {
      if (!(periods[axis] > 1 / LARGEST && (periods[axis] <= LARGEST || Double.isInfinite(periods[axis])))) {
        throw new IllegalArgumentException("periodic: the period of axis " + axis + " is " + periods[axis]
            + "; 1e-150 to 1e150 is required, or infinity for an open axis");
      }
    }
  }

  @Override
  public double largestRadius() {
    return Arrays.stream(periods).min().orElseThrow() / 2;
  }

  @Override
  public double[][] lattice() {
    double[][] rows = new double[periods.length][periods.length];
    for (int axis = 0; axis < periods.length; axis++) {
      rows[axis][axis] = Double.isInfinite(periods[axis]) ? 0 : periods[axis];
    }
    return rows;
  }

  @Override
  void writeShift(double[] apart, double[] moved, int[] shifts, int at) {
    for (int axis = 0; axis < periods.length; axis++) {
      shifts[at + axis] = turns((moved[axis] - apart[axis]) / periods[axis]); // 0 where the period is infinite
    }
  }

  @Override
  void shorten(double[] d) {
    for (int axis = 0; axis < periods.length; axis++) {
      d[axis] = Math.abs(d[axis]) > periods[axis]
          ? Math.IEEEremainder(d[axis], periods[axis]) // exact
          : shortest(d[axis], periods[axis], periods[axis] / 2);
    }
  }

  /// The shortest image of the difference of two coordinates of one box; exact. A difference of half a period stays.
  static double shortest(double d, double period, double half) {
    return d > half ? d - period : d < -half ? d + period : d;
  }

  @Override
  void wrapPoint(double[] positions, int at) {
    for (int axis = 0; axis < periods.length; axis++) {
      double period = periods[axis];
      if (!Double.isInfinite(period)) {
        double rest = positions[at + axis] % period;
        double up = rest < 0 ? rest + period : rest;
        positions[at + axis] = up < period ? up + 0.0 : 0; // + 0.0 makes -0 a 0
      }
    }
  }

  @Override
  double[] weightedMean(double[] positions, double[] weights, double total) {
    double[] mean = new double[periods.length];
    double[] turns = new double[weights.length];
    for (int axis = 0; axis < mean.length; axis++) {
      double period = periods[axis];
      for (int i = 0; i < turns.length; i++) {
        double x = positions[i * mean.length + axis];
        turns[i] = x / period;
        mean[axis] += weights[i] / total * x;
      }
      if (!Double.isInfinite(period)) {
        mean[axis] = circularMean(turns, weights, total, axis) * period;
      }
    }
    wrapPoint(mean, 0);
    return mean;
  }

  @Override
  boolean holds(double[] positions, int at) {
    for (int axis = 0; axis < periods.length; axis++) {
      double x = positions[at + axis];
      if (!(x >= 0 && x < periods[axis]) && !Double.isInfinite(periods[axis])) {
        return false;
      }
    }
    return true;
  }

  @Override
  String box() {
    return Arrays.stream(periods).mapToObj(period -> Double.isInfinite(period) ? "R" : "[0, " + period + ")")
        .collect(Collectors.joining(" x "));
  }

  /// One an axis; infinite where it is open.
  double[] periods() {
    return periods.clone();
  }

  @Override
  double[] planePeriods() {
    return periods();
  }

  @Override
  Space opened(int[] directions) {
    double[] left = periods();
    for (int axis : directions) {
      left[axis] = Double.POSITIVE_INFINITY;
    }
    return new Rectangular(left);
  }

  @Override
  double[][] planeVectors() {
    double[][] vectors = new double[3][3];
    for (int axis = 0; axis < periods.length; axis++) {
      vectors[axis][axis] = Double.isInfinite(periods[axis]) ? 0 : periods[axis];
    }
    return vectors;
  }

  @Override
  double[][] homes(double[] positions, int first, int count) {
    return axes(positions, first, count);
  }

  @Override
  double[][] planes(double[] positions, int first, int count) {
    return axes(positions, first, count);
  }

  @Override
  public String toString() {
    return "Space " + box();
  }
}
