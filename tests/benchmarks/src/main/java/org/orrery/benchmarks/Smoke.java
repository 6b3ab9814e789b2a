package org.orrery.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

/// Notices when a kernel falls off a cliff: each is compared with a plain loop of one thread in this process, and only
/// ten times its time is a failure. A kernel that the compiler does not turn into vector code is that slow; a busy machine
/// is not, since both are measured in turn and the best of many counts.
final class Smoke {
  private static final double CLIFF = 10;
  private static final int ROUNDS = 30;
  private static final Key KEY = Key.of(1);

  /// @param kernel what is watched
  /// @param plain the same in a plain loop
  private record Watched(String name, Runnable kernel, Runnable plain) {
  }

  private Smoke() {
  }

  /// A line for each kernel, and whether none is beyond the cliff.
  static boolean run(List<String> lines) {
    boolean sound = true;
    List<Watched> all = watched();
    for (Watched watched : all) { // what the compiler makes of one kernel may depend on others that ran before
      for (int round = 0; round < ROUNDS; round++) {
        watched.kernel().run();
      }
    }
    for (Watched watched : all) {
      double kernel = Double.POSITIVE_INFINITY;
      double plain = Double.POSITIVE_INFINITY;
      for (int round = 0; round < ROUNDS; round++) {
        kernel = Math.min(kernel, seconds(watched.kernel()));
        plain = Math.min(plain, seconds(watched.plain()));
      }
      boolean fine = kernel < CLIFF * plain;
      sound &= fine;
      lines.add(String.format(Locale.ROOT, "%-14s %8.3f ms, plain loop %8.3f ms%s", watched.name(), kernel * 1e3,
          plain * 1e3, fine ? "" : "  TEN TIMES SLOWER"));
    }
    return sound;
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  private static Runnable kernel(Runnable work) {
    return () -> Scope.run(scope -> Tensor.unrecorded(() -> {
      work.run();
      return 0;
    }));
  }

  private static List<Watched> watched() {
    List<Watched> list = new ArrayList<>();
    int rows = 4000;
    int width = 64;
    Tensor a = Tensor.normal(KEY.fold(0), rows, width);
    Tensor b = Tensor.normal(KEY.fold(1), width, width);
    float[] x = a.toArray();
    float[] w = b.toArray();
    float[] y = new float[rows * width];
    list.add(new Watched("matmul", kernel(() -> a.matmul(b)), () -> product(x, w, y, rows, width)));
    list.add(new Watched("exp", kernel(a::exp), () -> {
      for (int i = 0; i < y.length; i++) {
        y[i] = (float) Math.exp(x[i]);
      }
    }));
    list.add(new Watched("tanh", kernel(a::tanh), () -> {
      for (int i = 0; i < y.length; i++) {
        y[i] = (float) Math.tanh(x[i]);
      }
    }));
    list.add(new Watched("silu", kernel(a::silu), () -> {
      for (int i = 0; i < y.length; i++) {
        y[i] = (float) (x[i] / (1 + Math.exp(-x[i])));
      }
    }));
    Sparse edges = Workloads.uniform(rows, 10 * rows);
    Tensor weights = Tensor.uniform(KEY.fold(2), 10 * rows, 1);
    float[] each = weights.toArray();
    list.add(new Watched("weighted sum", kernel(() -> NeighborSum.of(edges, a, weights)),
        () -> weightedSum(edges, each, x, y, width)));
    list.add(new Watched("column sums", kernel(() -> a.sum(0)), () -> {
      for (int i = 0; i < y.length; i++) {
        y[i % width] += x[i];
      }
    }));
    return list;
  }

  private static void product(float[] a, float[] b, float[] c, int rows, int width) {
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < width; k++) {
        float value = a[i * width + k];
        for (int j = 0; j < width; j++) {
          c[i * width + j] += value * b[k * width + j];
        }
      }
    }
  }

  private static void weightedSum(Sparse edges, float[] weights, float[] x, float[] y, int width) {
    Indices senders = edges.senderOf();
    Indices receivers = edges.receiverOf();
    for (int e = 0; e < edges.edges(); e++) {
      for (int j = 0; j < width; j++) {
        y[receivers.at(e) * width + j] += weights[e] * x[senders.at(e) * width + j];
      }
    }
  }
}
