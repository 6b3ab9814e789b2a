package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.orrery.losses.CrossEntropy;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.CrossEntropyKernels;
import org.orrery.tensor.backend.Storage;

class PlainBackendTest {
  private static final double TOLERANCE = 1e-6; // float32 rounds by 6e-8

  /// All that a device needs for one fast kernel: the cross entropy of a row in one pass after its maximum.
  private static final class WithCrossEntropy extends PlainBackend implements CrossEntropyKernels {
    private final List<String> calls = new ArrayList<>();

    @Override
    public Storage crossEntropy(Storage x, Indices labels, int rows, int width) {
      calls.add("crossEntropy");
      float[] from = values(x);
      float[] y = new float[rows];
      for (int r = 0; r < rows; r++) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < width; j++) {
          max = Math.max(max, from[r * width + j]);
        }
        double sum = 0;
        for (int j = 0; j < width; j++) {
          sum += Math.exp(from[r * width + j] - max);
        }
        y[r] = (float) (max + Math.log(sum) - from[r * width + labels.at(r)]);
      }
      return wrap(y);
    }

    @Override
    public Storage crossEntropyGradient(Storage x, Indices labels, Storage each, Storage upstream, int rows,
        int width) {
      calls.add("crossEntropyGradient");
      float[] from = values(x);
      float[] y = new float[rows * width];
      for (int r = 0; r < rows; r++) {
        double logSum = (double) values(each)[r] + from[r * width + labels.at(r)];
        for (int j = 0; j < width; j++) {
          double softmax = Math.exp(from[r * width + j] - logSum);
          y[r * width + j] = (float) (values(upstream)[r] * (softmax - (j == labels.at(r) ? 1 : 0)));
        }
      }
      return wrap(y);
    }
  }

  @TestFactory
  Stream<DynamicTest> primitivesAloneObeyTheContract() {
    return BackendContract.of(new PlainBackend(), TOLERANCE).all();
  }

  @Test
  void itHasNoFastKernel() {
    assertEquals(0, BackendContract.of(new PlainBackend(), TOLERANCE).kernels().count());
  }

  @Test
  void readingWhatWasReleasedIsAnError() {
    Backend backend = new PlainBackend();
    Storage x = backend.fill(3, 1);
    backend.release(x);
    assertThrows(IllegalStateException.class, () -> backend.download(x));
  }

  @TestFactory
  Stream<DynamicTest> aFastKernelIsOneClass() {
    return BackendContract.of(new WithCrossEntropy(), TOLERANCE).kernels();
  }

  @Test
  void aFastKernelIsUsedAndAgreesWithItsDefinition() {
    WithCrossEntropy fast = new WithCrossEntropy();
    List<float[]> expected = lossAndGradient(new PlainBackend());
    List<float[]> actual = lossAndGradient(fast);
    assertEquals(List.of("crossEntropy", "crossEntropyGradient"), fast.calls);
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), 1e-5f, i == 0 ? "the loss" : "its gradient");
    }
    assertFalse(BackendContract.of(fast, TOLERANCE).kernels().toList().isEmpty(), "the kernel has no laws");
  }

  private static List<float[]> lossAndGradient(Backend backend) {
    return Backends.with(backend, () -> {
      Key key = Key.of(3);
      Tensor logits = Tensor.normal(key, 50, 7).multiply(3).tracked();
      Tensor each = new CrossEntropy().each(logits, Indices.wrap(key.fold("labels").integers(50, 7)));
      Tensor weights = Tensor.uniform(key.fold("weights"), 50);
      Tensor gradient = Gradients.of(each.multiply(weights).sum(), List.of(logits)).withRespectTo(logits);
      return List.of(each.toArray(), gradient.toArray());
    });
  }
}
