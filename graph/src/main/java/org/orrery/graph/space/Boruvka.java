package org.orrery.graph.space;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.orrery.tensor.cpu.Parallel;

/// The minimum spanning tree of points by rounds (Boruvka 1926): every component of the forest so far takes the shortest
/// pair that leaves it, so that there are at most half as many components after each round. Pairs are ordered by the square
/// of their distance, then by their lower, then by their higher index; no two are equal, so that the tree is one and the same
/// however the work is shared out.
///
/// A point seeks the nearest of another component in a [KdTree], and skips nodes that lie within its own (March, Ram & Gray
/// 2010). What it found stays the nearest as long as it belongs to another component, and is a lower bound ever after: most
/// points of later rounds are not searched for again. Nothing depends on how points are spread.
final class Boruvka {
  private static final int BLOCK = 1024;

  private final KdTree tree;
  private final NodeDistance distance;
  /// The component of each point, as the place of one of its points.
  private final int[] components;
  /// The component of all points of a node; -1 where they are of several.
  private final int[] ofNode;
  /// The lowest index of a point of a node.
  private final int[] least;
  /// The nearest point of another component when a point was last searched for; -1 where none was near enough.
  private final int[] found;
  /// No point of another component is nearer than the root of this.
  private final double[] squares;
  /// The least square found so far in this round for each component, as bits: squares are not negative, and compare alike.
  private final AtomicLongArray best;
  private final LongAdder compared = new LongAdder();
  private final int[] first;
  private final int[] second;
  private int size;

  /// @param positions of the points, all different
  Boruvka(Space space, double[] positions) {
    int count = positions.length / space.dimensions();
    tree = new KdTree(space, positions, 0, count);
    distance = new NodeDistance(tree, tree);
    components = new int[count];
    Arrays.setAll(components, p -> p);
    ofNode = new int[2 * tree.leaves - 1];
    least = new int[ofNode.length];
    found = new int[count];
    Arrays.fill(found, -1);
    squares = new double[count];
    best = new AtomicLongArray(count);
    first = new int[Math.max(0, count - 1)];
    second = new int[first.length];
    while (size < first.length) {
      round();
    }
  }

  /// The lower index of each pair.
  int[] first() {
    return first;
  }

  /// The higher index of each pair.
  int[] second() {
    return second;
  }

  /// How many distances of points were measured.
  long compared() {
    return compared.sum();
  }

  private void round() {
    label(0, 0, tree.count);
    for (int p = 0; p < tree.count; p++) {
      best.set(p, Double.doubleToRawLongBits(Double.POSITIVE_INFINITY));
    }
    for (int p = 0; p < tree.count; p++) {
      if (isNearest(p)) {
        lower(components[p], squares[p]);
      }
    }
    Parallel.current().forChunks(tree.count, BLOCK, (from, to) -> {
      Walk walk = new Walk();
      for (int p = from; p < to; p++) {
        if (!isNearest(p)) {
          walk.seek(p);
        }
      }
      compared.add(walk.measured);
    });
    join(shortest());
  }

  /// Whether what was found for a point still belongs to another component.
  private boolean isNearest(int p) {
    return found[p] >= 0 && components[found[p]] != components[p];
  }

  private double best(int component) {
    return Double.longBitsToDouble(best.get(component));
  }

  private void lower(int component, double square) {
    best.accumulateAndGet(component, Double.doubleToRawLongBits(square), Math::min);
  }

  /// Writes the component and the lowest index of each node from `node` down.
  private void label(int node, int from, int to) {
    if (node >= tree.leaves - 1) {
      int component = from < to ? components[from] : -1;
      int lowest = Integer.MAX_VALUE;
      for (int p = from; p < to; p++) {
        component = components[p] == component ? component : -1;
        lowest = Math.min(lowest, tree.order[p]);
      }
      ofNode[node] = component;
      least[node] = lowest;
      return;
    }
    int middle = (from + to) >>> 1;
    int left = 2 * node + 1;
    label(left, from, middle);
    label(left + 1, middle, to);
    ofNode[node] = ofNode[left] == ofNode[left + 1] ? ofNode[left] : -1;
    least[node] = Math.min(least[left], least[left + 1]);
  }

  /// For each component the point whose pair is the shortest that leaves it; -1 for what is no component.
  private int[] shortest() {
    int[] shortest = new int[tree.count];
    Arrays.fill(shortest, -1);
    for (int p = 0; p < tree.count; p++) {
      int component = components[p];
      if (isNearest(p) && (shortest[component] < 0 || isBefore(p, shortest[component]))) {
        shortest[component] = p;
      }
    }
    return shortest;
  }

  private boolean isBefore(int p, int other) {
    if (squares[p] != squares[other]) {
      return squares[p] < squares[other];
    }
    int low = Math.min(tree.order[p], tree.order[found[p]]);
    int otherLow = Math.min(tree.order[other], tree.order[found[other]]);
    return low != otherLow
        ? low < otherLow
        : Math.max(tree.order[p], tree.order[found[p]]) < Math.max(tree.order[other], tree.order[found[other]]);
  }

  private void join(int[] shortest) {
    int[] parents = new int[tree.count];
    Arrays.setAll(parents, p -> p);
    for (int p : shortest) {
      if (p < 0) {
        continue;
      }
      int a = root(parents, components[p]);
      int b = root(parents, components[found[p]]);
      if (a != b) { // else the other component has taken the same pair
        parents[Math.max(a, b)] = Math.min(a, b);
        first[size] = Math.min(tree.order[p], tree.order[found[p]]);
        second[size++] = Math.max(tree.order[p], tree.order[found[p]]);
      }
    }
    for (int p = 0; p < tree.count; p++) {
      components[p] = root(parents, components[p]);
    }
  }

  private static int root(int[] parents, int component) {
    int at = component;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  }

  /// The search of one thread for one point after the other.
  private final class Walk {
    private final double[] d = new double[3];
    private long measured;
    private int place;
    private int own;
    private double square;
    private int who;
    private int lowest;

    /// Finds the nearest of another component, of equally near ones the one of the lowest index, unless the component has a
    /// shorter pair already.
    void seek(int p) {
      own = components[p];
      square = best(own);
      if (squares[p] > square) {
        return;
      }
      place = p;
      who = -1;
      lowest = Integer.MAX_VALUE;
      visit(0, 0, tree.count);
      found[p] = who;
      squares[p] = who < 0 ? Math.nextUp(square) : square;
      if (who >= 0) {
        lower(own, square);
      }
    }

    private void visit(int node, int from, int to) {
      if (ofNode[node] == own) {
        return;
      }
      if (node >= tree.leaves - 1) {
        measure(from, to);
        return;
      }
      int middle = (from + to) >>> 1;
      int left = 2 * node + 1;
      double toLeft = distance.square(left, place);
      double toRight = distance.square(left + 1, place);
      if (toLeft < toRight || (toLeft == toRight && least[left] < least[left + 1])) {
        visitIfNear(toLeft, left, from, middle);
        visitIfNear(toRight, left + 1, middle, to);
      } else {
        visitIfNear(toRight, left + 1, middle, to);
        visitIfNear(toLeft, left, from, middle);
      }
    }

    private void visitIfNear(double apart, int node, int from, int to) {
      if (apart < square || (apart == square && least[node] < lowest)) {
        visit(node, from, to);
      }
    }

    private void measure(int from, int to) {
      for (int q = from; q < to; q++) {
        if (components[q] != own) {
          double between = tree.square(q, tree, place, d);
          measured++;
          if (between < square || (between == square && tree.order[q] < lowest)) {
            square = between;
            who = q;
            lowest = tree.order[q];
          }
        }
      }
    }
  }
}
