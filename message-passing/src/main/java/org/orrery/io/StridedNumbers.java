package org.orrery.io;

import java.lang.reflect.Array;

/// Numbers in the order of another layout, place by place: no list of places is made.
final class StridedNumbers {
  private StridedNumbers() {
  }

  /// The places `offset + i strides[0] + j strides[1] + ...` in the order of the indices, of which one is the fastest.
  static final class Places {
    private final long[] sizes;
    private final long[] strides;
    private final long[] index;
    private final int fastest;
    private final int step;
    private long place;

    /// @param step -1 where the last index is the fastest, 1 where the first is
    private Places(long offset, long[] sizes, long[] strides, int step) {
      this.sizes = sizes;
      this.strides = strides;
      this.index = new long[sizes.length];
      this.fastest = step < 0 ? sizes.length - 1 : 0;
      this.step = step;
      this.place = offset;
    }

    /// Where an array of these sizes that was written column-major stands when it is row-major.
    static Places ofColumnMajor(long[] sizes) {
      long[] strides = new long[sizes.length];
      long stride = 1;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        strides[axis] = stride;
        stride *= sizes[axis];
      }
      return new Places(0, sizes, strides, 1);
    }

    int next() {
      int current = (int) place;
      for (int axis = fastest; axis >= 0 && axis < sizes.length; axis += step) {
        place += strides[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        place -= strides[axis] * sizes[axis];
        index[axis] = 0;
      }
      return current;
    }
  }

  /// Row-major numbers of an array whose element `i, j, ...` stands at `offset + i strides[0] + j strides[1] + ...`.
  static Object gather(Object numbers, long offset, long[] sizes, long[] strides) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    Places places = new Places(offset, sizes, strides, -1);
    Object gathered = Array.newInstance(numbers.getClass().getComponentType(), count);
    for (int i = 0; i < count; i++) {
      copy(numbers, places.next(), gathered, i);
    }
    return gathered;
  }

  /// Puts the first numbers of a part at their places.
  static void scatter(Object part, int count, Object target, Places places) {
    for (int i = 0; i < count; i++) {
      copy(part, i, target, places.next());
    }
  }

  private static void copy(Object from, int i, Object to, int j) {
    switch (from) {
      case float[] floats -> ((float[]) to)[j] = floats[i];
      case double[] doubles -> ((double[]) to)[j] = doubles[i];
      case long[] longs -> ((long[]) to)[j] = longs[i];
      case int[] ints -> ((int[]) to)[j] = ints[i];
      case short[] shorts -> ((short[]) to)[j] = shorts[i];
      case byte[] octets -> ((byte[]) to)[j] = octets[i];
      default -> throw new AssertionError(from.getClass());
    }
  }
}
