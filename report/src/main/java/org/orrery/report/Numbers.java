package org.orrery.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// Numbers as people read them, the same in text and figure: halves round up, minus is a minus sign.
public final class Numbers {
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Numbers() {
  }

  /// With this many digits behind the point.
  public static String fixed(double value, int digits) {
    BigDecimal rounded = decimal(value).setScale(digits, RoundingMode.HALF_UP);
    return minus(rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString());
  }

  /// A share in whole percent, such as `63 %`, with a space that does not break.
  public static String percent(double share) {
    return fixed(100 * share, 0) + "\u00a0%";
  }

  /// A whole number in groups of three.
  public static String grouped(long count) {
    return minus(String.format(Locale.ROOT, "%,d", count));
  }

  /// This many significant digits, with a power of ten where the number is large or small.
  public static String significant(double value, int digits) {
    if (value == 0) {
      return "0";
    }
    int power = (int) Math.floor(Math.log10(Math.abs(value)));
    if (power < -3 || power > 5) {
      return fixed(value / Math.pow(10, power), digits - 1) + " × " + powerOfTen(power);
    }
    return fixed(value, Math.max(0, digits - 1 - power));
  }

  /// Such as `10⁻⁵`.
  public static String powerOfTen(int power) {
    StringBuilder out = new StringBuilder(power < 0 ? "10⁻" : "10");
    Integer.toString(Math.abs(power)).chars().forEach(digit -> out.append(SUPERSCRIPTS.charAt(digit - '0')));
    return out.toString();
  }

  /// At most this many significant digits, without zeros at the end of a fraction.
  public static String brief(double value, int digits) {
    String text = significant(value, digits);
    return text.matches(".*\\.\\d+") ? text.replaceAll("\\.?0+$", "") : text;
  }

  /// Seconds as seconds, minutes or hours.
  public static String duration(double seconds) {
    if (seconds < 99.5) {
      return fixed(seconds, 0) + "\u00a0s";
    }
    return seconds < 100 * 60 ? fixed(seconds / 60, 0) + "\u00a0min" : fixed(seconds / 3600, 1) + "\u00a0h";
  }

  /// For a script: one digit behind the point.
  static String plain(double value) {
    return decimal(value).setScale(1, RoundingMode.HALF_UP).toPlainString();
  }

  private static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(Checks.finite("number", value));
  }

  private static String minus(String text) {
    return text.replace('-', '\u2212');
  }
}
