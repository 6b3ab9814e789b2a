package org.orrery.graph.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.Key;

class NearnessTest {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private static double[][] points(int count) {
    double[][] at = new double[3][count + Nearness.ROOM];
    for (int axis = 0; axis < 3; axis++) {
      float[] x = Key.of(axis).uniform(count);
      for (int i = 0; i < count; i++) {
        at[axis][i] = x[i] + axis * 1e-9;
      }
    }
    Arrays.fill(at[0], count, count + Nearness.ROOM, Double.NaN);
    return at;
  }

  @Test
  void theFastestFindsWhatTheDefinitionFinds() {
    for (double @Nullable [] periods : Arrays.asList(null, new double[] {1.5, 1.25, INFINITE},
        new double[] {2, 3, 4})) {
      for (int count : new int[] {0, 1, 2, 7, 8, 9, 15, 16, 100, 1000}) {
        double[][] at = points(count);
        for (double limit : List.of(0.0, 0.02, 0.3, 10.0, INFINITE)) {
          double[] near = new double[count + Nearness.ROOM];
          double[] found = new double[count + Nearness.ROOM];
          int size = new PlainNearness().within(limit, at, count, 0.2, 0.7, 0.4, periods, near, found);
          double[] fastNear = new double[count + Nearness.ROOM];
          double[] fastFound = new double[count + Nearness.ROOM];
          assertEquals(size, Nearness.best().within(limit, at, count, 0.2, 0.7, 0.4, periods, fastNear, fastFound));
          assertArrayEquals(Arrays.copyOf(near, size), Arrays.copyOf(fastNear, size));
          assertArrayEquals(Arrays.copyOf(found, size), Arrays.copyOf(fastFound, size));
        }
      }
    }
  }

  @Test
  void aDistanceAtTheLimitIsWithin() {
    double[][] at = points(2);
    at[0][0] = 3;
    at[1][0] = 4;
    at[2][0] = 12;
    at[0][1] = 9.5;
    at[1][1] = 0;
    at[2][1] = 0;
    double[] near = new double[2 + Nearness.ROOM];
    double[] found = new double[2 + Nearness.ROOM];
    assertEquals(2, Nearness.best().within(169, at, 2, 0, 0, 0, null, near, found));
    assertEquals(169, near[0]);
    assertEquals(1, Nearness.best().within(Math.nextDown(169.0), at, 2, 0, 0, 0, null, near, found));
    assertEquals(1, found[0]);
    assertEquals(1, Nearness.best().within(0.25, at, 2, 0, 0, 0, new double[] {10, INFINITE, INFINITE}, near, found));
    assertEquals(0.25, near[0], "across the period");
  }
}
