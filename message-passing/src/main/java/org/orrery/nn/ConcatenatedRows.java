package org.orrery.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.EdgeNetwork;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// Several blocks of columns side by side, each a tensor of as many rows or the row of an owner gathered for each, that
/// are not made one array: a linear map is split over them.
///
/// W `[x ; y ; z]` = W_x x + W_y y + W_z z, so owners are projected first, once an owner instead of once a row, and only
/// the results are gathered. An array `[rows, sum of widths]` never exists unless [#dense()] asks for it.
public final class ConcatenatedRows implements Rows {
  private final String row;
  private final int count;
  private final List<Term> terms;

  /// A block of columns.
  private sealed interface Term {
    int width();

    /// The block itself, `[rows, width]`.
    Tensor perRow();

    /// Adds W x of each row to the sum, projected before a gather where that is less work.
    void project(Tensor weight, Projections sum);
  }

  /// The features of each row itself.
  private record Own(Tensor features) implements Term {
    @Override
    public int width() {
      return features.columns();
    }

    @Override
    public Tensor perRow() {
      return features;
    }

    @Override
    public void project(Tensor weight, Projections sum) {
      sum.addOwn(features, weight);
    }
  }

  /// The features of the owner that each row belongs to.
  private record Owned(Tensor features, Segments owner) implements Term {
    @Override
    public int width() {
      return features.columns();
    }

    @Override
    public Tensor perRow() {
      return features.gatherRows(owner);
    }

    @Override
    public void project(Tensor weight, Projections sum) {
      if (features.rows() > owner.members()) {
        sum.addOwn(perRow(), weight);
      } else {
        sum.add(features.affine(weight, sum.bias()), owner);
      }
    }
  }

  /// One owner's features less another's.
  private record Difference(Owned first, Owned second) implements Term {
    @Override
    public int width() {
      return first.width();
    }

    @Override
    public Tensor perRow() {
      return first.perRow().subtract(second.perRow());
    }

    @Override
    public void project(Tensor weight, Projections sum) {
      if (first.features().equals(second.features()) && first.features().rows() <= first.owner().members()) {
        Tensor projected = first.features().affine(weight, null);
        sum.add(projected, first.owner());
        sum.add(projected.negate(), second.owner());
      } else {
        first.project(weight, sum);
        second.project(weight.negate(), sum);
      }
    }
  }

  /// W x of each row as it comes together: rows of the owners, those of one owner in one table, and what is to be
  /// projected row by row.
  private static final class Projections {
    private final Map<Segments, Tensor> tables = new LinkedHashMap<>();
    private final List<Tensor> features = new ArrayList<>();
    private final List<Tensor> weights = new ArrayList<>();
    private @Nullable Tensor bias;

    Projections(@Nullable Tensor bias) {
      this.bias = bias;
    }

    /// The bias, for the first who asks.
    @Nullable
    Tensor bias() {
      Tensor once = bias;
      bias = null;
      return once;
    }

    void addOwn(Tensor rows, Tensor weight) {
      features.add(rows);
      weights.add(weight);
    }

    void add(Tensor rows, Segments owner) {
      tables.merge(owner, rows, Tensor::add);
    }

    /// The tables, the first with the bias if no other took it.
    List<Tensor> tables() {
      Tensor late = tables.isEmpty() ? null : bias();
      if (late != null) {
        tables.computeIfPresent(tables.keySet().iterator().next(), (owner, rows) -> rows.add(late));
      }
      return List.copyOf(tables.values());
    }

    List<Segments> owners() {
      return List.copyOf(tables.keySet());
    }

    /// What rows have of their own, side by side; null for nothing.
    @Nullable
    Tensor features() {
      return features.isEmpty() ? null : features.size() == 1 ? features.getFirst() : Tensor.concat(1, features);
    }

    @Nullable
    Tensor featureWeight() {
      return weights.isEmpty() ? null : weights.size() == 1 ? weights.getFirst() : Tensor.concat(1, weights);
    }

    Tensor sum(Shape shape) {
      List<Tensor> gathered = tables();
      Tensor own = features.isEmpty() ? null : Tensor.affine(features, weights, bias());
      if (!gathered.isEmpty()) {
        return Tensor.gatheredSum(own, gathered, owners());
      }
      Tensor late = bias();
      Tensor sum = own == null ? Tensor.zeros(shape) : own;
      return late == null ? sum : sum.add(late);
    }
  }

  private ConcatenatedRows(String row, int count, List<Term> terms) {
    this.row = row;
    this.count = count;
    this.terms = terms;
  }

  /// No columns yet, for this many rows.
  public static ConcatenatedRows of(int count) {
    return of(count, "row");
  }

  /// No columns yet, for this many rows.
  ///
  /// @param row what a row belongs to, for messages
  public static ConcatenatedRows of(int count, String row) {
    return new ConcatenatedRows(row, count, List.of());
  }

  /// These and one row for each row: its own features `[rows, width]`.
  public ConcatenatedRows with(Tensor features) {
    if (features.rank() != 2 || features.rows() != count) {
      throw new IllegalArgumentException(
          row + " input: features " + features.shape() + "; one row for each of " + count + " " + row + "s"
              + " is required");
    }
    return adding(new Own(features));
  }

  /// These and the row of the owner that each row belongs to: features `[owners, width]`.
  public ConcatenatedRows with(Tensor features, Segments owner) {
    return adding(owned(features, owner));
  }

  /// These and the row of one owner less that of another: x_j - x_i. Both have one width.
  public ConcatenatedRows withDifference(Tensor first, Segments firstOwner, Tensor second, Segments secondOwner) {
    if (first.columns() != second.columns()) {
      throw new IllegalArgumentException(
          row + " input: difference of " + first.shape() + " and " + second.shape() + "; widths must be equal");
    }
    return adding(new Difference(owned(first, firstOwner), owned(second, secondOwner)));
  }

  private Owned owned(Tensor features, Segments owner) {
    if (features.rank() != 2 || features.rows() != owner.count() || owner.members() != count) {
      throw new IllegalArgumentException(row + " input: features " + features.shape() + " for " + owner.count()
          + " owners of " + owner.members() + " " + row + "s" + "; there are " + count + " " + row + "s");
    }
    return new Owned(features, owner);
  }

  @Override
  public int count() {
    return count;
  }

  /// The features that stand behind the blocks of columns, in their order; both of a difference.
  @Override
  public List<Tensor> tensors() {
    return terms.stream().flatMap(term -> switch (term) {
      case Own(Tensor features) -> Stream.of(features);
      case Owned(Tensor features, Segments owner) -> Stream.of(features);
      case Difference(Owned first, Owned second) -> Stream.of(first.features(), second.features());
    }).toList();
  }

  /// How many columns together.
  @Override
  public int width() {
    return terms.stream().mapToInt(Term::width).sum();
  }

  /// The concatenation itself, `[rows, width]`: the definition.
  @Override
  public Tensor dense() {
    return Tensor.concat(1, terms.stream().map(Term::perRow).toList());
  }

  /// f(x W^T + b) for each row, W `[out, width]`, without the concatenation.
  ///
  /// @throws IllegalArgumentException where the widths differ
  @Override
  public Tensor affine(Tensor weight, @Nullable Tensor bias, Activation after) {
    if (weight.columns() != width()) {
      throw new IllegalArgumentException(
          row + " input: " + widths() + " columns, weight " + weight.shape() + "; their widths must agree");
    }
    return after.of(projected(weight, bias).sum(Shape.of(count, weight.rows())));
  }

  private Projections projected(Tensor weight, @Nullable Tensor bias) {
    Projections sum = new Projections(bias);
    int from = 0;
    for (Term term : terms) {
      int to = from + term.width();
      term.project(weight.slice(1, from, to), sum);
      from = to;
    }
    return sum;
  }

  /// Reductions of W_1 f(W_0 x + b_0) + b_1 over segments without an array of the size of the rows, where W_0 can be
  /// applied to owners; null where it cannot, or f is the identity.
  ///
  /// @param into segments in which the rows stand one after the other
  /// @param kinds sums, maxima and minima, side by side in the result
  public @Nullable Tensor reduced(Segments into, Linear first, Activation activation, Linear second,
      List<Reduction> kinds) {
    if (activation.function() == null || first.in() != width()) {
      return null;
    }
    Projections sum = projected(first.weight().value(), first.bias() == null ? null : first.bias().value());
    if (sum.tables.isEmpty()) {
      return null;
    }
    return Tensor.of(new EdgeNetwork(into, sum.features(), sum.featureWeight(), sum.tables(), sum.owners(),
        activation.function(), activation.alpha(), second.weight().value(),
        second.bias() == null ? null : second.bias().value(), kinds));
  }

  private String widths() {
    StringBuilder text = new StringBuilder();
    for (Term term : terms) {
      text.append(text.isEmpty() ? "" : " + ").append(term.width());
    }
    return text.toString();
  }

  private ConcatenatedRows adding(Term term) {
    List<Term> more = new ArrayList<>(terms);
    more.add(term);
    return new ConcatenatedRows(row, count, List.copyOf(more));
  }
}
