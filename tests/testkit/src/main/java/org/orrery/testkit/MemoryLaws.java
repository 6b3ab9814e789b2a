package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Shape;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// Numbers arrive as they were sent, and memory is nobody else's until it is released.
final class MemoryLaws {
  private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 37, 1003};

  private final Backend backend;

  MemoryLaws(Backend backend) {
    this.backend = backend;
  }

  Stream<DynamicTest> laws() {
    return Stream.of(
        IntStream.of(SIZES).boxed().flatMap(this::transfers),
        IntStream.of(SIZES).boxed().flatMap(this::random),
        Stream.of(nameIsThere(), refill(), released(), firstNonFinite())).flatMap(laws -> laws);
  }

  private Stream<DynamicTest> transfers(int size) {
    return Stream.of(
        law("upload float[" + size + "]", key -> {
          float[] values = Inputs.salted(key.fold(1), normal(key, size, 10), Float.NaN, Float.NEGATIVE_INFINITY, -0f,
              Float.MAX_VALUE);
          Storage x = backend.upload(values);
          assertEquals(size, x.size());
          assertEquals(0, x.version());
          float[] there = backend.download(x);
          for (int i = 0; i < size; i++) {
            assertEquals(Float.floatToIntBits(values[i]), Float.floatToIntBits(there[i]), "entry " + i);
          }
          if (size > 0) {
            values[0] = 99; // the buffer is a copy
            there[0] = 98;
            assertFalse(backend.download(x)[0] > 97, "the host's array is the buffer's");
          }
        }),
        law("upload double[" + size + "]", key -> {
          double[] values = key.uniformDouble(size);
          double[] there = backend.downloadDouble(backend.upload(values));
          assertEquals(size, there.length);
          for (int i = 0; i < size; i++) {
            boolean kept = there[i] == values[i] || there[i] == (float) values[i];
            assertTrue(kept, "entry " + i + " is " + there[i] + "; " + values[i] + " was sent");
          }
        }),
        law("fill [" + size + "]", key -> {
          for (float value : new float[] {0, -0f, 1.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] filled = backend.download(backend.fill(size, value));
            assertEquals(size, filled.length);
            for (float x : filled) {
              assertEquals(value, x);
            }
          }
        }));
  }

  private Stream<DynamicTest> random(int size) {
    return Stream.of(
        law("uniform [" + size + "]",
            key -> assertArrayEquals(key.uniform(size), backend.download(backend.uniform(key, size)))),
        law("normal [" + size + "]", key -> {
          float[] expected = key.normal(size);
          float[] actual = backend.download(backend.normal(key, size));
          assertEquals(size, actual.length);
          for (int i = 0; i < size; i++) {
            assertEquals(expected[i], actual[i], 2 * Math.ulp(expected[i]), "entry " + i);
          }
        }));
  }

  private DynamicTest nameIsThere() {
    return law("name", key -> assertFalse(backend.name().isBlank(), "the name is blank"));
  }

  private DynamicTest refill() {
    return law("refill counts", key -> {
      Storage target = backend.fill(37, 0);
      Storage source = backend.upload(normal(key, 37, 1));
      backend.refill(target, source);
      backend.refill(target, source);
      assertArrayEquals(backend.download(source), backend.download(target));
      assertEquals(2, target.version());
      assertEquals(0, source.version());
      backend.refill(source, backend.fill(37, 3));
      assertArrayEquals(normal(key, 37, 1), backend.download(target), "target and source share memory");
    });
  }

  private DynamicTest released() {
    return law("release takes back nothing else", key -> {
      List<Storage> kept = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Storage x = backend.fill(129, i);
        Storage y = backend.unary(Unary.SHIFT, 1, x);
        backend.release(x);
        assertTrue(x.isReleased(), "a released buffer does not say so");
        assertFalse(y.isReleased(), "releasing an operand released its result");
        kept.add(backend.binary(Binary.ADD, y, Shape.of(129), y, Shape.of(129), Shape.of(129)));
        backend.release(y);
      }
      for (int i = 0; i < kept.size(); i++) {
        for (float value : backend.download(kept.get(i))) {
          assertEquals(2 * i + 2, value, "buffer " + i);
        }
      }
    });
  }

  private DynamicTest firstNonFinite() {
    return law("firstNonFinite", key -> {
      assertEquals(-1, backend.firstNonFinite(backend.fill(0, 0)));
      assertEquals(-1, backend.firstNonFinite(backend.fill(1003, Float.MAX_VALUE)));
      for (int at : new int[] {0, 1, 15, 16, 640, 1001, 1002}) {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
          float[] values = normal(key, 1003, 1);
          values[at] = value;
          values[1002] = Float.NaN;
          assertEquals(at, backend.firstNonFinite(backend.upload(values)), value + " at " + at);
        }
      }
    });
  }
}
