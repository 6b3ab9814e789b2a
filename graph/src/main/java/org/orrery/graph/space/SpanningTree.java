package org.orrery.graph.space;

import java.util.stream.IntStream;
import org.orrery.tensor.Indices;

/// The Euclidean minimum spanning tree: the n - 1 pairs of least total length that connect all points. It traces the
/// filaments of a galaxy field (Barrow, Bhavsar & Sonoda 1985).
///
/// It is exact, and found without a radius, so that it depends neither on how unevenly points stand nor on how large the
/// space is; in a periodic space lengths are those between nearest images. Of pairs equally long the one of the lower index
/// comes first, then that of the lower other index, as in Kruskal's method (1956).
public final class SpanningTree {
  private SpanningTree() {
  }

  /// The tree as a graph: both directions of each pair, by receiver, then by sender.
  ///
  /// @param positions `[points, dimensions]`, row-major
  /// @throws IllegalArgumentException where a coordinate is not finite or a position outside the box
  public static NeighborList of(Space space, double[] positions) {
    space.requireInBox("spanning tree", positions);
    int dimensions = space.dimensions();
    int count = positions.length / dimensions;
    int[] lowest = Piles.lowest(positions, dimensions, 0, count);
    int[] places = IntStream.range(0, count).filter(i -> lowest[i] == i).toArray();
    Boruvka between = new Boruvka(space, rows(positions, places, dimensions));
    int[] first = new int[Math.max(0, count - 1)];
    int[] second = new int[first.length];
    int size = 0;
    for (int e = 0; e < between.first().length; e++) {
      first[size] = places[between.first()[e]];
      second[size++] = places[between.second()[e]];
    }
    for (int i = 0; i < count; i++) { // at one place all hang on the lowest
      if (lowest[i] != i) {
        first[size] = lowest[i];
        second[size++] = i;
      }
    }
    return NeighborList.ofPairs(space, positions, Indices.wrap(first), Indices.wrap(second));
  }

  private static double[] rows(double[] positions, int[] chosen, int dimensions) {
    double[] rows = new double[chosen.length * dimensions];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(positions, chosen[i] * dimensions, rows, i * dimensions, dimensions);
    }
    return rows;
  }
}
