package org.orrery.testkit;

import static org.orrery.testkit.Inputs.choices;
import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;
import static org.orrery.testkit.Inputs.salted;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.backend.Backend;

/// Work that only moves numbers: results are the same bits, whatever the numbers are.
final class MovementLaws {
  /// A view of an array: a place for each coordinate below `sizes`.
  private static final class View {
    private final String what;
    private final int size;
    private final int offset;
    private final int[] strides;
    private final int[] sizes;

    private View(String what, int size, int offset, int[] strides, int... sizes) {
      this.what = what;
      this.size = size;
      this.offset = offset;
      this.strides = strides;
      this.sizes = sizes;
    }

    @Override
    public String toString() {
      return what + ": " + offset + " + " + Arrays.toString(strides) + " below " + Arrays.toString(sizes);
    }
  }

  private static final View[] VIEWS = {
    new View("scalar", 1, 0, new int[0]),
    new View("whole", 37, 0, new int[] {1}, 37),
    new View("whole", 1003, 0, new int[] {17, 1}, 59, 17),
    new View("transposed", 1003, 0, new int[] {1, 17}, 17, 59),
    new View("transposed", 64 * 65, 0, new int[] {1, 64}, 64, 65),
    new View("axes turned", 5 * 7 * 11, 0, new int[] {11, 1, 77}, 7, 11, 5),
    new View("reversed", 37, 36, new int[] {-1}, 37),
    new View("rows reversed", 35, 28, new int[] {-7, 1}, 5, 7),
    new View("every third", 100, 2, new int[] {3}, 33),
    new View("a block", 20 * 30, 3 * 30 + 7, new int[] {30, 1}, 10, 15),
    new View("four axes", 2 * 3 * 4 * 5, 0, new int[] {1, 5, 60, 20}, 5, 4, 2, 3),
    new View("five axes", 2 * 3 * 2 * 3 * 2, 0, new int[] {1, 6, 2, 36, 12}, 2, 2, 3, 2, 3),
    new View("nothing", 6, 0, new int[] {3, 1}, 0, 3),
    new View("nothing", 6, 0, new int[] {3, 1}, 2, 0)};
  private static final View[] REPEATS = {
    new View("repeated", 1, 0, new int[] {0}, 37),
    new View("rows repeated", 7, 0, new int[] {0, 1}, 5, 7),
    new View("columns repeated", 5, 0, new int[] {1, 0}, 5, 33),
    new View("diagonals", 64, 0, new int[] {9, 1}, 7, 2),
    new View("windows", 30, 0, new int[] {1, 1}, 26, 5),
    new View("repeated in the middle", 12, 0, new int[] {4, 0, 1}, 3, 6, 4)};
  /// outer, then the lengths of the parts
  private static final int[][] PARTS = {{1, 5}, {3, 1, 1}, {0, 2, 3}, {7, 5, 0, 3}, {4, 0, 0}, {1, 1000, 3, 41},
    {129, 16, 1, 17}, {1003, 2, 3}};
  /// rows of the array, width, rows gathered
  private static final int[][] ROWS = {{1, 1, 0}, {3, 0, 5}, {1, 1, 1}, {5, 1, 37}, {5, 3, 37}, {40, 16, 129},
    {40, 17, 129}, {7, 64, 1003}, {1003, 5, 20}, {500, 33, 5000}};

  private final SideBySide both;

  MovementLaws(SideBySide both) {
    this.both = both;
  }

  Stream<DynamicTest> laws() {
    return Stream.of(
        Stream.concat(Stream.of(VIEWS), Stream.of(REPEATS)).map(this::copyStrided),
        Stream.of(VIEWS).map(this::placeStrided),
        Stream.of(PARTS).map(this::concat),
        Stream.of(ROWS).map(n -> gatherRows(n[0], n[1], n[2]))).flatMap(laws -> laws);
  }

  private static float[] anything(Key key, int size) {
    return salted(key.fold("salt"), normal(key, size, 1), Float.NaN, Float.POSITIVE_INFINITY, -0f);
  }

  private DynamicTest copyStrided(View view) {
    return law("copyStrided " + view, key -> both.agreeRelatively(Backend.class,
        (device, x) -> device.copyStrided(x[0], view.offset, view.strides, view.sizes), anything(key, view.size)));
  }

  private DynamicTest placeStrided(View view) {
    return law("placeStrided " + view, key -> both.agreeRelatively(Backend.class,
        (device, x) -> device.placeStrided(x[0], view.sizes, view.size, view.offset, view.strides),
        anything(key, Shape.of(view.sizes).elements())));
  }

  private DynamicTest concat(int[] outerAndLengths) {
    int outer = outerAndLengths[0];
    int[] lengths = Arrays.copyOfRange(outerAndLengths, 1, outerAndLengths.length);
    return law("concat " + outer + " times " + Arrays.toString(lengths), key -> both.agreeRelatively(Backend.class,
        (device, x) -> device.concat(Arrays.asList(x), outer, lengths),
        IntStream.range(0, lengths.length).mapToObj(part -> anything(key.fold(part), outer * lengths[part]))
            .toArray(float[][]::new)));
  }

  private DynamicTest gatherRows(int rows, int width, int gathered) {
    return law("gatherRows " + gathered + " of [" + rows + ", " + width + "]", key -> {
      Indices choices = choices(key.fold(1), gathered, rows);
      both.agreeRelatively(Backend.class, (device, x) -> device.gatherRows(x[0], width, choices),
          anything(key, rows * width));
    });
  }
}
