package org.orrery.formats;

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

  /// km/s divided by the scale factor, as groups of Gadget and Arepo have it: v = a dx/dt is the number times 1/a.
  ///
  /// @throws IllegalArgumentException where the scale factor is not positive and finite
  public static VelocityUnit overScaleFactor(double scaleFactor) {
    return new VelocityUnit("km/s/a at a = " + scaleFactor, 1 / scaleFactor);
  }
}
