package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Shape;

/// The result of an operation in plain double precision, from the values of a case by their names in the file.
@FunctionalInterface
interface Formula {
  double[] of(Map<String, double[]> values);

  /// Writes a case with this result and with central differences for gradients, and runs it.
  ///
  /// @param metadata op, config and so on
  /// @param given inputs and parameters; a second name of a parameter has no gradient of its own
  static void requirePass(Path folder, Map<String, String> metadata, Map<String, NumericArray> given, Formula formula,
      int... shape) throws IOException {
    Map<String, double[]> values = new LinkedHashMap<>();
    given.forEach((key, array) -> values.put(key, array.doubles()));
    double[] y = formula.of(values);
    double[] probe = new double[y.length];
    Arrays.setAll(probe, i -> 0.5 + 0.25 * i);
    Map<String, NumericArray> arrays = new LinkedHashMap<>(given);
    arrays.put("out.y", NumericArray.of(Shape.of(shape), y));
    arrays.put("probe.y", NumericArray.of(Shape.of(shape), probe));
    String op = String.valueOf(metadata.get("op"));
    given.forEach((key, array) -> {
      boolean second = op.equals("GATv2Conv") && key.contains("lin_r.");
      boolean integers = key.contains("index") || key.contains("label");
      if (!second && !integers) {
        arrays.put("grad." + key,
            NumericArray.of(array.shape(),
                differences(Objects.requireNonNull(values.get(key)), () -> dot(probe, formula.of(values)))));
      }
    });
    Path file = folder.resolve("case.safetensors");
    SafeTensors.of(arrays, metadata).write(file);
    Verdict verdict = Conformance.judge("test/" + op, file);
    assertEquals("PASS", verdict.kind().name(), verdict.line());
  }

  private static double[] differences(double[] x, DoubleSupplier scalar) {
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double at = x[i];
      x[i] = at + 1e-5;
      double above = scalar.getAsDouble();
      x[i] = at - 1e-5;
      gradient[i] = (above - scalar.getAsDouble()) / 2e-5;
      x[i] = at;
    }
    return gradient;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
