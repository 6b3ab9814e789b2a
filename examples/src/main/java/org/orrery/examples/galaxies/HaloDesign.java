package org.orrery.examples.galaxies;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.orrery.geometry.Symmetry;
import org.orrery.tensor.Key;

/// Networks of boxes by name.
public enum HaloDesign {
  /// [HaloNetwork]: the default
  ORRERY(HaloGraph.Centroid.NONE),
  /// the blocks and pooling of CosmoGraphNet (Villanueva-Domingo & Villaescusa-Navarro 2022), over the features of [HaloGraph] and the angles
  /// about a center of the box that moves with it
  COSMOGRAPHNET(HaloGraph.Centroid.CIRCULAR),
  /// the same with velocities along the line of sight on the halos (de Santi et al. 2023)
  DE_SANTI(HaloGraph.Centroid.CIRCULAR),
  /// the same with the plain mean of the coordinates as center, as published, which depends on where the periodic box is cut
  PAPER(HaloGraph.Centroid.PLAIN_MEAN),
  /// a set transformer of halos that know their neighborhood (Lee et al. 2019)
  SET_TRANSFORMER(HaloGraph.Centroid.NONE),
  /// halos without links: rounds are 0 (Zaheer et al. 2017)
  DEEP_SETS(HaloGraph.Centroid.NONE);

  private final HaloGraph.Centroid centroid;

  HaloDesign(HaloGraph.Centroid centroid) {
    this.centroid = centroid;
  }

  /// Which center of the box its edge features know.
  public HaloGraph.Centroid centroid() {
    return centroid;
  }

  /// As a table of methods says it.
  String title() {
    return this == ORRERY ? "graph network" : this + " network";
  }

  /// Checks what is known of halos.
  ///
  /// @throws IllegalArgumentException where the design wants other features
  public void require(Set<Feature> features) {
    if (this == DE_SANTI && !features.contains(Feature.LINE_OF_SIGHT_VELOCITIES)) {
      throw new IllegalArgumentException("model de-santi: features " + features
          + "; line-of-sight-velocities are required");
    }
  }

  BoxNetwork network(HaloGraph input, int rounds, int channels, Key key) {
    require(input.features());
    return switch (this) {
      case ORRERY -> HaloNetwork.create(input, rounds, channels, key);
      case DEEP_SETS -> HaloNetwork.create(input, 0, channels, key);
      case COSMOGRAPHNET, DE_SANTI, PAPER -> CosmicNetwork.create(input, rounds, channels, key);
      case SET_TRANSFORMER -> SetNetwork.create(input, rounds, channels, key);
    };
  }

  /// What is claimed of it in a periodic box.
  List<Symmetry> symmetries(Set<Feature> features) {
    boolean turns = !features.contains(Feature.LINE_OF_SIGHT_VELOCITIES);
    List<Symmetry> all = turns
        ? Symmetry.ofPeriodicBox()
        : List.of(Symmetry.permutation(), Symmetry.periodicTranslation());
    return this == PAPER
        ? all.stream().filter(symmetry -> !symmetry.equals(Symmetry.periodicTranslation())).toList()
        : all;
  }

  /// As a command spells it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The design of this name.
  ///
  /// @throws IllegalArgumentException listing the names, where there is none
  public static HaloDesign parse(String text) {
    return Arrays.stream(values()).filter(design -> design.toString().equals(text)).findFirst().orElseThrow(
        () -> new IllegalArgumentException(
            "model '" + text + "'; one of " + Arrays.toString(values()) + " is required"));
  }
}
