package org.orrery.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;

/// Rooted trees: every node has at most one parent, and an edge runs from each child to its parent. Merger trees, parse
/// trees. A [Sequences] is a forest in which no node has two children.
///
/// Edges stand in the order of their children's numbers, which is the order of the siblings too.
public final class Forest implements Adjacency {
  private static final int ROOT = -1;
  /// So many nodes of a cycle are named.
  private static final int NAMED = 20;

  private final Indices parents;
  private final Indices levels;
  private final int edges;
  private volatile @Nullable Sparse sparse;
  private volatile @Nullable List<Generation> generations;

  private Forest(Indices parents, Indices levels, int edges) {
    this.parents = parents;
    this.levels = levels;
    this.edges = edges;
  }

  /// Node i is a child of node `parents_i`, or a root where that is -1.
  ///
  /// @throws IndexOutOfBoundsException where a parent is no node
  /// @throws IllegalArgumentException where some nodes are a cycle, naming them in order
  public static Forest of(Indices parents) {
    int nodes = parents.size();
    int[] waiting = new int[nodes];
    int edges = 0;
    for (int i = 0; i < nodes; i++) {
      int parent = parents.at(i);
      if (parent < ROOT || parent >= nodes) {
        throw new IndexOutOfBoundsException(
            "forest: the parent of node " + i + " is " + parent + " in a forest of " + nodes + " nodes; -1 says root");
      }
      if (parent != ROOT) {
        waiting[parent]++;
        edges++;
      }
    }
    return new Forest(parents, levels(parents, waiting), edges);
  }

  /// Leaves first, a parent when its last child is done. What is never done lies on a cycle: nothing below a cycle waits
  /// for it, and what is above it is part of it.
  private static Indices levels(Indices parents, int[] waiting) {
    int nodes = waiting.length;
    int[] levels = new int[nodes];
    int[] queue = new int[nodes];
    int end = 0;
    for (int i = 0; i < nodes; i++) {
      if (waiting[i] == 0) {
        queue[end++] = i;
      }
    }
    for (int next = 0; next < end; next++) {
      int parent = parents.at(queue[next]);
      if (parent != ROOT) {
        levels[parent] = Math.max(levels[parent], levels[queue[next]] + 1);
        if (--waiting[parent] == 0) {
          queue[end++] = parent;
        }
      }
    }
    for (int i = 0; i < nodes && end < nodes; i++) {
      if (waiting[i] > 0) {
        throw new IllegalArgumentException("forest: the nodes " + cycle(parents, i) + " are a cycle");
      }
    }
    return Indices.wrap(levels);
  }

  private static String cycle(Indices parents, int start) {
    StringBuilder names = new StringBuilder().append(start);
    int node = parents.at(start);
    for (int count = 1; node != start && count < NAMED; count++) {
      names.append(" -> ").append(node);
      node = parents.at(node);
    }
    return names.append(" -> ").append(node == start ? start : "...").toString();
  }

  /// The trees that an adjacency is: itself, a path as trees of one child each, or a union of such.
  public static Optional<Forest> in(Adjacency adjacency) {
    return switch (adjacency) {
      case Forest forest -> Optional.of(forest);
      case Sequences path -> Optional.of(of(parents(path)));
      case DisjointUnion union -> joined(union.parts());
      default -> Optional.empty();
    };
  }

  /// The node that each sends to.
  private static Indices parents(Sequences path) {
    int[] parents = new int[path.nodes()];
    Arrays.fill(parents, ROOT);
    Sparse edges = path.sparse();
    for (int e = 0; e < edges.edges(); e++) {
      parents[edges.senderOf().at(e)] = edges.receiverOf().at(e);
    }
    return Indices.wrap(parents);
  }

  private static Optional<Forest> joined(List<Adjacency> parts) {
    List<Integer> parents = new ArrayList<>();
    for (Adjacency part : parts) {
      Optional<Forest> forest = in(part);
      if (forest.isEmpty()) {
        return Optional.empty();
      }
      int before = parents.size();
      for (int i = 0; i < forest.get().nodes(); i++) {
        int parent = forest.get().parents.at(i);
        parents.add(parent == ROOT ? ROOT : before + parent);
      }
    }
    return Optional.of(of(Indices.wrap(parents.stream().mapToInt(Integer::intValue).toArray())));
  }

  /// The parent of each node, -1 for a root.
  public Indices parents() {
    return parents;
  }

  /// How far each node is from the farthest leaf below it: 0 for a leaf, else 1 more than the highest level of its
  /// children. In the order of levels every node comes after all below it.
  public Indices levels() {
    return levels;
  }

  /// How many nodes, in all trees together.
  public int nodes() {
    return parents.size();
  }

  /// The nodes without a parent, ascending.
  public Indices roots() {
    int[] roots = new int[nodes() - edges];
    int count = 0;
    for (int i = 0; i < nodes(); i++) {
      if (parents.at(i) == ROOT) {
        roots[count++] = i;
      }
    }
    return Indices.wrap(roots);
  }

  @Override
  public int senders() {
    return nodes();
  }

  @Override
  public int receivers() {
    return nodes();
  }

  @Override
  public int edges() {
    return edges;
  }

  @Override
  public Sparse sparse() {
    Sparse known = sparse;
    if (known == null) {
      known = list();
      sparse = known;
    }
    return known;
  }

  private Sparse list() {
    int[] from = new int[edges];
    int[] to = new int[edges];
    int e = 0;
    for (int i = 0; i < nodes(); i++) {
      if (parents.at(i) != ROOT) {
        from[e] = i;
        to[e++] = parents.at(i);
      }
    }
    return Sparse.of(nodes(), Indices.wrap(from), Indices.wrap(to));
  }

  /// The edges parent -> child. A parent of two children sends to both, so this is no forest.
  @Override
  public Sparse reversed() {
    return sparse().reversed();
  }

  /// The nodes at one distance from their roots.
  ///
  /// @param nodes the nodes, ascending
  /// @param children the nodes of the generation below, in its order, grouped by where their parent stands in `nodes`:
  ///        one segment for each node here
  public record Generation(Indices nodes, Segments children) {
  }

  /// The generations, the one farthest from its roots first, so that a recurrence that works on a generation at a time has
  /// all children of its nodes at hand: they are the generation before. Computed once.
  public List<Generation> generations() {
    List<Generation> known = generations;
    if (known == null) {
      known = byDepth();
      generations = known;
    }
    return known;
  }

  private List<Generation> byDepth() {
    Segments byDepth = Segments.of(depths(), levels.size() == 0 ? 0 : 1 + deepest());
    int[] place = new int[nodes()];
    List<Generation> all = new ArrayList<>();
    Indices below = Indices.of();
    for (int depth = byDepth.count() - 1; depth >= 0; depth--) {
      int[] here = new int[byDepth.size(depth)];
      for (int k = 0; k < here.length; k++) {
        int slot = byDepth.offsets().at(depth) + k;
        Indices order = byDepth.order();
        here[k] = order == null ? slot : order.at(slot);
        place[here[k]] = k;
      }
      int[] owners = new int[below.size()];
      for (int k = 0; k < owners.length; k++) {
        owners[k] = place[parents.at(below.at(k))];
      }
      below = Indices.wrap(here);
      all.add(new Generation(below, Segments.of(Indices.wrap(owners), here.length)));
    }
    return List.copyOf(all);
  }

  /// How many edges lead from each node to its root. Trees may be deep: each node is walked once.
  private Indices depths() {
    int[] depths = new int[nodes()];
    Arrays.fill(depths, -1);
    int[] open = new int[nodes()];
    for (int i = 0; i < nodes(); i++) {
      int count = 0;
      int node = i;
      while (node != ROOT && depths[node] < 0) {
        open[count++] = node;
        node = parents.at(node);
      }
      int depth = node == ROOT ? -1 : depths[node];
      while (count > 0) {
        depths[open[--count]] = ++depth;
      }
    }
    return Indices.wrap(depths);
  }

  private int deepest() {
    int most = 0;
    for (int i = 0; i < nodes(); i++) {
      most = Math.max(most, levels.at(i));
    }
    return most;
  }

  @Override
  public String toString() {
    return "Forest[" + (nodes() - edges) + (nodes() - edges == 1 ? " tree, " : " trees, ") + nodes() + " nodes]";
  }
}
