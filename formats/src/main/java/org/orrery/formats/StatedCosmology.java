package org.orrery.formats;

import java.util.OptionalDouble;

/// The parameters of the universe that a file states; what it leaves out is empty.
///
/// @param omegaMatter Omega_m today
/// @param omegaLambda Omega_Lambda today
/// @param omegaBaryon Omega_b today
/// @param h the Hubble constant in units of 100 km/s/Mpc
/// @param sigma8 the amplitude of linear fluctuations on 8 Mpc/h today
public record StatedCosmology(OptionalDouble omegaMatter, OptionalDouble omegaLambda, OptionalDouble omegaBaryon,
    OptionalDouble h, OptionalDouble sigma8) {
  /// Nothing is stated.
  public static final StatedCosmology NONE = new StatedCosmology(OptionalDouble.empty(), OptionalDouble.empty(),
      OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

  /// What text headers usually have.
  static StatedCosmology of(OptionalDouble omegaMatter, OptionalDouble omegaLambda, OptionalDouble h) {
    return new StatedCosmology(omegaMatter, omegaLambda, OptionalDouble.empty(), h, OptionalDouble.empty());
  }
}
