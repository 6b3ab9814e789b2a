package org.orrery.examples.galaxies;

import java.util.Locale;

/// What is known of each object beside its place.
public enum Feature {
  /// the velocity in three dimensions
  VELOCITIES,
  /// the velocity along the third axis alone, which a redshift survey sees
  LINE_OF_SIGHT_VELOCITIES,
  /// the mass
  MASSES;

  /// As a command spells it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
