package org.orrery.tensor;

/// Checks of shapes, with the message that every operation uses: the operation, what came, what is required.
final class Require {
  private Require() {
  }

  static void that(boolean holds, String operation, Shape a, String required) {
    if (!holds) {
      throw new IllegalArgumentException(operation + ": " + a + "; " + required);
    }
  }

  static void that(boolean holds, String operation, Shape a, Shape b, String required) {
    if (!holds) {
      throw new IllegalArgumentException(operation + ": " + a + " and " + b + "; " + required);
    }
  }
}
