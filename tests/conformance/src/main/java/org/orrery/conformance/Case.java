package org.orrery.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// One numerical case: inputs, parameters, expected outputs and gradients, as REFERENCE.md describes the file.
final class Case {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final String op;
  private final Config config;
  private final List<String> inputs;
  private final SafeTensors file;
  private final Set<String> read = new HashSet<>();
  private final Map<String, Tensor> tracked = new LinkedHashMap<>();
  private final Map<String, Parameter> loaded = new LinkedHashMap<>();

  private Case(String name, String op, Config config, List<String> inputs, SafeTensors file) {
    this.name = name;
    this.op = op;
    this.config = config;
    this.inputs = List.copyOf(inputs);
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
      List<String> inputs = new ArrayList<>();
      JSON.readTree(metadata.getOrDefault("inputs", "[]")).forEach(input -> inputs.add(input.asText()));
      return new Case(name, op, new Config(config, metadata.getOrDefault("note", "")), inputs, file);
    } catch (JsonProcessingException e) {
      throw new FormatException(path + ": config or inputs are no JSON: " + e.getOriginalMessage());
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

  /// The names of the inputs in the order in which the reference takes them; empty where the file does not say.
  List<String> inputs() {
    return inputs;
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

  /// An input that the reference takes and does not look at.
  void ignore(String input) {
    tensorIfThere(input); // its gradient is zero
  }

  /// An integer input.
  Indices indices(String input) {
    return Indices.of(array("in." + input).longs());
  }

  /// Rows partitioned by an integer input.
  Segments segments(String index, int count) {
    return Segments.of(indices(index), count);
  }

  /// The shape of a parameter of the reference, null where it has none of that name.
  @Nullable
  NumericArray parameter(String reference) {
    read.add("param." + reference);
    return file.arrays().get("param." + reference);
  }

  /// Fills a module with the case's parameters, found under the reference's names. A parameter with two names is filled
  /// twice and is one: both names have its whole gradient.
  ///
  /// @param rename the project's dotted name of a reference's name; null for one that takes no part in the result
  /// @throws Unsupported listing names that do not match
  void load(Block module, UnaryOperator<@Nullable String> rename) {
    Map<String, Parameter> own = new LinkedHashMap<>(Parts.of(module).everyName());
    List<String> problems = new ArrayList<>();
    for (String key : file.arrays().keySet()) {
      if (key.startsWith("param.")) {
        String mapped = rename.apply(key.substring("param.".length()));
        Parameter parameter = mapped == null ? null : own.remove(mapped);
        if (parameter != null) {
          parameter.refill(upload(array(key)).reshape(parameter.shape()));
          loaded.put(key, parameter);
        } else if (mapped != null) {
          problems.add("extra " + mapped);
        } else {
          tracked.put(key, upload(array(key)).tracked()); // its gradient is zero
        }
      }
    }
    own.forEach((missing, parameter) -> {
      if (parameter.isTrainable() && !loaded.containsValue(parameter)) {
        problems.add("missing " + missing);
      }
    });
    if (!problems.isEmpty()) {
      throw new Unsupported("parameters do not match: " + String.join(", ", problems));
    }
  }

  /// Fills a module whose names are the reference's.
  void load(Block module) {
    load(module, reference -> reference.equals("q") || reference.endsWith("aggr_module.q") ? null : reference); // a median's 1/2
  }

  /// What gradients may be compared for: inputs and parameters by their names in the file.
  Map<String, Tensor> tracked() {
    Map<String, Tensor> all = new LinkedHashMap<>(tracked);
    loaded.forEach((key, parameter) -> {
      if (parameter.isTrainable()) {
        all.put(key, parameter.value());
      }
    });
    return all;
  }

  /// A case is not passed by passing over what it gives.
  ///
  /// @throws Unsupported naming an input or parameter that nobody read
  void requireAllRead() {
    config.requireAllRead();
    for (String key : file.arrays().keySet()) {
      if ((key.startsWith("in.") || key.startsWith("param.")) && !read.contains(key)) {
        throw new Unsupported("nothing reads " + key);
      }
    }
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
    read.add(key);
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
