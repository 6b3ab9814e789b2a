package org.orrery.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;

/// Which image of its sender each edge means: the space of each graph and a shift n for each edge, constant under
/// differentiation. The image stands at x_s + n . lattice.
final class Images {
  private final List<Space> spaces;
  private final @Nullable Indices shifts;
  private final @Nullable Tensor strainedCells;
  private volatile @Nullable Tensor offsets;

  /// @param spaces one a graph
  /// @param shifts `[edges, dimensions]`, row-major; null where all are 0
  /// @param strainedCells `[graphs, dimensions, dimensions]`; null where they are those of the spaces
  Images(List<Space> spaces, @Nullable Indices shifts, @Nullable Tensor strainedCells) {
    this.spaces = List.copyOf(spaces);
    this.shifts = shifts == null || Arrays.stream(shifts.raw()).allMatch(n -> n == 0) ? null : shifts;
    this.strainedCells = strainedCells;
  }

  /// Every edge means the image of its sender that is nearest to its receiver.
  static Images nearest(Space space, int graphs, Adjacency adjacency, Tensor positions) {
    Indices shifts = isOpen(space)
        ? null
        : Indices.wrap(nearest(space, adjacency.sparse(), positions.toDoubles()));
    return new Images(Collections.nCopies(graphs, space), shifts, null);
  }

  /// Every edge means the image that was given.
  ///
  /// @throws IllegalArgumentException where there is not one integer for each edge and axis, or one that is not 0 along
  ///         an open axis
  static Images of(Space space, int graphs, int edges, Indices shifts) {
    int dimensions = space.dimensions();
    if (shifts.size() != (long) edges * dimensions) {
      throw new IllegalArgumentException("graph: " + shifts.size() + " image shifts for " + edges + " edges in "
          + dimensions + " dimensions; one integer for each edge and axis is required");
    }
    double[][] lattice = space.lattice();
    for (int i = 0; i < shifts.size(); i++) {
      int axis = i % dimensions;
      if (shifts.at(i) != 0 && Arrays.stream(lattice[axis]).allMatch(component -> component == 0)) {
        throw new IllegalArgumentException("graph: edge " + i / dimensions + " has the image shift " + shifts.at(i)
            + " along lattice vector " + axis + ", where " + space + " is open; 0 is required");
      }
    }
    return new Images(Collections.nCopies(graphs, space), shifts, null);
  }

  List<Space> spaces() {
    return spaces;
  }

  /// The lattice vectors of each graph, `[graphs, dimensions, dimensions]`, 0 along open axes.
  Tensor cells(int dimensions, Backend backend) {
    if (strainedCells != null) {
      return strainedCells;
    }
    double[] all = spaces.stream().flatMap(space -> Arrays.stream(space.lattice())).flatMapToDouble(Arrays::stream)
        .toArray();
    return Backends.with(backend, () -> Tensor.of(all, spaces.size(), dimensions, dimensions));
  }

  /// All shifts, `[edges, dimensions]`, row-major.
  Indices shifts(int edges, int dimensions) {
    return shifts == null ? Indices.wrap(new int[length(edges, dimensions)]) : shifts;
  }

  private static int length(long edges, int dimensions) {
    return EdgeMemory.count("graph", "integers of image shifts", (double) edges * dimensions);
  }

  /// n . lattice for each edge, `[edges, dimensions]`; null where all are 0.
  @Nullable
  Tensor offsets(Segments graphOfEdges, int dimensions, Backend backend) {
    Tensor known = offsets;
    if (shifts == null || known != null) {
      return known;
    }
    Tensor turns = Backends.with(backend, () -> Tensor.of(shifts)).reshape(shifts.size() / dimensions, dimensions);
    Tensor apart = rowsTimes(turns, cells(dimensions, backend), graphOfEdges);
    if (strainedCells == null) {
      offsets = apart;
    }
    return apart;
  }

  /// The row r_i M_g for each row, where row i belongs to graph g.
  static Tensor rowsTimes(Tensor rows, Tensor matrices, Segments graphOf) {
    int d = matrices.size(1);
    if (matrices.rows() == 1) {
      return rows.matmul(matrices.reshape(d, d));
    }
    Tensor each = matrices.reshape(matrices.rows(), d * d).gatherRows(graphOf).reshape(rows.rows(), d, d);
    return rows.unsqueeze(2).multiply(each).sum(1);
  }

  // ---- following the edges ----

  /// Those of the edges `own` alone, in one graph.
  Images ofGraph(int graph, Indices own, int dimensions) {
    return new Images(List.of(spaces.get(graph)), chosen(own, dimensions),
        strainedCells == null ? null : strainedCells.slice(0, graph, graph + 1));
  }

  /// Those of the edges `kept` alone.
  Images select(Indices kept, int dimensions) {
    return new Images(spaces, chosen(kept, dimensions), strainedCells);
  }

  private @Nullable Indices chosen(Indices edges, int dimensions) {
    if (shifts == null) {
      return null;
    }
    int[] own = new int[length(edges.size(), dimensions)];
    for (int e = 0; e < edges.size(); e++) {
      System.arraycopy(shifts.raw(), edges.at(e) * dimensions, own, e * dimensions, dimensions);
    }
    return Indices.wrap(own);
  }

  /// One graph's after another's.
  static Images joined(List<Graph> graphs, List<Geometry> parts) {
    int dimensions = parts.getFirst().dimensions();
    List<Space> spaces = new ArrayList<>();
    List<Tensor> cells = new ArrayList<>();
    int[] shifts = new int[length(graphs.stream().mapToLong(Graph::edgeCount).sum(), dimensions)];
    int at = 0;
    boolean strained = false;
    for (int g = 0; g < parts.size(); g++) {
      Images part = parts.get(g).images();
      spaces.addAll(part.spaces);
      cells.add(parts.get(g).cells());
      strained |= part.strainedCells != null;
      int length = graphs.get(g).edgeCount() * dimensions;
      if (part.shifts != null) {
        System.arraycopy(part.shifts.raw(), 0, shifts, at, length);
      }
      at += length;
    }
    return new Images(spaces, Indices.wrap(shifts), strained ? Tensor.concat(0, cells) : null);
  }

  Images strained(Tensor cells) {
    return new Images(spaces, shifts, cells);
  }

  /// Edges in the direction of the old one keep its shift, reversed ones have the negative, added ones mean the nearest
  /// image.
  ///
  /// @throws IllegalArgumentException where edges were merged that mean different images
  Images rewired(Sparse old, EdgeMap map, Partition partition, Tensor positions) {
    if (spaces.stream().allMatch(Images::isOpen) || (shifts == null && map.added() == 0)) {
      return new Images(spaces, null, strainedCells);
    }
    int dimensions = positions.columns();
    Sparse edges = map.edges();
    int[] moved = map.added() == 0
        ? new int[length(edges.edges(), dimensions)]
        : nearest(edges, partition, positions);
    int[] first = new int[edges.edges()];
    Arrays.fill(first, -1);
    map.forEachOrigin((from, to) -> {
      boolean same = old.senderOf().at(from) == edges.senderOf().at(to)
          && old.receiverOf().at(from) == edges.receiverOf().at(to);
      int[] shift = shift(from, same ? 1 : -1, dimensions);
      if (first[to] >= 0 && !Arrays.equals(shift, 0, dimensions, moved, to * dimensions, (to + 1) * dimensions)) {
        throw new IllegalArgumentException("rewired: edges " + first[to] + " and " + from
            + " are merged, and they mean different images of node " + edges.senderOf().at(to));
      }
      first[to] = first[to] < 0 ? from : first[to];
      System.arraycopy(shift, 0, moved, to * dimensions, dimensions);
    });
    return new Images(spaces, Indices.wrap(moved), strainedCells);
  }

  private int[] shift(int edge, int sign, int dimensions) {
    int[] shift = new int[dimensions];
    if (shifts != null) {
      Arrays.setAll(shift, axis -> sign * shifts.at(edge * dimensions + axis));
    }
    return shift;
  }

  private int[] nearest(Sparse edges, Partition partition, Tensor positions) {
    double[] x = positions.toDoubles();
    if (spaces.stream().distinct().count() == 1) {
      return nearest(spaces.getFirst(), edges, x);
    }
    int dimensions = positions.columns();
    int[] all = new int[length(edges.edges(), dimensions)];
    for (int g = 0; g < spaces.size(); g++) {
      Indices own = partition.edgesOf(g);
      int[] shifts = nearest(spaces.get(g), edges.select(own), x);
      for (int e = 0; e < own.size(); e++) {
        System.arraycopy(shifts, e * dimensions, all, own.at(e) * dimensions, dimensions);
      }
    }
    return all;
  }

  private static int[] nearest(Space space, Sparse edges, double[] positions) {
    return space.nearestShifts(edges, positions, positions).raw();
  }

  private static boolean isOpen(Space space) {
    return Arrays.stream(space.lattice()).flatMapToDouble(Arrays::stream).allMatch(component -> component == 0);
  }
}
