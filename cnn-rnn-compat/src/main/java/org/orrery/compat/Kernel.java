package org.orrery.compat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.graph.Grid;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;

/// What a kernel looks like, whatever it slides over: sizes, strides, dilations and padding of one to three axes.
/// ```java
/// Kernel.of(3, 3).padding(1).stride(2)
/// ```
///
/// @param sizes taps of each axis
/// @param strides cells from one output to the next
/// @param dilations cells from one tap to the next
/// @param before cells beyond the first that a window may start at
/// @param after cells beyond the last that a window may reach
/// @param beyond what stands there
public record Kernel(List<Integer> sizes, List<Integer> strides, List<Integer> dilations, List<Integer> before,
    List<Integer> after, Grid.Padding beyond) {
  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException where the lists differ in length, there are more than three axes, or a number is too small
  public Kernel {
    sizes = List.copyOf(sizes);
    strides = List.copyOf(strides);
    dilations = List.copyOf(dilations);
    before = List.copyOf(before);
    after = List.copyOf(after);
    int axes = sizes.size();
    boolean alike = List.of(strides, dilations, before, after).stream().allMatch(list -> list.size() == axes);
    if (axes < 1 || axes > 3 || !alike) {
      throw new IllegalArgumentException("kernel: sizes " + sizes + ", strides " + strides + ", dilations " + dilations
          + ", padding " + before + " and " + after + "; one number each for one to three axes is required");
    }
    requireAtLeast(1, sizes, "sizes");
    requireAtLeast(1, strides, "strides");
    requireAtLeast(1, dilations, "dilations");
    requireAtLeast(0, before, "padding");
    requireAtLeast(0, after, "padding");
  }

  private static void requireAtLeast(int least, List<Integer> numbers, String what) {
    if (Collections.min(numbers) < least) {
      throw new IllegalArgumentException("kernel: " + what + " " + numbers + "; at least " + least + " is required");
    }
  }

  /// Step by step, without padding.
  public static Kernel of(Integer... sizes) {
    return of(List.of(sizes));
  }

  /// Step by step, without padding.
  public static Kernel of(List<Integer> sizes) {
    List<Integer> ones = Collections.nCopies(sizes.size(), 1);
    List<Integer> none = Collections.nCopies(sizes.size(), 0);
    return new Kernel(sizes, ones, ones, none, none, Grid.Padding.ZEROS);
  }

  /// The same with these strides, one for all axes or one each.
  public Kernel stride(Integer... steps) {
    return new Kernel(sizes, each(steps), dilations, before, after, beyond);
  }

  /// The same with these dilations, one for all axes or one each.
  public Kernel dilation(Integer... steps) {
    return new Kernel(sizes, strides, each(steps), before, after, beyond);
  }

  /// The same with this padding on both sides, one for all axes or one each.
  public Kernel padding(Integer... cells) {
    return new Kernel(sizes, strides, dilations, each(cells), each(cells), beyond);
  }

  /// The same with so much padding that there are as many outputs as cells where the stride is 1; where it cannot be shared evenly
  /// the odd cell comes after.
  public Kernel same() {
    List<Integer> first = new ArrayList<>();
    List<Integer> last = new ArrayList<>();
    for (int d = 0; d < sizes.size(); d++) {
      int all = dilations.get(d) * (sizes.get(d) - 1);
      first.add(all / 2);
      last.add(all - all / 2);
    }
    return new Kernel(sizes, strides, dilations, first, last, beyond);
  }

  /// The same with this beyond the box.
  public Kernel beyond(Grid.Padding padding) {
    return new Kernel(sizes, strides, dilations, before, after, padding);
  }

  private List<Integer> each(Integer... numbers) {
    return numbers.length == 1 ? Collections.nCopies(sizes.size(), numbers[0]) : List.of(numbers);
  }

  /// How many axes.
  public int axes() {
    return sizes.size();
  }

  /// How many taps.
  public int taps() {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }

  /// How it slides over a box of these cells.
  ///
  /// @throws IllegalArgumentException where it is larger than the padded box
  public Window window(List<Integer> cells) {
    return new Window(IntStream.range(0, axes()).mapToObj(d -> new Axis(cells.get(d), sizes.get(d), strides.get(d),
        dilations.get(d), before.get(d), after.get(d))).toList());
  }
}
