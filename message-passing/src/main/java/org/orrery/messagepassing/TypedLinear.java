package org.orrery.messagepassing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Grid;
import org.orrery.graph.Sparse;
import org.orrery.nn.Activation;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.GridConvolution;
import org.orrery.tensor.GridConvolutionTransposed;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Resampled;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Unary;

/// The sender's features times the matrix of the edge's type, x_j W_t: relational graph convolution (Schlichtkrull et al. 2018,
/// eq. 2 without its norm) and, on a [Grid] whose types are kernel offsets, convolution.
///
/// Channels may be cut into groups that stay apart. Sums run as a convolution on a grid, as a transposed one on a reversed grid,
/// and elsewhere as one [NeighborSum] a type, narrow as the input.
///
/// @param weight W, `[types, in / groups, out]`
/// @param groups how many parts of the channels stay apart
public record TypedLinear(Parameter weight, int groups) implements Message {
  /// Checks the shape.
  ///
  /// @throws IllegalArgumentException where the weight has not three axes, or out does not divide by the groups
  public TypedLinear {
    Shape shape = weight.shape();
    if (shape.rank() != 3 || groups < 1 || shape.size(2) % groups != 0) {
      throw new IllegalArgumentException("per type: weight " + shape + " and " + groups
          + " groups; [types, in / groups, out] with out divisible by groups is required");
    }
  }

  /// Without groups.
  public TypedLinear(Parameter weight) {
    this(weight, 1);
  }

  @Override
  public Tensor along(Sparse edges, Tensor senders, Tensor receivers, @Nullable Tensor features, Mode mode) {
    Tensor w = weight.value();
    Tensor rows = senders.gatherRows(edges.bySender());
    Tensor each = w.gatherRows(types(edges));
    int in = w.size(1);
    int out = w.size(2) / groups;
    requireWidth(senders);
    List<Tensor> parts = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      parts.add(
          rows.slice(1, g * in, (g + 1) * in).unsqueeze(1).matmul(each.slice(2, g * out, (g + 1) * out)).squeeze(1));
    }
    return Tensor.concat(1, parts);
  }

  private Indices types(Sparse edges) {
    Indices types = edges.types();
    if (types == null) {
      throw new IllegalArgumentException("per type: edges have no types");
    }
    return types.requireBelow(weight.shape().size(0), "per type: edge types");
  }

  private void requireWidth(Tensor senders) {
    int width = weight.shape().size(1) * groups;
    if (senders.rank() != 2 || senders.columns() != width) {
      throw new IllegalArgumentException(
          "per type: senders " + senders.shape() + "; [senders, " + width + "] is required");
    }
  }

  @Override
  public @Nullable Tensor aggregated(Adjacency adjacency, Aggregation aggregation, Tensor senders, Tensor receivers,
      @Nullable Tensor features, Mode mode) {
    if (!(aggregation instanceof Aggregation.Reduced(Reduction kind)) || kind != Reduction.SUM) {
      return null;
    }
    requireWidth(senders);
    Optional<Grid> grid = Grid.in(adjacency);
    if (grid.isPresent()) {
      return onGrid(grid.get(), senders, weight.value(), null, groups);
    }
    return groups == 1 ? typeByType(adjacency.sparse(), senders) : null;
  }

  private Tensor typeByType(Sparse edges, Tensor senders) {
    Indices types = types(edges);
    Tensor sum = Tensor.zeros(edges.receivers(), weight.shape().size(2));
    for (int t = 0; t < weight.shape().size(0); t++) {
      int type = t;
      Sparse own = edges.kept("edges of type " + t, () -> ofType(edges, types, type));
      if (own.edges() > 0) {
        sum = sum.add(NeighborSum.of(own, senders).matmul(weight.value().select(0, t)));
      }
    }
    return sum;
  }

  private static Sparse ofType(Sparse edges, Indices types, int type) {
    boolean[] keep = new boolean[edges.edges()];
    for (int e = 0; e < keep.length; e++) {
      keep[e] = types.at(e) == type;
    }
    return edges.filtered(keep).edges().untyped();
  }

  /// The sum along a grid, plus a bias: a convolution, or a transposed one where the grid is reversed.
  ///
  /// @param x `[senders, in]`
  /// @param weight `[taps, in / groups, out]`
  /// @param bias `[out]`; null for 0
  /// @return `[receivers, out]`
  public static Tensor onGrid(Grid grid, Tensor x, Tensor weight, @Nullable Tensor bias, int groups) {
    return onGrid(grid, x, weight, bias, groups, Activation.IDENTITY);
  }

  /// The same behind an activation, in one pass where the activation allows it.
  public static Tensor onGrid(Grid grid, Tensor x, Tensor weight, @Nullable Tensor bias, int groups,
      Activation activation) {
    Unary function = activation.function();
    if (grid.isReversed() || function == null) {
      return activation.apply(sums(grid, x, weight, bias, groups));
    }
    Tensor y = GridConvolution.of(inner(grid), images(grid, x), weight, bias, groups, function, activation.alpha());
    return y.reshape(grid.receivers(), y.columns());
  }

  private static Tensor images(Grid grid, Tensor x) {
    return padded(grid, x.reshape(sizes(grid.images(), grid.window().sizes(), x.columns())));
  }

  private static Tensor sums(Grid grid, Tensor x, Tensor weight, @Nullable Tensor bias, int groups) {
    Window window = inner(grid);
    if (!grid.isReversed()) {
      Tensor y = GridConvolution.of(window, images(grid, x), weight, bias, groups);
      return y.reshape(grid.receivers(), y.columns());
    }
    Tensor outputs = x.reshape(sizes(grid.images(), grid.window().outputSizes(), x.columns()));
    Tensor cells = unpadded(grid, GridConvolutionTransposed.of(window, outputs, turned(weight, groups), groups));
    Tensor y = cells.reshape(grid.receivers(), weight.size(2));
    return bias == null ? y : y.add(bias);
  }

  /// `[taps, in / groups, out]` to `[taps, out / groups, in]`: the weights of the convolution that is turned round.
  private static Tensor turned(Tensor weight, int groups) {
    int taps = weight.size(0);
    int in = weight.size(1);
    int out = weight.size(2) / groups;
    return weight.reshape(taps, in, groups, out).permute(0, 3, 2, 1).reshape(taps, out, groups * in);
  }

  /// The window over images that already have what stands beyond them.
  private static Window inner(Grid grid) {
    return grid.padding() == Grid.Padding.ZEROS
        ? grid.window()
        : new Window(grid.window().axes().stream().map(axis -> new Axis(axis.before() + axis.size() + axis.after(),
            axis.kernel(), axis.stride(), axis.dilation(), 0, 0)).toList());
  }

  private static Tensor padded(Grid grid, Tensor images) {
    Tensor y = images;
    for (int d = 0; d < grid.window().axes().size() && grid.padding() != Grid.Padding.ZEROS; d++) {
      y = Tensor.of(new Resampled(y, d + 1, standIns(grid, d)));
    }
    return y;
  }

  private static Tensor unpadded(Grid grid, Tensor images) {
    Tensor y = images;
    for (int d = 0; d < grid.window().axes().size() && grid.padding() != Grid.Padding.ZEROS; d++) {
      y = Tensor.of(new Resampled(y, d + 1, standIns(grid, d).transposed()));
    }
    return y;
  }

  private static AxisMap standIns(Grid grid, int d) {
    Axis axis = grid.window().axes().get(d);
    int[] cells = new int[axis.before() + axis.size() + axis.after()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Grid.standIn(grid.padding(), axis.size(), i - axis.before());
    }
    return AxisMap.taking(axis.size(), Indices.wrap(cells));
  }

  private static Shape sizes(int images, List<Integer> cells, int channels) {
    int[] all = new int[cells.size() + 2];
    all[0] = images;
    for (int d = 0; d < cells.size(); d++) {
      all[d + 1] = cells.get(d);
    }
    all[all.length - 1] = channels;
    return Shape.of(all);
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.NONE;
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("weight", weight);
  }
}
