package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// Runs one computation on a backend and on the reference, on the same numbers, and compares.
///
/// The computation runs twice on the backend, the second time in memory that held NaN before: both results must be the
/// same bits, and the operands unchanged.
final class SideBySide {
  /// A kernel applied to operands, on a device that offers the family `D` of kernels.
  interface Computation<D> extends BiFunction<D, Storage[], Storage> {
    /// The same, as a computation of one result.
    default Several<D> alone() {
      return (device, operands) -> List.of(apply(device, operands));
    }
  }

  /// A kernel that makes several results.
  interface Several<D> extends BiFunction<D, Storage[], List<Storage>> {
  }

  private static final double SMALLEST = 1e-30; // relative errors below it are not looked at

  private final Backend tested;
  private final double tolerance;
  private final Float64Kernels reference = new Float64Kernels();

  SideBySide(Backend tested, double tolerance) {
    this.tested = tested;
    this.tolerance = tolerance;
  }

  /// Allows each number an error of tolerance |expected|.
  <D> void agreeRelatively(Class<D> family, Computation<D> computation, float[]... inputs) {
    agree(family, computation, SMALLEST, inputs);
  }

  /// Allows each number an error of tolerance max(|expected|, floor).
  <D> void agree(Class<D> family, Computation<D> computation, double floor, float[]... inputs) {
    agreeOnAll(family, computation.alone(), floor, inputs);
  }

  /// Allows each number of each result an error of tolerance max(|expected|, floor).
  <D> void agreeOnAll(Class<D> family, Several<D> computation, double floor, float[]... inputs) {
    double[] expected = expected(family, computation, inputs);
    double[] scale = new double[expected.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = Math.max(floor, Math.abs(expected[i]));
    }
    compare(expected, scale, run(family, computation, inputs));
  }

  /// Allows each number an error of tolerance times its own scale.
  <D> void agree(Class<D> family, Computation<D> computation, double[] scale, float[]... inputs) {
    compare(expected(family, computation.alone(), inputs), scale, run(family, computation.alone(), inputs));
  }

  /// Allows each number an error of tolerance times what the computation makes of the operands' magnitudes: the
  /// yardstick of sums whose terms cancel.
  <D> void agreeToMagnitude(Class<D> family, Computation<D> computation, float[]... inputs) {
    float[][] magnitudes = Stream.of(inputs).map(SideBySide::magnitude).toArray(float[][]::new);
    double[] scale = expected(family, computation.alone(), magnitudes);
    compare(expected(family, computation.alone(), inputs), scale, run(family, computation.alone(), inputs));
  }

  private static float[] magnitude(float[] values) {
    float[] magnitudes = values.clone();
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = Math.abs(magnitudes[i]);
    }
    return magnitudes;
  }

  /// Requires the same whole numbers.
  void sameIndices(BiFunction<Backend, Storage, Indices> computation, float[] input) {
    sameIndices(Backend.class, computation, input);
  }

  /// Requires the same whole numbers of kernels of a contract.
  <D> void sameIndices(Class<D> family, BiFunction<D, Storage, Indices> computation, float[] input) {
    Indices expected = computation.apply(on(reference, family), reference.upload(input));
    D device = on(tested, family);
    Storage operand = tested.upload(input);
    assertEquals(expected, computation.apply(device, operand));
    assertEquals(expected, computation.apply(device, operand), "the second run");
    assertArrayEquals(input, tested.download(operand), "the operand was changed");
  }

  private <D> double[] expected(Class<D> family, Several<D> computation, float[]... inputs) {
    Storage[] operands = upload(reference, inputs);
    return download(reference, computation.apply(on(reference, family), operands));
  }

  private static double[] download(Backend backend, List<Storage> results) {
    return results.stream().map(backend::downloadDouble).flatMapToDouble(DoubleStream::of).toArray();
  }

  /// The backend whose kernels these are.
  @SuppressWarnings("ReferenceEquality") // backends are compared by identity
  Backend behind(Object kernels) {
    return kernels == reference ? reference : tested;
  }

  /// What runs a computation: the kernels of a contract, or the backend itself.
  static <D> D on(Backend backend, Class<D> contract) {
    if (contract.isInstance(backend)) {
      return contract.cast(backend);
    }
    D kernels = backend.kernels(contract);
    if (kernels == null) {
      throw new AssertionError(backend.name() + " has no " + contract.getSimpleName());
    }
    return kernels;
  }

  private static Storage[] upload(Backend backend, float[]... inputs) {
    return Stream.of(inputs).map((Function<float[], Storage>) backend::upload).toArray(Storage[]::new);
  }

  private <D> double[] run(Class<D> family, Several<D> computation, float[]... inputs) {
    D device = on(tested, family);
    Storage[] operands = upload(tested, inputs);
    List<Storage> first = computation.apply(device, operands);
    double[] result = download(tested, first);
    assertEquals(first.stream().mapToInt(Storage::size).sum(), result.length, "numbers in the results");
    first.forEach(tested::release);
    tested.release(tested.fill(result.length, Double.NaN)); // what later results may be made of
    List<Storage> second = computation.apply(device, operands);
    assertArrayEquals(result, download(tested, second), "the second run");
    second.forEach(tested::release);
    for (int i = 0; i < inputs.length; i++) {
      assertArrayEquals(inputs[i], tested.download(operands[i]), "operand " + i + " was changed");
      tested.release(operands[i]);
    }
    return result;
  }

  /// Requires |actual - expected| <= tolerance scale; NaN where NaN is expected, and infinities where the expected number
  /// is one in float32.
  void compare(double[] expected, double[] scale, double[] actual) {
    assertEquals(expected.length, actual.length, "numbers in the result");
    for (int i = 0; i < expected.length; i++) {
      double wanted = expected[i];
      double got = actual[i];
      if (Double.isNaN(wanted)) {
        assertTrue(Double.isNaN(got), "entry " + i + " is " + got + "; NaN is required");
      } else if (Float.isInfinite((float) wanted)) {
        assertEquals((float) wanted, (float) got, "entry " + i);
      } else {
        double allowed = tolerance * Math.max(scale[i], SMALLEST);
        assertTrue(Math.abs(got - wanted) <= allowed,
            "entry " + i + " is " + got + "; " + wanted + " give or take " + allowed + " is required");
      }
    }
  }
}
