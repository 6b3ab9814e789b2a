package org.orrery.formats;

import java.util.OptionalDouble;
import org.orrery.io.FormatException;

/// A unit of comoving lengths.
///
/// @param name as people write it
/// @param inMpcPerH how many comoving Mpc/h one of it is
public record LengthUnit(String name, double inMpcPerH) {
  /// Comoving Mpc/h.
  public static final LengthUnit MPC_PER_H = new LengthUnit("comoving Mpc/h", 1);
  /// Comoving kpc/h.
  public static final LengthUnit KPC_PER_H = new LengthUnit("comoving kpc/h", 1e-3);

  /// @throws IllegalArgumentException where the factor is not positive and finite
  public LengthUnit {
    Physical.requireFactor(name, inMpcPerH);
  }

  /// The unit that a header states, taken to be comoving: Mpc or kpc, with or without 1/h, as in `kpc/h`, `h-1 Mpc`,
  /// `cMpc`.
  ///
  /// @param h of the file's universe, for units without it
  /// @throws FormatException where the unit is another one, or lacks an h that is not given
  public static LengthUnit stated(String text, OptionalDouble h) throws FormatException {
    UnitText unit = UnitText.of(text);
    double megaparsec = switch (unit.base().replace("comoving", "")) {
      case "mpc", "cmpc", "mpccm" -> 1;
      case "kpc", "ckpc", "kpccm" -> 1e-3;
      default -> throw unit.unknown("Mpc/h, kpc/h, Mpc and kpc");
    };
    return new LengthUnit(text, unit.perH(megaparsec, h));
  }

  /// Comoving Mpc in a universe of this h.
  ///
  /// @throws IllegalArgumentException where h is not positive and finite
  public static LengthUnit mpc(double h) {
    return new LengthUnit("comoving Mpc at h = " + h, h);
  }

  /// Comoving kpc in a universe of this h.
  ///
  /// @throws IllegalArgumentException where h is not positive and finite
  public static LengthUnit kpc(double h) {
    return new LengthUnit("comoving kpc at h = " + h, 1e-3 * h);
  }
}
