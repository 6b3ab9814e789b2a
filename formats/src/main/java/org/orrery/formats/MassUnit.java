package org.orrery.formats;

import java.util.OptionalDouble;
import org.orrery.io.FormatException;

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

  /// The unit that a header states: solar masses or 10^10 of them, with or without 1/h, as in `Msun/h`, `1e10 Msun/h`.
  ///
  /// @param h of the file's universe, for units without it
  /// @throws FormatException where the unit is another one, or lacks an h that is not given
  public static MassUnit stated(String text, OptionalDouble h) throws FormatException {
    UnitText unit = UnitText.of(text);
    return switch (unit.base()) {
      case "msun", "solmass", "msol" -> new MassUnit(text, unit.perH(1, h));
      default -> throw unit.unknown("Msun/h, Msun, 1e10 Msun/h and 1e10 Msun");
    };
  }

  /// M_sun in a universe of this h.
  ///
  /// @throws IllegalArgumentException where h is not positive and finite
  public static MassUnit solar(double h) {
    return new MassUnit("M_sun at h = " + h, h);
  }
}
