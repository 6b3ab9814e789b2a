package org.orrery.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.AttentionKernels;
import org.orrery.tensor.backend.AttentionKernels.Pairing;
import org.orrery.tensor.backend.AttentionKernels.Reach;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// `y_i = sum_j f_ij a_ij v_j` with a = softmax over j of scale `<q_i, k_j>` + bias_ij, head by head: attention on a complete graph.
/// Vaswani et al. 2017, eq. 1, run tile by tile as Dao et al. 2022: no array of all pairs is made, and forward keeps nothing.
///
/// Shapes: queries `[queries, heads width]`, keys `[keys, heads width]`, values `[keys, heads channels]`, result `[queries, heads
/// channels]`; the rows of the sequences follow each other. What a query does not hear, for a causal order or a bias of -infinity, does not
/// touch it, NaN not even; a query that hears nothing gets 0. Where a gradient flows to the bias, or
/// gradients are differentiated again, backward runs as the definition does, sequence by sequence.
///
/// @param pairing sequences, reach, heads, scale, dropout
/// @param queries q
/// @param keys k
/// @param values v
/// @param bias `[1 or heads, most queries, most keys]`, added for every sequence from its first query and key on; null for 0
public record TiledAttention(Pairing pairing, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor bias)
    implements
      Op {
  /// Checks the shapes.
  public TiledAttention {
    int heads = pairing.heads();
    Require.that(heads >= 1 && queries.rank() == 2 && keys.rank() == 2 && queries.columns() == keys.columns()
        && queries.columns() % heads == 0, "attention", queries.shape(), keys.shape(),
        "queries and keys of one width that divides by " + heads + " heads are required");
    Require.that(values.rank() == 2 && values.rows() == keys.rows() && values.columns() % heads == 0, "attention",
        keys.shape(), values.shape(),
        "a value for each key, of a width that divides by " + heads + " heads, is required");
    Require.that(pairing.queryOffsets().size() == pairing.keyOffsets().size()
        && last(pairing.queryOffsets()) == queries.rows() && last(pairing.keyOffsets()) == keys.rows(), "attention",
        queries.shape(), keys.shape(), "offsets of as many sequences, up to the last row, are required");
    if (bias != null) {
      int most = longest(pairing.queryOffsets());
      int mostKeys = longest(pairing.keyOffsets());
      Require.that(
          bias.rank() == 3 && (bias.size(0) == 1 || bias.size(0) == heads) && bias.size(1) == most
              && bias.size(2) == mostKeys,
          "attention", bias.shape(), Shape.of(heads, most, mostKeys),
          "a bias [1 or heads, most queries, most keys] is required");
    }
  }

  private static int last(Indices offsets) {
    return offsets.at(offsets.size() - 1);
  }

  private static int longest(Indices offsets) {
    int longest = 0;
    for (int s = 0; s + 1 < offsets.size(); s++) {
      longest = Math.max(longest, offsets.at(s + 1) - offsets.at(s));
    }
    return longest;
  }

  @Override
  public String name() {
    return "attention";
  }

  @Override
  public List<Tensor> operands() {
    return bias == null ? List.of(queries, keys, values) : List.of(queries, keys, values, bias);
  }

  @Override
  public Shape shape() {
    return Shape.of(queries.rows(), values.columns());
  }

  @Override
  public Storage forward(Backend backend) {
    AttentionKernels kernels = backend.kernels(AttentionKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.attention(pairing, queries.data(), keys.data(), values.data(), bias == null ? null : bias.data(),
            queries.columns(), values.columns());
  }

  @Override
  public Tensor definition() {
    List<Tensor> all = new ArrayList<>();
    for (int s = 0; s < pairing.sequences(); s++) {
      Tensor weights = weights(s);
      Tensor v = heads(values, pairing.keyOffsets(), s);
      Tensor kept = pairing.noise() == null ? weights : weights.multiply(factors(s, weights.size(1), weights.size(2)));
      Tensor sum = isSelective() && v.size(1) > 0
          ? Tensor.of(new HeardSum(kept, v, heard(weights.shape()), false))
          : kept.matmul(v);
      all.add(sum.transpose(0, 1).reshape(weights.size(1), values.columns()));
    }
    return all.isEmpty() ? Tensor.zeros(shape()) : Tensor.concat(0, all);
  }

  /// The weights a of one sequence, `[heads, queries, keys]`, as an array: for looking at.
  public Tensor weights(int sequence) {
    Tensor q = heads(queries, pairing.queryOffsets(), sequence);
    Tensor k = heads(keys, pairing.keyOffsets(), sequence);
    if (!isSelective() || k.size(1) == 0) {
      Tensor scores = q.matmulTransposed(k).multiply(pairing.scale());
      return k.size(1) == 0 ? scores : scores.softmax(2);
    }
    Tensor heard = heard(Shape.of(pairing.heads(), q.size(1), k.size(1)));
    Tensor scores = Tensor.of(new HeardSum.Dots(q, k, heard)).multiply(pairing.scale());
    Tensor biased = bias == null ? scores : scores.add(cut(bias, heard.shape()));
    Tensor least = Tensor.where(heard.max(2), number(Double.NEGATIVE_INFINITY), number(0)).unsqueeze(2);
    return Tensor.where(heard, Tensor.where(heard, biased, least).softmax(2), number(0));
  }

  private Tensor number(double value) {
    return Tensor.full(Shape.of(), value, queries.backend());
  }

  /// Whether a query may hear less than all keys of its sequence.
  private boolean isSelective() { return pairing.reach() == Reach.CAUSAL || bias != null; }

  /// The bias of a sequence with weights of this shape.
  private static Tensor cut(Tensor bias, Shape weights) {
    return bias.slice(1, 0, weights.size(1)).slice(2, 0, weights.size(2));
  }

  /// 1 where a query hears a key, else 0, in the shape of the weights.
  private Tensor heard(Shape weights) {
    int count = weights.size(1);
    int keyCount = weights.size(2);
    float[] reached = new float[Shape.of(count, keyCount).elements()];
    for (int i = 0; i < count; i++) {
      Arrays.fill(reached, i * keyCount, i * keyCount + pairing.reach().keys(i, count, keyCount), 1f);
    }
    Tensor all = Tensor.of(reached, count, keyCount);
    Tensor allowed = bias == null
        ? all
        : all.multiply(cut(bias, weights).detach().equalTo(Double.NEGATIVE_INFINITY).negate().add(1));
    return allowed.expand(weights);
  }

  /// `[heads, rows of the sequence, columns of a head]`.
  private Tensor heads(Tensor x, Indices offsets, int sequence) {
    Tensor rows = x.slice(0, offsets.at(sequence), offsets.at(sequence + 1));
    return rows.reshape(rows.rows(), pairing.heads(), x.columns() / pairing.heads()).transpose(0, 1);
  }

  private Tensor factors(int sequence, int count, int keyCount) {
    Key noise = pairing.noise();
    float[] factors = new float[Shape.of(pairing.heads(), count, keyCount).elements()];
    float kept = (float) (1 / (1 - pairing.rate()));
    for (int row = 0; row < pairing.heads() * count && noise != null; row++) {
      float[] drawn = noise.fold((long) sequence * pairing.heads() + row / count).fold(row % count).uniform(keyCount);
      for (int j = 0; j < keyCount; j++) {
        factors[row * keyCount + j] = drawn[j] >= (float) pairing.rate() ? kept : 0f;
      }
    }
    return Tensor.of(factors, pairing.heads(), count, keyCount);
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    boolean biased = bias != null && bias.isTracked();
    if (Tensor.isRecording() || biased || !queries.backend().has(AttentionKernels.class)) {
      Op.super.backward(y, upstream, sink);
      return;
    }
    List<Tensor> shares = Tensor.allOf(new Shares(this, upstream));
    sink.add(queries, () -> shares.get(0));
    sink.add(keys, () -> shares.get(1));
    sink.add(values, () -> shares.get(2));
  }

  @Override
  public Cost cost() {
    return cost(shape().elements(), 1, 1);
  }

  private Cost cost(long written, long products, long tables) {
    long pairs = 0;
    long longest = 0;
    for (int s = 0; s < pairing.sequences(); s++) {
      long keyCount = (long) pairing.keyOffsets().at(s + 1) - pairing.keyOffsets().at(s);
      pairs += keyCount * ((long) pairing.queryOffsets().at(s + 1) - pairing.queryOffsets().at(s));
      longest = Math.max(longest, keyCount);
    }
    long read = (long) queries.shape().elements() + keys.shape().elements() + values.shape().elements()
        + (bias == null ? 0 : bias.shape().elements());
    long width = (long) queries.columns() + values.columns();
    long threads = Runtime.getRuntime().availableProcessors();
    long tiles = tables * (64 * longest + 2 * (longest + 64) * (width / pairing.heads() + 64));
    return Cost.ofNumbers(read, written, products * (2 * pairs * width + 3 * pairs * pairing.heads()), threads * tiles);
  }

  /// The gradients by queries, keys and values; what they are made of is defined by [TiledAttention#definition()].
  private record Shares(TiledAttention of, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "attention gradient";
    }

    @Override
    public List<Tensor> operands() {
      List<Tensor> all = new ArrayList<>(of.operands());
      all.add(upstream);
      return all;
    }

    @Override
    public Shape shape() {
      return of.queries.shape();
    }

    @Override
    public List<Shape> shapes() {
      return List.of(of.queries.shape(), of.keys.shape(), of.values.shape());
    }

    @Override
    public List<Storage> forwardAll(Backend backend) {
      AttentionKernels kernels = backend.kernels(AttentionKernels.class);
      if (kernels != null) {
        return kernels.attentionGradient(of.pairing, of.queries.data(), of.keys.data(), of.values.data(),
            of.bias == null ? null : of.bias.data(), upstream.data(), of.queries.columns(), of.values.columns());
      }
      throw new IllegalStateException("attention: a gradient on " + backend.name() + ", which has no kernel for it");
    }

    @Override
    public Cost cost() {
      return of.cost(shapes().stream().mapToLong(Shape::elements).sum(), 3, 2);
    }
  }
}
