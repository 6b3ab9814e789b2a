package org.orrery.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// What the project computed for a case, by the names of the expected outputs.
final class Answer {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Indices> indices = new LinkedHashMap<>();

  /// One output, `out.y`.
  static Answer of(Tensor y) {
    return new Answer().with("out.y", y);
  }

  /// Several outputs, `out.y0`, `out.y1`, ...
  static Answer of(Tensor... outputs) {
    Answer answer = new Answer();
    for (int i = 0; i < outputs.length; i++) {
      answer.with("out.y" + i, outputs[i]);
    }
    return answer;
  }

  Answer with(String name, Tensor value) {
    tensors.put(name, value);
    return this;
  }

  Answer with(String name, Indices value) {
    indices.put(name, value);
    return this;
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  Map<String, Indices> indices() {
    return indices;
  }
}
