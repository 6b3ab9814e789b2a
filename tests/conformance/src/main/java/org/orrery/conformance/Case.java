package org.orrery.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.nn.Module;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// One numerical case: inputs, parameters, expected outputs and gradients, as REFERENCE.md describes the file.
final class Case {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final String op;
  private final Config config;
  private final String note;
  private final SafeTensors file;
  private final Map<String, Tensor> tracked = new LinkedHashMap<>();

  private Case(String name, String op, Config config, String note, SafeTensors file) {
    this.name = name;
    this.op = op;
    this.config = config;
    this.note = note;
    this.file = file;
  }

  /// Reads a case.
  ///
  /// @throws IOException where the file cannot be read or is no case
  static Case read(String name, Path path) throws IOException {
    SafeTensors file = SafeTensors.read(path);
    Map<String, String> metadata = file.metadata();
    String op = metadata.get("op");
    if (op == null) {
      throw new FormatException(path + ": metadata has no op; it is no reference case");
    }
    try {
      JsonNode config = JSON.readTree(metadata.getOrDefault("config", "{}"));
      if (!config.isObject()) {
        throw new FormatException(path + ": config is " + config + "; a JSON object is required");
      }
      return new Case(name, op, new Config(config), metadata.getOrDefault("note", ""), file);
    } catch (JsonProcessingException e) {
      throw new FormatException(path + ": config is no JSON: " + e.getOriginalMessage());
    }
  }

  /// `area/name`.
  String name() {
    return name;
  }

  String area() {
    return name.substring(0, Math.max(0, name.indexOf('/')));
  }

  String op() {
    return op;
  }

  Config config() {
    return config;
  }

  String note() {
    return note;
  }

  boolean has(String input) {
    return file.arrays().containsKey("in." + input);
  }

  /// A floating-point input, tracked: its gradient is compared where the case has one.
  Tensor tensor(String input) {
    return tracked.computeIfAbsent("in." + input, key -> upload(array(key)).tracked());
  }

  @Nullable
  Tensor tensorIfThere(String input) {
    return has(input) ? tensor(input) : null;
  }

  /// An integer input.
  Indices indices(String input) {
    return Indices.of(array("in." + input).longs());
  }

  /// Rows partitioned by an integer input.
  Segments segments(String index, int count) {
    return Segments.of(indices(index), count);
  }

  /// The one number of an input or parameter.
  double scalar(String key) {
    return array(key).doubles()[0];
  }

  /// The shape of a parameter of the reference, null where it has none of that name.
  @Nullable
  NumericArray parameter(String reference) {
    return file.arrays().get("param." + reference);
  }

  /// Fills a module with the case's parameters, found under the reference's names.
  ///
  /// @param rename the project's dotted name of a reference's name; null for names that the project does not keep
  /// @throws Unsupported listing names that do not match
  void load(Module module, UnaryOperator<@Nullable String> rename) {
    Map<String, Parameter> own = new LinkedHashMap<>(module.parameters());
    List<String> problems = new ArrayList<>();
    for (String key : file.arrays().keySet()) {
      String mapped = key.startsWith("param.") ? rename.apply(key.substring("param.".length())) : null;
      if (mapped != null) {
        Parameter parameter = own.remove(mapped);
        if (parameter == null) {
          problems.add("extra " + mapped);
        } else {
          fill(key, parameter);
        }
      }
    }
    own.forEach((missing, parameter) -> {
      if (parameter.isTrainable() && !tracked.containsValue(parameter.value())) {
        problems.add("missing " + missing);
      }
    });
    if (!problems.isEmpty()) {
      throw new Unsupported("parameters do not match: " + String.join(", ", problems));
    }
  }

  /// Fills a module whose names are the reference's.
  void load(Module module) {
    load(module, reference -> reference);
  }

  private void fill(String key, Parameter parameter) {
    parameter.refill(upload(array(key)).reshape(parameter.shape()));
    if (parameter.isTrainable()) {
      tracked.put(key, parameter.value());
    }
  }

  /// What gradients may be compared for: inputs and parameters by their names in the file.
  Map<String, Tensor> tracked() {
    return tracked;
  }

  /// The names of the expected outputs, `out.y` or `out.y0`, ...
  List<String> expectedOutputs() {
    return file.arrays().keySet().stream().filter(key -> key.startsWith("out.")).sorted().toList();
  }

  List<String> expectedGradients() {
    return file.arrays().keySet().stream().filter(key -> key.startsWith("grad.")).sorted().toList();
  }

  /// The cotangent of an output, null where it is not part of the scalar.
  @Nullable
  Tensor probe(String output) {
    NumericArray probe = file.arrays().get("probe." + output.substring("out.".length()));
    return probe == null ? null : upload(probe);
  }

  NumericArray array(String key) {
    NumericArray array = file.arrays().get(key);
    if (array == null) {
      throw new Unsupported("the case has no " + key);
    }
    return array;
  }

  private static Tensor upload(NumericArray array) {
    return Tensor.of(array.shape(), array.doubles());
  }
}
