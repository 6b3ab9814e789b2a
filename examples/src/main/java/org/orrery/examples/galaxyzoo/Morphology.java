package org.orrery.examples.galaxyzoo;

import java.util.List;

/// The shape of a galaxy as the volunteers of Galaxy Zoo saw it. Lintott et al. 2008.
public enum Morphology {
  /// a smooth ellipse
  ELLIPTICAL("elliptical", 0),
  /// a spiral that winds clockwise
  CLOCKWISE("clockwise spiral", 1),
  /// a spiral that winds anticlockwise
  ANTICLOCKWISE("anticlockwise spiral", 2),
  /// a disc seen from its edge
  EDGE_ON("edge-on disc", 3),
  /// two galaxies that merge
  MERGER("merger", 5);

  private final String title;
  private final int code;

  Morphology(String title, int code) {
    this.title = title;
    this.code = code;
  }

  /// What people call it.
  public String title() {
    return title;
  }

  /// The number that the survey gives it.
  int code() {
    return code;
  }

  /// All, in the order of the network's classes.
  public static List<Morphology> all() {
    return List.of(values());
  }

  /// What it looks like in a mirror: spirals wind the other way, the others stay.
  public Morphology mirrored() {
    return switch (this) {
      case CLOCKWISE -> ANTICLOCKWISE;
      case ANTICLOCKWISE -> CLOCKWISE;
      case ELLIPTICAL, EDGE_ON, MERGER -> this;
    };
  }

  /// Its class.
  public int number() {
    return all().indexOf(this);
  }
}
