package org.orrery.tensor;

import java.util.List;

/// The same numbers in another shape, order or extent: nothing is computed.
sealed interface TensorShapes permits Tensor {
  /// The same numbers in another shape; one size may be -1 and is computed.
  default Tensor reshape(int... sizes) {
    return reshape(Reshape.complete(self().shape(), sizes));
  }

  /// The same numbers in another shape.
  default Tensor reshape(Shape other) {
    return other.equals(self().shape()) ? self() : Tensor.of(new Reshape(self(), other));
  }

  /// The same numbers as a vector.
  default Tensor flatten() {
    return reshape(self().shape().elements());
  }

  /// One more axis, of size 1, before axis `axis`.
  default Tensor unsqueeze(int axis) {
    return reshape(self().shape().inserting(axis, 1));
  }

  /// Without an axis of size 1.
  default Tensor squeeze(int axis) {
    if (self().size(axis) != 1) {
      throw new IllegalArgumentException("squeeze: axis " + axis + " of " + self().shape() + "; its size must be 1");
    }
    return reshape(self().shape().without(axis));
  }

  /// The transpose of a matrix.
  default Tensor transpose() {
    if (self().rank() != 2) {
      throw new IllegalArgumentException("transpose: " + self().shape() + "; a matrix is required, or name two axes");
    }
    return transpose(0, 1);
  }

  /// Two axes exchanged.
  default Tensor transpose(int first, int second) {
    int[] order = Indices.range(0, self().rank()).toArray();
    int a = self().shape().axis(first);
    int b = self().shape().axis(second);
    order[a] = b;
    order[b] = a;
    return permute(order);
  }

  /// The axes in another order.
  default Tensor permute(int... order) {
    return Tensor.of(new Permuted(self(), Indices.of(order)));
  }

  /// Repeated along axes of size 1 and new leading axes.
  default Tensor expand(Shape target) {
    return target.equals(self().shape()) ? self() : Tensor.of(new Expanded(self(), target));
  }

  /// Entries `from` up to, not including, `to` of an axis.
  default Tensor slice(int axis, int from, int to) {
    return slice(axis, from, to, 1);
  }

  /// Entries from, from + step, ... before `to` of an axis; a negative step runs backwards.
  default Tensor slice(int axis, int from, int to, int step) {
    return Sliced.along(self(), axis, from, to, step);
  }

  /// One entry of an axis, which goes away.
  default Tensor select(int axis, int position) {
    int at = position < 0 ? position + self().size(axis) : position;
    return slice(axis, at, at + 1).squeeze(axis);
  }

  /// An axis backwards.
  default Tensor flip(int axis) {
    return self().size(axis) == 0 ? self() : slice(axis, self().size(axis) - 1, -1, -1);
  }

  /// Zeros before and after along an axis.
  default Tensor pad(int axis, int before, int after) {
    return Placed.padding(self(), axis, before, after);
  }

  /// Slices along an axis of the given sizes, which must add up.
  default List<Tensor> split(int axis, int... sizes) {
    return Sliced.split(self(), axis, sizes);
  }

  /// Several axes backwards; an axis named twice runs forwards again.
  default Tensor flip(int... axes) {
    Tensor flipped = self();
    for (int axis : axes) {
      flipped = flipped.flip(axis);
    }
    return flipped;
  }

  /// `y[i] = x[(i - shift) mod n]` along an axis of n entries: what leaves at one end enters at the other.
  default Tensor roll(int axis, int shift) {
    int size = self().size(axis);
    int moved = size == 0 ? 0 : Math.floorMod(shift, size);
    return moved == 0
        ? self()
        : Tensor.concat(axis, slice(axis, size - moved, size), slice(axis, 0, size - moved));
  }

  /// A value before and after along an axis.
  ///
  /// @throws IllegalArgumentException where `before` or `after` is negative
  default Tensor pad(int axis, int before, int after, double value) {
    if (before < 0 || after < 0) {
      throw new IllegalArgumentException("pad: " + before + " before and " + after + " after; neither may be negative");
    }
    int at = self().shape().axis(axis);
    Shape others = self().shape().without(at);
    Tensor front = Tensor.full(others.inserting(at, before), value, self().backend());
    Tensor back = Tensor.full(others.inserting(at, after), value, self().backend());
    return Tensor.concat(at, front, self(), back);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
