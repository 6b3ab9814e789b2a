package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.orrery.compat.AttentionPooling;
import org.orrery.compat.InducedAttention;
import org.orrery.compat.SetTransformer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.testkit.LayerLaws;
import org.orrery.testkit.LayerLaws.Law;
import org.orrery.testkit.LayerLaws.Output;

/// The layers of the set transformer keep the laws of layers; a set's members have no order, and sets hear nothing of each other.
class SetsHaveNoOrderTest {
  @TestFactory
  Stream<DynamicTest> inducedAttention() {
    return LayerLaws.of(key -> InducedAttention.create(4, 2, 6, 3, key), 4,
        (layer, in) -> Output.ofNodes(layer.apply(in.graphs(), in.nodes(), in.mode())))
        .without(Law.ISOLATED_NODE, Law.TWINS).tests(); // one more member is heard by all
  }

  @TestFactory
  Stream<DynamicTest> attentionPooling() {
    return LayerLaws.of(key -> AttentionPooling.create(4, 2, 6, 2, key), 4,
        (layer, in) -> new Output(List.of(), List.of(), List.of(layer.apply(in.graphs(), in.nodes(), in.mode()))))
        .without(Law.ISOLATED_NODE, Law.TWINS).tests();
  }

  @TestFactory
  Stream<DynamicTest> setTransformer() {
    return LayerLaws.of(key -> SetTransformer.create(3, new SetTransformer.Options(4, 2, 3, 2, 1), key), 3,
        (layer, in) -> new Output(List.of(), List.of(), List.of(layer.apply(in.graphs(), in.nodes(), in.mode()))))
        .without(Law.ISOLATED_NODE, Law.TWINS).tests();
  }

  /// With equal queries everywhere attention is a mean: two copies of each member give what one gives.
  @Test
  void copiesOfAllMembersChangeNothing() {
    AttentionPooling pooling = AttentionPooling.create(8, 2, 16, 2, Key.of(3));
    Tensor x = Tensor.normal(Key.of(4), 5, 8);
    Tensor once = pooling.apply(Segments.ofOffsets(Indices.of(0, 5)), x, Mode.inference());
    Tensor twice = pooling.apply(Segments.ofOffsets(Indices.of(0, 10)), Tensor.concat(0, x, x), Mode.inference());
    assertArrayEquals(once.toArray(), twice.toArray(), 1e-5f);
    assertEquals(List.of(1, 16), List.of(once.rows(), once.columns()));
  }

  @Test
  void sizesThatDoNotFitAreNamed() {
    assertTrue(message(() -> InducedAttention.create(5, 2, 8, 3, Key.of(0))).contains("heads"));
    assertTrue(message(() -> AttentionPooling.create(4, 2, 8, 0, Key.of(0))).contains("at least 1"));
    InducedAttention layer = InducedAttention.create(4, 2, 6, 3, Key.of(0));
    Segments mixed = Segments.of(Indices.of(0, 1, 0), 2);
    assertTrue(message(() -> layer.apply(mixed, Tensor.zeros(3, 4), Mode.inference())).contains("stand together"));
  }

  private static String message(Runnable work) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, work::run).getMessage());
  }
}
