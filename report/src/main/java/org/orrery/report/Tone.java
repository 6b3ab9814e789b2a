package org.orrery.report;

import java.util.Locale;

/// Colors by their use. A tone is light or dark as the page is; in a page it is a variable of the style sheet.
public enum Tone {
  /// The ground.
  PAPER(0xffffff, 0x111318),
  /// Text and what matters most.
  INK(0x1b1d22, 0xeae8e3),
  /// Labels.
  SOFT(0x5d616b, 0xa0a3ad),
  /// Hairlines.
  RULE(0xdfe1e5, 0x2c2f37),
  /// Panels.
  WASH(0xf4f5f7, 0x191c22),
  /// What chance explains.
  BAND(0xe9ebef, 0x22262e),
  /// Axes, and marks that stand back.
  QUIET(0xa3a8b3, 0x686d79),
  /// The first quantity, wherever it appears.
  FIRST(0x1d63b3, 0x6fb1f5),
  /// The second quantity.
  SECOND(0xa85400, 0xf0a04c),
  /// The third quantity, and velocities.
  THIRD(0x007f67, 0x55cdae),
  /// The fourth quantity.
  FOURTH(0x7b3fa8, 0xc79bf0),
  /// What went wrong.
  WARNING(0xa3123f, 0xff7d9d);

  private static final Tone[] QUANTITIES = {FIRST, SECOND, THIRD, FOURTH};

  private final int light;
  private final int dark;

  Tone(int light, int dark) {
    this.light = light;
    this.dark = dark;
  }

  /// The tone of the quantity with this index; four tones are used in turn.
  public static Tone of(int quantity) {
    return QUANTITIES[Math.floorMod(quantity, QUANTITIES.length)];
  }

  /// Red, green and blue in eight bits each. A page that follows the reader's choice is light until it is read.
  public int rgb(Theme theme) {
    return theme == Theme.DARK ? dark : light;
  }

  /// The variable that holds it in a page, such as `--ink`.
  public String variable() {
    return "--" + name().toLowerCase(Locale.ROOT);
  }

  /// A style sheet with all tones, dark where the reader prefers it on a screen.
  static String styleSheet() {
    return ":root {" + variables(Theme.LIGHT) + " color-scheme: light; }\n"
        + "@media screen and (prefers-color-scheme: dark) { :root {" + variables(Theme.DARK)
        + " color-scheme: dark; } }\n";
  }

  private static String variables(Theme theme) {
    StringBuilder out = new StringBuilder();
    for (Tone tone : values()) {
      out.append(' ').append(tone.variable()).append(": ").append(Paint.hex(tone.rgb(theme))).append(';');
    }
    return out.toString();
  }
}
