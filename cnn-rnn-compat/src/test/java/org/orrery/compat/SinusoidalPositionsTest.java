package org.orrery.compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.orrery.tensor.Tensor;

class SinusoidalPositionsTest {
  @Test
  void firstPairTurnsByOneRadianAPosition() { // r_0 = 10000^0 = 1
    float[] rows = new SinusoidalPositions(2).rows(0, 3).toArray();
    assertArrayEquals(
        new float[] {0, 1, (float) Math.sin(1), (float) Math.cos(1), (float) Math.sin(2), (float) Math.cos(2)}, rows);
  }

  @Test
  void rowsContinueWhereOthersEnd() {
    SinusoidalPositions positions = new SinusoidalPositions(7);
    Tensor all = positions.rows(0, 9);
    Tensor parts = Tensor.concat(0, positions.rows(0, 4), positions.rows(4, 5));
    assertArrayEquals(all.toArray(), parts.toArray());
  }

  @Test
  void refusesNegativeCounts() {
    assertEquals("sinusoidal positions: width 0; at least 1 is required",
        assertThrows(IllegalArgumentException.class, () -> new SinusoidalPositions(0)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new SinusoidalPositions(4).rows(-1, 2));
    assertThrows(IllegalArgumentException.class, () -> new SinusoidalPositions(4).rows(0, -2));
  }
}
