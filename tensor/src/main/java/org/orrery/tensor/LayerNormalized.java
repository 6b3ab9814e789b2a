package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.LayerNormKernels;
import org.orrery.tensor.backend.Storage;

/// y = weight z + bias along the last axis, z = (x - mean) / sqrt(variance + epsilon). Ba et al. 2016.
record LayerNormalized(Tensor x, Tensor weight, Tensor bias, double epsilon) implements Op {
  LayerNormalized {
    Require.that(x.rank() >= 1 && weight.shape().equals(Shape.of(x.columns())), "layer norm", x.shape(),
        weight.shape(), "the weight has one value for each column");
    Require.that(bias.shape().equals(weight.shape()), "layer norm", weight.shape(), bias.shape(),
        "the bias has one value for each column");
  }

  @Override
  public String name() {
    return "layer norm";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x, weight, bias);
  }

  @Override
  public Shape shape() {
    return x.shape();
  }

  private static int rows(Tensor x) {
    return x.shape().extent(0, x.rank() - 1);
  }

  @Override
  public Storage forward(Backend backend) {
    LayerNormKernels kernels = backend.kernels(LayerNormKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.layerNorm(x.data(), weight.data(), bias.data(), rows(x), x.columns(), epsilon);
  }

  @Override
  public Tensor definition() {
    return x.normalizeLast(epsilon).multiply(weight).add(bias);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Share(x, weight, upstream, epsilon)));
    sink.add(weight, () -> Tensor.of(new ScaleShare(x, upstream, epsilon)));
    sink.add(bias, () -> Expanded.sumTo(upstream, bias.shape()));
  }

  @Override
  public Cost cost() {
    long size = x.shape().elements();
    return Cost.ofNumbers(size + 2L * x.columns(), size, 8 * size, 0);
  }

  /// s (h - mean(h) - z mean(h z)), h = upstream weight and s = 1 / sqrt(variance + epsilon): the share of x.
  record Share(Tensor x, Tensor weight, Tensor upstream, double epsilon) implements Op {
    @Override
    public String name() {
      return "layer norm gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(x, weight, upstream);
    }

    @Override
    public Shape shape() {
      return x.shape();
    }

    @Override
    public Storage forward(Backend backend) {
      LayerNormKernels kernels = backend.kernels(LayerNormKernels.class);
      return kernels == null
          ? Op.super.forward(backend)
          : kernels.layerNormGradient(x.data(), weight.data(), upstream.data(), rows(x), x.columns(), epsilon);
    }

    @Override
    public Tensor definition() {
      Tensor h = upstream.multiply(weight);
      Tensor centered = Centered.along(x, -1);
      Tensor scale = centered.square().mean(-1).add(epsilon).sqrt().reciprocal().unsqueeze(-1);
      Tensor z = centered.multiply(scale);
      Tensor along = z.multiply(h.multiply(z).mean(-1).unsqueeze(-1));
      return h.subtract(h.mean(-1).unsqueeze(-1)).subtract(along).multiply(scale);
    }

    @Override
    public Cost cost() {
      long size = x.shape().elements();
      return Cost.ofNumbers(2 * size + x.columns(), size, 16 * size, Cost.pieces(size, x.columns()));
    }
  }

  /// The sum over rows of upstream z: the share of the weight.
  record ScaleShare(Tensor x, Tensor upstream, double epsilon) implements Op {
    @Override
    public String name() {
      return "layer norm scale gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(x, upstream);
    }

    @Override
    public Shape shape() {
      return Shape.of(x.columns());
    }

    @Override
    public Storage forward(Backend backend) {
      LayerNormKernels kernels = backend.kernels(LayerNormKernels.class);
      return kernels == null
          ? Op.super.forward(backend)
          : kernels.layerNormScaleGradient(x.data(), upstream.data(), rows(x), x.columns(), epsilon);
    }

    @Override
    public Tensor definition() {
      return Expanded.sumTo(x.normalizeLast(epsilon).multiply(upstream), shape());
    }

    @Override
    public Cost cost() {
      long size = x.shape().elements();
      // beside: a piece of z a thread, and the sums of each piece
      return Cost.ofNumbers(2 * size, x.columns(), 8 * size, Cost.pieces(size, x.columns()) + size / 64);
    }
  }
}
