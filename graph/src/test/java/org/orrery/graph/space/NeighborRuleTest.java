package org.orrery.graph.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.Key;

class NeighborRuleTest {
  @ParameterizedTest
  @ValueSource(strings = {"within 0.1 open 3", "within 0.25 periodic 1.0 2.0", "nearest 4 periodic 1.0 Infinity 3.0",
    "within 0.3333333333333333 triclinic 1.0 0.0 0.0 0.1 1.0 0.0 0.2 0.3 1.0", "nearest 2 open 1",
    "within 0.6 periodic 1.0 1.0", "within 0.7 most 5 itself periodic 1.0 1.0",
    "nearest 3 fewer images itself periodic 1.0 1.0",
    "within 1.5 triclinic 1.0 0.0 0.0 0.1 1.0 0.0 0.2 0.3 1.0 open 1 2", "nearest 900 fewer open 2"})
  void theTextIsTheRule(String text) {
    NeighborRule rule = NeighborRule.of(text);
    assertEquals(text, rule.toString());
    double[] positions = new double[20 * rule.space().dimensions()];
    float[] uniform = Key.of(3).uniform(positions.length);
    for (int i = 0; i < positions.length; i++) {
      positions[i] = uniform[i];
    }
    NeighborList first = rule.apply(rule.space().wrap(positions));
    NeighborList second = NeighborRule.of(rule.toString()).apply(rule.space().wrap(positions));
    assertEquals(first.edges().senderOf(), second.edges().senderOf());
    assertArrayEquals(first.displacements(), second.displacements());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "within", "within x open 3", "within 0.1", "within 0.1 closed 3", "around 0.1 open 3",
    "nearest 1.5 open 3", "within 0.1 open 2.5", "within 0.1 triclinic 1 2 3", "within 0.1 periodic x",
    "within 0.1 fewer open 3", "nearest 4 most 3 open 3", "within 0.1 periodic 1.0 open 0", "within 0.1 most open 3"})
  void otherTextsAreRefused(String text) {
    var error = assertThrows(IllegalArgumentException.class, () -> NeighborRule.of(text));
    assertTrue(String.valueOf(error.getMessage()).startsWith("neighbor rule: '" + text + "'"), error.getMessage());
  }

  @Test
  void numbersThatNoGraphHasAreRefusedBeforeThereArePoints() {
    assertThrows(IllegalArgumentException.class, () -> NeighborRule.of("within 0.6 most 0 periodic 1 1"));
    assertThrows(IllegalArgumentException.class, () -> NeighborRule.of("within 0.6 triclinic 1 0 0 1 open 2"));
    assertThrows(IllegalArgumentException.class, () -> NeighborRule.of("within NaN open 3"));
    assertThrows(IllegalArgumentException.class, () -> NeighborRule.of("within Infinity open 3"));
    assertThrows(IllegalArgumentException.class, () -> NeighborRule.of("nearest 0 open 3"));
    for (String huge : new String[] {"within 0.1 open 2147483647", "within 0.1 open 1e300", "within 0.1 open -1"}) {
      var error = assertThrows(IllegalArgumentException.class, () -> NeighborRule.of(huge), huge);
      assertTrue(String.valueOf(error.getMessage()).contains("dimensions; 1 to 3 are required"), error.getMessage());
    }
  }
}
