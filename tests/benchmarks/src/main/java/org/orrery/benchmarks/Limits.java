package org.orrery.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.orrery.training.MachineRates;

/// What the machine allows with so many threads, measured in this process: a copy of 256 MB, and multiply-adds in
/// registers where the Vector API is there (a matrix product otherwise).
final class Limits {
  private static final int COPIED = 1 << 26;
  private static final int ROUNDS = 20_000_000;

  private Limits() {
  }

  static MachineRates measure(int threads) {
    float[] from = new float[COPIED];
    float[] to = new float[COPIED];
    double copy = best(5, threads, t -> {
      int part = COPIED / threads;
      System.arraycopy(from, t * part, to, t * part, part);
    });
    double bytes = 2.0 * Float.BYTES * COPIED / copy;
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return new MachineRates(bytes, MachineRates.measure().flopsPerSecond());
    }
    float[] sums = new float[threads];
    double fma = best(4, threads, t -> sums[t] += FmaLoop.run(ROUNDS));
    return new MachineRates(bytes, threads * FmaLoop.flops(ROUNDS) / fma);
  }

  /// The milliseconds of a copy of 256 MB.
  static double copyMilliseconds(MachineRates rates) {
    return 2.0 * Float.BYTES * COPIED / rates.bytesPerSecond() * 1e3;
  }

  private interface Part {
    void run(int thread);
  }

  private static double best(int rounds, int threads, Part part) {
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < rounds; round++) {
      List<Thread> workers = new ArrayList<>();
      long start = System.nanoTime();
      for (int t = 0; t < threads; t++) {
        int own = t;
        workers.add(Thread.ofPlatform().start(() -> part.run(own)));
      }
      for (Thread worker : workers) {
        join(worker);
      }
      best = Math.min(best, (System.nanoTime() - start) * 1e-9);
    }
    return best;
  }

  static void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", stop);
    }
  }
}
