package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.BatchNormKernels;
import org.orrery.tensor.backend.Storage;

/// y = weight z + bias down the columns, z = (x - mean) / sqrt(variance + epsilon) with the moments of x itself. Ioffe & Szegedy
/// 2015.
///
/// @param moments those of x, `[2, width]`, as a constant: what depends on them is in the derivative by x
record BatchNormalized(Tensor x, Tensor moments, Tensor weight, Tensor bias, double epsilon) implements Op {
  BatchNormalized {
    Require.that(x.rank() == 2 && weight.shape().equals(Shape.of(x.columns())), "batch norm", x.shape(),
        weight.shape(), "the weight has one value for each column");
    Require.that(bias.shape().equals(weight.shape()), "batch norm", weight.shape(), bias.shape(),
        "the bias has one value for each column");
    Require.that(moments.shape().equals(Shape.of(2, x.columns())), "batch norm", x.shape(), moments.shape(),
        "mean and variance of each column are required");
  }

  @Override
  public String name() {
    return "batch norm";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x, moments, weight, bias);
  }

  @Override
  public Shape shape() {
    return x.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    BatchNormKernels kernels = backend.kernels(BatchNormKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.batchNorm(x.data(), moments.data(), weight.data(), bias.data(), x.rows(), x.columns(), epsilon);
  }

  @Override
  public Tensor definition() {
    Tensor centered = Centered.along(x, 0);
    Tensor z = centered.divide(centered.square().mean(0).add(epsilon).sqrt());
    return z.multiply(weight).add(bias);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    if (Tensor.isRecording() || !x.backend().has(BatchNormKernels.class)) {
      Op.super.backward(y, upstream, sink);
      return;
    }
    Tensor sums = Tensor.of(new Sums(this, upstream));
    sink.add(x, () -> Tensor.of(new Share(this, upstream, sums)));
    sink.add(weight, () -> sums.select(0, 0));
    sink.add(bias, () -> sums.select(0, 1));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers + 4L * x.columns(), numbers, 3 * numbers, 0);
  }

  private static BatchNormKernels kernels(Backend backend) {
    BatchNormKernels kernels = backend.kernels(BatchNormKernels.class);
    if (kernels != null) {
      return kernels;
    }
    throw new IllegalStateException("batch norm: a gradient on " + backend.name() + ", which has no kernel for it");
  }

  /// The gradients by weight and bias, `[2, width]`; what they are is defined by [BatchNormalized#definition()].
  private record Sums(BatchNormalized of, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "batch norm sums";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(of.x, of.moments, upstream);
    }

    @Override
    public Shape shape() {
      return Shape.of(2, of.x.columns());
    }

    @Override
    public Storage forward(Backend backend) {
      return kernels(backend).batchNormSums(of.x.data(), of.moments.data(), upstream.data(), of.x.rows(),
          of.x.columns(), of.epsilon);
    }

    @Override
    public Cost cost() {
      long numbers = of.x.shape().elements();
      return Cost.ofNumbers(2 * numbers, shape().elements(), 4 * numbers, 0);
    }
  }

  /// The gradient by x; what it is is defined by [BatchNormalized#definition()].
  private record Share(BatchNormalized of, Tensor upstream, Tensor sums) implements Op {
    @Override
    public String name() {
      return "batch norm gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(of.x, of.moments, of.weight, upstream, sums);
    }

    @Override
    public Shape shape() {
      return of.x.shape();
    }

    @Override
    public Storage forward(Backend backend) {
      return kernels(backend).batchNormGradient(of.x.data(), of.moments.data(), of.weight.data(), upstream.data(),
          sums.data(), of.x.rows(), of.x.columns(), of.epsilon);
    }

    @Override
    public Cost cost() {
      long numbers = of.x.shape().elements();
      return Cost.ofNumbers(2 * numbers, numbers, 5 * numbers, 0);
    }
  }
}
