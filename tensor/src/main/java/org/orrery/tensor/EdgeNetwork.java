package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.EdgeNetworkKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// Reductions, side by side, of `m[e] = W f(z[e]; alpha) + b` over segments, where `z[e]` is `U features[e]` plus the row of e's
/// segment in each table: a network of one hidden layer along edges, whose first linear map was applied to the nodes.
///
/// Shapes: features `[members, in]`, U `[hidden, in]`, tables `[segments, hidden]`, W `[width, hidden]`, b `[width]`, result
/// `[segments, reductions width]`. No array of members times hidden or width exists, neither forward nor backward, where the
/// hidden layer is made again; the gradient by the features is made where it is wanted. Where a kernel is missing, a segment is
/// very long or gradients are to be differentiated again, it runs as its definition.
///
/// @param into which segment each member is reduced into; members stand segment by segment
/// @param features of the members themselves; null for none
/// @param featureWeight U; null where there are no features
/// @param tables at least one
/// @param owners the segments of each table
/// @param function f
/// @param alpha the number of f
/// @param weight W
/// @param bias b; null for 0
/// @param kinds sums, maxima and minima
public record EdgeNetwork(Segments into, @Nullable Tensor features, @Nullable Tensor featureWeight, List<Tensor> tables,
    List<Segments> owners, Unary function, double alpha, Tensor weight, @Nullable Tensor bias,
    List<Reduction> kinds) implements Op {
  /// What a kernel takes whole.
  private static final int LONGEST = 4096;
  /// Of how many members a kernel adds gradients one by one.
  private static final int MOST_ADDED = 1 << 16;
  /// About how many members a kernel works on at a time, and for how many it keeps gradients by z.
  private static final long PIECE = 512;
  private static final long GROUP = 16 * 768;

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
    Require.that((features == null) == (featureWeight == null), "edge network", weight.shape(),
        "features and their matrix come together");
    if (features != null && featureWeight != null) {
      Require.that(
          features.shape().equals(Shape.of(into.members(), featureWeight.columns()))
              && featureWeight.rows() == weight.columns(),
          "edge network", features.shape(), featureWeight.shape(),
          "features have a row for each member, and their matrix takes them to the width that W takes");
    }
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
    if (features != null && featureWeight != null) {
      all.add(features);
      all.add(featureWeight);
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

  @Override
  public boolean isWithinLimits() { return into.longest() <= LONGEST; }

  private boolean addsFew() {
    return owners.stream().allMatch(owner -> owner.equals(into) || owner.longest() <= MOST_ADDED);
  }

  private EdgeNetworkKernels.Network network() {
    return new EdgeNetworkKernels.Network(features == null ? null : features.data(),
        features == null ? 0 : features.columns(), featureWeight == null ? null : featureWeight.data(),
        tables.stream().map(Tensor::data).toList(),
        owners.stream().map(Segments::index).toList(), weight.columns(), function, alpha, weight.data(),
        bias == null ? null : bias.data(), weight.rows());
  }

  @Override
  public Storage forward(Backend backend) {
    EdgeNetworkKernels kernels = backend.kernels(EdgeNetworkKernels.class);
    return kernels == null || !isWithinLimits()
        ? Op.super.forward(backend)
        : kernels.edgeNetwork(into.offsets(), network(), kinds);
  }

  @Override
  public Tensor definition() {
    Tensor own = features == null || featureWeight == null ? null : features.affine(featureWeight, null);
    Tensor m = Tensor.gatheredSum(own, tables, owners).map(function, alpha).affine(weight, bias);
    return Tensor.concat(1, kinds.stream().map(kind -> m.segmentReduce(kind, into)).toList());
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    if (Tensor.isRecording() || !weight.backend().has(EdgeNetworkKernels.class) || !isWithinLimits() || !addsFew()) {
      Op.super.backward(y, upstream, sink);
      return;
    }
    boolean byFeatures = features != null && sink.needs(features);
    Shares gradients = new Shares(this, y, upstream, byFeatures);
    List<Tensor> wanted = gradients.by();
    List<Tensor> shares = Tensor.allOf(gradients);
    for (int i = 0; i < wanted.size(); i++) {
      Tensor share = shares.get(i);
      sink.add(wanted.get(i), () -> share);
    }
  }

  @Override
  public Cost cost() {
    return cost(shape().elements(), 2, 0);
  }

  /// @param products how many matrix products run over the members
  /// @param kept for how many members numbers of the hidden layer's width are kept for each thread
  private Cost cost(long written, long products, long kept) {
    long members = into.members();
    long hidden = weight.columns();
    long in = features == null ? 0 : features.columns();
    long read = members * (hidden * tables.size() + in) + into.indices() + weight.shape().elements();
    long threads = Runtime.getRuntime().availableProcessors();
    return Cost.ofNumbers(read, written, products * members * (weight.shape().elements() + in * hidden),
        Math.min(members, threads * (PIECE + into.longest())) * 3 * (hidden + weight.rows())
            + Math.min(members, threads * kept) * hidden);
  }

  private List<Tensor> with(Tensor... others) {
    List<Tensor> all = new ArrayList<>(operands());
    all.addAll(List.of(others));
    return all;
  }

  /// The gradients by the tables, features, U, W and b; what they are made of is defined by [EdgeNetwork#definition()].
  private record Shares(EdgeNetwork of, Tensor y, Tensor upstream, boolean byFeatures) implements Op {
    /// The operands that there are gradients by. The gradient by b is made where there is no b, too.
    List<Tensor> by() {
      List<Tensor> all = new ArrayList<>(of.tables);
      if (byFeatures && of.features != null) {
        all.add(of.features);
      }
      if (of.featureWeight != null) {
        all.add(of.featureWeight);
      }
      all.add(of.weight);
      if (of.bias != null) {
        all.add(of.bias);
      }
      return all;
    }

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
      return of.tables.getFirst().shape();
    }

    @Override
    public List<Shape> shapes() {
      List<Shape> all = new ArrayList<>(by().stream().map(Tensor::shape).toList());
      if (of.bias == null) {
        all.add(Shape.of(of.weight.rows()));
      }
      return all;
    }

    @Override
    public List<Storage> forwardAll(Backend backend) {
      EdgeNetworkKernels kernels = backend.kernels(EdgeNetworkKernels.class);
      if (kernels != null) {
        return kernels.edgeNetworkGradient(of.into.offsets(), of.network(), of.kinds, y.data(), upstream.data(),
            byFeatures);
      }
      throw new IllegalStateException("edge network: a gradient on " + backend.name() + ", which has no kernel for it");
    }

    @Override
    public Cost cost() {
      return of.cost(shapes().stream().mapToLong(Shape::elements).sum(), 6, GROUP);
    }
  }
}
