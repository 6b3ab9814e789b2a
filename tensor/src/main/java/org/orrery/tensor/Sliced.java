package org.orrery.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// y[.., i, ..] = x[.., start + i step, ..] along one axis.
record Sliced(Tensor x, int axis, int start, int step, int count) implements Op {
  private static final int FEW = 4;

  static Tensor along(Tensor x, int axis, int from, int to, int step) {
    int front = x.shape().axis(axis);
    int size = x.size(front);
    boolean inside = step > 0
        ? 0 <= from && from <= to && to <= size
        : step < 0 && size > from && from >= to && to >= -1;
    if (!inside) {
      throw new IllegalArgumentException("slice: entries " + from + " to " + to + " in steps of " + step + " of axis "
          + axis + " of " + x.shape());
    }
    int count = (int) ((Math.abs((long) to - from) + Math.abs((long) step) - 1) / Math.abs((long) step));
    return count == size && step == 1 ? x : Tensor.of(new Sliced(x, front, from, step, count));
  }

  static List<Tensor> split(Tensor x, int axis, int... sizes) {
    if (Arrays.stream(sizes).sum() != x.size(axis)) {
      throw new IllegalArgumentException("split: sizes " + Arrays.toString(sizes) + " of axis " + axis + " of "
          + x.shape() + "; they must add up to " + x.size(axis));
    }
    List<Tensor> parts = new ArrayList<>();
    halve(x, axis, sizes, parts);
    return parts;
  }

  /// The gradient of a slice is as large as what it was taken from: many slices are taken from halves of halves, so that
  /// their gradients together are log(parts) arrays as large as x and not one for each part.
  private static void halve(Tensor x, int axis, int[] sizes, List<Tensor> parts) {
    if (sizes.length > FEW) {
      int[] first = Arrays.copyOf(sizes, sizes.length / 2);
      int cut = Arrays.stream(first).sum();
      halve(along(x, axis, 0, cut, 1), axis, first, parts);
      halve(along(x, axis, cut, x.size(axis), 1), axis, Arrays.copyOfRange(sizes, first.length, sizes.length), parts);
      return;
    }
    int from = 0;
    for (int size : sizes) {
      parts.add(along(x, axis, from, from + size, 1));
      from += size;
    }
  }

  @Override
  public String name() {
    return "slice";
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return x.shape().with(axis, count);
  }

  @Override
  public Storage forward(Backend backend) {
    int[] strides = x.shape().strides();
    int offset = start * strides[axis];
    strides[axis] *= step;
    return backend.copyStrided(x.data(), count == 0 ? 0 : offset, strides, shape().toArray());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    sink.add(x, () -> Tensor.of(new Placed(upstream, axis, start, step, x.size(axis))));
  }

  @Override
  public Cost cost() {
    return Cost.ofCopy(shape().elements());
  }
}
