package org.orrery.io;

import java.util.Arrays;

/// Numbers in the order of another layout.
final class StridedNumbers {
  private StridedNumbers() {
  }

  /// Row-major numbers of an array whose element `i, j, ...` stands at `offset + i strides[0] + j strides[1] + ...`.
  static Object gather(Object numbers, long offset, long[] sizes, long[] strides) {
    int[] places = places(offset, sizes, strides);
    return switch (numbers) {
      case float[] from -> {
        float[] values = new float[places.length];
        for (int i = 0; i < places.length; i++) {
          values[i] = from[places[i]];
        }
        yield values;
      }
      case double[] from -> Arrays.stream(places).mapToDouble(place -> from[place]).toArray();
      case long[] from -> Arrays.stream(places).mapToLong(place -> from[place]).toArray();
      case int[] from -> Arrays.stream(places).map(place -> from[place]).toArray();
      default -> throw new AssertionError(numbers.getClass());
    };
  }

  private static int[] places(long offset, long[] sizes, long[] strides) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    int[] places = new int[count];
    long[] index = new long[sizes.length];
    long place = offset;
    for (int i = 0; i < count; i++) {
      places[i] = (int) place;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        place += strides[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        place -= strides[axis] * sizes[axis];
        index[axis] = 0;
      }
    }
    return places;
  }
}
