package org.orrery.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.EdgeConv;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.TransformerConv;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.nn.Mlp;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Attention over edges in four heads and networks along edges, forward and backward, on uniform and on power-law graphs of
/// 20,000 nodes.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
  private static final int NODES = 20_000;
  private static final int HEADS = 4;

  /// Columns of all heads together.
  @Param({"16", "20", "32", "64", "100", "128", "256"})
  public int width;

  /// Edges a node.
  @Param({"4", "10", "32"})
  public int degree;

  /// How receivers are drawn.
  @Param({"uniform", "power law"})
  public String degrees;

  private Sparse edges = SumBenchmark.graph(1, 1, "uniform");
  private Tensor x = Tensor.of(0);
  private GraphLayer gat = Gat.create(1, 1, AttentionOptions.heads(1), Key.of(1));
  private GraphLayer gatV2 = gat;
  private GraphLayer products = gat;
  private GraphLayer network = gat;

  /// A graph, features and layers.
  @Setup(Level.Trial)
  public void fill() {
    Key key = Key.of(1);
    edges = SumBenchmark.graph(NODES, degree, degrees);
    x = Tensor.normal(key.fold(2), NODES, width);
    int channels = width / HEADS;
    AttentionOptions options = AttentionOptions.heads(HEADS).withoutLoops();
    gat = Gat.create(width, channels, options, key);
    gatV2 = GatV2.create(width, channels, options, key);
    products = TransformerConv.create(width, channels, TransformerConv.Options.heads(HEADS), key);
    network = EdgeConv.create(Mlp.create(key, 2 * width, width, width));
  }

  private int step(GraphLayer layer) {
    Function<org.orrery.tensor.Scope, Integer> work = scope -> {
      Tensor tracked = x.tracked();
      Tensor y = layer.apply(edges, tracked, org.orrery.nn.Mode.inference());
      return Gradients.of(y.square().mean(), List.of(tracked)).withRespectTo(tracked).rank();
    };
    return org.orrery.tensor.Scope.within(work::apply);
  }

  /// Scores that are sums.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int sums() {
    return step(gat);
  }

  /// Scores that are rectified sums.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int rectifiedSums() {
    return step(gatV2);
  }

  /// Scores that are inner products.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int products() {
    return step(products);
  }

  /// A network of one hidden layer, and the largest of what it gives.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int network() {
    return step(network);
  }
}
