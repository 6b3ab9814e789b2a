package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.nn.Activation;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.Rows;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// Sample and aggregate: h_i = W_1 (+)_j x_j + b + W_2 x_i, (+) the mean unless another is chosen. Hamilton, Ying &
/// Leskovec 2017, algorithm 1.
///
/// Shape: `[senders, in]`, `[receivers, inReceiver]` to `[receivers, out]`. Edge features are not read.
public final class GraphSage implements GraphLayer {
  private static final double SHORTEST = 1e-12;

  private final int in;
  private final Linear fromNeighbors;
  private final @Nullable Linear fromSelf;
  private final @Nullable Linear projection;
  private final Options options;

  /// What differs between variants.
  public static final class Options extends org.orrery.nn.Options<Options> {
    private Aggregation aggregation = Aggregation.mean();
    private boolean root = true;
    private boolean bias = true;
    private boolean unitRows;
    private boolean projection;

    /// The mean of the neighbors, W_2 and b.
    public static Options standard() { return new Options(); }

    /// Another aggregation of the neighbors.
    public Options withAggregation(Aggregation other) { return with(o -> o.aggregation = other); }

    /// Without W_2 x_i.
    public Options withoutRoot() { return with(o -> o.root = false); }

    /// Without b.
    public Options withoutBias() { return with(o -> o.bias = false); }

    /// Each row of the result divided by its Euclidean length.
    public Options withUnitRows() { return with(o -> o.unitRows = true); }

    /// Neighbors first pass a linear map of their own and max(x, 0).
    public Options withProjection() { return with(o -> o.projection = true); }
  }

  private GraphSage(int in, Linear fromNeighbors, @Nullable Linear fromSelf, @Nullable Linear projection,
      Options options) {
    this.in = in;
    this.fromNeighbors = fromNeighbors;
    this.fromSelf = fromSelf;
    this.projection = projection;
    this.options = options;
  }

  /// The mean of the neighbors.
  public static GraphSage create(int in, int out, Key key) {
    return create(in, in, out, Options.standard(), key);
  }

  /// A variant; senders of width `in`, receivers of width `inReceiver`.
  public static GraphSage create(int in, int inReceiver, int out, Options options, Key key) {
    int wide = options.aggregation.width(in);
    Linear fromNeighbors = options.bias
        ? Linear.create(wide, out, key.fold(0))
        : Linear.withoutBias(wide, out, key.fold(0));
    return new GraphSage(in, fromNeighbors, options.root ? Linear.withoutBias(inReceiver, out, key.fold(1)) : null,
        options.projection ? Linear.create(in, in, key.fold(2)) : null, options);
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    return update(in, Activation.IDENTITY, mode);
  }

  @Override
  public Tensor update(Inputs in, Activation after, Mode mode) {
    Inputs said = projection == null
        ? in
        : in.withSenders(projection.apply(in.senderRows(), Activation.RELU, mode));
    return options.unitRows
        ? after.of(unitRows(combined(said, Activation.IDENTITY, mode)))
        : combined(said, after, mode);
  }

  /// W_1 (+)_j x_j + b + W_2 x_i; where (+) is linear and W_1 narrows, or x is not dense, W_1 goes first.
  private Tensor combined(Inputs in, Activation after, Mode mode) {
    if (!isLinear() || (in.isDense() && fromNeighbors.out() >= fromNeighbors.in())) {
      Rows received = Rows.of(in.received(options.aggregation));
      return fromSelf == null
          ? fromNeighbors.apply(received, after, mode)
          : fromNeighbors.applyAndAdd(received, fromSelf, in.receiverRows(), after, mode);
    }
    Tensor bias = fromNeighbors.bias() == null ? null : fromNeighbors.bias().value();
    Inputs said = in
        .withSenders(in.senderRows().affine(fromNeighbors.weight().value(), null, Activation.IDENTITY));
    if (fromSelf == null) {
      Tensor sum = said.received(options.aggregation);
      return after.of(bias == null ? sum : sum.add(bias));
    }
    Tensor own = in.receiverRows().affine(fromSelf.weight().value(), bias, Activation.IDENTITY);
    return after.of(said.receivedOnto(own, options.aggregation));
  }

  private boolean isLinear() {
    return options.aggregation instanceof Aggregation.Mean
        || options.aggregation.equals(new Aggregation.Reduced(Reduction.SUM));
  }

  /// x / max(|x|, 1e-12), row by row, without a gradient through a zero length.
  private static Tensor unitRows(Tensor x) {
    Tensor length = x.norm(1).clamp(SHORTEST, Double.POSITIVE_INFINITY);
    return x.divide(length.unsqueeze(1));
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.NONE;
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(in);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(fromNeighbors.out());
  }

  @Override
  public void describe(Parts parts) {
    parts.block("lin", projection);
    parts.block("aggr_module", options.aggregation);
    parts.block("lin_l", fromNeighbors);
    parts.block("lin_r", fromSelf);
  }
}
