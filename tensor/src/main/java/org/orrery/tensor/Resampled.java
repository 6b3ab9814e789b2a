package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.ResampleKernels;
import org.orrery.tensor.backend.Storage;

/// A sparse linear map along one axis, the others untouched.
///
/// Shape: an axis of [AxisMap#columns()] entries becomes one of [AxisMap#rows()].
///
/// @param x any tensor with such an axis
/// @param axis counted from 0
/// @param map what each place of the result is made of
public record Resampled(Tensor x, int axis, AxisMap map) implements Op {
  /// Checks the size.
  public Resampled {
    Require.that(x.size(axis) == map.columns(), "resample", x.shape(), Shape.of(map.rows(), map.columns()),
        "axis " + axis + " must have the size that the map reads");
  }

  @Override
  public String name() {
    return "resample";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape().with(axis, map.rows());
  }

  @Override
  public Storage forward(Backend backend) {
    ResampleKernels kernels = backend.kernels(ResampleKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.resample(x.data(), x.shape().extent(0, axis), x.shape().extent(axis + 1, x.rank()), map);
  }

  @Override
  public Tensor definition() {
    int outer = x.shape().extent(0, axis);
    int inner = x.shape().extent(axis + 1, x.rank());
    return map.dense().matmul(x.reshape(outer, map.columns(), inner)).reshape(shape());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Resampled(upstream, axis, map.transposed())));
  }

  @Override
  public Cost cost() {
    long each = shape().elements() / Math.max(1, map.rows());
    return Cost.ofNumbers(map.terms() * each, shape().elements(), 2L * map.terms() * each, 0);
  }
}
