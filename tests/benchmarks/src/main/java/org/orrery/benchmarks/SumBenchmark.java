package org.orrery.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.EdgeDot;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Sums over neighbors, products along edges and softmax over neighborhoods on uniform and on power-law graphs of
/// 100,000 nodes, beside the limit: a random read of as many rows.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SumBenchmark {
  private static final int NODES = 100_000;

  /// Columns.
  @Param({"16", "20", "32", "64", "100", "128", "256"})
  public int width;

  /// Edges a node.
  @Param({"4", "10", "32"})
  public int degree;

  /// How receivers are drawn.
  @Param({"uniform", "power law"})
  public String degrees;

  private Sparse edges = Sparse.of(0, Indices.of(), Indices.of());
  private Tensor x = Tensor.of(0);
  private Tensor weights = Tensor.of(0);
  private float[] rows = new float[0];

  /// A graph and features.
  @Setup(Level.Trial)
  public void fill() {
    Key key = Key.of(1);
    edges = graph(NODES, degree, degrees);
    x = Tensor.normal(key.fold(2), NODES, width);
    weights = Tensor.uniform(key.fold(3), NODES * degree, 1);
    rows = x.toArray();
  }

  /// Uniformly drawn senders; receivers as `degrees` says.
  static Sparse graph(int nodes, int degree, String degrees) {
    Key key = Key.of(1);
    int count = nodes * degree;
    int[] to = key.fold(1).integers(count, nodes);
    if (degrees.equals("power law")) { // the rank of a receiver is uniform to the third power: few receive most
      float[] uniform = key.fold(1).uniform(count);
      for (int e = 0; e < count; e++) {
        to[e] = Math.min(nodes - 1, (int) (nodes * Math.pow(uniform[e], 3)));
      }
    }
    return Sparse.of(nodes, Indices.wrap(key.fold(0).integers(count, nodes)), Indices.wrap(to));
  }

  private static int run(java.util.function.Supplier<Tensor> work) {
    return org.orrery.tensor.Scope.within(scope -> Tensor.unrecorded(work).rank());
  }

  /// The plain sum.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int sum() {
    return run(() -> NeighborSum.of(edges, x));
  }

  /// The weighted sum.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int weightedSum() {
    return run(() -> NeighborSum.of(edges, x, weights));
  }

  /// The largest of gathered rows.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int maximum() {
    return run(() -> x.gatherRows(edges.bySender()).segmentMax(edges.byReceiver()));
  }

  /// Inner products of both ends.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int dots() {
    return run(() -> Tensor.of(new EdgeDot(edges, x, x, 1)));
  }

  /// Softmax over what each node receives.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int softmax() {
    return run(() -> weights.segmentSoftmax(edges.byReceiver()));
  }

  /// A read of as many rows in the same order, on one thread.
  ///
  /// @return their sum
  @Benchmark
  public float limit() {
    Indices senders = edges.columns();
    float sum = 0;
    for (int e = 0; e < senders.size(); e++) {
      int at = senders.at(e) * width;
      for (int j = 0; j < width; j += 16) { // a number a cache line
        sum += rows[at + j];
      }
    }
    return sum;
  }
}
