package org.orrery.report;

import org.jspecify.annotations.Nullable;

/// How a mark is filled and outlined.
///
/// @param fill null for none
/// @param stroke null for none
/// @param width of the stroke in pixels
public record Style(@Nullable Paint fill, @Nullable Paint stroke, double width, Dash dash) {
  /// The pattern of a stroke.
  public enum Dash {
    /// Unbroken.
    SOLID(0, 0),
    /// Short dashes.
    DASHED(4, 3),
    /// Round dots.
    DOTTED(0.1, 3.2);

    private final double on;
    private final double off;

    Dash(double on, double off) {
      this.on = on;
      this.off = off;
    }

    /// Lengths of a dash and of the gap behind it; empty for none.
    float[] pattern() {
      return on == 0 ? new float[0] : new float[] {(float) on, (float) off};
    }
  }

  /// Filled, without an outline.
  public static Style filled(Paint paint) {
    return new Style(paint, null, 0, Dash.SOLID);
  }

  /// Filled with a tone.
  public static Style filled(Tone tone) {
    return filled(Paint.of(tone));
  }

  /// A line of this width.
  public static Style line(Paint paint, double width) {
    return new Style(null, paint, width, Dash.SOLID);
  }

  /// A line of this tone and width.
  public static Style line(Tone tone, double width) {
    return line(Paint.of(tone), width);
  }

  /// With an outline.
  public Style outlined(Paint paint, double strokeWidth) {
    return new Style(fill, paint, strokeWidth, dash);
  }

  /// With short dashes.
  public Style dashed() {
    return new Style(fill, stroke, width, Dash.DASHED);
  }

  /// With round dots.
  public Style dotted() {
    return new Style(fill, stroke, width, Dash.DOTTED);
  }
}
