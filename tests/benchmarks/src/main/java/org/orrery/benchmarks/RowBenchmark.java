package org.orrery.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
import org.orrery.losses.CrossEntropy;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.ParameterGradients;
import org.orrery.optimizers.ParameterGroup;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Functions of elements and of rows of 100,000 nodes, beside the limit: a copy of as many numbers.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowBenchmark {
  private static final int ROWS = 100_000;

  /// Columns.
  @Param({"16", "20", "32", "64", "100", "128", "256"})
  public int width;

  private Tensor x = Tensor.of(0);
  private Tensor scale = x;
  private Indices labels = Indices.of();
  private Parameter parameter = Parameter.of(x);
  private Optimizer adam = new Adam().on(List.of(new ParameterGroup(List.of(parameter), 0, 1)));
  private ParameterGradients gradients = ParameterGradients.of(parameter.value().sum(), List.of(parameter));
  private float[] from = new float[0];
  private float[] to = new float[0];

  /// Features, labels and a parameter of as many numbers.
  @Setup(Level.Trial)
  public void fill() {
    Key key = Key.of(1);
    x = Tensor.normal(key.fold(1), ROWS, width);
    scale = Tensor.uniform(key.fold(2), width);
    labels = Indices.wrap(key.fold(3).integers(ROWS, width));
    parameter = Parameter.of(x);
    adam = new Adam().on(List.of(new ParameterGroup(List.of(parameter), 0, 1)));
    gradients = ParameterGradients.of(parameter.value().sum(), List.of(parameter));
    from = x.toArray();
    to = new float[from.length];
  }

  private static int run(Supplier<Tensor> work) {
    return org.orrery.tensor.Scope.within(scope -> Tensor.unrecorded(work).rank());
  }

  /// e^x.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int exp() {
    return run(x::exp);
  }

  /// x / (1 + e^-x).
  ///
  /// @return so that it is not left out
  @Benchmark
  public int silu() {
    return run(x::silu);
  }

  /// A number for each column added.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int bias() {
    return run(() -> x.add(scale));
  }

  /// Noise drawn and multiplied.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int dropout() {
    return run(() -> x.dropout(Key.of(7), 0.5));
  }

  /// Each row less its mean over its deviation.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int layerNorm() {
    return run(() -> x.layerNorm(scale, scale, 1e-5));
  }

  /// Softmax of each row.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int softmax() {
    return run(() -> x.softmax(1));
  }

  /// The mean cross entropy of rows with labels.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int crossEntropy() {
    return run(() -> new CrossEntropy().mean(x, labels));
  }

  /// A step of Adam over as many numbers.
  ///
  /// @return so that it is not left out
  @Benchmark
  public int adam() {
    adam.step(gradients, 1e-3);
    return parameter.value().rank();
  }

  /// A copy on one thread.
  ///
  /// @return so that it is not left out
  @Benchmark
  public float limit() {
    System.arraycopy(from, 0, to, 0, from.length);
    return to[from.length - 1];
  }
}
