package org.orrery.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// Memory that goes round, and work that is shared out.
class MemoryTest {
  @Test
  void aReleasedBufferMayNotBeRead() {
    CpuBackend backend = Twins.fastest(1);
    Storage x = backend.upload(new float[] {1, 2});
    backend.release(x);
    assertTrue(x.isReleased());
    assertThrows(IllegalStateException.class, () -> backend.download(x));
    assertThrows(IllegalStateException.class, () -> backend.unary(Unary.EXP, 0, x));
    backend.release(x); // nothing is left to release
    Storage y = backend.upload(new float[] {3, 4});
    Storage z = backend.upload(new float[] {5, 6});
    assertNotSame(CpuStorage.valuesOf(y), CpuStorage.valuesOf(z));
  }

  @Test
  void aReleasedArrayServesALaterResult() {
    CpuBackend backend = new CpuBackend(KernelChoice.best(), 1, false);
    Storage x = backend.fill(1000, 1);
    float[] array = CpuStorage.valuesOf(x);
    backend.release(x);
    assertSame(array, CpuStorage.valuesOf(backend.fill(1001, 2)));
  }

  @Test
  void releasedMemoryIsPoisonedForTests() {
    CpuBackend backend = CpuBackend.poisoning();
    Storage x = backend.fill(10, 1);
    float[] array = CpuStorage.valuesOf(x);
    backend.release(x);
    assertTrue(Float.isNaN(array[0]));
    assertTrue(Float.isNaN(CpuStorage.valuesOf(backend.fill(0, 0))[0]));
  }

  @Test
  void aSizeClassWastesAnEighthAtMost() {
    for (int size = 128; size < 1 << 20; size += 97) {
      int capacity = ArrayPool.capacity(size);
      assertTrue(capacity >= size && capacity - size <= size / 8 + 1, size + " in " + capacity);
      assertEquals(capacity, ArrayPool.capacity(capacity));
    }
    assertTrue(ArrayPool.capacity(0) > 0);
    assertEquals(Integer.MAX_VALUE - 8, ArrayPool.capacity(Integer.MAX_VALUE - 8));
  }

  @Test
  void thePoolKeepsNoMoreThanItsBound() {
    ArrayPool pool = new ArrayPool(false, 600_000);
    pool.give(pool.take(65_536));
    assertEquals(262_144, pool.retainedBytes());
    pool.give(new float[65_536]);
    pool.give(new float[65_536]);
    assertEquals(524_288, pool.retainedBytes());
    pool.give(new float[65_537]); // of no size class
    assertEquals(524_288, pool.retainedBytes());
    pool.take(65_000);
    assertEquals(262_144, pool.retainedBytes());
  }

  @Test
  void aThreadTakesTheSmallArrayThatItGaveBack() {
    ArrayPool pool = new ArrayPool(false, 600_000);
    float[] array = pool.take(1000);
    pool.give(array);
    assertSame(array, pool.take(1001));
    assertEquals(0, pool.retainedBytes());
  }

  @Test
  void arraysThatLieIdleAreDroppedWhileOthersAreTaken() {
    AtomicLong now = new AtomicLong();
    ArrayPool pool = new ArrayPool(false, 600_000, now::get);
    pool.give(pool.take(65_536));
    now.addAndGet(TimeUnit.SECONDS.toNanos(60));
    pool.take(16);
    assertEquals(0, pool.retainedBytes());
  }

  /// Most of the heap: what is idle and what is asked for do not fit together.
  static final class Filling {
    private static final int MEGABYTE = (1 << 20) / Float.BYTES;

    private Filling() {
    }

    @SuppressWarnings("SystemOut") // read by the test
    static void main() {
      CpuBackend backend = CpuBackend.withThreads(1);
      backend.release(backend.fill(35 * MEGABYTE, 1));
      System.out.println(new float[100 * MEGABYTE].length);
      backend.release(backend.fill(36 * MEGABYTE, 1));
      System.out.println(backend.fill(96 * MEGABYTE, 1).size());
    }
  }

  @Test
  void idleMemoryIsThereForWhoeverNeedsIt() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
        "-cp", System.getProperty("java.class.path"), Filling.class.getName()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("26214400\n25165824\n"), said); // 100 and 96 megabytes of 4 bytes
  }

  @Test
  void hostArraysAreCopied() {
    CpuBackend backend = Twins.fastest(1);
    float[] host = {1, 2, 3};
    Storage x = backend.upload(host);
    host[0] = 9;
    backend.download(x)[1] = 9;
    Twins.assertSameBits(new float[] {1, 2, 3}, backend.download(x), "upload");
    Storage y = backend.upload(new double[] {4, 5, 6});
    backend.refill(x, y);
    assertEquals(1, x.version());
    Twins.assertSameBits(new float[] {4, 5, 6}, backend.download(x), "refill");
  }

  @Test
  void everyPlaceIsVisitedOnce() {
    Parallel parallel = new Parallel(3);
    for (int size : new int[] {0, 1, 9, 10, 11, 1000}) {
      int[] visits = new int[size];
      parallel.forChunks(size, 10, (from, to) -> {
        for (int i = from; i < to; i++) {
          visits[i]++;
        }
      });
      for (int visit : visits) {
        assertEquals(1, visit);
      }
    }
  }

  @Test
  void nestedWorkRunsInline() {
    Parallel parallel = new Parallel(2);
    AtomicInteger runs = new AtomicInteger();
    parallel.forChunks(8, 1, (from, to) -> {
      Thread outer = Thread.currentThread();
      parallel.forChunks(4, 1, (inner, end) -> {
        assertSame(outer, Thread.currentThread());
        runs.incrementAndGet();
      });
    });
    assertEquals(32, runs.get());
  }

  @Test
  void whatABodyThrowsReachesTheCaller() {
    Parallel parallel = new Parallel(3);
    IllegalStateException thrown = assertThrows(IllegalStateException.class,
        () -> parallel.forChunks(100, 1, (from, to) -> {
          if (from == 57) {
            throw new IllegalStateException("chunk 57");
          }
        }));
    assertEquals("chunk 57", thrown.getMessage());
    AtomicInteger after = new AtomicInteger();
    parallel.forChunks(100, 1, (from, to) -> after.incrementAndGet());
    assertEquals(100, after.get());
  }

  @Test
  void theDescriptionNamesKernelsAndThreads() {
    String description = CpuBackend.withThreads(2).description();
    assertTrue(KernelChoice.vectorsPresent()
        ? description.matches("vector kernels, \\d+ bit \\(\\d+ floats\\), 2 threads")
        : description.equals("scalar kernels, 2 threads: " + KernelChoice.CURE), description);
    assertThrows(IllegalArgumentException.class, () -> CpuBackend.withThreads(0));
  }
}
