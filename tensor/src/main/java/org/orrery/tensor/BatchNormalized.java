package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Buffer;
import org.orrery.tensor.backend.NormKernels;

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
  public Buffer forward(Backend backend) {
    return backend instanceof NormKernels kernels
        ? kernels.batchNorm(x.data(), moments.data(), weight.data(), bias.data(), x.rows(), x.columns(), epsilon)
        : Op.super.forward(backend);
  }

  @Override
  public Tensor definition() {
    Tensor centred = x.subtract(x.mean(0));
    Tensor z = centred.divide(centred.square().mean(0).add(epsilon).sqrt());
    return z.multiply(weight).add(bias);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    if (Tensor.isRecording() || !(x.backend() instanceof NormKernels)) {
      Op.super.backward(y, upstream, sink);
      return;
    }
    Tensor all = Tensor.of(new Shares(this, upstream));
    int numbers = x.shape().elements();
    int width = x.columns();
    sink.add(x, () -> all.slice(0, 0, numbers).reshape(x.shape()));
    sink.add(weight, () -> all.slice(0, numbers, numbers + width));
    sink.add(bias, () -> all.slice(0, numbers + width, numbers + 2 * width));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers + 4L * x.columns(), numbers, 3 * numbers, 0);
  }

  /// The gradients by x, weight and bias, one after the other; what they are made of is defined by [BatchNormalized#definition()].
  private record Shares(BatchNormalized of, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "batch norm gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(of.x, of.moments, of.weight, upstream);
    }

    @Override
    public Shape shape() {
      return Shape.of(Math.addExact(of.x.shape().elements(), 2 * of.x.columns()));
    }

    @Override
    public Buffer forward(Backend backend) {
      if (backend instanceof NormKernels kernels) {
        return kernels.batchNormGradient(of.x.data(), of.moments.data(), of.weight.data(), upstream.data(), of.x.rows(),
            of.x.columns(), of.epsilon);
      }
      throw new IllegalStateException("batch norm: a gradient on " + backend.name() + ", which has no kernel for it");
    }

    @Override
    public Cost cost() {
      long numbers = of.x.shape().elements();
      return Cost.ofNumbers(4 * numbers, numbers, 9 * numbers, 0);
    }
  }
}
