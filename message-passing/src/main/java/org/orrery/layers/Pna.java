package org.orrery.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.nn.Activation;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.Rows;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Principal neighborhood aggregation: h_i = W `[gamma_1 ; gamma_2 ; ...]` + b over towers, each
/// gamma_t(`[x_i ; s(d_i) (+)_j f_t([x_i ; x_j ; e_ij])]`) with every pair of an aggregation (+) and a scaler s of the
/// degree side by side. Corso et al. 2020, eq. 8; e_ij is a linear map of the edge's features, where there are some.
///
/// Shape: `[nodes, in]`, `[edges, edgeWidth]` to `[nodes, out]`. The scaled copies of the aggregates are not made: the
/// first map of gamma acts on the aggregates once for each scaler, and its results are scaled.
public final class Pna implements GraphLayer {
  private static final List<EdgeMlp.Term> NODES = List.of(EdgeMlp.Term.RECEIVER, EdgeMlp.Term.SENDER);
  private static final List<EdgeMlp.Term> NODES_AND_EDGE = List.of(EdgeMlp.Term.RECEIVER, EdgeMlp.Term.SENDER,
      EdgeMlp.Term.EDGE);

  private final Options options;
  private final DegreeScaling scaling;
  private final @Nullable Linear edgeTransform;
  private final List<Mlp> before;
  private final List<Mlp> after;
  private final Linear mixing;

  /// What differs between variants. As published: mean, minimum, maximum and standard deviation, each as it is, amplified
  /// and attenuated; one tower.
  public static final class Options extends org.orrery.nn.Options<Options> {
    private Aggregation aggregation = Aggregation.several(Aggregation.mean(), Aggregation.min(), Aggregation.max(),
        Aggregation.standardDeviation());
    private List<DegreeScaling.Scaler> scalers = List.of(DegreeScaling.Scaler.IDENTITY,
        DegreeScaling.Scaler.AMPLIFICATION, DegreeScaling.Scaler.ATTENUATION);
    private int edgeWidth;
    private int towers = 1;
    private Input input = Input.WHOLE;
    private int layersBefore = 1;
    private int layersAfter = 1;
    private Activation activation = Activation.RELU;

    /// What a tower reads of a node.
    public enum Input {
      /// all its features
      WHOLE,
      /// its own part of them
      DIVIDED
    }

    /// As published.
    public static Options standard() { return new Options(); }

    /// Reading edge features of this width.
    public Options withEdges(int width) { return with(o -> o.edgeWidth = width); }

    /// Another aggregation of the messages; several side by side as in [Aggregation#several(Aggregation...)].
    public Options withAggregation(Aggregation other) { return with(o -> o.aggregation = other); }

    /// Other scalers of the aggregates, in the order of their columns.
    public Options withScalers(List<DegreeScaling.Scaler> others) { return with(o -> o.scalers = List.copyOf(others)); }

    /// This many copies side by side, each of width out / towers.
    public Options withTowers(int count) { return with(o -> o.towers = count); }

    /// What each tower reads.
    public Options withInput(Input other) { return with(o -> o.input = other); }

    /// Linear maps of f, an activation between any two.
    public Options withLayersBefore(int count) { return with(o -> o.layersBefore = count); }

    /// Linear maps of gamma, an activation between any two.
    public Options withLayersAfter(int count) { return with(o -> o.layersAfter = count); }

    /// Another activation between linear maps.
    public Options withActivation(Activation other) { return with(o -> o.activation = other); }

    @Override
    protected void check() {
      if (scalers.isEmpty() || edgeWidth < 0 || towers < 1 || layersBefore < 1 || layersAfter < 1) {
        throw new IllegalArgumentException(
            "Pna: " + scalers.size() + " scalers, edge width " + edgeWidth + ", " + towers
                + " towers, " + layersBefore + " layers before and " + layersAfter
                + " after; one of each at least, and no negative width, are required");
      }
    }
  }

  private Pna(int in, int out, Options options, DegreeScaling scaling, Key key) {
    int towers = options.towers;
    boolean divided = options.input == Options.Input.DIVIDED;
    if (out <= 0 || in <= 0 || out % towers != 0 || (divided && in % towers != 0)) {
      throw new IllegalArgumentException("Pna: from " + in + " to " + out + " in " + towers
          + " towers; positive widths that the towers divide are required");
    }
    this.options = options;
    this.scaling = scaling;
    int read = divided ? in / towers : in;
    int given = out / towers;
    boolean edges = options.edgeWidth > 0;
    this.edgeTransform = edges ? Linear.create(options.edgeWidth, read, key.fold("edges")) : null;
    List<Mlp> ahead = new ArrayList<>();
    List<Mlp> behind = new ArrayList<>();
    int aggregated = options.scalers.size() * options.aggregation.width(read);
    for (int t = 0; t < towers; t++) {
      ahead.add(network(key.fold("before").fold(t), (edges ? 3 : 2) * read, read, options.layersBefore));
      behind.add(network(key.fold("after").fold(t), read + aggregated, given, options.layersAfter));
    }
    this.before = List.copyOf(ahead);
    this.after = List.copyOf(behind);
    this.mixing = Linear.create(out, out, key.fold("mixing"));
  }

  private Mlp network(Key key, int from, int to, int layers) {
    int[] widths = new int[layers + 1];
    for (int i = 0; i <= layers; i++) {
      widths[i] = i == 0 ? from : to;
    }
    return Mlp.create(key, widths).withActivation(options.activation);
  }

  /// A layer from width `in` to width `out`.
  ///
  /// @param scaling the degrees of the training
  /// @throws IllegalArgumentException where the towers do not divide the widths
  public static Pna create(int in, int out, Options options, DegreeScaling scaling, Key key) {
    return new Pna(in, out, options, scaling, key);
  }

  @Override
  public Tensor update(Inputs in, Mode mode) {
    Sparse sparse = in.adjacency().sparse();
    List<Tensor> factors = options.scalers.stream().map(scaler -> scaling.factors(scaler, sparse)).toList();
    Inputs encoded = edgeTransform == null ? in : in.withEdges(edgeTransform.apply(in.edges()));
    List<Tensor> towers = new ArrayList<>();
    for (int t = 0; t < options.towers; t++) {
      Tensor from = part(in.senders(), t);
      Tensor to = in.isOneSet() ? from : part(in.receivers(), t);
      EdgeMlp message = new EdgeMlp(before.get(t), edgeTransform == null ? NODES : NODES_AND_EDGE);
      Tensor received = encoded.with(from, to).received(message, options.aggregation, mode);
      towers.add(after.get(t).apply(new ScaledCopies(to, received, factors), mode));
    }
    return mixing.apply(towers.size() == 1 ? towers.getFirst() : Tensor.concat(1, towers));
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.ofWidth(options.edgeWidth);
  }

  /// The features that tower t reads.
  private Tensor part(Tensor x, int t) {
    int width = x.columns() / options.towers;
    return switch (options.input) {
      case WHOLE -> x;
      case DIVIDED -> x.slice(1, t * width, (t + 1) * width);
    };
  }

  /// `[x ; s_1 a ; s_2 a ; ...]`: W `[x ; s_1 a ; ...]` = W_0 x + s_1 W_1 a + ..., as each s is a number of the node.
  private record ScaledCopies(Tensor x, Tensor aggregate, List<Tensor> factors) implements Rows {
    @Override
    public Tensor dense() {
      List<Tensor> blocks = new ArrayList<>(List.of(x));
      factors.forEach(factor -> blocks.add(aggregate.multiply(factor)));
      return Tensor.concat(1, blocks);
    }

    @Override
    public Tensor affine(Tensor weight, @Nullable Tensor bias, Activation f) {
      int from = x.columns();
      Tensor sum = x.affine(weight.slice(1, 0, from), bias);
      for (Tensor factor : factors) {
        int to = from + aggregate.columns();
        sum = sum.add(aggregate.affine(weight.slice(1, from, to), null).multiply(factor));
        from = to;
      }
      return f.of(sum);
    }

    @Override
    public List<Tensor> tensors() {
      return List.of(x, aggregate);
    }

    @Override
    public int count() {
      return x.rows();
    }

    @Override
    public int width() {
      return x.columns() + factors.size() * aggregate.columns();
    }
  }

  @Override
  public OptionalInt inputWidth() {
    int read = before.getFirst().out();
    return OptionalInt.of(options.input == Options.Input.DIVIDED ? read * options.towers : read);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(mixing.out());
  }

  @Override
  public void describe(Parts parts) {
    parts.block("aggr_module", scaling).block("aggr_module.aggr", options.aggregation);
    parts.block("edge_encoder", edgeTransform);
    parts.blocks("pre_nns", before).blocks("post_nns", after).block("lin", mixing);
  }
}
