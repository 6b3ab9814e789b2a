package org.orrery.tensor;

import java.util.Arrays;
import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.SegmentVarianceKernels;
import org.orrery.tensor.backend.Storage;

/// `y[s, ...]` is the mean of the squares of x less the mean, over the rows of segment s.
record SegmentVariance(Tensor x, Segments segments) implements Op {
  /// A kernel takes a segment whole; what is longer is reduced piece by piece.
  private static final int LONGEST = 1024;

  SegmentVariance {
    Require.that(x.rank() >= 1 && x.rows() == segments.members(), "segment variance", x.shape(),
        "the first axis has one row for each of " + segments.members() + " members");
  }

  @Override
  public String name() {
    return "segment variance";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape().with(0, segments.count());
  }

  @Override
  public boolean isWithinLimits() { return segments.longest() <= LONGEST; }

  @Override
  public Storage forward(Backend backend) {
    SegmentVarianceKernels kernels = backend.kernels(SegmentVarianceKernels.class);
    return kernels == null || !isWithinLimits()
        ? Op.super.forward(backend)
        : kernels.segmentVariance(x.data(), x.shape().extent(1, x.rank()), segments.offsets(), segments.order());
  }

  @Override
  public Tensor definition() {
    return Centered.within(x, segments).square().segmentMean(segments);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Share(x, upstream, segments)));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers + segments.indices(), shape().elements(), 4 * numbers, 0);
  }

  /// 2 upstream (x - mean) / n, the share of x: what the mean depends on x by sums to 0.
  record Share(Tensor x, Tensor upstream, Segments segments) implements Op {
    @Override
    public String name() {
      return "segment variance gradient";
    }

    @Override
    public List<Tensor> operands() {
      return List.of(x, upstream);
    }

    @Override
    public Shape shape() {
      return x.shape();
    }

    @Override
    public boolean isWithinLimits() { return segments.longest() <= LONGEST; }

    @Override
    public Storage forward(Backend backend) {
      SegmentVarianceKernels kernels = backend.kernels(SegmentVarianceKernels.class);
      return kernels == null || !isWithinLimits()
          ? Op.super.forward(backend)
          : kernels.segmentVarianceGradient(x.data(), upstream.data(), x.shape().extent(1, x.rank()),
              segments.offsets(), segments.order());
    }

    @Override
    public Tensor definition() {
      int[] perSegment = new int[x.rank()];
      Arrays.fill(perSegment, 1);
      perSegment[0] = segments.count();
      Tensor each = upstream.multiply(2).divide(segments.sizesAtLeastOne(x.backend()).reshape(perSegment));
      return Centered.within(x, segments).multiply(each.gatherRows(segments));
    }

    @Override
    public Cost cost() {
      long numbers = x.shape().elements();
      return Cost.ofNumbers(numbers + upstream.shape().elements() + segments.indices(), numbers, 4 * numbers, 0);
    }
  }
}
