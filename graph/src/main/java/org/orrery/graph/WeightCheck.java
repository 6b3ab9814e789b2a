package org.orrery.graph;

import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Storage;

/// Checks edge weights that are data ([Tensor#isData()]) on the host, when they are first met with these edges; what was checked last
/// is remembered with the edges. Computed weights are not read.
final class WeightCheck {
  /// Under which it is kept with the edges what was checked.
  private record Checked(Object rule) {
  }

  /// The numbers that were checked last.
  private static final class Last {
    private volatile @Nullable WeakReference<Storage> numbers;
  }

  private final String who;
  private final Sparse edges;
  private final Tensor weights;

  private WeightCheck(String who, Sparse edges, Tensor weights) {
    this.who = who;
    this.edges = edges;
    this.weights = weights;
  }

  /// Requires finite weights; and where roots of degrees are taken, degrees of 0 or more.
  ///
  /// @param who checks, for the message
  /// @param rule under which the check is remembered
  /// @param ends the end of each edge to whose degree it adds; null where no root is taken
  /// @param verb what that end does with the edge, for the message
  /// @param degrees as they are computed
  /// @throws IllegalArgumentException naming the edge
  static void require(String who, Object rule, Sparse edges, Tensor weights, @Nullable Indices ends, String verb,
      Supplier<Tensor> degrees) {
    if (!weights.isData() || Backends.current().standsInForAll()) {
      return;
    }
    Last last = edges.kept(new Checked(rule), Last::new);
    WeakReference<Storage> known = last.numbers;
    Storage numbers = weights.data();
    if (known != null && known.refersTo(numbers)) {
      return;
    }
    WeightCheck check = new WeightCheck(who, edges, weights);
    check.requireFinite();
    if (ends != null) {
      check.requireDegrees(ends, verb, Tensor.unrecorded(degrees));
    }
    last.numbers = new WeakReference<>(numbers);
  }

  private int width() {
    return weights.shape().extent(1, weights.rank());
  }

  private void requireFinite() {
    int at = weights.shape().elements() == 0 ? -1 : weights.backend().firstNonFinite(weights.data());
    if (at >= 0) {
      throw new IllegalArgumentException(
          who + ": " + edge(at / width()) + " has weight " + weights.toArray()[at] + "; a finite number is required");
    }
  }

  private void requireDegrees(Indices ends, String verb, Tensor degrees) {
    float[] sums = degrees.toArray();
    for (int i = 0; i < sums.length; i++) {
      if (!(sums[i] >= 0)) {
        int node = i / width();
        throw new IllegalArgumentException(who + ": " + negative(ends, node, i % width()) + ", and the weights that "
            + "node " + node + " " + verb + " sum to " + sums[i] + "; a sum of 0 or more is required");
      }
    }
  }

  /// The first edge that makes the degree of a node negative; where all are positive, a loop that was added does.
  private String negative(Indices ends, int node, int column) {
    float[] values = weights.toArray();
    for (int e = 0; e < edges.edges(); e++) {
      float weight = values[e * width() + column];
      if (ends.at(e) == node && weight < 0) {
        return edge(e) + " has weight " + weight;
      }
    }
    return "the self loop of node " + node + " has a negative weight";
  }

  private String edge(int e) {
    return "edge " + e + " (" + edges.senderOf().at(e) + " -> " + edges.receiverOf().at(e) + ")";
  }
}
