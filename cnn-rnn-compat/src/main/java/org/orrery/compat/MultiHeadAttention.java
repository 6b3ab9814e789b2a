package org.orrery.compat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Complete;
import org.orrery.messagepassing.DotProductAttention;
import org.orrery.nn.Block;
import org.orrery.nn.Initializer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Attention of several heads: y = W_o [head_1 ; ... ; head_h] + b_o, head = softmax(Q K^T / sqrt(width / heads)) V with Q, K, V affine in
/// the receivers' and the senders' features. Vaswani et al. 2017, section 3.2.2; PyTorch's MultiheadAttention and its names.
///
/// It runs along any adjacency: on a [Complete] graph as a transformer does, on a sparse one as a graph transformer.
///
/// Shape: receivers `[receivers, width]`, senders `[senders, keyWidth]` and `[senders, valueWidth]` to `[receivers, width]`.
///
/// @param projections of queries, keys and values
/// @param output W_o and b_o, `[width, width]`
/// @param heads how many; they divide the width
/// @param dropout the probability that a weight is dropped in training
public record MultiHeadAttention(Projections projections, Linear output, int heads, double dropout)
    implements
      Block {
  /// How queries, keys and values come about.
  public sealed interface Projections {
    /// b of all three, `[3 width]`; null for none.
    @Nullable
    Parameter bias();

    /// One weight for all three, which have one width.
    ///
    /// @param weight `[3 width, width]`: queries, keys, values
    /// @param bias `[3 width]`; null for none
    record Joint(Parameter weight, @Nullable Parameter bias) implements Projections {
    }

    /// A weight each, for keys and values of other widths.
    ///
    /// @param query `[width, width]`
    /// @param key `[width, keyWidth]`
    /// @param value `[width, valueWidth]`
    /// @param bias `[3 width]`; null for none
    record Apart(Parameter query, Parameter key, Parameter value, @Nullable Parameter bias) implements Projections {
    }
  }

  /// Which of the three, and where its rows start.
  private enum Role {
    QUERY(0), KEY(1), VALUE(2);

    private final int place;

    Role(int place) {
      this.place = place;
    }
  }

  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where they do not, or the heads do not divide the width
  public MultiHeadAttention {
    int width = output.in();
    requireHeads(width, heads);
    boolean fits = output.out() == width && switch (projections) {
      case Projections.Joint joint -> joint.weight().shape().equals(Shape.of(3 * width, width));
      case Projections.Apart apart -> apart.query().shape().equals(Shape.of(width, width))
          && apart.key().shape().rank() == 2 && apart.key().shape().size(0) == width
          && apart.value().shape().rank() == 2 && apart.value().shape().size(0) == width;
    };
    Parameter bias = projections.bias();
    if (!fits || (bias != null && !bias.shape().equals(Shape.of(3 * width)))) {
      throw new IllegalArgumentException("MultiHeadAttention: projections and bias for width " + width
          + " do not fit; [3 width, width] or [width, ...] each, and [3 width], are required");
    }
  }

  private static void requireHeads(int width, int heads) {
    if (heads < 1 || width < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "MultiHeadAttention: width " + width + " and " + heads + " heads; the heads must divide the width");
    }
  }

  /// Weights as PyTorch starts them, biases 0.
  ///
  /// @throws IllegalArgumentException where the heads do not divide the width
  public static MultiHeadAttention create(int width, int heads, double dropout, Key key) {
    requireHeads(width, heads);
    Parameter weight = Parameter.of(Initializer.glorotUniform(1).values(Shape.of(3 * width, width), key.fold("in")));
    return new MultiHeadAttention(new Projections.Joint(weight, Parameter.of(Tensor.zeros(3 * width))),
        output(width, key), heads, dropout);
  }

  /// The same for keys and values of other widths than the queries'.
  ///
  /// @throws IllegalArgumentException where the heads do not divide the width
  public static MultiHeadAttention create(int width, int keyWidth, int valueWidth, int heads, double dropout, Key key) {
    requireHeads(width, heads);
    Initializer glorot = Initializer.glorotUniform(1);
    return new MultiHeadAttention(
        new Projections.Apart(Parameter.of(glorot.values(Shape.of(width, width), key.fold("query"))),
            Parameter.of(glorot.values(Shape.of(width, keyWidth), key.fold("key"))),
            Parameter.of(glorot.values(Shape.of(width, valueWidth), key.fold("value"))),
            Parameter.of(Tensor.zeros(3 * width))),
        output(width, key), heads, dropout);
  }

  private static Linear output(int width, Key key) {
    Linear linear = Linear.create(width, width, key.fold("out"));
    return new Linear(linear.weight(), Parameter.of(Tensor.zeros(width)));
  }

  /// The same without biases.
  public MultiHeadAttention withoutBias() {
    Projections without = switch (projections) {
      case Projections.Joint joint -> new Projections.Joint(joint.weight(), null);
      case Projections.Apart apart -> new Projections.Apart(apart.query(), apart.key(), apart.value(), null);
    };
    return new MultiHeadAttention(without, new Linear(output.weight(), null), heads, dropout);
  }

  /// The width of queries and results.
  public int width() {
    return output.in();
  }

  private DotProductAttention attention() {
    return new DotProductAttention(heads, 1 / Math.sqrt(width() / (double) heads), dropout);
  }

  private Tensor projected(Role role, Tensor x) {
    int first = role.place * width();
    Parameter bias = projections.bias();
    Tensor b = bias == null ? null : bias.value().slice(0, first, first + width());
    return x.affine(weight(role, first), b);
  }

  private Tensor weight(Role role, int first) {
    return switch (projections) {
      case Projections.Joint joint -> joint.weight().value().slice(0, first, first + width());
      case Projections.Apart apart -> switch (role) {
        case QUERY -> apart.query().value();
        case KEY -> apart.key().value();
        case VALUE -> apart.value().value();
      };
    };
  }

  /// Self attention: each node attends to those whom it hears.
  public Tensor apply(Adjacency adjacency, Tensor x, Mode mode) {
    return apply(adjacency, x, x, x, null, mode);
  }

  /// Attention of the receivers to the senders.
  ///
  /// @param queries `[receivers, width]`
  /// @param keys `[senders, keyWidth]`
  /// @param values `[senders, valueWidth]`
  /// @param bias `[1 or heads, most receivers, most senders]`, on complete graphs alone; null for 0
  public Tensor apply(Adjacency adjacency, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor bias,
      Mode mode) {
    return Observed.call(this, () -> output.apply(attention().apply(adjacency, projected(Role.QUERY, queries),
        projected(Role.KEY, keys), projected(Role.VALUE, values), bias, mode)), queries, keys, values);
  }

  /// The weights of each graph, `[heads, receivers, senders]` each, before dropout: an array of all pairs, for looking at.
  public List<Tensor> weights(Complete complete, Tensor queries, Tensor keys, @Nullable Tensor bias) {
    Tensor k = projected(Role.KEY, keys);
    var operation = attention().tiled(complete, projected(Role.QUERY, queries), k, k, bias, Mode.inference());
    List<Tensor> all = new ArrayList<>();
    for (int g = 0; g < complete.graphs(); g++) {
      all.add(operation.weights(g));
    }
    return all;
  }

  /// Self attention of sequences of one length that grow: the keys and values of what came before are kept, so that a step costs what
  /// is new. Equal to causal attention over everything so far.
  ///
  /// @param x what is new, `[sequences, new, width]`
  /// @param cache what came before; it takes in what is new
  public Tensor next(Tensor x, KeyValueCache cache) {
    int sequences = x.rows();
    int fresh = x.size(1);
    Tensor rows = x.reshape(sequences * fresh, width());
    cache.append(projected(Role.KEY, rows).reshape(x.shape()), projected(Role.VALUE, rows).reshape(x.shape()));
    int before = cache.length();
    int[] senders = new int[sequences];
    int[] receivers = new int[sequences];
    Arrays.fill(senders, before);
    Arrays.fill(receivers, fresh);
    Complete complete = Complete.ofSizes(Indices.of(senders), Indices.of(receivers),
        Complete.Order.CAUSAL);
    Tensor y = attention().apply(complete, projected(Role.QUERY, rows),
        cache.keys().reshape(sequences * before, width()), cache.values().reshape(sequences * before, width()),
        Mode.inference());
    return output.apply(y).reshape(x.shape());
  }

  @Override
  public void describe(Parts parts) {
    switch (projections) {
      case Projections.Joint joint -> parts.parameter("in_proj_weight", joint.weight());
      case Projections.Apart apart -> parts.parameter("q_proj_weight", apart.query())
          .parameter("k_proj_weight", apart.key()).parameter("v_proj_weight", apart.value());
    }
    parts.parameter("in_proj_bias", projections.bias()).block("out_proj", output);
  }
}
