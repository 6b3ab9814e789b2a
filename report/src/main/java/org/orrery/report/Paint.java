package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.Locale;

/// A color and how opaque it is.
public sealed interface Paint {
  /// In 0..1.
  double opacity();

  /// Red, green and blue in eight bits each.
  int rgb(Theme theme);

  /// As a style sheet writes it, without the opacity.
  String css(Theme theme);

  /// The same color, more or less opaque.
  Paint opacity(double opacity);

  /// A tone.
  static Paint of(Tone tone) {
    return new Toned(tone, 1, Tone.PAPER, 1);
  }

  /// A share of one tone on another.
  static Paint mix(Tone tone, double share, Tone ground) {
    return new Toned(tone, share, ground, 1);
  }

  /// A color that is the same in every theme.
  static Paint fixed(int rgb) {
    return new Fixed(rgb, 1);
  }

  /// Dark blue over green to yellow in even steps of lightness, readable without color vision (viridis).
  ///
  /// @param share in 0..1; beyond, the nearest end
  static Paint scale(double share) {
    int[] stops = {0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xecd625};
    double at = Math.clamp(share, 0, 1) * (stops.length - 1);
    int low = Math.min((int) at, stops.length - 2);
    return fixed(between(stops[low + 1], stops[low], at - low));
  }

  /// A tone, or a share of it on another.
  record Toned(Tone tone, double share, Tone ground, double opacity) implements Paint {
    /// Checks the shares.
    public Toned {
      require(share >= 0 && share <= 1 && opacity >= 0 && opacity <= 1, "paint",
          "share " + share + ", opacity " + opacity,
          "both in 0..1");
    }

    @Override
    public int rgb(Theme theme) {
      return between(tone.rgb(theme), ground.rgb(theme), share);
    }

    @Override
    public String css(Theme theme) {
      if (theme != Theme.PAGE) {
        return hex(rgb(theme));
      }
      String own = "var(" + tone.variable() + ")";
      return share == 1
          ? own
          : "color-mix(in srgb, " + own + " " + Math.round(100 * share) + "%, var(" + ground.variable() + "))";
    }

    @Override
    public Paint opacity(double opaque) {
      return new Toned(tone, share, ground, opaque);
    }
  }

  /// One color everywhere.
  record Fixed(int color, double opacity) implements Paint {
    @Override
    public int rgb(Theme theme) {
      return color;
    }

    @Override
    public String css(Theme theme) {
      return hex(color);
    }

    @Override
    public Paint opacity(double opaque) {
      return new Fixed(color, opaque);
    }
  }

  /// A share of the first color on the second.
  static int between(int full, int none, double share) {
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double mixed = share * ((full >> shift) & 255) + (1 - share) * ((none >> shift) & 255);
      rgb |= (int) Math.rint(mixed) << shift;
    }
    return rgb;
  }

  /// Such as `#1b1d22`.
  static String hex(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}
