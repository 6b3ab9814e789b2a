package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.SegmentExtremeKernels;
import org.orrery.tensor.backend.Storage;

/// The gradient of a segment's maximum or minimum y: where x equals it, upstream over how many do.
record ExtremeShare(Tensor x, Tensor y, Tensor upstream, Segments segments) implements Op {
  @Override
  public String name() {
    return "segment extreme gradient";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x, y, upstream);
  }

  @Override
  public Shape shape() {
    return x.shape();
  }

  @Override
  public Storage forward(Backend backend) {
    SegmentExtremeKernels kernels = backend.kernels(SegmentExtremeKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.segmentExtremeGradient(x.data(), y.data(), upstream.data(), x.shape().extent(1, x.rank()),
            segments.offsets(), segments.order());
  }

  @Override
  public Tensor definition() {
    Tensor holds = x.detach().equalTo(y.detach().gatherRows(segments));
    Tensor each = upstream.divide(holds.segmentSum(segments).clamp(1, Float.MAX_VALUE));
    return holds.multiply(each.gatherRows(segments));
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers + 2L * y.shape().elements() + segments.indices(), numbers, 2 * numbers, 0);
  }
}
