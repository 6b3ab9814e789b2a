package org.orrery.formats;

import java.util.Locale;
import java.util.OptionalDouble;
import org.orrery.io.FormatException;

/// A unit as headers write it: `kpc/h`, `h-1 Mpc`, `1e10 Msun/h`, `km s-1`.
///
/// @param text what a file states
/// @param base what is left of it in lower case without blanks, powers of h and a leading factor
/// @param factor the number in front
/// @param isPerH whether it is divided by h
record UnitText(String text, String base, double factor, boolean isPerH) {
  static UnitText of(String text) {
    String rest = text.toLowerCase(Locale.ROOT).replace("\u2299", "sun").replaceAll("[\\s*_^(){}\\[\\]]", "");
    boolean isPerH = rest.contains("/h") || rest.contains("h-1");
    rest = rest.replace("/h", "").replace("h-1", "");
    double factor = 1;
    for (String ten : new String[] {"1e10", "1010", "10e10"}) {
      if (rest.startsWith(ten)) {
        factor = 1e10;
        rest = rest.substring(ten.length());
        break;
      }
    }
    return new UnitText(text, rest, factor, isPerH);
  }

  /// What one of it is per h.
  double perH(double inBase, OptionalDouble h) throws FormatException {
    if (!isPerH && h.isEmpty()) {
      throw new FormatException("unit '" + text + "' without h; the h of the file's universe is required to convert");
    }
    return factor * inBase * (isPerH ? 1 : h.getAsDouble());
  }

  FormatException unknown(String known) {
    return new FormatException("unit '" + text + "'; one of " + known + " is required");
  }
}
