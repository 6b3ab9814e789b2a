package org.orrery.examples.halographnet;

/// A galaxy of a halo.
///
/// @param name of the galaxy
/// @param x position in kpc
/// @param y position in kpc
/// @param z position in kpc
/// @param speed relative to the central galaxy, in km/s
/// @param stellarMass in solar masses
/// @param halfLightRadius in kpc
public record Galaxy(String name, double x, double y, double z, double speed, double stellarMass,
    double halfLightRadius) {
  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException where one is not finite, a mass or radius is not positive, or a speed is negative
  public Galaxy {
    for (double coordinate : new double[] {x, y, z}) {
      require(Double.isFinite(coordinate), name, "a coordinate is " + coordinate + "; a finite one is required");
    }
    require(speed >= 0 && speed < 1e6, name, "speed " + speed + " km/s; 0 up to 1e6 is required");
    require(stellarMass > 0 && stellarMass < 1e20, name, "stellar mass " + stellarMass
        + " solar masses; a positive one up to 1e20 is required");
    require(halfLightRadius > 0 && halfLightRadius < 1e6, name,
        "half-light radius " + halfLightRadius + " kpc; a positive one up to 1e6 is required");
  }

  private static void require(boolean holds, String name, String what) {
    if (!holds) {
      throw new IllegalArgumentException("galaxy " + name + ": " + what);
    }
  }
}
