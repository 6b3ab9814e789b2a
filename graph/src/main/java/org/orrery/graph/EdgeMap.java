package org.orrery.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;

/// New edges, and which old edge each of them came from, so that edge features follow a change of structure.
///
/// A new edge comes from one old edge, from several (merged), or from none (added). Features follow differentiably:
/// ```java
/// EdgeMap loops = sparse.withSelfLoops();
/// Tensor weights = loops.apply(oldWeights, 1); // 1 for each new self loop
/// ```
public final class EdgeMap {
  private final Sparse edges;
  private final int oldEdges;
  private final Indices origin;
  private final int added;
  private final Segments rows;
  private final @Nullable Merged merged;

  /// Pair p says that old edge `old[p]` is part of the new edge that it belongs to in `into`; several may.
  private record Merged(Segments old, Segments into) {
  }

  private EdgeMap(Sparse edges, int oldEdges, Indices origin, @Nullable Merged merged) {
    this.edges = edges;
    this.oldEdges = oldEdges;
    this.origin = origin;
    this.merged = merged;
    int[] row = origin.toArray();
    int next = oldEdges;
    for (int e = 0; e < row.length; e++) {
      row[e] = row[e] < 0 ? next++ : row[e];
    }
    this.added = next - oldEdges;
    this.rows = Segments.of(Indices.wrap(row), next);
  }

  /// New edge e came from old edge `origin_e`, or from none where that is -1.
  static EdgeMap of(Sparse edges, int oldEdges, Indices origin) {
    return new EdgeMap(edges, oldEdges, origin, null);
  }

  /// Pair p puts old edge `old_p` into new edge `into_p`; every new edge has a pair.
  static EdgeMap merged(Sparse edges, int oldEdges, Indices old, Indices into) {
    int[] first = new int[edges.edges()];
    Arrays.fill(first, -1);
    for (int p = into.size() - 1; p >= 0; p--) {
      first[into.at(p)] = old.at(p);
    }
    return new EdgeMap(edges, oldEdges, Indices.wrap(first),
        new Merged(Segments.of(old, oldEdges), Segments.of(into, edges.edges())));
  }

  /// The new edges.
  public Sparse edges() {
    return edges;
  }

  /// How many edges there were before.
  public int oldEdges() {
    return oldEdges;
  }

  /// The old edge of each new one, the first of them where several were merged, -1 where the edge was added.
  public Indices origin() {
    return origin;
  }

  /// How many edges were added: the new edges without an old one.
  public int added() {
    return added;
  }

  /// Whether a new edge may stand for several old ones.
  public boolean isMerging() { return merged != null; }

  /// The rows of the new edges, `[old edges, ...]` to `[new edges, ...]`; `fill` for the added ones.
  ///
  /// @throws IllegalArgumentException where there is not one row an old edge, or where edges were merged
  public Tensor apply(Tensor features, double fill) {
    if (added == 0) {
      return apply(features, features);
    }
    Shape filled = features.shape().with(0, added);
    return apply(features, Backends.with(features.backend(), () -> Tensor.full(filled, fill)));
  }

  /// The rows of the new edges, `[old edges, ...]` to `[new edges, ...]`; the added ones take the rows of `fills`
  /// `[added, ...]` in turn.
  ///
  /// @throws IllegalArgumentException where there is not one row an old edge (or an added one), or where edges were
  ///         merged
  public Tensor apply(Tensor features, Tensor fills) {
    if (merged != null) {
      throw new IllegalArgumentException(
          "edge features: edges were merged; say how with apply(features, Merge)");
    }
    requireRows(features);
    if (added == 0) {
      return features.gatherRows(rows);
    }
    if (fills.rank() == 0 || fills.rows() != added) {
      throw new IllegalArgumentException(
          "edge features: " + fills.shape() + " for " + added + " added edges; one row an edge is required");
    }
    return Tensor.concat(0, features, fills).gatherRows(rows);
  }

  /// The rows of the new edges, `[old edges, ...]` to `[new edges, ...]`, where several old edges may have become one.
  ///
  /// @throws IllegalArgumentException where there is not one row an old edge, or where edges were added
  public Tensor apply(Tensor features, Merge merge) {
    requireRows(features);
    if (added > 0) {
      throw new IllegalArgumentException(
          "edge features: " + added + " edges were added; say their features with apply(features, fill)");
    }
    if (merged == null || merge == Merge.FIRST) {
      return features.gatherRows(rows);
    }
    return merge.reduce(features.gatherRows(merged.old()), merged.into());
  }

  /// One entry a new edge; `fill` for the added ones, that of the first where several were merged.
  ///
  /// @throws IllegalArgumentException where there is not one entry an old edge
  public Indices apply(Indices labels, int fill) {
    if (labels.size() != oldEdges) {
      throw new IllegalArgumentException("edge labels: " + labels.size() + " for " + oldEdges + " edges");
    }
    int[] moved = new int[origin.size()];
    for (int e = 0; e < moved.length; e++) {
      moved[e] = origin.at(e) < 0 ? fill : labels.at(origin.at(e));
    }
    return Indices.wrap(moved);
  }

  /// An old edge, and the new edge that it is or is a part of.
  interface Origin {
    void of(int old, int now);
  }

  /// Tells of every old edge that a new one came from.
  void forEachOrigin(Origin told) {
    int pairs = merged == null ? origin.size() : merged.old().members();
    for (int p = 0; p < pairs; p++) {
      int old = merged == null ? origin.at(p) : merged.old().index().at(p);
      if (old >= 0) {
        told.of(old, merged == null ? p : merged.into().index().at(p));
      }
    }
  }

  private void requireRows(Tensor features) {
    if (features.rank() == 0 || features.rows() != oldEdges) {
      throw new IllegalArgumentException(
          "edge features: " + features.shape() + " for " + oldEdges + " edges; one row an edge is required");
    }
  }

  @Override
  public String toString() {
    return "EdgeMap[" + oldEdges + " edges to " + edges + "]";
  }
}
