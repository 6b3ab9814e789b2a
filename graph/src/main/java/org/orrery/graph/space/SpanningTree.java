package org.orrery.graph.space;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jgrapht.Graph;
import org.jgrapht.alg.connectivity.ConnectivityInspector;
import org.jgrapht.alg.spanning.KruskalMinimumSpanningTree;
import org.jgrapht.graph.AsUndirectedGraph;
import org.orrery.graph.JGraphT;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;

/// The Euclidean minimum spanning tree: the n - 1 pairs of least total length that connect all points. It traces the
/// filaments of a galaxy field (Barrow, Bhavsar & Sonoda 1985).
///
/// It is exact: a radius graph that is connected holds every edge of the tree, since an edge longer than the radius could
/// be replaced by one of the radius graph. The tree of that graph is found by JGraphT (Kruskal 1956); of equal lengths the
/// pair of lower indices comes first.
public final class SpanningTree {
  /// Up to so many points all pairs are compared.
  private static final int FEW = 512;
  private static final double GROWTH = 1.5;

  private SpanningTree() {
  }

  /// The tree as a graph: both directions of each pair, by receiver, then by sender.
  ///
  /// @param positions `[points, dimensions]`, row-major
  /// @throws IllegalArgumentException where a coordinate is not finite or a position outside the box, or points of a
  ///   periodic space are so far apart that half the box does not connect them
  public static NeighborList of(Space space, double[] positions) {
    space.requireInBox("spanning tree", positions);
    int count = positions.length / space.dimensions();
    int[][] pairs = count <= FEW ? complete(count) : connected(space, positions, count);
    int[][] kept = kruskal(space, positions, count, pairs);
    return NeighborList.ofPairs(space, positions, Indices.wrap(kept[0]), Indices.wrap(kept[1]));
  }

  private static int[][] complete(int count) {
    int[][] pairs = new int[2][count * (count - 1) / 2];
    for (int i = 0, at = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++, at++) {
        pairs[0][at] = i;
        pairs[1][at] = j;
      }
    }
    return pairs;
  }

  /// The pairs of the first radius that connects all points, starting with the one at which none is alone.
  private static int[][] connected(Space space, double[] positions, int count) {
    double most = space.largestRadius();
    double radius = Arrays.stream(NeighborList.nearest(space, positions, 1).distances()).max().orElse(0);
    while (true) {
      double within = Math.clamp(radius, Double.MIN_NORMAL, most);
      Pairs pairs = Pairs.within(space, positions, Math.max(within, 1 / Space.LARGEST));
      Sparse edges = Sparse.of(count, pairs.first(), pairs.second());
      if (new ConnectivityInspector<>(JGraphT.view(edges)).isConnected()) {
        return new int[][] {pairs.first().toArray(), pairs.second().toArray()};
      }
      if (within >= most) {
        throw new IllegalArgumentException("spanning tree: half the shortest period, " + most
            + ", does not connect the " + count + " points");
      }
      radius = within * GROWTH;
    }
  }

  private static int[][] kruskal(Space space, double[] positions, int count, int[][] pairs) {
    Integer[] order = new Integer[pairs[0].length];
    double[] lengths = new double[order.length];
    for (int e = 0; e < order.length; e++) {
      order[e] = e;
      lengths[e] = space.distance(point(space, positions, pairs[0][e]), point(space, positions, pairs[1][e]));
    }
    Arrays.sort(order, (a, b) -> lengths[a] != lengths[b]
        ? Double.compare(lengths[a], lengths[b])
        : pairs[0][a] != pairs[0][b]
            ? Integer.compare(pairs[0][a], pairs[0][b])
            : Integer.compare(pairs[1][a], pairs[1][b]));
    int[] first = new int[order.length];
    int[] second = new int[order.length];
    double[] ranks = new double[order.length];
    for (int e = 0; e < order.length; e++) {
      first[e] = pairs[0][order[e]];
      second[e] = pairs[1][order[e]];
      ranks[e] = e; // no two alike
    }
    Sparse edges = Sparse.of(count, Indices.wrap(first), Indices.wrap(second));
    Graph<Integer, Integer> undirected = new AsUndirectedGraph<>(JGraphT.view(edges, ranks));
    Set<Integer> tree = new TreeSet<>(new KruskalMinimumSpanningTree<>(undirected).getSpanningTree().getEdges());
    return new int[][] {tree.stream().mapToInt(e -> first[e]).toArray(),
      tree.stream().mapToInt(e -> second[e]).toArray()};
  }

  private static double[] point(Space space, double[] positions, int i) {
    return Arrays.copyOfRange(positions, i * space.dimensions(), (i + 1) * space.dimensions());
  }
}
