package org.orrery.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;

/// A kernel that slides over a box of one to three axes: the cells that an output sees send to it. A convolution is message
/// passing along it with a matrix for each kernel offset, pooling is aggregation along it.
///
/// Cells and outputs are numbered row-major, image after image. The type of an edge is the kernel offset that it belongs to, again
/// row-major; `types()` of [#sparse()] has it. Edges come image by image, output by output, offset by offset. Beyond the box there
/// is nothing, or another cell stands in ([Padding]), so that edges may repeat. [#reversed()] leads from outputs to cells:
/// transposed convolution.
public final class Grid implements Adjacency {
  /// What stands beyond the box.
  public enum Padding {
    /// nothing: no edge
    ZEROS,
    /// the other side
    CIRCULAR,
    /// the mirror image about the outermost cell, which is not repeated
    REFLECT,
    /// the outermost cell
    REPLICATE
  }

  private final Window window;
  private final Padding padding;
  private final int images;
  private final boolean reversed;
  private volatile @Nullable Sparse sparse;

  private Grid(Window window, Padding padding, int images, boolean reversed) {
    this.window = window;
    this.padding = padding;
    this.images = images;
    this.reversed = reversed;
    EdgeMemory.count("grid", "nodes", (double) images * Math.max(window.cells(), window.outputs()));
  }

  /// The cells that a window's outputs see; beyond the box there is nothing.
  public static Grid of(Window window) {
    return of(window, Padding.ZEROS);
  }

  /// The cells that a window's outputs see, with this beyond the box.
  ///
  /// @throws IllegalArgumentException where the padding reaches further than there are cells to stand in
  public static Grid of(Window window, Padding padding) {
    for (Axis axis : window.axes()) {
      int most = switch (padding) {
        case ZEROS -> Integer.MAX_VALUE;
        case CIRCULAR -> axis.size();
        case REFLECT -> axis.size() - 1;
        case REPLICATE -> axis.size() == 0 ? 0 : Integer.MAX_VALUE;
      };
      if (Math.max(axis.before(), axis.after()) > most) {
        throw new IllegalArgumentException("grid: padding " + axis.before() + " and " + axis.after() + " of "
            + axis.size() + " cells; " + padding + " takes at most " + most);
      }
    }
    return new Grid(window, padding, 1, false);
  }

  /// The 3 x 3 (or 3, or 3 x 3 x 3) neighborhood of every cell of a box, itself included, nothing beyond the box.
  public static Grid neighborhoods(int... sizes) {
    List<Axis> axes = new ArrayList<>();
    for (int size : sizes) {
      axes.add(new Axis(size, 3, 1, 1, 1, 1));
    }
    return of(new Window(axes));
  }

  /// An image as a graph: a node a pixel, row-major, that hears itself and the pixels around it.
  ///
  /// @param pixels `[height, width, channels]`, or with one or three axes before the channels
  /// @return node features `[height width, channels]`
  public static Graph image(Tensor pixels) {
    if (pixels.rank() < 2) {
      throw new IllegalArgumentException("image: " + pixels.shape() + "; [height, width, channels] is required");
    }
    int[] sizes = new int[pixels.rank() - 1];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = pixels.size(d);
    }
    Grid grid = neighborhoods(sizes);
    return Graph.builder(grid).nodes(pixels.reshape(grid.senders(), pixels.columns())).build();
  }

  /// So many equal images side by side, without edges between them.
  ///
  /// @throws IllegalArgumentException where the number is negative
  public Grid times(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("grid: " + count + " images; 0 or more are required");
    }
    return new Grid(window, padding, EdgeMemory.count("grid", "images", (double) images * count), reversed);
  }

  /// The grid that an adjacency is: itself, or a union of images of one grid.
  public static Optional<Grid> in(Adjacency adjacency) {
    return switch (adjacency) {
      case Grid grid -> Optional.of(grid);
      case DisjointUnion union -> joined(union.parts());
      default -> Optional.empty();
    };
  }

  private static Optional<Grid> joined(List<Adjacency> parts) {
    if (parts.isEmpty() || !(parts.getFirst() instanceof Grid first)) {
      return Optional.empty();
    }
    int count = 0;
    for (Adjacency part : parts) {
      if (!(part instanceof Grid grid) || !grid.isLike(first)) {
        return Optional.empty();
      }
      count = EdgeMemory.count("grid", "images", (double) count + grid.images);
    }
    return Optional.of(new Grid(first.window, first.padding, count, first.reversed));
  }

  private boolean isLike(Grid other) {
    return window.equals(other.window) && padding == other.padding && reversed == other.reversed;
  }

  /// How the kernel slides over one image.
  public Window window() {
    return window;
  }

  /// What stands beyond the box.
  public Padding padding() {
    return padding;
  }

  /// How many images there are.
  public int images() {
    return images;
  }

  /// Whether outputs send to the cells that they see.
  public boolean isReversed() { return reversed; }

  @Override
  public int senders() {
    return images * (reversed ? window.outputs() : window.cells());
  }

  @Override
  public int receivers() {
    return images * (reversed ? window.cells() : window.outputs());
  }

  /// @throws ArithmeticException where there are more than an int counts
  @Override
  public int edges() {
    return EdgeMemory.count("grid", "edges", pairs());
  }

  /// How many edges, more than an int counts among them.
  private double pairs() {
    double edges = images;
    for (Axis axis : window.axes()) {
      edges *= pairs(axis);
    }
    return edges;
  }

  private double pairs(Axis axis) {
    if (padding != Padding.ZEROS) {
      return (double) axis.outputs() * axis.kernel();
    }
    double pairs = 0;
    for (int t = 0; t < axis.kernel(); t++) {
      for (int o = 0; o < axis.outputs(); o++) {
        pairs += standIn(axis, axis.cell(o, t)) >= 0 ? 1 : 0;
      }
    }
    return pairs;
  }

  private int standIn(Axis axis, int cell) {
    return standIn(padding, axis.size(), cell);
  }

  /// Which cell of an axis stands in for one that may lie beyond its ends; -1 for none.
  public static int standIn(Padding padding, int size, int cell) {
    if (cell >= 0 && cell < size) {
      return cell;
    }
    return switch (padding) {
      case ZEROS -> -1;
      case CIRCULAR -> Math.floorMod(cell, size);
      case REFLECT -> cell < 0 ? -cell : 2 * (size - 1) - cell;
      case REPLICATE -> cell < 0 ? 0 : size - 1;
    };
  }

  @Override
  public Grid reversed() {
    return new Grid(window, padding, images, !reversed);
  }

  @Override
  public Sparse sparse() {
    Sparse known = sparse;
    if (known == null) {
      known = reversed ? reversed().sparse().reversed() : list();
      sparse = known;
    }
    return known;
  }

  private Sparse list() {
    EdgeMemory.require("grid", "edges", pairs(), "convolution and pooling need no list");
    int count = edges();
    int[] from = new int[count];
    int[] to = new int[count];
    int[] types = new int[count];
    int e = 0;
    for (int image = 0; image < images; image++) {
      for (int output = 0; output < window.outputs(); output++) {
        for (int tap = 0; tap < window.taps(); tap++) {
          int cell = cell(output, tap);
          if (cell >= 0) {
            from[e] = image * window.cells() + cell;
            to[e] = image * window.outputs() + output;
            types[e++] = tap;
          }
        }
      }
    }
    return Sparse.of(senders(), receivers(), Indices.wrap(from), Indices.wrap(to), Indices.wrap(types));
  }

  /// The cell that an output sees at a tap, -1 for none.
  private int cell(int output, int tap) {
    int cell = 0;
    int size = 1;
    int outputs = output;
    int taps = tap;
    for (Axis axis : window.axes().reversed()) {
      int at = standIn(axis, axis.cell(outputs % axis.outputs(), taps % axis.kernel()));
      if (at < 0) {
        return -1;
      }
      cell += at * size;
      size *= axis.size();
      outputs /= axis.outputs();
      taps /= axis.kernel();
    }
    return cell;
  }

  /// Whether the other is a grid with the same window, padding, images and direction.
  @Override
  public boolean equals(Object other) {
    return other instanceof Grid grid && isLike(grid) && images == grid.images;
  }

  @Override
  public int hashCode() {
    return window.hashCode() * 31 + images;
  }

  @Override
  public String toString() {
    return "Grid[" + images + (images == 1 ? " image " : " images ") + window + ", " + padding
        + (reversed ? ", reversed]" : "]");
  }
}
