package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.orrery.graph.Sparse;
import org.orrery.layers.Gat;
import org.orrery.layers.Gcn;
import org.orrery.layers.GraphSage;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Layers that are handed W x give what they give for x.
class TransformedFeaturesTest {
  private static final Key KEY = Key.of(7);
  private static final Mode USE = Mode.inference();

  private final Sparse edges = Sparse.of(4, Indices.of(0, 1, 2, 2, 3), Indices.of(1, 2, 0, 3, 3));
  private final Tensor x = Tensor.normal(KEY.fold("x"), 4, 5);

  private static void assertSame(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.toArray(), actual.toArray(), 1e-6f);
  }

  @Test
  void aGraphConvolutionBeginsAnywhere() {
    for (int out : new int[] {3, 8}) { // narrower and wider than x: W goes first, or last
      Gcn layer = Gcn.create(5, out, KEY);
      layer.parameters().values().forEach(p -> p.refill(Tensor.normal(KEY.fold(out), p.shape().toArray())));
      Tensor transformed = layer.transform().apply(x);
      assertSame(layer.apply(edges, x, USE), layer.applyTransformed(edges, transformed, transformed, null, USE));
    }
  }

  @Test
  void attentionBeginsAnywhere() {
    Gat layer = Gat.create(5, 3, AttentionOptions.heads(2), KEY);
    layer.parameters().values().forEach(p -> p.refill(Tensor.normal(KEY.fold("p"), p.shape().toArray())));
    assertSame(layer.apply(edges, x, USE), layer.applyTransformed(edges, layer.transform().apply(x), null, USE));
  }

  @Test
  void attentionWithTwoLinearMapsOrAResidualNeedsX() {
    Gat two = Gat.bipartite(5, 5, 3, AttentionOptions.heads(2), KEY);
    Gat residual = Gat.create(5, 3, AttentionOptions.heads(2).withResidual(), KEY);
    Tensor transformed = Tensor.zeros(4, 6);
    assertThrows(IllegalStateException.class, () -> two.applyTransformed(edges, transformed, null, USE));
    assertThrows(IllegalStateException.class, () -> residual.applyTransformed(edges, transformed, null, USE));
  }

  @Test
  void aMeanOfNeighborsBeginsAnywhere() {
    for (int out : new int[] {3, 8}) {
      GraphSage layer = GraphSage.create(5, out, KEY);
      Tensor fromSenders = x.matmulTransposed(layer.fromNeighbors().weight().value());
      Tensor fromReceivers = Objects.requireNonNull(layer.fromSelf()).apply(x);
      assertSame(layer.apply(edges, x, USE), layer.applyTransformed(edges, fromSenders, fromReceivers, USE));
    }
  }

  @Test
  void aMaximumOfNeighborsNeedsX() {
    GraphSage layer = GraphSage.create(5, 5, 3, GraphSage.Options.standard().withAggregation(Aggregation.max()), KEY);
    Tensor transformed = Tensor.zeros(4, 3);
    assertThrows(IllegalStateException.class, () -> layer.applyTransformed(edges, transformed, transformed, USE));
  }
}
