package org.orrery.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The concatenation of what an edge network reads - the rows of both ends, of the edge, of its graph - that is not
/// made: the first linear layer is split over it.
///
/// W `[x_i ; x_j ; e]` = W_i x_i + W_j x_j + W_e e, so nodes are projected first, once a node instead of once an edge,
/// and only the results are gathered. An array `[edges, sum of widths]` never exists unless [#concatenated()] asks for
/// it. The nodes of a graph and the graphs of a batch have inputs of the same kind.
public final class EdgeInput {
  private final Rows rows;
  private final int edges;
  private final List<Term> terms;

  /// What the rows of the input are.
  private enum Rows {
    EDGES("edge input", "edges"), NODES("node input", "nodes"), GRAPHS("graph input", "graphs");

    private final String input;
    private final String plural;

    Rows(String input, String plural) {
      this.input = input;
      this.plural = plural;
    }
  }

  /// A block of columns.
  private sealed interface Term {
    int width();

    /// The block itself, `[edges, width]`.
    Tensor perEdge();

    /// W x of each edge, projected before a gather where that is less work.
    Tensor projected(Tensor weight, @Nullable Tensor bias);
  }

  /// The features of each edge itself.
  private record Own(Tensor features) implements Term {
    @Override
    public int width() {
      return features.columns();
    }

    @Override
    public Tensor perEdge() {
      return features;
    }

    @Override
    public Tensor projected(Tensor weight, @Nullable Tensor bias) {
      return features.affine(weight, bias);
    }
  }

  /// The features of the segment (node, graph) that each edge belongs to.
  private record Owned(Tensor features, Segments owner) implements Term {
    @Override
    public int width() {
      return features.columns();
    }

    @Override
    public Tensor perEdge() {
      return features.gatherRows(owner);
    }

    @Override
    public Tensor projected(Tensor weight, @Nullable Tensor bias) {
      return features.rows() > owner.members()
          ? perEdge().affine(weight, bias)
          : features.affine(weight, bias).gatherRows(owner);
    }
  }

  /// One owner's features less another's.
  private record Difference(Owned first, Owned second) implements Term {
    @Override
    public int width() {
      return first.width();
    }

    @Override
    public Tensor perEdge() {
      return first.perEdge().subtract(second.perEdge());
    }

    @Override
    public Tensor projected(Tensor weight, @Nullable Tensor bias) {
      if (bias == null && first.features().equals(second.features())
          && first.features().rows() <= first.owner().members()) {
        Tensor projected = first.features().affine(weight, null);
        return projected.gatherRows(first.owner()).subtract(projected.gatherRows(second.owner()));
      }
      return first.projected(weight, bias).subtract(second.projected(weight, null));
    }
  }

  private EdgeInput(Rows rows, int edges, List<Term> terms) {
    this.rows = rows;
    this.edges = edges;
    this.terms = terms;
  }

  /// No columns yet, for this many edges.
  public static EdgeInput of(int edges) {
    return new EdgeInput(Rows.EDGES, edges, List.of());
  }

  /// No columns yet, for this many nodes, which stand where edges are spoken of.
  public static EdgeInput ofNodes(int nodes) {
    return new EdgeInput(Rows.NODES, nodes, List.of());
  }

  /// No columns yet, for this many graphs, which stand where edges are spoken of.
  public static EdgeInput ofGraphs(int graphs) {
    return new EdgeInput(Rows.GRAPHS, graphs, List.of());
  }

  /// These and one row for each edge: its own features `[edges, width]`.
  public EdgeInput with(Tensor features) {
    if (features.rank() != 2 || features.rows() != edges) {
      throw new IllegalArgumentException(
          rows.input + ": features " + features.shape() + "; one row for each of " + edges + " " + rows.plural
              + " is required");
    }
    return adding(new Own(features));
  }

  /// These and the row of the node (or graph) that each edge belongs to: features `[owners, width]`.
  public EdgeInput with(Tensor features, Segments owner) {
    return adding(owned(features, owner));
  }

  /// These and the row of one owner less that of another: x_j - x_i. Both have one width.
  public EdgeInput withDifference(Tensor first, Segments firstOwner, Tensor second, Segments secondOwner) {
    if (first.columns() != second.columns()) {
      throw new IllegalArgumentException(
          rows.input + ": difference of " + first.shape() + " and " + second.shape() + "; widths must be equal");
    }
    return adding(new Difference(owned(first, firstOwner), owned(second, secondOwner)));
  }

  private Owned owned(Tensor features, Segments owner) {
    if (features.rank() != 2 || features.rows() != owner.count() || owner.members() != edges) {
      throw new IllegalArgumentException(rows.input + ": features " + features.shape() + " for " + owner.count()
          + " owners of " + owner.members() + " " + rows.plural + "; there are " + edges + " " + rows.plural);
    }
    return new Owned(features, owner);
  }

  /// How many edges.
  public int edges() {
    return edges;
  }

  /// The features that stand behind the blocks of columns, in their order; both of a difference.
  List<Tensor> blocks() {
    return terms.stream().flatMap(term -> switch (term) {
      case Own(Tensor features) -> Stream.of(features);
      case Owned(Tensor features, Segments owner) -> Stream.of(features);
      case Difference(Owned first, Owned second) -> Stream.of(first.features(), second.features());
    }).toList();
  }

  /// How many columns together.
  public int width() {
    return terms.stream().mapToInt(Term::width).sum();
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
          rows.input + ": " + widths() + " columns, weight " + weight.shape() + "; their widths must agree");
    }
    Tensor sum = null;
    int from = 0;
    for (Term term : terms) {
      int to = from + term.width();
      Tensor part = term.projected(weight.slice(1, from, to), sum == null ? bias : null);
      sum = sum == null ? part : sum.add(part);
      from = to;
    }
    return sum == null ? Tensor.zeros(Shape.of(edges, weight.rows())) : sum;
  }

  private String widths() {
    StringBuilder text = new StringBuilder();
    for (Term term : terms) {
      text.append(text.isEmpty() ? "" : " + ").append(term.width());
    }
    return text.toString();
  }

  private EdgeInput adding(Term term) {
    List<Term> more = new ArrayList<>(terms);
    more.add(term);
    return new EdgeInput(rows, edges, List.copyOf(more));
  }
}
