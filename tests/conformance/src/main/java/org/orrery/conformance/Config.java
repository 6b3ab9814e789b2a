package org.orrery.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The constructor arguments of a reference, as JSON. It notices arguments that nobody read: a case is never passed by
/// ignoring what it asks for. Arguments that cannot change the numbers, or say what holds anyway, need no reader.
final class Config {
  private static final String NUMBER = "([-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)";
  /// Arguments that change no number, whatever they are.
  private static final Set<String> WITHOUT_EFFECT = Set.of("note", "expression", "output", "foreach", "fused",
      "capturable", "differentiable", "verbose", "device", "inplace", "cached");
  /// Arguments that may be false: what they turn on is off.
  private static final Set<String> OFF = Set.of("maximize", "keepdim", "return_attention_weights", "amsgrad",
      "nesterov", "centered", "learn", "semi_grad", "residual", "share_weights", "normalize", "project", "train_eps",
      "improved", "three_phase", "beta", "log_target", "full");
  /// Arguments that may have these values, which hold anyway.
  private static final Map<String, Set<String>> HOLDS = Map.of("flow", Set.of("source_to_target"), "node_dim",
      Set.of("-2", "0"), "decomposed_layers", Set.of("1"), "last_epoch", Set.of("-1"), "reduction", Set.of("mean"));

  private final JsonNode json;
  private final String notes;
  private final Set<String> read = new HashSet<>();

  /// @param note what the case's metadata say beside the arguments
  Config(JsonNode json, String note) {
    this.json = json;
    this.notes = json.path("note").asText() + "; " + note;
  }

  boolean has(String key) {
    read.add(key);
    return json.hasNonNull(key);
  }

  /// Whether an argument is there, as `null` too.
  boolean says(String key) {
    read.add(key);
    return json.has(key);
  }

  double number(String key, double otherwise) {
    return has(key) ? typed(key, json.get(key), JsonNode::isNumber, "a number").asDouble() : otherwise;
  }

  double number(String key) {
    requireThere(key);
    return number(key, 0);
  }

  int integer(String key, int otherwise) {
    return has(key) ? integer(key, json.get(key)) : otherwise;
  }

  int integer(String key) {
    requireThere(key);
    return integer(key, json.get(key));
  }

  private void requireThere(String key) {
    if (!has(key)) {
      throw new Unsupported("no " + key + " in the configuration");
    }
  }

  private static int integer(String key, JsonNode value) {
    double number = typed(key, value, JsonNode::isNumber, "a whole number").asDouble();
    return typed(key, value, node -> number == Math.rint(number), "a whole number").asInt();
  }

  private static JsonNode typed(String key, JsonNode value, Predicate<JsonNode> type, String what) {
    if (!type.test(value)) {
      throw new Unsupported("no option " + key + " = " + value + "; " + what + " is required");
    }
    return value;
  }

  /// Yes or no; `null` is no, as in Python.
  boolean flag(String key, boolean otherwise) {
    if (!says(key)) {
      return otherwise;
    }
    JsonNode value = json.get(key);
    return !value.isNull()
        && typed(key, value, node -> node.isBoolean() || node.isNumber(), "true or false").asBoolean();
  }

  String text(String key, String otherwise) {
    return has(key) ? typed(key, json.get(key), JsonNode::isTextual, "a name").asText() : otherwise;
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
    json.path(key).forEach(node -> values.add(typed(key, node, JsonNode::isTextual, "names").asText()));
    return values;
  }

  List<Double> numbers(String key) {
    read.add(key);
    List<Double> values = new ArrayList<>();
    json.path(key).forEach(node -> values.add(typed(key, node, JsonNode::isNumber, "numbers").asDouble()));
    return values;
  }

  /// Rows of numbers; none where there is no such argument.
  List<List<Double>> rows(String key) {
    List<List<Double>> rows = new ArrayList<>();
    if (has(key)) {
      typed(key, json.get(key), JsonNode::isArray, "rows of numbers").forEach(row -> {
        List<Double> values = new ArrayList<>();
        typed(key, row, JsonNode::isArray, "rows of numbers").forEach(node -> values
            .add(typed(key, node, one -> one.isNumber() || one.isBoolean(), "rows of numbers").isBoolean()
                ? (node.asBoolean() ? 1.0 : 0.0)
                : node.asDouble()));
        rows.add(values);
      });
    }
    return rows;
  }

  /// A whole number or several, as an axis or axes.
  List<Integer> integers(String key) {
    List<Integer> values = new ArrayList<>();
    if (isList(key)) {
      json.get(key).forEach(node -> values.add(integer(key, node)));
    } else if (has(key)) {
      values.add(integer(key));
    }
    return values;
  }

  /// Arguments of an inner part; none where there are none. Its reader must call [#requireAllRead()].
  Config part(String key) {
    return new Config(
        has(key) ? typed(key, json.get(key), JsonNode::isObject, "an object") : JsonNodeFactory.instance.objectNode(),
        "");
  }

  /// Arguments of several inner parts.
  List<Config> parts(String key) {
    read.add(key);
    List<Config> values = new ArrayList<>();
    json.path(key)
        .forEach(node -> values.add(new Config(typed(key, node, JsonNode::isObject, "objects"), "")));
    return values;
  }

  /// Accepts arguments that do not change the numbers.
  void ignore(String... keys) {
    read.addAll(List.of(keys));
  }

  /// Accepts an argument only at the values that this project has.
  void require(String key, String... values) {
    if (has(key) && !List.of(values).contains(json.get(key).asText())) {
      throw new Unsupported("no option " + key + " = " + json.get(key));
    }
  }

  /// A number that the arguments have or else the notes, as in `delta 0.7` or `negative slope = 0.2`.
  double noted(String key, double otherwise) {
    if (has(key)) {
      return number(key, otherwise);
    }
    String name = "(?i)\\b" + key.replace("_", "[ _-]") + "\\s*(?:=|:|is|of)?\\s*";
    Matcher found = Pattern.compile(name + NUMBER).matcher(notes);
    return found.find() ? Double.parseDouble(found.group(1)) : otherwise;
  }

  /// The number that the notes have where the pattern has `#`.
  double noted(Pattern pattern, double otherwise) {
    Matcher found = Pattern.compile(pattern.pattern().replace("#", NUMBER)).matcher(notes);
    return found.find() ? Double.parseDouble(found.group(1)) : otherwise;
  }

  /// The first group of a pattern that the notes have something for.
  String noted(Pattern pattern, String otherwise) {
    Matcher found = pattern.matcher(notes);
    if (!found.find()) {
      return otherwise;
    }
    int group = 1;
    while (found.group(group) == null) {
      group++;
    }
    return found.group(group).toLowerCase(Locale.ROOT);
  }

  /// Whether the notes speak of something.
  boolean isNoted(String words) {
    return notes.contains(words);
  }

  /// @throws Unsupported where an argument was not read
  void requireAllRead() {
    json.properties().forEach(argument -> {
      String key = argument.getKey();
      JsonNode value = argument.getValue();
      boolean holds = value.isNull() || (value.isObject() && value.isEmpty()) || WITHOUT_EFFECT.contains(key)
          || (value.isBoolean() && !value.asBoolean() && OFF.contains(key))
          || HOLDS.getOrDefault(key, Set.of()).contains(value.asText());
      if (!read.contains(key) && !holds) {
        throw new Unsupported("no option " + key + " = " + value);
      }
    });
  }
}
