package org.orrery.report;

/// Refuses what cannot be drawn, in the words of every error: operation, what came, what is required.
final class Checks {
  private Checks() {
  }

  static void require(boolean holds, String operation, String came, String required) {
    if (!holds) {
      throw failure(operation, came, required);
    }
  }

  static IllegalArgumentException failure(String operation, String came, String required) {
    return new IllegalArgumentException(operation + ": " + came + "; " + required);
  }

  static double finite(String operation, double value) {
    if (!Double.isFinite(value)) {
      throw failure(operation, Double.toString(value), "a finite number");
    }
    return value;
  }
}
