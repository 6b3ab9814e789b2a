package org.orrery.examples.galaxies;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

  /// The features of a text like `velocities masses` or `velocities,masses`; `positions`, which are always known, may stand there.
  ///
  /// @throws IllegalArgumentException naming a word that is none
  public static Set<Feature> parse(String text) {
    Set<Feature> found = EnumSet.noneOf(Feature.class);
    for (String word : List.of(text.trim().split("[\\s,]+"))) {
      if (!word.isEmpty() && !word.equals("positions")) {
        found.add(Arrays.stream(values()).filter(feature -> feature.toString().equals(word)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException(
                "feature '" + word + "'; positions and any of " + Arrays.toString(values()) + " are known")));
      }
    }
    return found;
  }
}
