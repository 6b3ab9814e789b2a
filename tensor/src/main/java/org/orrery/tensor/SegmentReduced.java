package org.orrery.tensor;

import java.util.List;
import java.util.Locale;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;

/// `y[s, ...]` is the reduction of `x[i, ...]` over the rows i of segment s.
record SegmentReduced(Reduction kind, Tensor x, Segments segments) implements Op {
  SegmentReduced {
    Require.that(x.rank() >= 1 && x.rows() == segments.members(), "segment reduction", x.shape(),
        "the first axis has one row for each of " + segments.members() + " members");
  }

  @Override
  public String name() {
    return "segment " + kind.name().toLowerCase(Locale.ROOT);
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
  public Storage forward(Backend backend) {
    return backend.segmentReduce(kind, x.data(), x.shape().extent(1, x.rank()), segments.offsets(), segments.order());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> switch (kind) {
      case SUM -> upstream.gatherRows(segments);
      case MAXIMUM, MINIMUM -> Tensor.of(new ExtremeShare(x.detach(), y.detach(), upstream, segments));
      case PRODUCT -> upstream.gatherRows(segments).multiply(SegmentProducts.ofOthers(x, segments));
    });
  }

  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    return Cost.ofNumbers(numbers + segments.indices(), shape().elements(), numbers,
        segments.scratch(x.shape().extent(1, x.rank())));
  }
}
