package org.orrery.nn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The concatenation of what an edge network reads - the rows of both ends, of the edge, of its graph - that is not
/// made: the first linear layer is split over it.
///
/// W `[x_i ; x_j ; e]` = W_i x_i + W_j x_j + W_e e, so nodes are projected first, once a node instead of once an edge,
/// and only the results are gathered. An array `[edges, sum of widths]` never exists unless [#concatenated()] asks for
/// it.
public final class EdgeInput {
  private final int edges;
  private final List<Term> terms;

  /// A block of columns: the features of each edge itself, or of the segment (node, graph) that the edge belongs to.
  private record Term(Tensor features, @Nullable Segments owner) {
    Tensor perEdge() {
      return owner == null ? features : features.gatherRows(owner);
    }

    /// W x of each edge, projected before the gather where that is less work.
    Tensor projected(Tensor weight, @Nullable Tensor bias) {
      if (owner == null || features.rows() > owner.members()) {
        return perEdge().affine(weight, bias);
      }
      return features.affine(weight, bias).gatherRows(owner);
    }
  }

  private EdgeInput(int edges, List<Term> terms) {
    this.edges = edges;
    this.terms = terms;
  }

  /// No columns yet, for this many edges.
  public static EdgeInput of(int edges) {
    return new EdgeInput(edges, List.of());
  }

  /// These and one row for each edge: its own features `[edges, width]`.
  public EdgeInput with(Tensor features) {
    if (features.rank() != 2 || features.rows() != edges) {
      throw new IllegalArgumentException(
          "edge input: features " + features.shape() + "; one row for each of " + edges + " edges is required");
    }
    return adding(new Term(features, null));
  }

  /// These and the row of the node (or graph) that each edge belongs to: features `[owners, width]`.
  public EdgeInput with(Tensor features, Segments owner) {
    if (features.rank() != 2 || features.rows() != owner.count() || owner.members() != edges) {
      throw new IllegalArgumentException("edge input: features " + features.shape() + " for " + owner.count()
          + " owners of " + owner.members() + " edges, of " + edges);
    }
    return adding(new Term(features, owner));
  }

  /// How many edges.
  public int edges() {
    return edges;
  }

  /// How many columns together.
  public int width() {
    return terms.stream().mapToInt(term -> term.features().columns()).sum();
  }

  /// The concatenation itself, `[edges, width]`: the definition.
  public Tensor concatenated() {
    return Tensor.concat(1, terms.stream().map(Term::perEdge).toList());
  }

  /// x W^T + b for each edge, W `[out, width]`, without the concatenation.
  ///
  /// @throws IllegalArgumentException where the widths differ
  public Tensor affine(Tensor weight, @Nullable Tensor bias) {
    if (weight.columns() != width()) {
      throw new IllegalArgumentException(
          "edge input: " + widths() + " columns, weight " + weight.shape() + "; their widths must agree");
    }
    Tensor sum = null;
    int from = 0;
    for (Term term : terms) {
      int to = from + term.features().columns();
      Tensor part = term.projected(weight.slice(1, from, to), sum == null ? bias : null);
      sum = sum == null ? part : sum.add(part);
      from = to;
    }
    return sum == null ? Tensor.zeros(Shape.of(edges, weight.rows())) : sum;
  }

  private String widths() {
    StringBuilder text = new StringBuilder();
    for (Term term : terms) {
      text.append(text.isEmpty() ? "" : " + ").append(term.features().columns());
    }
    return text.toString();
  }

  private EdgeInput adding(Term term) {
    List<Term> more = new ArrayList<>(terms);
    more.add(term);
    return new EdgeInput(edges, List.copyOf(more));
  }
}
