package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.SegmentSoftmaxKernels;
import org.orrery.tensor.backend.Storage;

/// `y[i, c] = e^x[i, c]` over the sum of `e^x[j, c]` over the rows j of i's segment.
record SegmentSoftmax(Tensor x, Segments segments) implements Op {
  SegmentSoftmax {
    Require.that(x.rank() >= 1 && x.rows() == segments.members(), "segment softmax", x.shape(),
        "the first axis has one row for each of " + segments.members() + " members");
  }

  @Override
  public String name() {
    return "segment softmax";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    SegmentSoftmaxKernels kernels = backend.kernels(SegmentSoftmaxKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.segmentSoftmax(x.data(), x.shape().extent(1, x.rank()), segments.offsets(), segments.order());
  }

  @Override
  public Tensor definition() {
    Tensor e = x.subtract(x.detach().segmentMax(segments).gatherRows(segments)).exp();
    return e.divide(e.segmentSum(segments).gatherRows(segments));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers + segments.indices(), numbers, 5 * numbers,
        Cost.pieces(numbers, (long) segments.longest() * x.shape().extent(1, x.rank())));
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Gradient(y, upstream, segments)));
  }

  /// y (upstream - sum over the segment of y upstream).
  record Gradient(Tensor y, Tensor upstream, Segments segments) implements Op {
    @Override
    public String name() {
      return "segment softmax gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(y, upstream);
    }

    @Override
    public Shape shape() {
      return y.shape();
    }

    @Override
    public Storage forward(Backend backend) {
      SegmentSoftmaxKernels kernels = backend.kernels(SegmentSoftmaxKernels.class);
      return kernels == null
          ? Op.super.forward(backend)
          : kernels.segmentSoftmaxGradient(y.data(), upstream.data(), y.shape().extent(1, y.rank()),
              segments.offsets(), segments.order());
    }

    @Override
    public Tensor definition() {
      return y.multiply(upstream.subtract(y.multiply(upstream).segmentSum(segments).gatherRows(segments)));
    }

    @Override
    public Cost cost() {
      long numbers = y.shape().elements();
      return Cost.ofNumbers(2 * numbers + segments.indices(), numbers, 4 * numbers, 0);
    }
  }
}
