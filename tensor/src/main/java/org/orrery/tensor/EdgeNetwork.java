package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Buffer;
import org.orrery.tensor.backend.EdgeNetworkKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Unary;

/// Reductions, side by side, of `m[e] = W f(z[e]; alpha) + b` over segments, where `z[e]` is `own[e]` plus the row of e's segment
/// in each table: a network of one hidden layer along edges, whose first linear map was applied to the nodes.
///
/// Shapes: own `[members, hidden]`, tables `[segments, hidden]`, W `[width, hidden]`, b `[width]`, result
/// `[segments, reductions width]`. Nothing of the size of the members is kept forward, and backward makes the hidden layer again;
/// one array `[members, hidden]` exists backward, the gradient by z. Where a kernel is missing, a segment is very long or
/// gradients are to be differentiated again, it runs as its definition.
///
/// @param into which segment each member is reduced into; members stand segment by segment
/// @param own null for 0
/// @param tables at least one
/// @param owners the segments of each table
/// @param function f
/// @param alpha the number of f
/// @param weight W
/// @param bias b; null for 0
/// @param kinds sums, maxima and minima
public record EdgeNetwork(Segments into, @Nullable Tensor own, List<Tensor> tables, List<Segments> owners,
    Unary function, double alpha, Tensor weight, @Nullable Tensor bias, List<Reduction> kinds) implements Op {
  /// What a kernel takes whole.
  private static final int LONGEST = 4096;
  /// About how many members a kernel works on at a time.
  private static final long PIECE = 512;

  /// Checks the shapes.
  public EdgeNetwork {
    tables = List.copyOf(tables);
    owners = List.copyOf(owners);
    kinds = List.copyOf(kinds);
    Require.that(into.order() == null, "edge network", Shape.of(into.members()), "members stand segment by segment");
    Require.that(!tables.isEmpty() && tables.size() == owners.size(), "edge network", Shape.of(tables.size()),
        "one owner a table, and at least one table, are required");
    for (int t = 0; t < tables.size(); t++) {
      Require.that(
          tables.get(t).shape().equals(Shape.of(owners.get(t).count(), weight.columns()))
              && owners.get(t).members() == into.members(),
          "edge network", tables.get(t).shape(), weight.shape(),
          "a table has a row for each segment and the width that W takes, for the same members");
    }
    Require.that(own == null || own.shape().equals(Shape.of(into.members(), weight.columns())), "edge network",
        weight.shape(), "own rows have the width that W takes, one for each member");
    Require.that(bias == null || bias.shape().equals(Shape.of(weight.rows())), "edge network", weight.shape(),
        "the bias has one number for each row of W");
    Require.that(!kinds.isEmpty() && !kinds.contains(Reduction.PRODUCT), "edge network", weight.shape(),
        "sums, maxima and minima, at least one, are required");
  }

  @Override
  public String name() {
    return "edge network";
  }

  @Override
  public List<Tensor> operands() {
    List<Tensor> all = new ArrayList<>(tables);
    all.add(weight);
    if (own != null) {
      all.add(own);
    }
    if (bias != null) {
      all.add(bias);
    }
    return all;
  }

  @Override
  public Shape shape() {
    return Shape.of(into.count(), kinds.size() * weight.rows());
  }

  private boolean isShort() { return into.longest() <= LONGEST; }

  private EdgeNetworkKernels.Network network() {
    return new EdgeNetworkKernels.Network(own == null ? null : own.data(), tables.stream().map(Tensor::data).toList(),
        owners.stream().map(Segments::index).toList(), weight.columns(), function, alpha, weight.data(),
        bias == null ? null : bias.data(), weight.rows());
  }

  @Override
  public Buffer forward(Backend backend) {
    return backend instanceof EdgeNetworkKernels kernels && isShort()
        ? kernels.edgeNetwork(into.offsets(), network(), kinds)
        : Op.super.forward(backend);
  }

  @Override
  public Tensor definition() {
    Tensor m = Tensor.gatheredSum(own, tables, owners).map(function, alpha).affine(weight, bias);
    return Tensor.concat(1, kinds.stream().map(kind -> m.segmentReduce(kind, into)).toList());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    if (Tensor.isRecording() || !(weight.backend() instanceof EdgeNetworkKernels) || !isShort()) {
      Op.super.backward(y, upstream, sink);
      return;
    }
    Tensor all = Tensor.of(new Shares(this, y, upstream));
    int members = into.members() * weight.columns();
    Tensor share = all.slice(0, 0, members).reshape(into.members(), weight.columns());
    for (int t = 0; t < tables.size(); t++) {
      Segments owner = owners.get(t);
      sink.add(tables.get(t), () -> share.segmentSum(owner));
    }
    if (own != null) {
      sink.add(own, () -> share);
    }
    int weights = members + weight.shape().elements();
    sink.add(weight, () -> all.slice(0, members, weights).reshape(weight.shape()));
    if (bias != null) {
      sink.add(bias, () -> all.slice(0, weights, weights + bias.columns()));
    }
  }

  @Override
  public Cost cost() {
    return cost(shape().elements(), 2);
  }

  /// @param products how many matrix products run over the members
  private Cost cost(long written, long products) {
    long members = into.members();
    long width = (long) weight.columns() + weight.rows();
    long read = members * weight.columns() * (tables.size() + (own == null ? 0 : 1)) + into.indices()
        + weight.shape().elements();
    long threads = Runtime.getRuntime().availableProcessors();
    return Cost.ofNumbers(read, written, products * members * (long) weight.shape().elements(),
        Math.min(members, threads * (PIECE + into.longest())) * 3 * width);
  }

  private List<Tensor> with(Tensor... others) {
    List<Tensor> all = new ArrayList<>(operands());
    all.addAll(List.of(others));
    return all;
  }

  /// The gradients by z, W and b, one after the other; what they are made of is defined by [EdgeNetwork#definition()].
  private record Shares(EdgeNetwork of, Tensor y, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "edge network gradient";
    }

    @Override
    public List<Tensor> operands() {
      return of.with(y, upstream);
    }

    @Override
    public Shape shape() {
      return Shape.of(Math.addExact(Math.multiplyExact(of.into.members(), of.weight.columns()),
          of.weight.shape().elements() + of.weight.rows()));
    }

    @Override
    public Buffer forward(Backend backend) {
      if (backend instanceof EdgeNetworkKernels kernels) {
        return kernels.edgeNetworkGradient(of.into.offsets(), of.network(), of.kinds, y.data(), upstream.data());
      }
      throw new IllegalStateException("edge network: a gradient on " + backend.name() + ", which has no kernel for it");
    }

    @Override
    public Cost cost() {
      return of.cost(shape().elements(), 6);
    }
  }
}
