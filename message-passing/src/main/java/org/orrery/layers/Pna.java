package org.orrery.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Activation;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Principal neighborhood aggregation: h_i = W `[gamma_1 ; gamma_2 ; ...]` + b over towers, each
/// gamma_t(`[x_i ; s(d_i) (+)_j f_t([x_i ; x_j ; e_ij])]`) with every pair of an aggregation (+) and a scaler s of the
/// degree side by side. Corso et al. 2020, eq. 8; e_ij is a linear map of the edge's features, where there are some.
///
/// Shape: `[nodes, in]`, `[edges, edgeWidth]` to `[nodes, out]`. The scaled copies of the aggregates are not made: the
/// first map of gamma acts on the aggregates once for each scaler, and its results are scaled.
public final class Pna implements GraphLayer {
  private final Options options;
  private final DegreeScaling scaling;
  private final @Nullable Linear edgeTransform;
  private final List<Mlp> before;
  private final List<Mlp> after;
  private final Linear mixing;

  /// What differs between variants.
  ///
  /// @param aggregation of the messages; several side by side as in [Aggregation#several(Aggregation...)]
  /// @param scalers of the aggregates, in the order of their columns
  /// @param edgeWidth of the edge features; 0 for none
  /// @param towers how many copies side by side, each of width out / towers
  /// @param input what each tower reads
  /// @param layersBefore linear maps of f, an activation between any two
  /// @param layersAfter linear maps of gamma, an activation between any two
  /// @param activation between linear maps
  public record Options(Aggregation aggregation, List<DegreeScaling.Scaler> scalers, int edgeWidth, int towers,
      Input input, int layersBefore, int layersAfter, Activation activation) {
    /// What a tower reads of a node.
    public enum Input {
      /// all its features
      WHOLE,
      /// its own part of them
      DIVIDED
    }

    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException where there is no scaler, a negative edge width, or fewer than one tower or layer
    public Options {
      scalers = List.copyOf(scalers);
      if (scalers.isEmpty() || edgeWidth < 0 || towers < 1 || layersBefore < 1 || layersAfter < 1) {
        throw new IllegalArgumentException(
            "Pna: " + scalers.size() + " scalers, edge width " + edgeWidth + ", " + towers
                + " towers, " + layersBefore + " layers before and " + layersAfter
                + " after; one of each at least, and no negative width, are required");
      }
    }

    /// Those of the paper: mean, minimum, maximum and standard deviation, each as it is, amplified and attenuated; one
    /// tower.
    public static Options standard() {
      return new Options(
          Aggregation.several(Aggregation.mean(), Aggregation.min(), Aggregation.max(),
              Aggregation.standardDeviation()),
          List.of(DegreeScaling.Scaler.IDENTITY, DegreeScaling.Scaler.AMPLIFICATION, DegreeScaling.Scaler.ATTENUATION),
          0, 1, Input.WHOLE, 1, 1, Activation.RELU);
    }

    /// Reading edge features of this width.
    public Options withEdges(int width) {
      return new Options(aggregation, scalers, width, towers, input, layersBefore, layersAfter, activation);
    }

    /// Other aggregations and scalers.
    public Options withNeighborhood(Aggregation other, List<DegreeScaling.Scaler> others) {
      return new Options(other, others, edgeWidth, towers, input, layersBefore, layersAfter, activation);
    }

    /// Several towers.
    public Options withTowers(int count, Input reads) {
      return new Options(aggregation, scalers, edgeWidth, count, reads, layersBefore, layersAfter, activation);
    }

    /// Deeper networks before and after the aggregation.
    public Options withLayers(int ahead, int behind, Activation between) {
      return new Options(aggregation, scalers, edgeWidth, towers, input, ahead, behind, between);
    }
  }

  private Pna(int in, int out, Options options, DegreeScaling scaling, Key key) {
    int towers = options.towers();
    boolean divided = options.input() == Options.Input.DIVIDED;
    if (out <= 0 || in <= 0 || out % towers != 0 || (divided && in % towers != 0)) {
      throw new IllegalArgumentException("Pna: from " + in + " to " + out + " in " + towers
          + " towers; positive widths that the towers divide are required");
    }
    this.options = options;
    this.scaling = scaling;
    int read = divided ? in / towers : in;
    int given = out / towers;
    boolean edges = options.edgeWidth() > 0;
    this.edgeTransform = edges ? Linear.create(options.edgeWidth(), read, key.fold("edges")) : null;
    List<Mlp> ahead = new ArrayList<>();
    List<Mlp> behind = new ArrayList<>();
    int aggregated = options.scalers().size() * options.aggregation().width(read);
    for (int t = 0; t < towers; t++) {
      ahead.add(network(key.fold("before").fold(t), (edges ? 3 : 2) * read, read, options.layersBefore()));
      behind.add(network(key.fold("after").fold(t), read + aggregated, given, options.layersAfter()));
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
    return Mlp.create(key, widths).withActivation(options.activation());
  }

  /// A layer from width `in` to width `out`.
  ///
  /// @param scaling the degrees of the training
  /// @throws IllegalArgumentException where the towers do not divide the widths
  public static Pna create(int in, int out, Options options, DegreeScaling scaling, Key key) {
    return new Pna(in, out, options, scaling, key);
  }

  @Override
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return Observed.call(this, () -> updated(adjacency, senders, receivers, edges, mode), senders, receivers, edges);
  }

  private Tensor updated(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    if (edges == null != (edgeTransform == null)) {
      throw new IllegalArgumentException("Pna: edge features " + (edges == null ? "missing" : edges.shape())
          + "; the layer was made for width " + options.edgeWidth());
    }
    MessagePassing.requireRows(adjacency, senders, receivers, edges);
    Tensor features = edges == null || edgeTransform == null ? null : edgeTransform.apply(edges);
    Sparse sparse = adjacency.sparse();
    List<Tensor> factors = options.scalers().stream().map(scaler -> scaling.factors(scaler, sparse)).toList();
    List<Tensor> towers = new ArrayList<>();
    for (int t = 0; t < options.towers(); t++) {
      Tensor from = part(senders, t);
      Tensor to = senders.equals(receivers) ? from : part(receivers, t);
      Tensor received = passing(t).apply(adjacency, from, to, features, mode);
      towers.add(updated(after.get(t), to, received, factors, mode));
    }
    return mixing.apply(towers.size() == 1 ? towers.getFirst() : Tensor.concat(1, towers));
  }

  /// The features that tower t reads.
  private Tensor part(Tensor x, int t) {
    int width = x.columns() / options.towers();
    return switch (options.input()) {
      case WHOLE -> x;
      case DIVIDED -> x.slice(1, t * width, (t + 1) * width);
    };
  }

  private MessagePassing passing(int tower) {
    List<EdgeMlp.Term> terms = edgeTransform == null
        ? List.of(EdgeMlp.Term.RECEIVER, EdgeMlp.Term.SENDER)
        : List.of(EdgeMlp.Term.RECEIVER, EdgeMlp.Term.SENDER, EdgeMlp.Term.EDGE);
    return new MessagePassing(new EdgeMlp(before.get(tower), terms), options.aggregation(), Update.replace());
  }

  /// gamma(`[x ; s_1 a ; s_2 a ; ...]`): W `[x ; s_1 a ; ...]` = W_0 x + s_1 W_1 a + ..., as each s is a number of the
  /// node.
  private static Tensor updated(Mlp network, Tensor x, Tensor aggregate, List<Tensor> factors, Mode mode) {
    Linear first = network.linears().getFirst();
    Tensor weight = first.weight().value();
    int from = x.columns();
    Tensor sum = x.affine(weight.slice(1, 0, from), first.bias() == null ? null : first.bias().value());
    for (Tensor factor : factors) {
      int to = from + aggregate.columns();
      sum = sum.add(aggregate.affine(weight.slice(1, from, to), null).multiply(factor));
      from = to;
    }
    return network.applyAfterFirst(sum, mode);
  }

  @Override
  public OptionalInt inputWidth() {
    int read = before.getFirst().out();
    return OptionalInt.of(options.input() == Options.Input.DIVIDED ? read * options.towers() : read);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(mixing.out());
  }

  @Override
  public void describe(Parts parts) {
    parts.module("aggr_module", scaling).module("aggr_module.aggr", options.aggregation());
    if (edgeTransform != null) {
      parts.module("edge_encoder", edgeTransform);
    }
    parts.modules("pre_nns", before).modules("post_nns", after).module("lin", mixing);
  }
}
