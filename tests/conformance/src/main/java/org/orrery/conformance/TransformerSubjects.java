package org.orrery.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.compat.AttentionMask;
import org.orrery.compat.KeyPadding;
import org.orrery.compat.MultiHeadAttention;
import org.orrery.compat.TransformerDecoderLayer;
import org.orrery.compat.TransformerEncoderLayer;
import org.orrery.compat.TransformerEncoderLayer.NormOrder;
import org.orrery.graph.Complete;
import org.orrery.graph.Complete.Order;
import org.orrery.io.ElementType;
import org.orrery.nn.Activation;
import org.orrery.nn.Embedding;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Attention and transformers of the area `compat`.
final class TransformerSubjects {
  private static final Key KEY = Key.of(1);

  private TransformerSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("MultiheadAttention", TransformerSubjects::attention);
    all.put("TransformerEncoderLayer", TransformerSubjects::encoderLayer);
    all.put("TransformerDecoderLayer", TransformerSubjects::decoderLayer);
    all.put("Embedding", in -> {
      Config c = in.config();
      int labels = c.integer("num_embeddings");
      int width = c.integer("embedding_dim");
      Embedding plain = Embedding.create(labels, width, KEY);
      Embedding embedding = c.has("padding_idx")
          ? new Embedding(plain.weight(), OptionalInt.of(Math.floorMod(c.integer("padding_idx"), labels)))
          : plain;
      in.load(embedding);
      int[] shape = Arrays.copyOf(in.array("in.index").shape().toArray(), in.array("in.index").shape().rank() + 1);
      shape[shape.length - 1] = width;
      return Answer.of(embedding.apply(in.indices("index")).reshape(shape));
    });
  }

  /// SequenceGraphs `[batch, length, width]`, whatever the case has first; without a batch, one.
  private static Tensor batchFirst(Case in, Tensor x) {
    if (x.rank() == 2) {
      return x.unsqueeze(0);
    }
    return in.config().flag("batch_first", !in.config().isNoted("length first")) ? x : x.transpose(0, 1);
  }

  private static Tensor restored(Case in, Tensor rows, Tensor like) {
    Tensor first = batchFirst(in, like);
    Tensor y = rows.reshape(first.size(0), first.size(1), rows.columns());
    if (like.rank() == 2) {
      return y.squeeze(0);
    }
    return in.config().flag("batch_first", !in.config().isNoted("length first")) ? y : y.transpose(0, 1);
  }

  private static Tensor rows(Tensor batch) {
    return batch.reshape(batch.size(0) * batch.size(1), batch.columns());
  }

  private static Complete pairs(Tensor queries, Indices keyLengths, boolean causal) {
    int[] lengths = new int[queries.size(0)];
    Arrays.fill(lengths, queries.size(1));
    return Complete.ofSizes(keyLengths, Indices.of(lengths), causal ? Order.CAUSAL : Order.ALL);
  }

  private static Indices lengths(Tensor batch) {
    int[] lengths = new int[batch.size(0)];
    Arrays.fill(lengths, batch.size(1));
    return Indices.of(lengths);
  }

  private static Answer attention(Case in) {
    Config c = in.config();
    c.ignore("cross", "bias");
    c.require("dropout", "0", "0.0");
    c.require("add_bias_kv", "false");
    c.require("add_zero_attn", "false");
    boolean self = in.has("x");
    Tensor given = in.tensor(self ? "x" : "query");
    Tensor queries = batchFirst(in, given);
    Tensor keys = self ? queries : batchFirst(in, in.tensor("key"));
    Tensor values = self ? queries : in.has("value") ? batchFirst(in, in.tensor("value")) : keys;
    int width = c.integer("embed_dim");
    int heads = c.integer("num_heads");
    MultiHeadAttention layer = c.has("kdim") || c.has("vdim")
        ? MultiHeadAttention.create(width, c.integer("kdim", width), c.integer("vdim", width), heads, 0, KEY)
        : MultiHeadAttention.create(width, heads, 0, KEY);
    layer = in.parameter("in_proj_bias") == null ? layer.withoutBias() : layer;
    in.load(layer);
    Tensor bias = bias(in);
    KeyPadding padding = padding(in);
    boolean causal = c.flag("causal", false);
    boolean apart = bias != null && bias.size(0) != 1 && bias.size(0) != heads;
    if (apart || (padding != null && (causal || bias != null))) {
      return Answer.of(restored(in, oneByOne(layer, queries, keys, values, bias, ignored(in), causal), given));
    }
    Complete pairs = pairs(queries, padding == null ? lengths(keys) : padding.lengths(), causal);
    Tensor keyRows = padding == null ? rows(keys) : padding.kept(keys);
    Tensor valueRows = padding == null ? rows(values) : padding.kept(values);
    Tensor y = restored(in, layer.apply(pairs, rows(queries), keyRows, valueRows, bias, Mode.inference()), given);
    if (in.expectedOutputs().size() == 1) {
      return Answer.of(y);
    }
    if (padding != null) {
      throw new Unsupported("weights of padded keys");
    }
    Tensor weights = Tensor.stack(0, layer.weights(pairs, rows(queries), keyRows, bias));
    return Answer.of(y, c.flag("average_attn_weights", false) ? weights.mean(1) : weights);
  }

  /// Each sequence with a bias of its own for the keys that are left of it.
  private static Tensor oneByOne(MultiHeadAttention layer, Tensor queries, Tensor keys, Tensor values,
      @Nullable Tensor bias, List<boolean[]> ignored, boolean causal) {
    List<Tensor> all = new ArrayList<>();
    int length = queries.size(1);
    for (int s = 0; s < queries.rows(); s++) {
      boolean[] out = ignored.isEmpty() ? new boolean[keys.size(1)] : ignored.get(s);
      Indices left = Indices.of(IntStream.range(0, out.length).filter(j -> !out[j]).toArray());
      boolean[][] forbidden = new boolean[length][left.size()];
      for (int i = 0; i < length && causal; i++) {
        for (int j = 0; j < left.size(); j++) {
          forbidden[i][j] = left.at(j) > i;
        }
      }
      Tensor own = AttentionMask.forbidding(forbidden);
      if (bias != null) {
        int heads = layer.heads();
        Tensor mine = bias.size(0) == 1 || bias.size(0) == heads ? bias : bias.slice(0, s * heads, (s + 1) * heads);
        own = own.add(mine.transpose(0, 2).gatherRows(left).transpose(0, 2));
      }
      Complete pairs = Complete.ofSizes(Indices.of(left.size()), Indices.of(length), Order.ALL);
      all.add(layer.apply(pairs, queries.select(0, s), keys.select(0, s).gatherRows(left),
          values.select(0, s).gatherRows(left), own, Mode.inference()));
    }
    return Tensor.concat(0, all);
  }

  private static @Nullable Tensor bias(Case in) {
    List<boolean[]> forbidden = booleans(in.config().rows("attn_mask"));
    if (!forbidden.isEmpty()) {
      return AttentionMask.forbidding(forbidden.toArray(boolean[][]::new));
    }
    if (!in.has("attn_mask") && !in.has("bias")) {
      return null;
    }
    String name = in.has("attn_mask") ? "attn_mask" : "bias";
    Tensor mask = in.array("in." + name).type() == ElementType.BOOL
        ? Tensor.where(in.tensor(name).detach(), Tensor.of(Double.NEGATIVE_INFINITY), Tensor.of(0))
        : in.tensor(name);
    return mask.rank() == 2 ? mask.unsqueeze(0) : mask;
  }

  private static @Nullable KeyPadding padding(Case in) {
    List<boolean[]> ignored = ignored(in);
    return ignored.isEmpty() ? null : KeyPadding.ignoring(ignored.toArray(boolean[][]::new));
  }

  private static List<boolean[]> ignored(Case in) {
    return booleans(in.config().rows("key_padding_mask"));
  }

  private static List<boolean[]> booleans(List<List<Double>> rows) {
    List<boolean[]> all = new ArrayList<>();
    for (List<Double> row : rows) {
      boolean[] places = new boolean[row.size()];
      for (int p = 0; p < places.length; p++) {
        places[p] = row.get(p) != 0;
      }
      all.add(places);
    }
    return all;
  }

  private static TransformerEncoderLayer.Options options(Config c) {
    c.require("dropout", "0", "0.0");
    c.require("layer_norm_eps", "1e-05", "1.0E-5", "1.0e-05", "0.00001");
    Activation activation = switch (c.text("activation", "relu")) {
      case "relu" -> Activation.RELU;
      case "gelu" -> Activation.GELU;
      default -> throw new Unsupported("no such activation");
    };
    return new TransformerEncoderLayer.Options(activation, 0,
        c.flag("norm_first", false) ? NormOrder.BEFORE : NormOrder.AFTER);
  }

  private static Answer encoderLayer(Case in) {
    Config c = in.config();
    TransformerEncoderLayer layer = TransformerEncoderLayer.create(c.integer("d_model"), c.integer("nhead"),
        c.integer("dim_feedforward", 2048), options(c), KEY);
    in.load(layer);
    Tensor given = in.tensor("src");
    Tensor x = batchFirst(in, given);
    Complete pairs = pairs(x, lengths(x), c.flag("causal", c.isNoted("causal")));
    return Answer.of(restored(in, layer.apply(pairs, rows(x), Mode.inference()), given));
  }

  private static Answer decoderLayer(Case in) {
    Config c = in.config();
    TransformerDecoderLayer layer = TransformerDecoderLayer.create(c.integer("d_model"), c.integer("nhead"),
        c.integer("dim_feedforward", 2048), options(c), KEY);
    in.load(layer);
    Tensor given = in.tensor("tgt");
    Tensor target = batchFirst(in, given);
    Tensor memory = batchFirst(in, in.tensor("memory"));
    Complete among = pairs(target, lengths(target), c.flag("causal", c.isNoted("causal")));
    Complete across = pairs(target, lengths(memory), false);
    return Answer.of(restored(in, layer.apply(among, rows(target), across, rows(memory), Mode.inference()), given));
  }
}
