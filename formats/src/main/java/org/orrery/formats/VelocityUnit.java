package org.orrery.formats;

import org.orrery.io.FormatException;

/// A unit of peculiar velocities.
///
/// @param name as people write it
/// @param inKmPerS how many km/s one of it is
public record VelocityUnit(String name, double inKmPerS) {
  /// km/s.
  public static final VelocityUnit KM_PER_S = new VelocityUnit("km/s", 1);

  /// @throws IllegalArgumentException where the factor is not positive and finite
  public VelocityUnit {
    Physical.requireFactor(name, inKmPerS);
  }

  /// The unit that a header states: `km/s`, `km s-1`, `m/s` or `cm/s`, taken to be peculiar.
  ///
  /// @throws FormatException where it is another one
  public static VelocityUnit stated(String text) throws FormatException {
    UnitText unit = UnitText.of(text);
    return switch (unit.base()) {
      case "km/s", "kms-1" -> new VelocityUnit(text, 1);
      case "m/s", "ms-1" -> new VelocityUnit(text, 1e-3);
      case "cm/s", "cms-1" -> new VelocityUnit(text, 1e-5);
      default -> throw unit.unknown("km/s, m/s and cm/s");
    };
  }

  /// km/s divided by the scale factor, as groups of Gadget and Arepo have it: v = a dx/dt is the number times 1/a.
  ///
  /// @throws IllegalArgumentException where the scale factor is not positive and finite
  public static VelocityUnit overScaleFactor(double scaleFactor) {
    return new VelocityUnit("km/s/a at a = " + scaleFactor, 1 / scaleFactor);
  }
}
