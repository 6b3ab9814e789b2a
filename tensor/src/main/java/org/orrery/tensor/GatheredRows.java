package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// `y[i, ...] = x[segment of i, ...]`: each member gets a copy of its segment's row.
record GatheredRows(Tensor x, Segments segments) implements Op {
  GatheredRows {
    Require.that(x.rank() >= 1 && x.rows() == segments.count(), "gather", x.shape(),
        "the first axis has one row for each of " + segments.count() + " segments");
  }

  @Override
  public String name() {
    return "gather";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape().with(0, segments.members());
  }

  @Override
  public Storage forward(Backend backend) {
    return backend.gatherRows(x.data(), x.shape().extent(1, x.rank()), segments.index());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> upstream.segmentSum(segments));
  }

  @Override
  public Cost cost() {
    long numbers = shape().elements();
    return Cost.ofNumbers(numbers + segments.members(), numbers, 0, 0);
  }
}
