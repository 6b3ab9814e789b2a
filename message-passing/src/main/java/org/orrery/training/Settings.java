package org.orrery.training;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.orrery.nn.Require;

/// What a model was made with, by name: widths, radii, choices. As text, so that a file can hold it and a person read it.
public final class Settings {
  private final Map<String, String> texts;

  private Settings(Map<String, String> texts) {
    this.texts = Collections.unmodifiableMap(new TreeMap<>(texts));
  }

  /// No settings yet.
  public static Settings none() {
    return new Settings(Map.of());
  }

  /// These settings.
  public static Settings of(Map<String, String> texts) {
    return new Settings(texts);
  }

  /// These and one more, or another value in its place; a number is kept exactly.
  public Settings with(String name, Object value) {
    Map<String, String> more = new TreeMap<>(texts);
    more.put(name, value.toString());
    return new Settings(more);
  }

  /// All of them, in the order of their names.
  public Map<String, String> texts() {
    return texts;
  }

  /// The setting as text.
  ///
  /// @throws IllegalArgumentException listing the names, where there is none of this name
  public String text(String name) {
    String text = texts.get(name);
    if (text == null) {
      throw new IllegalArgumentException("settings: there is no " + name + "; there are " + texts.keySet());
    }
    return text;
  }

  /// The setting as a whole number.
  ///
  /// @throws IllegalArgumentException where it is none, or lies outside `lowest` to `highest`
  public int integer(String name, int lowest, int highest) {
    String text = text(name);
    boolean whole = text.matches("-?[0-9]{1,10}");
    long value = whole ? Long.parseLong(text) : 0;
    Require.that(whole && value >= lowest && value <= highest, "settings",
        name + " is '" + text + "'; a whole number from " + lowest + " to " + highest + " is required");
    return (int) value;
  }

  /// The setting as a finite number.
  ///
  /// @throws IllegalArgumentException where it is none
  public double number(String name) {
    String text = text(name);
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException unfit) {
      throw new IllegalArgumentException("settings: " + name + " is '" + text + "'; a number is required", unfit);
    }
    Require.that(Double.isFinite(value), "settings", name + " is " + text + "; a finite number is required");
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Settings settings && texts.equals(settings.texts);
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  @Override
  public String toString() {
    return texts.toString();
  }
}
