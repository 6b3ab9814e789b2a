package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// One numerical case of the reference data, which lies in `shared/reference` in or beside the project's folder.
public record ReferenceCase(String name, SafeTensors content) {

  /// Skips the test where the data is not there.
  public static ReferenceCase of(String name) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path file = folder.resolve("shared/reference/" + name + ".safetensors");
      if (Files.exists(file)) {
        try {
          return new ReferenceCase(name, SafeTensors.read(file));
        } catch (IOException broken) {
          throw new UncheckedIOException(broken);
        }
      }
    }
    return Assumptions.abort("no shared/reference/" + name + ".safetensors in a folder above");
  }

  public JsonNode config() {
    try {
      return new ObjectMapper().readTree(content.metadata().getOrDefault("config", "{}"));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  public double number(String key) {
    return config().get(key).asDouble();
  }

  public Tensor tensor(String key) {
    return Tensor.of(array(key).shape(), array(key).floats());
  }

  public Tensor tracked(String key) {
    return tensor("in." + key).tracked();
  }

  public Indices indices(String key) {
    return Indices.of(array(key).longs());
  }

  private NumericArray array(String key) {
    try {
      return content.array(key);
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /// Output within 2e-5 and gradients of probe times output within 1e-4 of the larger of 1 and the largest value.
  public void check(Tensor output, Object... inputs) {
    assertClose(tensor("out.y").toArray(), output.toArray(), 2e-5, name + " out.y");
    Tensor loss = output.multiply(tensor("probe.y")).sum();
    for (int i = 0; i < inputs.length; i += 2) {
      Tensor gradient = Gradients.of(loss, (Tensor) inputs[i + 1]).withRespectTo((Tensor) inputs[i + 1]);
      assertClose(tensor("grad.in." + inputs[i]).toArray(), gradient.toArray(), 1e-4, name + " grad.in." + inputs[i]);
    }
  }

  public static void assertClose(float[] wanted, float[] found, double tolerance, String what) {
    assertEquals(wanted.length, found.length, what);
    double largest = 1;
    for (float value : wanted) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], found[i], tolerance * largest, what + ", entry " + i);
    }
  }
}
