package org.orrery.tensor;

import java.util.List;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// Tensors joined along one axis.
record Concat(List<Tensor> parts, int axis) implements Op {
  Concat {
    parts = List.copyOf(parts);
    Shape first = parts.getFirst().shape();
    for (Tensor part : parts) {
      Require.that(part.rank() == first.rank() && part.shape().with(axis, first.size(axis)).equals(first), "concat",
          first, part.shape(), "sizes other than that of axis " + axis + " must be equal");
    }
  }

  static int axis(List<Tensor> parts, int axis) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("concat: no tensors");
    }
    return parts.getFirst().shape().axis(axis);
  }

  @Override
  public String name() {
    return "concat";
  }

  @Override
  public List<Tensor> operands() {
    return parts;
  }

  @Override
  public Shape shape() {
    int size = 0;
    for (Tensor part : parts) {
      size = Math.addExact(size, part.size(axis));
    }
    return parts.getFirst().shape().with(axis, size);
  }

  @Override
  public Storage forward(Backend backend) {
    Shape first = parts.getFirst().shape();
    int[] lengths = parts.stream().mapToInt(part -> part.shape().extent(axis, part.rank())).toArray();
    return backend.concat(parts.stream().map(Tensor::data).toList(), first.extent(0, axis), lengths);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    int from = 0;
    for (Tensor part : parts) {
      int start = from;
      sink.add(part, () -> upstream.slice(axis, start, start + part.size(axis)));
      from += part.size(axis);
    }
  }

  @Override
  public Cost cost() {
    return Cost.ofCopy(shape().elements());
  }
}
