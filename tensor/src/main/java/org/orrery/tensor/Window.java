package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// How a kernel slides over a box of cells, axis by axis: output o of an axis sees the cells o stride - before + t dilation for
/// the taps t = 0, ..., kernel - 1. Cells outside the box are zero, or do not exist.
///
/// An axis of `size` cells has floor((size + before + after - dilation (kernel - 1) - 1) / stride) + 1 outputs. Cells, taps and
/// outputs are numbered row-major, the last axis fastest.
///
/// @param axes outermost first, one to three of them
public record Window(List<Axis> axes) {
  /// One axis.
  ///
  /// @param size cells
  /// @param kernel taps
  /// @param stride cells from one output to the next
  /// @param dilation cells from one tap to the next
  /// @param before cells beyond the first that a window may start at
  /// @param after cells beyond the last that a window may reach
  public record Axis(int size, int kernel, int stride, int dilation, int before, int after) {
    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException where one is too small, or the kernel is larger than the padded box
    public Axis {
      if (size < 0 || kernel < 1 || stride < 1 || dilation < 1 || before < 0 || after < 0) {
        throw new IllegalArgumentException("window: " + size + " cells, kernel " + kernel + ", stride " + stride
            + ", dilation " + dilation + ", padding " + before + " and " + after
            + "; kernel, stride and dilation of at least 1, the others of at least 0 are required");
      }
      long span = (long) dilation * (kernel - 1) + 1;
      if (span > (long) size + before + after) {
        throw new IllegalArgumentException("window: a kernel of " + kernel + " taps"
            + (dilation > 1 ? " with dilation " + dilation + " spans " + span + " cells and" : "")
            + " is larger than the padded input of " + ((long) size + before + after) + " cells (" + size
            + " and padding "
            + before + " + " + after + ")");
      }
      Math.addExact(Math.addExact(size, before), after);
    }

    /// A kernel that fits size cells, step by step, without padding.
    public static Axis of(int size, int kernel) {
      return new Axis(size, kernel, 1, 1, 0, 0);
    }

    /// How many outputs.
    public int outputs() {
      return (size + before + after - dilation * (kernel - 1) - 1) / stride + 1;
    }

    /// The cell that output o sees at tap t, which may lie outside.
    public int cell(int output, int tap) {
      return output * stride - before + tap * dilation;
    }

    private boolean isPlain() { return kernel == 1 && stride == 1 && before == 0 && after == 0; }
  }

  private static final int MOST_AXES = 3;

  /// Checks the number of axes.
  ///
  /// @throws IllegalArgumentException where there are none or more than three, or there are more cells than an int counts
  public Window {
    axes = List.copyOf(axes);
    if (axes.isEmpty() || axes.size() > MOST_AXES) {
      throw new IllegalArgumentException("window: " + axes.size() + " axes; one to three are required");
    }
    product(axes.stream().map(Axis::size).toList());
    product(axes.stream().map(Axis::outputs).toList());
    product(axes.stream().map(Axis::kernel).toList());
  }

  /// A window along these axes.
  public static Window of(Axis... axes) {
    return new Window(List.of(axes));
  }

  /// How many cells the box has.
  public int cells() {
    return product(axes.stream().map(Axis::size).toList());
  }

  /// How many outputs there are.
  public int outputs() {
    return product(axes.stream().map(Axis::outputs).toList());
  }

  /// How many taps the kernel has.
  public int taps() {
    return product(axes.stream().map(Axis::kernel).toList());
  }

  /// The sizes of the box.
  public List<Integer> sizes() {
    return axes.stream().map(Axis::size).toList();
  }

  /// The numbers of outputs, axis by axis.
  public List<Integer> outputSizes() {
    return axes.stream().map(Axis::outputs).toList();
  }

  /// Whether every output sees exactly its own cell.
  public boolean isPointwise() { return axes.stream().allMatch(Axis::isPlain); }

  /// The same window with axes of one cell and one tap before the others, up to three: what kernels run.
  public Window inThreeAxes() {
    List<Axis> all = new ArrayList<>(axes);
    while (all.size() < MOST_AXES) {
      all.addFirst(Axis.of(1, 1));
    }
    return new Window(all);
  }

  /// The position of each tap, tap by tap: `[taps][axes]`.
  List<int[]> tapPositions() {
    List<int[]> positions = new ArrayList<>();
    for (int t = 0; t < taps(); t++) {
      int[] position = new int[axes.size()];
      int rest = t;
      for (int d = position.length - 1; d >= 0; d--) {
        position[d] = rest % axes.get(d).kernel();
        rest /= axes.get(d).kernel();
      }
      positions.add(position);
    }
    return positions;
  }

  /// `[batch, cells..., channels]`.
  Shape inputs(int batch, int channels) {
    return shape(batch, sizes(), channels);
  }

  /// `[batch, outputs..., channels]`.
  Shape results(int batch, int channels) {
    return shape(batch, outputSizes(), channels);
  }

  private static Shape shape(int batch, List<Integer> sizes, int channels) {
    int[] all = new int[sizes.size() + 2];
    all[0] = batch;
    for (int d = 0; d < sizes.size(); d++) {
      all[d + 1] = sizes.get(d);
    }
    all[all.length - 1] = channels;
    return Shape.of(all);
  }

  private static int product(List<Integer> sizes) {
    int product = 1;
    for (int size : sizes) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /// As in `5x5 by kernel 3x3 to 3x3`.
  @Override
  public String toString() {
    return joined(sizes()) + " by kernel " + joined(axes.stream().map(Axis::kernel).toList()) + " to "
        + joined(outputSizes());
  }

  private static String joined(List<Integer> sizes) {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
