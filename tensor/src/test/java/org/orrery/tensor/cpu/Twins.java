package org.orrery.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.cpu.loops.ScalarLoops;

/// The backends that tests hold against each other, and inputs for them. All poison their memory.
final class Twins {
  private Twins() {
  }

  /// The scalar kernels on one thread.
  static CpuBackend scalar() {
    return new CpuBackend(new ScalarLoops(), 1, true);
  }

  /// The kernels of this virtual machine.
  static CpuBackend fastest(int threads) {
    return new CpuBackend(KernelChoice.best(), threads, true);
  }

  static float[] normal(long seed, int size) {
    return Key.of(seed).normal(size);
  }

  /// Equal to the bit; every NaN counts as the same.
  static void assertSameBits(float[] expected, float[] actual, String what) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
        assertEquals(expected[i], actual[i], what + ", element " + i);
      }
    }
  }

  static void assertSameBits(CpuBackend first, Storage expected, CpuBackend second, Storage actual, String what) {
    assertSameBits(first.download(expected), second.download(actual), what);
  }

  /// Within `tolerance` of a number whose terms have this size.
  static void assertClose(double expected, double size, float actual, double tolerance, String what) {
    if (!(Math.abs(expected - actual) <= tolerance * Math.max(size, Float.MIN_NORMAL))) {
      assertEquals(expected, actual, tolerance * size, what);
    }
  }

  /// The kernels of a contract.
  static <K> K kernels(CpuBackend backend, Class<K> contract) {
    return Objects.requireNonNull(backend.kernels(contract), contract.getSimpleName());
  }
}
