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
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Products of `rows x width` with `width x width`, and the gradient of such a weight, beside the limit: as many
/// multiply-adds in registers ([FmaLoop], one thread).
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProductBenchmark {
  /// Rows of the left factor.
  @Param({"10000", "200000"})
  public int rows;

  /// Columns of both.
  @Param({"16", "20", "32", "64", "100", "128", "256"})
  public int width;

  private Tensor left = Tensor.of(0);
  private Tensor right = Tensor.of(0);

  /// Random factors.
  @Setup(Level.Trial)
  public void fill() {
    left = Tensor.normal(Key.of(1), rows, width);
    right = Tensor.normal(Key.of(2), width, width);
  }

  /// X W.
  ///
  /// @return so that it is not left out
  @Benchmark
  public float product() {
    return org.orrery.tensor.Scope.within(scope -> Tensor.unrecorded(() -> left.matmul(right)).rank());
  }

  /// X^T X, the shape of a weight's gradient.
  ///
  /// @return so that it is not left out
  @Benchmark
  public float weightGradient() {
    return org.orrery.tensor.Scope.within(scope -> Tensor.unrecorded(() -> left.transposedMatmul(left)).rank());
  }

  /// As many multiply-adds as the product in registers.
  ///
  /// @return so that it is not left out
  @Benchmark
  public float limit() {
    return FmaLoop.run((int) (2.0 * rows * width * width / FmaLoop.flops(1)));
  }
}
