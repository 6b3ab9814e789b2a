package org.orrery.formats;

/// A unit of masses.
///
/// @param name as people write it
/// @param inSolarPerH how many M_sun/h one of it is
public record MassUnit(String name, double inSolarPerH) {
  /// M_sun/h.
  public static final MassUnit SOLAR_PER_H = new MassUnit("M_sun/h", 1);
  /// 10^10 M_sun/h, the unit of Gadget.
  public static final MassUnit GADGET = new MassUnit("10^10 M_sun/h", 1e10);

  /// @throws IllegalArgumentException where the factor is not positive and finite
  public MassUnit {
    Physical.requireFactor(name, inSolarPerH);
  }

  /// M_sun in a universe of this h.
  ///
  /// @throws IllegalArgumentException where h is not positive and finite
  public static MassUnit solar(double h) {
    return new MassUnit("M_sun at h = " + h, h);
  }
}
