package org.orrery.messagepassing;

/// What a graph layer does with the features of edges.
public enum EdgeUse {
  /// it reads none, and refuses those that it is given
  NONE,
  /// it reads them where they are given
  OPTIONAL,
  /// it cannot do without
  REQUIRED;

  /// How a layer uses them that was made for features of this width, 0 for none.
  public static EdgeUse ofWidth(int width) {
    return width > 0 ? REQUIRED : NONE;
  }
}
