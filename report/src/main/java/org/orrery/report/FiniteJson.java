package org.orrery.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// JSON whose numbers are finite, as the standard wants it: NaN and infinities are refused with their place. Null says
/// that there is no number.
public final class FiniteJson {
  private static final ObjectMapper MAPPER = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
      .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).build();

  private FiniteJson() {
  }

  /// A record, map, list, string or number as JSON in one line.
  ///
  /// @throws IllegalArgumentException where a number in it is not finite
  public static String text(Object value) {
    JsonNode tree = MAPPER.valueToTree(value);
    requireFinite(tree, "");
    return tree.toString();
  }

  /// The same with a line for every entry, for a file that people read.
  public static String pretty(Object value) {
    JsonNode tree = MAPPER.valueToTree(value);
    requireFinite(tree, "");
    return tree.toPrettyString() + "\n";
  }

  /// Reads what [#text] wrote.
  ///
  /// @throws IllegalArgumentException where the text is not JSON of this type
  public static <T> T read(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("read " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  /// JSON that may stand in a script element: no `<` is left that could end it or begin a comment.
  public static String inScript(Object value) {
    return text(value).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
  }

  private static void requireFinite(JsonNode node, String path) {
    if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      throw Checks.failure("json", path.substring(Math.min(1, path.length())) + " is " + node.doubleValue(),
          "numbers must be finite; null says that there is none");
    }
    if (node.isObject()) {
      node.properties().forEach(entry -> requireFinite(entry.getValue(), path + "." + entry.getKey()));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      requireFinite(node.get(i), path + "[" + i + "]");
    }
  }
}
