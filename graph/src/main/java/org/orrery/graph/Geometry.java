package org.orrery.graph;

import java.util.List;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// Where the nodes of a graph are, in what space, and which image of its sender each edge means.
///
/// @param positions `[nodes, dimensions]`
record Geometry(Tensor positions, Images images) {
  int dimensions() {
    return positions.columns();
  }

  Tensor cells() {
    return images.cells(dimensions(), positions.backend());
  }

  /// x_s - x_r + n . lattice, `[edges, dimensions]`.
  Tensor displacements(Sparse edges, Partition partition) {
    Tensor apart = positions.gatherRows(edges.bySender()).subtract(positions.gatherRows(edges.byReceiver()));
    Tensor offsets = images.offsets(partition.edges(), dimensions(), positions.backend());
    return offsets == null ? apart : apart.add(offsets);
  }

  /// The length of each row, `[rows, 1]`. Where it is 0 so are its derivatives.
  static Tensor lengths(Tensor rows) {
    return rows.norm(1).unsqueeze(1);
  }

  Geometry withPositions(Tensor others) {
    if (!others.shape().equals(positions.shape())) {
      throw new IllegalArgumentException("graph: positions " + others.shape() + " in the place of " + positions.shape()
          + "; the same shape is required");
    }
    return new Geometry(others, images);
  }

  /// Space and all that is in it, stretched: x (1 + e) and a (1 + e).
  Geometry strained(Tensor strain, Partition partition) {
    int d = dimensions();
    Shape each = Shape.of(partition.graphs(), d, d);
    Shape one = Shape.of(d, d);
    if (!strain.shape().equals(each) && !strain.shape().equals(one)) {
      throw new IllegalArgumentException("strained: a strain " + strain.shape() + " of " + partition.graphs()
          + " graphs in " + d + " dimensions; " + one + " or " + each + " is required");
    }
    Tensor all = strain.rank() == 2 ? strain.unsqueeze(0).expand(each) : strain;
    Tensor moved = positions.add(Images.rowsTimes(positions, all, partition.nodes()));
    Tensor cells = cells();
    return new Geometry(moved, images.strained(cells.add(cells.matmul(all))));
  }

  List<Space> spaces() {
    return images.spaces();
  }

  /// `[graphs]`.
  Tensor volumes() {
    double[] volumes = new double[spaces().size()];
    for (int g = 0; g < volumes.length; g++) {
      volumes[g] = Math.abs(determinant(spaces().get(g).lattice()));
      if (volumes[g] == 0) {
        throw new IllegalStateException("graph: graph " + g + " is in " + spaces().get(g)
            + ", which is open along an axis; only a cell that is closed along all has a volume");
      }
    }
    return Backends.with(positions.backend(), () -> Tensor.of(volumes, volumes.length));
  }

  private static double determinant(double[][] a) {
    return switch (a.length) {
      case 1 -> a[0][0];
      case 2 -> a[0][0] * a[1][1] - a[0][1] * a[1][0];
      default -> a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
          + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
    };
  }

  Indices shifts(int edges) {
    return images.shifts(edges, dimensions());
  }

  // ---- following the edges ----

  Geometry rewired(Graph graph, EdgeMap map) {
    return new Geometry(positions,
        images.rewired(graph.adjacency().sparse(), map, Partition.of(map.edges(), graph.offsets()), positions));
  }

  Geometry induced(Indices nodes, EdgeMap map) {
    return new Geometry(positions.gatherRows(nodes), images.select(map.origin(), dimensions()));
  }
}
