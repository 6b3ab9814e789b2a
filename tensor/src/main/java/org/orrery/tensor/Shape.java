package org.orrery.tensor;

import java.util.Arrays;

/// The sizes of a tensor's axes, outermost first. `[]` is a scalar.
public final class Shape {
  private static final Shape SCALAR = new Shape(new int[0]);

  private final int[] sizes;
  private final int elements;

  private Shape(int[] sizes) {
    long product = 1;
    for (int size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("shape " + Arrays.toString(sizes) + "; sizes must not be negative");
      }
      product = Math.multiplyExact(product, (long) size);
      if (product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(sizes) + "; a tensor holds at most " + Integer.MAX_VALUE + " values");
      }
    }
    this.sizes = sizes;
    this.elements = (int) product;
  }

  /// The shape with these sizes; without any, a scalar's.
  public static Shape of(int... sizes) {
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  /// How many axes.
  public int rank() {
    return sizes.length;
  }

  /// How many values.
  public int elements() {
    return elements;
  }

  /// The size of an axis; negative axes count from the end.
  public int size(int axis) {
    return sizes[axis(axis)];
  }

  /// The same axis counted from the front.
  ///
  /// @throws IllegalArgumentException where there is no such axis
  public int axis(int axis) {
    int front = axis < 0 ? axis + sizes.length : axis;
    if (front < 0 || front >= sizes.length) {
      throw new IllegalArgumentException("axis " + axis + " of shape " + this);
    }
    return front;
  }

  /// A copy of the sizes.
  public int[] toArray() {
    return sizes.clone();
  }

  /// Steps in a contiguous row-major array from one entry of each axis to the next.
  public int[] strides() {
    int[] strides = new int[sizes.length];
    int step = 1;
    for (int d = sizes.length - 1; d >= 0; d--) {
      strides[d] = step;
      step *= sizes[d];
    }
    return strides;
  }

  /// The product of the sizes of the axes from `from` up to, not including, `to`.
  public int extent(int from, int to) {
    int product = 1;
    for (int d = from; d < to; d++) {
      product *= sizes[d];
    }
    return product;
  }

  /// This shape with another size for one axis.
  public Shape with(int axis, int size) {
    int[] changed = sizes.clone();
    changed[axis(axis)] = size;
    return new Shape(changed);
  }

  /// This shape without one axis.
  public Shape without(int axis) {
    int gone = axis(axis);
    int[] fewer = new int[sizes.length - 1];
    System.arraycopy(sizes, 0, fewer, 0, gone);
    System.arraycopy(sizes, gone + 1, fewer, gone, fewer.length - gone);
    return new Shape(fewer);
  }

  /// This shape with one more axis, before the present axis `axis` (or last, where `axis` is the rank or -1).
  public Shape inserting(int axis, int size) {
    int place = axis < 0 ? axis + sizes.length + 1 : axis;
    if (place < 0 || place > sizes.length) {
      throw new IllegalArgumentException("a new axis at " + axis + " of shape " + this);
    }
    int[] more = new int[sizes.length + 1];
    System.arraycopy(sizes, 0, more, 0, place);
    more[place] = size;
    System.arraycopy(sizes, place, more, place + 1, sizes.length - place);
    return new Shape(more);
  }

  /// The shape that both repeat to: sizes are compared from the last axis on, equal or one of them 1.
  ///
  /// @throws IllegalArgumentException where they do not fit; `operation` starts the message
  public Shape broadcast(Shape other, String operation) {
    int rank = Math.max(rank(), other.rank());
    int[] joint = new int[rank];
    for (int d = 1; d <= rank; d++) {
      int mine = d <= rank() ? sizes[rank() - d] : 1;
      int theirs = d <= other.rank() ? other.sizes[other.rank() - d] : 1;
      if (mine != theirs && mine != 1 && theirs != 1) {
        throw new IllegalArgumentException(operation + ": " + this + " and " + other
            + "; from the last axis on, sizes must be equal or 1");
      }
      joint[rank - d] = mine == 1 ? theirs : mine;
    }
    return new Shape(joint);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /// As in `[5, 3]`.
  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
