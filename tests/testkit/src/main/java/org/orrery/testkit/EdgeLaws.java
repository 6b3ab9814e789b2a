package org.orrery.testkit;

import static org.orrery.testkit.Inputs.choices;
import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;
import static org.orrery.testkit.Inputs.order;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.backend.EdgeAttentionKernels;
import org.orrery.tensor.backend.EdgeNetworkKernels;
import org.orrery.tensor.backend.EdgeNetworkKernels.Network;
import org.orrery.tensor.backend.EdgeScore;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.SumTimesDerivativeKernels;
import org.orrery.tensor.backend.Unary;

/// Attention over edges and networks along edges agree with their formulas, forward and backward: no edges, empty and long
/// rows, repeated edges (equal maxima), heads of any width, edges in row order and in another.
final class EdgeLaws {
  /// rows, columns, edges, heads, width
  private static final int[][] GRAPHS = {{0, 1, 0, 1, 4}, {4, 3, 0, 2, 6}, {1, 1, 1, 1, 1}, {13, 9, 60, 1, 16},
    {13, 9, 60, 4, 64}, {40, 40, 300, 3, 33}, {2, 50, 900, 8, 8}, {300, 200, 1003, 1, 17}, {20, 30, 400, 4, 128},
    {9, 3, 500, 2, 200}};
  /// rows, columns, edges, hidden, width, features
  private static final int[][] NETWORKS = {{0, 1, 0, 4, 3, 0}, {4, 3, 0, 5, 2, 2}, {1, 1, 1, 1, 1, 1},
    {13, 9, 60, 16, 8, 0}, {40, 40, 300, 33, 17, 3}, {2, 5, 900, 8, 20, 0}, {300, 200, 1003, 20, 64, 5},
    {7, 6, 200, 64, 100, 0}};

  private final SideBySide both;

  EdgeLaws(SideBySide both) {
    this.both = both;
  }

  /// A structure with its transpose.
  ///
  /// @param edges of the slots; null where they are in this order
  /// @param back the transposed structure's offsets; `rows` and `backEdges` belong to its slots
  private record Structure(Indices offsets, Indices columns, @Nullable Indices edges, Indices back, Indices rows,
      @Nullable Indices backEdges) {
    static Structure of(Key key, int rows, int columns, int count, boolean ordered) {
      Indices offsets = Inputs.offsets(key.fold(1), rows, count);
      Indices slots = choices(key.fold(2), count, columns);
      Indices edges = ordered ? null : order(key.fold(3), count);
      Indices rowOf = Segments.ofOffsets(offsets).index();
      Segments byColumn = Segments.of(slots, columns);
      Indices turned = byColumn.order();
      Indices back = turned == null ? rowOf : rowOf.at(turned);
      Indices backEdges = turned == null ? edges : edges == null ? turned : edges.at(turned);
      return new Structure(offsets, slots, edges, byColumn.offsets(), back, backEdges);
    }
  }

  /// A kind of score, whose operands are the first ones of a computation: the tables of the columns and of the rows, then
  /// what else it has.
  private enum Kind {
    SUM {
      @Override
      List<float[]> operands(Key key, int rows, int columns, int edges, int heads, int width) {
        return List.of(normal(key.fold(1), columns * heads, 2), normal(key.fold(2), rows * heads, 2),
            normal(key.fold(3), edges * heads, 1));
      }

      @Override
      EdgeScore score(Storage[] a, int width) {
        return new EdgeScore.Sum(a[0], a[1], a[2], 0.2);
      }
    },
    RECTIFIED_SUM {
      @Override
      List<float[]> operands(Key key, int rows, int columns, int edges, int heads, int width) {
        return List.of(normal(key.fold(1), columns * width, 1), normal(key.fold(2), rows * width, 1),
            normal(key.fold(3), width, 1));
      }

      @Override
      EdgeScore score(Storage[] a, int width) {
        return new EdgeScore.RectifiedSum(a[0], a[1], a[2], width, 0.2);
      }
    },
    PRODUCT {
      @Override
      List<float[]> operands(Key key, int rows, int columns, int edges, int heads, int width) {
        return List.of(normal(key.fold(1), columns * width, 1), normal(key.fold(2), rows * width, 1), new float[1]);
      }

      @Override
      EdgeScore score(Storage[] a, int width) {
        return new EdgeScore.Product(a[0], a[1], width, 0.3);
      }
    };

    abstract List<float[]> operands(Key key, int rows, int columns, int edges, int heads, int width);

    abstract EdgeScore score(Storage[] a, int width);
  }

  Stream<DynamicTest> attention() {
    return Stream.of(GRAPHS).flatMap(n -> Stream.concat(
        Stream.of(Kind.values()).flatMap(kind -> Stream.of(false, true)
            .flatMap(dropped -> Stream.of(attention(n, kind, dropped), attentionGradient(n, kind, dropped)))),
        Stream.of(sumTimesDerivative(n))));
  }

  private static String of(int[] n, Kind kind, boolean dropped) {
    return " " + kind + " " + Arrays.toString(n) + (dropped ? " with factors" : "");
  }

  /// The operands of the score, the values, the gradient by the result, and factors.
  private static float[][] operands(Key key, int[] n, Kind kind) {
    return Stream.of(kind.operands(key.fold(4), n[0], n[1], n[2], n[3], n[4]),
        List.of(normal(key.fold(5), n[1] * n[4], 1), normal(key.fold(6), n[0] * n[4], 1),
            normal(key.fold(7), n[2] * n[3], 1)))
        .flatMap(List::stream).toArray(float[][]::new);
  }

  private DynamicTest attention(int[] n, Kind kind, boolean dropped) {
    return law("edgeAttention" + of(n, kind, dropped), key -> {
      Structure graph = Structure.of(key, n[0], n[1], n[2], !dropped);
      Stream.<Function<EdgeAttentionKernels.Attended, Storage>>of(EdgeAttentionKernels.Attended::y,
          EdgeAttentionKernels.Attended::softmax)
          .forEach(part -> both.agree(EdgeAttentionKernels.class,
              (device, a) -> part.apply(forward(device, graph, kind, dropped, n[3], n[4], a)), 20,
              operands(key, n, kind)));
    });
  }

  private DynamicTest attentionGradient(int[] n, Kind kind, boolean dropped) {
    int heads = n[3];
    int width = n[4];
    return law("edgeAttentionGradient" + of(n, kind, dropped), key -> {
      Structure graph = Structure.of(key, n[0], n[1], n[2], !dropped);
      Stream.<Function<EdgeAttentionKernels.Shares, Storage>>of(EdgeAttentionKernels.Shares::values,
          EdgeAttentionKernels.Shares::column, EdgeAttentionKernels.Shares::edges)
          .forEach(part -> both.agree(EdgeAttentionKernels.class,
              (device, a) -> part.apply(device.edgeAttentionGradient(graph.back(), graph.rows(), graph.backEdges(),
                  kind.score(a, width), dropped ? a[5] : null, heads, a[3],
                  forward(device, graph, kind, dropped, heads, width, a), a[4], width)),
              20 * Math.sqrt(1 + n[2]), operands(key, n, kind)));
    });
  }

  private static EdgeAttentionKernels.Attended forward(EdgeAttentionKernels device, Structure graph, Kind kind,
      boolean dropped, int heads, int width, Storage[] a) {
    return device.edgeAttention(graph.offsets(), graph.columns(), graph.edges(), kind.score(a, width),
        dropped ? a[5] : null, heads, a[3], width);
  }

  private DynamicTest sumTimesDerivative(int[] n) {
    return law("sumTimesDerivative " + Arrays.toString(n), key -> {
      Structure graph = Structure.of(key, n[0], n[1], n[2], false);
      both.agree(SumTimesDerivativeKernels.class,
          (device, a) -> device.sumTimesDerivative(graph.offsets(), graph.columns(), graph.edges(), a[0], n[3], a[1],
              a[2], n[4],
              0.2),
          10 * Math.sqrt(1 + n[2]), normal(key.fold(4), n[2] * n[3], 1), normal(key.fold(5), n[0] * n[4], 1),
          normal(key.fold(6), n[1] * n[4], 1));
    });
  }

  Stream<DynamicTest> networks() {
    return Stream.concat(Stream.of(shortTable()),
        Stream.of(NETWORKS).flatMap(n -> Stream.of(List.of(Reduction.SUM), List.of(Reduction.MAXIMUM),
            List.of(Reduction.SUM, Reduction.MINIMUM, Reduction.MAXIMUM))
            .flatMap(kinds -> Stream.of(Unary.SILU, Unary.LEAKY_RELU).map(function -> new Trial(n, kinds, function)))
            .flatMap(trial -> Stream.concat(Stream.of(network(trial)),
                Stream.of(false, true).filter(byFeatures -> !byFeatures || trial.in() > 0)
                    .map(byFeatures -> networkGradient(trial, byFeatures))))));
  }

  /// A table that ends before the last rows, which are empty.
  private DynamicTest shortTable() {
    return law("edgeNetworkGradient with a table of fewer rows", key -> {
      Indices offsets = Indices.of(0, 2, 5, 5, 5);
      List<Indices> rows = List.of(Indices.of(0, 0, 1, 1, 1), Indices.of(2, 0, 1, 1, 0));
      both.agreeOnAll(EdgeNetworkKernels.class, (device, a) -> {
        Network network = new Network(null, 0, null, List.of(a[0], a[1]), rows, 4, Unary.SILU, 1, a[2], null, 3);
        return device.edgeNetworkGradient(offsets, network, List.of(Reduction.SUM),
            device.edgeNetwork(offsets, network, List.of(Reduction.SUM)), a[3], false);
      }, 20, normal(key.fold(1), 2 * 4, 1), normal(key.fold(2), 3 * 4, 1), normal(key.fold(3), 3 * 4, 1),
          normal(key.fold(4), 4 * 3, 1));
    });
  }

  /// What a network is tried on.
  private record Trial(int rows, int columns, int edges, int hidden, int width, int in, List<Reduction> kinds,
      Unary function) {
    Trial(int[] n, List<Reduction> kinds, Unary function) {
      this(n[0], n[1], n[2], n[3], n[4], n[5], kinds, function);
    }

    Structure graph(Key key) {
      return Structure.of(key, rows, columns, edges, true);
    }

    /// Tables by row and by column, W, b, features, U, and the gradient by the result.
    float[][] operands(Key key) {
      return new float[][] {normal(key.fold(4), rows * hidden, 1), normal(key.fold(5), columns * hidden, 1),
        normal(key.fold(6), width * hidden, 1), normal(key.fold(7), width, 1), normal(key.fold(8), edges * in, 1),
        normal(key.fold(9), hidden * in, 1), normal(key.fold(10), rows * kinds.size() * width, 1)};
    }

    Network network(Structure graph, Storage[] a) {
      return new Network(in == 0 ? null : a[4], in, in == 0 ? null : a[5], List.of(a[0], a[1]),
          List.of(Segments.ofOffsets(graph.offsets()).index(), graph.columns()), hidden, function, 0.2, a[2],
          in == 0 ? null : a[3], width);
    }
  }

  private DynamicTest network(Trial trial) {
    return law("edgeNetwork " + trial, key -> {
      Structure graph = trial.graph(key);
      both.agree(EdgeNetworkKernels.class,
          (device, a) -> device.edgeNetwork(graph.offsets(), trial.network(graph, a), trial.kinds()),
          2 * (1.0 + trial.edges()) * Math.sqrt(trial.hidden()), trial.operands(key));
    });
  }

  private DynamicTest networkGradient(Trial trial, boolean byFeatures) {
    return law("edgeNetworkGradient " + trial + (byFeatures ? " by features" : ""), key -> {
      Structure graph = trial.graph(key);
      both.agreeOnAll(EdgeNetworkKernels.class, (device, a) -> {
        Network network = trial.network(graph, a);
        Storage y = device.edgeNetwork(graph.offsets(), network, trial.kinds());
        return device.edgeNetworkGradient(graph.offsets(), network, trial.kinds(), y, a[6], byFeatures);
      }, 2 * (1.0 + trial.edges()) * Math.sqrt(trial.width() * trial.kinds().size()), trial.operands(key));
    });
  }
}
