package org.orrery.formats;

import java.util.Locale;
import java.util.OptionalDouble;
import org.orrery.io.FormatException;

/// What no catalog can have, whatever its universe: each is an error that names the row.
final class Physical {
  private static final double SPEED_OF_LIGHT = 299_792.458;
  /// Finders write positions of single precision, and centers that are not wrapped.
  private static final double OVER_THE_EDGE = 1e-4;
  private static final double THOUSAND_AT_LEAST = 200;
  private static final double THOUSANDTH_AT_MOST = 2e-3;
  private static final int ENOUGH_TO_FILL_A_BOX = 50;
  private static final double LIGHTEST_HEAVIEST = 1e6;
  private static final double HEAVIEST = 1e17;

  private Physical() {
  }

  static void requireFactor(String name, double factor) {
    if (!(factor > 0) || factor == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("unit " + name + " of " + factor + "; a positive finite factor is required");
    }
  }

  /// Wraps positions into `[0, L)`, and requires that so many objects fill the box.
  static void wrap(String what, double[] positions, OptionalDouble box) throws FormatException {
    double largest = wrapTrees(what, positions, box);
    if (box.isPresent() && positions.length >= 3 * ENOUGH_TO_FILL_A_BOX
        && largest < THOUSANDTH_AT_MOST * box.getAsDouble()) {
      throw new FormatException(what + ": all " + positions.length / 3 + " objects within " + text(largest)
          + " Mpc/h of the corner of a box of " + text(box.getAsDouble())
          + " Mpc/h; positions that fill the box are required. Are they in Mpc/h instead of kpc/h?");
    }
  }

  /// Wraps positions into `[0, L)`; trees may be at home in a corner.
  ///
  /// @return the largest coordinate
  static double wrapTrees(String what, double[] positions, OptionalDouble box) throws FormatException {
    double largest = 0;
    for (int i = 0; i < positions.length; i++) {
      if (!Double.isFinite(positions[i])) {
        throw new FormatException(what + ": object " + i / 3 + " at " + positions[i] + " along axis " + i % 3
            + "; a finite position is required");
      }
      largest = Math.max(largest, Math.abs(positions[i]));
    }
    if (box.isEmpty()) {
      return largest;
    }
    double side = box.getAsDouble();
    for (int i = 0; i < positions.length; i++) {
      double x = positions[i];
      if (x < -OVER_THE_EDGE * side || x > (1 + OVER_THE_EDGE) * side) {
        throw new FormatException(what + ": object " + i / 3 + " at " + text(x) + " Mpc/h along axis " + i % 3
            + "; a position inside the box of " + text(side) + " Mpc/h is required"
            + (largest > THOUSAND_AT_LEAST * side ? ". Are the positions in kpc/h instead of Mpc/h?" : ""));
      }
      double wrapped = x < 0 ? x + side : x >= side ? x - side : x;
      positions[i] = wrapped < side ? wrapped : 0;
    }
    return largest;
  }

  static void requireMasses(String what, double[] masses) throws FormatException {
    double heaviest = 0;
    for (int i = 0; i < masses.length; i++) {
      if (!(masses[i] >= 0) || masses[i] > HEAVIEST) {
        throw new FormatException(what + ": object " + i + " of " + text(masses[i])
            + " M_sun/h; a mass from 0 to 1e17 M_sun/h is required");
      }
      heaviest = Math.max(heaviest, masses[i]);
    }
    if (heaviest > 0 && heaviest < LIGHTEST_HEAVIEST) {
      throw new FormatException(what + ": the heaviest of " + masses.length + " objects has " + text(heaviest)
          + " M_sun/h; at least 1e6 is required. Are the masses in 10^10 M_sun/h instead of M_sun/h?");
    }
  }

  static void requireVelocities(String what, double[] velocities) throws FormatException {
    for (int i = 0; i < velocities.length; i++) {
      if (!(Math.abs(velocities[i]) < SPEED_OF_LIGHT)) {
        throw new FormatException(what + ": object " + i / 3 + " at " + text(velocities[i]) + " km/s along axis "
            + i % 3 + "; less than the speed of light is required. Are the velocities in m/s or cm/s?");
      }
    }
  }

  static void requireBox(String what, OptionalDouble box) throws FormatException {
    if (box.isPresent() && !(box.getAsDouble() > 0 && box.getAsDouble() < Double.POSITIVE_INFINITY)) {
      throw new FormatException(what + ": a box of " + box.getAsDouble()
          + " Mpc/h; a positive finite side is required");
    }
  }

  static void requireScaleFactor(String what, double scaleFactor) throws FormatException {
    if (!(scaleFactor > 0 && scaleFactor < Double.POSITIVE_INFINITY)) {
      throw new FormatException(what + ": scale factor " + scaleFactor + "; a positive finite one is required");
    }
  }

  static String text(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }
}
