package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.orrery.compat.AttentionMask;
import org.orrery.compat.KeyPadding;
import org.orrery.compat.KeyValueCache;
import org.orrery.compat.MultiHeadAttention;
import org.orrery.compat.RelativePositions;
import org.orrery.compat.TransformerDecoderLayer;
import org.orrery.compat.TransformerEncoderLayer;
import org.orrery.compat.TransformerEncoderLayer.NormOrder;
import org.orrery.compat.TransformerEncoderLayer.Options;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Complete;
import org.orrery.graph.Complete.Order;
import org.orrery.graph.DisjointUnion;
import org.orrery.graph.JGraphT;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.DotProductAttention;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.SenderFeatures;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.TiledAttention;
import org.orrery.tensor.backend.AttentionKernels.Pairing;
import org.orrery.tensor.backend.AttentionKernels.Reach;
import org.orrery.testkit.GradientCheck;
import org.orrery.testkit.GradientCheck.Subject;
import org.orrery.testkit.LayerLaws;
import org.orrery.training.Plan;

/// A transformer is attention on a complete graph: tiles, edge list and textbook give the same.
class AttentionIsMessagePassingTest {
  private static final int TRIALS = 30;
  private static final Mode USE = Mode.inference();

  private static int[] lengths(Key key, int count, int most) {
    int[] lengths = key.integers(count, most);
    for (int s = 0; s < count; s++) {
      lengths[s]++;
    }
    return lengths;
  }

  @TestFactory
  Stream<DynamicTest> attentionOnACompleteGraphIsTheTextbooks() {
    return IntStream.range(0, TRIALS).mapToObj(trial -> DynamicTest.dynamicTest("trial " + trial, () -> {
      Key key = Key.of(trial);
      int graphs = 1 + key.fold("graphs").integers(1, 4)[0];
      Order order = trial % 2 == 0 ? Order.ALL : Order.CAUSAL;
      int[] receivers = lengths(key.fold("receivers"), graphs, 40);
      int[] senders = trial % 2 == 0 ? lengths(key.fold("senders"), graphs, 40) : receivers;
      Complete complete = Complete.ofSizes(Indices.of(senders), Indices.of(receivers), order);
      int heads = 1 + key.fold("heads").integers(1, 4)[0];
      int width = heads * (1 + key.fold("width").integers(1, 20)[0]);
      int channels = heads * (1 + key.fold("channels").integers(1, 20)[0]);
      Tensor q = Tensor.normal(key.fold("q"), complete.receivers(), width).tracked();
      Tensor k = Tensor.normal(key.fold("k"), complete.senders(), width).tracked();
      Tensor v = Tensor.normal(key.fold("v"), complete.senders(), channels).tracked();
      double scale = 1 / Math.sqrt(width / (double) heads);
      DotProductAttention attention = new DotProductAttention(heads, scale, 0);
      List<float[]> textbook = results(x -> textbook(complete, x, heads, scale), key, q, k, v);
      requireClose(textbook, results(x -> attention.apply(complete, x.get(0), x.get(1), x.get(2), USE), key, q, k, v));
      requireClose(textbook,
          results(x -> attention.apply(complete.sparse(), x.get(0), x.get(1), x.get(2), USE), key, q, k, v));
    }));
  }

  /// softmax(Q K^T / sqrt(d)) V of each graph and head, with -1e30 where a causal order forbids.
  private static Tensor textbook(Complete complete, List<Tensor> x, int heads, double scale) {
    List<Tensor> graphs = new ArrayList<>();
    for (int g = 0; g < complete.graphs(); g++) {
      Tensor q = x.get(0).slice(0, complete.receiverOffsets().at(g), complete.receiverOffsets().at(g + 1));
      Tensor k = x.get(1).slice(0, complete.senderOffsets().at(g), complete.senderOffsets().at(g + 1));
      Tensor v = x.get(2).slice(0, complete.senderOffsets().at(g), complete.senderOffsets().at(g + 1));
      float[] mask = new float[q.rows() * k.rows()];
      for (int i = 0; i < q.rows() && complete.order() == Order.CAUSAL; i++) {
        for (int j = i + 1; j < k.rows(); j++) {
          mask[i * k.rows() + j] = -1e30f;
        }
      }
      List<Tensor> parts = new ArrayList<>();
      for (int h = 0; h < heads; h++) {
        Tensor scores = part(q, h, heads).matmulTransposed(part(k, h, heads)).multiply(scale)
            .add(Tensor.of(mask, q.rows(), k.rows()));
        parts.add(scores.softmax(1).matmul(part(v, h, heads)));
      }
      graphs.add(Tensor.concat(1, parts));
    }
    return Tensor.concat(0, graphs);
  }

  private static Tensor part(Tensor x, int head, int heads) {
    int each = x.columns() / heads;
    return x.slice(1, head * each, (head + 1) * each);
  }

  private static List<float[]> results(Function<List<Tensor>, Tensor> function, Key key, Tensor... inputs) {
    Tensor y = function.apply(List.of(inputs));
    Gradients gradients = Gradients.of(y.multiply(Tensor.normal(key.fold("probe"), y.shape().toArray())).sum(),
        List.of(inputs));
    List<float[]> all = new ArrayList<>(List.of(y.toArray()));
    for (Tensor input : inputs) {
      all.add(gradients.withRespectTo(input).toArray());
    }
    return all;
  }

  /// |a - b| <= 1e-5 |b| in the Euclidean norm, and 1e-6 where b is 0 but for rounding.
  private static void requireClose(List<float[]> expected, List<float[]> actual) {
    for (int r = 0; r < expected.size(); r++) {
      double difference = 0;
      double norm = 0;
      assertEquals(expected.get(r).length, actual.get(r).length);
      for (int i = 0; i < expected.get(r).length; i++) {
        difference += Math.pow(expected.get(r)[i] - actual.get(r)[i], 2);
        norm += Math.pow(expected.get(r)[i], 2);
      }
      assertTrue(Math.sqrt(difference) <= Math.max(1e-6, 1e-5 * Math.sqrt(norm)),
          "result or gradient " + r + " differs by " + Math.sqrt(difference) + " of " + Math.sqrt(norm));
    }
  }

  @TestFactory
  Stream<DynamicTest> derivativesOfTiledAttention() {
    return Stream.of(Reach.values()).flatMap(reach -> Stream.of(false, true).map(noisy -> DynamicTest
        .dynamicTest(reach + (noisy ? " with dropout" : ""), () -> GradientCheck.of(() -> {
          Key key = Key.of(5);
          Pairing pairing = new Pairing(Indices.of(0, 3, 5), Indices.of(0, 3, 6), reach, 2, 0.7, noisy ? 0.3 : 0,
              noisy ? key : null);
          return Subject.of(x -> Tensor.of(new TiledAttention(pairing, x.get(0), x.get(1), x.get(2), x.get(3))),
              Tensor.normal(key.fold(1), 5, 4), Tensor.normal(key.fold(2), 6, 4), Tensor.normal(key.fold(3), 6, 6),
              Tensor.normal(key.fold(4), 2, 3, 3));
        }).check())));
  }

  /// One sequence alone, or among others of other lengths.
  @Test
  void sequencesDoNotSeeEachOther() {
    Key key = Key.of(2);
    TransformerEncoderLayer layer = TransformerEncoderLayer.create(8, 2, 12, Options.plain(), key);
    int[] lengths = {5, 1, 9};
    Tensor x = Tensor.normal(key, 15, 8);
    Tensor together = layer.apply(Complete.ofSizes(Indices.of(lengths), Order.CAUSAL), x, USE);
    int from = 0;
    for (int length : lengths) {
      Tensor alone = layer.apply(Complete.of(length, Order.CAUSAL), x.slice(0, from, from + length), USE);
      requireClose(List.of(alone.toArray()), List.of(together.slice(0, from, from + length).toArray()));
      from += length;
    }
  }

  @TestFactory
  Stream<DynamicTest> encoderLayersKeepTheLaws() {
    return Stream.of(NormOrder.values()).flatMap(order -> LayerLaws
        .ofGraphLayer(key -> TransformerEncoderLayer.create(4, 2, 6, new Options(Activation.GELU, 0, order), key), 4)
        .tests());
  }

  @TestFactory
  Stream<DynamicTest> attentionOfOtherWidthsKeepsTheLaws() {
    return LayerLaws.of(key -> MultiHeadAttention.create(4, 3, 3, 2, 0, key), 3,
        (MultiHeadAttention layer, LayerLaws.Input in) -> LayerLaws.Output.ofNodes(layer.apply(in.adjacency(),
            Tensor.concat(1, in.nodes(), in.nodes().slice(1, 0, 1)), in.nodes(), in.nodes(), null, in.mode())))
        .tests();
  }

  /// A decoder is an encoder layer with a look at a memory between.
  @TestFactory
  Stream<DynamicTest> decoderLayersKeepTheLaws() {
    return Stream.of(NormOrder.values()).flatMap(order -> LayerLaws
        .of(key -> TransformerDecoderLayer.create(4, 2, 6, new Options(Activation.GELU, 0, order), key), 4,
            (TransformerDecoderLayer layer, LayerLaws.Input in) -> LayerLaws.Output.ofNodes(
                layer.apply(in.adjacency(), in.nodes(), in.adjacency(), in.nodes().square(), in.mode())))
        .tests());
  }

  /// Word by word with the cache, or all at once.
  @Test
  void decodingWithACacheIsTheWholePass() {
    for (NormOrder order : NormOrder.values()) {
      Key key = Key.of(3);
      TransformerEncoderLayer layer = TransformerEncoderLayer.create(8, 2, 12, new Options(Activation.GELU, 0, order),
          key);
      Tensor x = Tensor.normal(key, 2, 7, 8);
      Tensor whole = layer.apply(Complete.ofEqualSizes(2, 7, Order.CAUSAL), x.reshape(14, 8), USE).reshape(2, 7, 8);
      KeyValueCache cache = new KeyValueCache();
      List<Tensor> parts = new ArrayList<>();
      int[] cuts = {0, 3, 4, 5, 7};
      for (int c = 0; c + 1 < cuts.length; c++) {
        parts.add(layer.next(x.slice(1, cuts[c], cuts[c + 1]), cache));
      }
      assertEquals(7, cache.length());
      requireClose(List.of(whole.toArray()), List.of(Tensor.concat(1, parts).toArray()));
    }
  }

  /// Padding left out gives what no weight on padding gives.
  @Test
  void paddedKeysAreLeftOut() {
    Key key = Key.of(4);
    MultiHeadAttention layer = MultiHeadAttention.create(8, 2, 0, key);
    Tensor queries = Tensor.normal(key.fold(1), 2, 3, 8);
    Tensor keys = Tensor.normal(key.fold(2), 2, 4, 8);
    KeyPadding padding = KeyPadding
        .ignoring(new boolean[][] {{false, true, false, true}, {false, false, false, false}});
    Tensor kept = padding.kept(keys);
    Complete ragged = Complete.ofSizes(padding.lengths(), Indices.of(3, 3), Order.ALL);
    Tensor y = layer.apply(ragged, queries.reshape(6, 8), kept, kept, null, USE);
    double[] mask = {0, -1e30, 0, -1e30, 0, -1e30, 0, -1e30, 0, -1e30, 0, -1e30};
    Tensor first = layer.apply(Complete.ofSizes(Indices.of(4), Indices.of(3), Order.ALL), queries.select(0, 0),
        keys.select(0, 0), keys.select(0, 0), Tensor.of(mask, 1, 3, 4), USE);
    requireClose(List.of(first.toArray()), List.of(y.slice(0, 0, 3).toArray()));
  }

  /// A forbidden key gets no weight: the others' are what they are without it.
  @Test
  void forbiddenPairsGetNoWeight() {
    Key key = Key.of(9);
    MultiHeadAttention layer = MultiHeadAttention.create(4, 2, 0, key);
    Tensor x = Tensor.normal(key, 3, 4);
    Tensor mask = AttentionMask
        .forbidding(new boolean[][] {{false, false, true}, {false, false, true}, {true, false, false}});
    Complete all = Complete.of(3, Order.ALL);
    Tensor y = layer.apply(all, x, x, x, mask, USE);
    Tensor two = layer.apply(Complete.of(2, Order.ALL), x.slice(0, 0, 2), USE);
    requireClose(List.of(two.toArray()), List.of(y.slice(0, 0, 2).toArray()));
    assertEquals(0f, layer.weights(all, x, x, mask).getFirst().select(0, 1).select(0, 2).select(0, 0).item());
  }

  /// Complete graphs that a batch joined run as one.
  @Test
  void aUnionOfCompleteGraphsIsOne() {
    Key key = Key.of(10);
    TransformerEncoderLayer layer = TransformerEncoderLayer.create(4, 2, 6, Options.plain(), key);
    DisjointUnion union = DisjointUnion
        .of(List.of(Complete.of(3, Order.CAUSAL), Complete.ofEqualSizes(2, 2, Order.CAUSAL)));
    Complete one = Complete.ofSizes(Indices.of(3, 2, 2), Order.CAUSAL);
    Tensor x = Tensor.normal(key, 7, 4);
    assertArrayEquals(layer.apply(one, x, USE).toArray(), layer.apply(union, x, USE).toArray());
    assertEquals(one.sparse().senderOf(), union.sparse().senderOf());
    assertTrue(Complete.in(DisjointUnion.of(List.of(one, Complete.of(2, Order.ALL)))).isEmpty());
    assertEquals(union.edges(), JGraphT.toJGraphT(union).edgeSet().size());
  }

  /// A bias by distance reaches the weights, and its table is learned.
  @Test
  void relativePositionsAreABias() {
    Key key = Key.of(6);
    RelativePositions positions = RelativePositions.create(2, 2);
    positions.weight().refill(Tensor.normal(key, 5, 2));
    Tensor bias = positions.bias(3, 4); // the last query stands at key 3: query 0 at key 1
    assertEquals(positions.weight().value().select(0, 2).select(0, 1).item(),
        bias.select(0, 1).select(0, 0).select(0, 1).item());
    assertEquals(positions.weight().value().select(0, 4).select(0, 0).item(),
        bias.select(0, 0).select(0, 2).select(0, 0).item());
    GradientCheck.of(() -> {
      RelativePositions own = RelativePositions.create(2, 2);
      own.weight().refill(Tensor.normal(key, 5, 2));
      MultiHeadAttention layer = MultiHeadAttention.create(4, 2, 0, key);
      return Subject
          .of(x -> layer.apply(Complete.ofEqualSizes(2, 3, Order.CAUSAL), x.getFirst(), x.getFirst(), x.getFirst(),
              own.bias(3, 3), USE), Tensor.normal(key.fold(1), 6, 4))
          .with(own);
    }).checkFirst();
  }

  /// Everyone hears the same on a complete graph, so a sum is one a graph.
  @Test
  void sumsOnACompleteGraphAgreeWithTheList() {
    Complete complete = Complete.ofSizes(Indices.of(3, 0, 4), Indices.of(2, 3, 4), Order.ALL);
    Tensor x = Tensor.normal(Key.of(1), 7, 3);
    for (Aggregation aggregation : List.of(Aggregation.sum(), Aggregation.mean(), Aggregation.max(),
        Aggregation.min())) {
      MessagePassing round = new MessagePassing(new SenderFeatures(), aggregation, Update.replace());
      Tensor receivers = Tensor.zeros(9, 1);
      requireClose(List.of(round.apply(complete.sparse(), x, receivers, null, USE).toArray()),
          List.of(round.apply(complete, x, receivers, null, USE).toArray()));
    }
  }

  /// The same bits for any dropout key, other bits for another.
  @Test
  void dropoutOfWeightsFollowsItsKey() {
    Key key = Key.of(8);
    MultiHeadAttention layer = MultiHeadAttention.create(8, 2, 0.5, key);
    Tensor x = Tensor.normal(key, 6, 8);
    Complete all = Complete.of(6, Order.ALL);
    float[] once = layer.apply(all, x, Mode.training(Key.of(1))).toArray();
    assertArrayEquals(once, layer.apply(all, x, Mode.training(Key.of(1))).toArray());
    assertTrue(!Arrays.equals(once, layer.apply(all, x, Mode.training(Key.of(2))).toArray()));
  }

  /// Four and sixteen times the length take four and sixteen times the memory, not sixteen and 256 times.
  @Test
  void memoryIsLinearInTheLength() {
    long[] peaks = new long[3];
    int[] lengths = {512, 2048, 8192};
    for (int i = 0; i < 3; i++) {
      TransformerEncoderLayer layer = TransformerEncoderLayer.create(64, 4, 128, Options.plain(), Key.of(1));
      int length = lengths[i];
      Complete complete = Complete.of(length, Order.CAUSAL);
      Plan plan = plan(layer, () -> layer.apply(complete, Tensor.zeros(length, 64), USE).square().mean());
      peaks[i] = plan.peakBytes();
    }
    assertTrue(peaks[1] < 4.2 * peaks[0] && peaks[2] < 4.2 * peaks[1], peaks[0] + ", " + peaks[1] + ", " + peaks[2]);
  }

  private static Plan plan(Block model, Supplier<Tensor> loss) {
    return Plan.training(model, loss);
  }

  @Test
  void errorsSayWhatCameAndWhatIsRequired() {
    Key key = Key.of(1);
    message("the heads must divide the width", () -> MultiHeadAttention.create(10, 3, 0, key));
    message("all 2 places of sequence 1 are ignored; its queries have no key",
        () -> KeyPadding.ignoring(new boolean[][] {{false, true}, {true, true}}));
    message("all 2 keys of query 0 are forbidden",
        () -> AttentionMask.forbidding(new boolean[][] {{true, true}, {true, false}}));
    message("sequence 1 has 1 places", () -> KeyPadding.ignoring(new boolean[][] {{false, true}, {true}}));
    MultiHeadAttention layer = MultiHeadAttention.create(4, 2, 0, key);
    message("offsets of as many sequences, up to the last row, are required",
        () -> layer.apply(Complete.of(3, Order.ALL), Tensor.zeros(4, 4), USE));
    message("complete graphs: 1 numbers of senders and 2 of receivers",
        () -> Complete.ofSizes(Indices.of(1), Indices.of(1, 2), Order.ALL));
    Complete large = Complete.of(100_000, Order.ALL);
    assertEquals(10_000_000_000L, large.pairs());
    ArithmeticException many = assertThrows(ArithmeticException.class, large::sparse);
    assertTrue(String.valueOf(many.getMessage()).contains("10000000000 edges"));
    message("places are known on complete graphs only", () -> layer.apply(Complete.of(2, Order.ALL).sparse(),
        Tensor.zeros(2, 4), Tensor.zeros(2, 4), Tensor.zeros(2, 4), Tensor.zeros(1, 2, 2), USE));
  }

  private static void message(String part, Executable body) {
    @Nullable
    String message = assertThrows(IllegalArgumentException.class, body).getMessage();
    assertTrue(message != null && message.contains(part), message);
  }

  /// The list of the reverse is the reverse of the list.
  @Test
  void reversedCompleteGraphs() {
    for (Order order : List.of(Order.ALL, Order.CAUSAL)) {
      Complete complete = Complete.ofSizes(Indices.of(4, 2), Indices.of(3, 2), order);
      Adjacency back = complete.reversed();
      assertEquals(complete.sparse().senderOf(), back.sparse().receiverOf());
      assertEquals(complete.edges(), back.edges());
      Complete fresh = Complete.ofSizes(Indices.of(3, 2), Indices.of(4, 2), complete.reversed().order());
      assertEquals(back.sparse().coalesced().edges().edges(), fresh.edges());
      assertArrayEquals(fresh.sparse().toDense(fresh.sparse().unitWeights()).toArray(),
          back.sparse().toDense(back.sparse().unitWeights()).toArray());
    }
  }
}
