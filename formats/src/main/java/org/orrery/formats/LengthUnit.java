package org.orrery.formats;

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
