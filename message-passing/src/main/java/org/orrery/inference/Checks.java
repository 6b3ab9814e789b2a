package org.orrery.inference;

import org.orrery.nn.Require;

/// The checks of arguments that posteriors and diagnostics share.
final class Checks {
  private Checks() {
  }

  static void dimensions(String who, double[] theta, int required) {
    Require.that(theta.length == required, who, theta.length + " parameters; " + required + " are required");
  }

  static void parameter(String who, int parameter, int dimensions) {
    Require.that(parameter >= 0 && parameter < dimensions, who,
        "parameter " + parameter + "; 0 to " + (dimensions - 1) + " exist");
  }

  /// A number between 0 and 1, both excluded.
  static void probability(String who, String name, double value) {
    Require.that(value > 0 && value < 1, who, name + " " + value + "; a number between 0 and 1 is required");
  }

  static void factors(String who, double[] factors, int dimensions) {
    Require.that(factors.length == dimensions, who,
        factors.length + " factors; one for each of " + dimensions + " parameters is required");
    for (double factor : factors) {
      Require.positive(who, "factor", factor);
    }
  }

  static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
    }
    return copy;
  }
}
