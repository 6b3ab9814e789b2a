package org.orrery.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The constructor arguments of a reference, as JSON. It notices arguments that nobody read: a case is never passed by
/// ignoring what it asks for.
final class Config {
  private final JsonNode json;
  private final Set<String> read = new HashSet<>();

  Config(JsonNode json) {
    this.json = json;
    read.add("note");
    read.add("expression");
    read.add("output");
  }

  boolean has(String key) {
    read.add(key);
    return json.hasNonNull(key);
  }

  double number(String key, double otherwise) {
    return has(key) ? json.get(key).asDouble() : otherwise;
  }

  int integer(String key, int otherwise) {
    return has(key) ? json.get(key).asInt() : otherwise;
  }

  int integer(String key) {
    if (!has(key)) {
      throw new Unsupported("no " + key + " in the configuration");
    }
    return json.get(key).asInt();
  }

  boolean flag(String key, boolean otherwise) {
    return has(key) ? json.get(key).asBoolean() : otherwise;
  }

  String text(String key, String otherwise) {
    return has(key) ? json.get(key).asText() : otherwise;
  }

  boolean isNumber(String key) {
    return has(key) && json.get(key).isNumber();
  }

  boolean isList(String key) {
    return has(key) && json.get(key).isArray();
  }

  List<String> texts(String key) {
    read.add(key);
    List<String> values = new ArrayList<>();
    json.path(key).forEach(node -> values.add(node.asText()));
    return values;
  }

  List<Double> numbers(String key) {
    read.add(key);
    List<Double> values = new ArrayList<>();
    json.path(key).forEach(node -> values.add(node.asDouble()));
    return values;
  }

  /// Accepts arguments that do not change the numbers.
  void ignore(String... keys) {
    read.addAll(List.of(keys));
  }

  /// Accepts an argument only at the one value that this project has.
  void require(String key, String value) {
    if (has(key) && !json.get(key).asText().equals(value)) {
      throw new Unsupported("no option " + key + " = " + json.get(key).asText());
    }
  }

  /// A number after a word in the note, as in `delta 0.7`.
  double fromNote(String word, double otherwise) {
    String[] words = (json.path("note").asText() + " ").split("[\\s,;:=]+");
    for (int i = 0; i + 1 < words.length; i++) {
      if (words[i].equals(word)) {
        return Double.parseDouble(words[i + 1]);
      }
    }
    return number(word, otherwise);
  }

  /// @throws Unsupported where an argument was not read
  void requireAllRead() {
    json.fieldNames().forEachRemaining(key -> {
      if (!read.contains(key)) {
        throw new Unsupported("no option " + key + " = " + json.get(key));
      }
    });
  }
}
