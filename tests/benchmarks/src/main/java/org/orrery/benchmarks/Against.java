package org.orrery.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;

/// Kernels against what the machine allows, in one process: matrix products against multiply-adds in registers, sums over
/// neighbors against a read of as many rows in the same order, functions of elements against a copy.
final class Against {
  private static final int[] WIDTHS = {32, 64, 100, 128, 256};
  private static final int[] ROWS = {10_000, 200_000};
  private static final int NODES = 100_000;
  private static final int EDGES = 1_000_000;
  private static final int ELEMENTS = 1 << 24;

  /// The seconds that a new shape runs before it is timed: the compiler takes that long for the tiles of a product.
  private static final double WARM = 2;

  private final PrintWriter out;
  private final double seconds;
  private final float[] read = new float[64];

  Against(PrintWriter out, double seconds) {
    this.out = out;
    this.seconds = seconds;
  }

  /// Prints a table; each work and its limit in turn, the median of each.
  void run() {
    out.println("| work | threads | reached | limit | part |");
    out.println("|---|---|---|---|---|");
    for (int threads : new int[] {1, 2}) {
      Supplier<Integer> all = () -> {
        products(threads);
        sums(threads);
        elementwise(threads);
        return 0;
      };
      Backends.with(CpuBackend.withThreads(threads), all);
    }
  }

  private void line(String what, int threads, String unit, double reached, double limit) {
    out.printf(Locale.ROOT, "| %s | %d | %.1f %s | %.1f %s | %.0f %% |%n", what, threads, reached, unit, limit, unit,
        100 * reached / limit);
    out.flush();
  }

  private void products(int threads) {
    for (int rows : ROWS) {
      for (int width : WIDTHS) {
        Tensor left = Tensor.normal(Key.of(1), rows, width);
        Tensor right = Tensor.normal(Key.of(2), width, width);
        double flops = 2.0 * rows * width * width;
        double[] rates = rates(work(() -> left.matmul(right), flops), () -> fma(threads));
        line("product " + rows + " x " + width + " x " + width, threads, "GF/s", rates[0] * 1e-9, rates[1] * 1e-9);
        double[] back = rates(work(() -> left.transposedMatmul(left), flops), () -> fma(threads));
        line("weight gradient " + rows + " x " + width + " x " + width, threads, "GF/s", back[0] * 1e-9,
            back[1] * 1e-9);
      }
    }
  }

  private void sums(int threads) {
    Sparse edges = Workloads.uniform(NODES, EDGES);
    int[] columns = edges.columns().toArray();
    for (int width : WIDTHS) {
      Tensor x = Tensor.normal(Key.of(1), NODES, width);
      float[] rows = x.toArray();
      double bytes = (double) EDGES * width * Float.BYTES;
      double[] rates = rates(work(() -> NeighborSum.of(edges, x), bytes),
          () -> bytes / onThreads(threads, t -> readRows(columns, rows, width, t, threads)));
      line("sum over neighbors, width " + width, threads, "GB/s", rates[0] * 1e-9, rates[1] * 1e-9);
    }
  }

  /// Reads whole rows with vectors, one after the other, and keeps nothing but their sum.
  private void readRows(int[] columns, float[] rows, int width, int thread, int threads) {
    int from = (int) ((long) columns.length * thread / threads);
    int to = (int) ((long) columns.length * (thread + 1) / threads);
    read[thread] += RowRead.run(columns, from, to, rows, width);
  }

  private void elementwise(int threads) {
    Tensor x = Tensor.normal(Key.of(1), ELEMENTS);
    Tensor y = Tensor.normal(Key.of(2), ELEMENTS);
    float[] from = new float[ELEMENTS];
    float[] to = new float[ELEMENTS];
    double bytes = 2.0 * ELEMENTS * Float.BYTES;
    DoubleSupplier copy = () -> bytes / onThreads(threads, t -> {
      int part = ELEMENTS / threads;
      System.arraycopy(from, t * part, to, t * part, part);
    });
    List<Supplier<Tensor>> works = List.of(x::relu, x::exp, x::tanh, x::sigmoid, x::silu, () -> x.multiply(3));
    List<String> names = List.of("relu", "exp", "tanh", "sigmoid", "silu", "scale");
    for (int i = 0; i < works.size(); i++) {
      double[] rates = rates(work(works.get(i), bytes), copy);
      line(names.get(i), threads, "GB/s", rates[0] * 1e-9, rates[1] * 1e-9);
    }
    double[] rates = rates(work(() -> x.add(y), 1.5 * bytes), copy);
    line("sum of two", threads, "GB/s", rates[0] * 1e-9, rates[1] * 1e-9);
  }

  private static double fma(int threads) {
    int rounds = 2_000_000;
    float[] sums = new float[threads * 32];
    double time = onThreads(threads, t -> sums[t * 32] = FmaLoop.run(rounds));
    return threads * FmaLoop.flops(rounds) / time;
  }

  private static DoubleSupplier work(Supplier<Tensor> run, double amount) {
    return () -> {
      long start = System.nanoTime();
      Scope.within(scope -> Tensor.unrecorded(run).rank());
      return amount / ((System.nanoTime() - start) * 1e-9);
    };
  }

  /// The median rates of both, measured in turn.
  private double[] rates(DoubleSupplier ours, DoubleSupplier limit) {
    long warm = System.nanoTime();
    while ((System.nanoTime() - warm) * 1e-9 < Math.max(WARM, seconds / 2)) {
      ours.getAsDouble();
    }
    limit.getAsDouble();
    List<Double> reached = new ArrayList<>();
    List<Double> possible = new ArrayList<>();
    long start = System.nanoTime();
    while ((System.nanoTime() - start) * 1e-9 < seconds || possible.size() < 5) {
      for (int i = 0; i < 5; i++) {
        reached.add(ours.getAsDouble());
      }
      possible.add(limit.getAsDouble());
    }
    return new double[] {median(reached), median(possible)};
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private interface Part {
    void run(int thread);
  }

  /// The seconds until all threads are through; threads are started before the clock.
  private static double onThreads(int threads, Part part) {
    if (threads == 1) {
      long start = System.nanoTime();
      part.run(0);
      return (System.nanoTime() - start) * 1e-9;
    }
    double[] times = new double[threads];
    List<Thread> workers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int own = t;
      workers.add(Thread.ofPlatform().start(() -> {
        long start = System.nanoTime();
        part.run(own);
        times[own] = (System.nanoTime() - start) * 1e-9;
      }));
    }
    for (Thread worker : workers) {
      Limits.join(worker);
    }
    return Arrays.stream(times).max().orElseThrow();
  }
}
