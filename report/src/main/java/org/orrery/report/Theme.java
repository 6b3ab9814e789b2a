package org.orrery.report;

/// Where a drawing will stand.
public enum Theme {
  /// In a page, whose style sheet holds the colors: light or dark as the reader prefers.
  PAGE,
  /// By itself on white.
  LIGHT,
  /// By itself on near-black.
  DARK
}
