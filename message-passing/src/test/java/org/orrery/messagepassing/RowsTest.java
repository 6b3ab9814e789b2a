package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.EdgeConv;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.Gcn;
import org.orrery.layers.Gin;
import org.orrery.layers.GraphConv;
import org.orrery.layers.GraphSage;
import org.orrery.layers.TransformerConv;
import org.orrery.nn.Activation;
import org.orrery.nn.Layer;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Sequential;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// 4 rows of 5 columns of which 7 values are not zero.
class RowsTest {
  private static final Key KEY = Key.of(7);
  private static final Sparse EDGES = Sparse.of(4, Indices.of(0, 1, 2, 2, 3), Indices.of(1, 2, 0, 3, 3));
  private static final SparseRows X = new SparseRows(
      Sparse.of(5, 4, Indices.of(0, 1, 1, 2, 3, 4, 4), Indices.of(0, 0, 2, 1, 3, 3, 0), null),
      Tensor.normal(KEY.fold("values"), 7));

  static Stream<GraphLayer> graphLayers() {
    AttentionOptions heads = AttentionOptions.heads(2);
    GraphSage.Options sage = GraphSage.Options.standard();
    return Stream.of(Gcn.create(5, 3, KEY), Gcn.create(5, 8, KEY), Gat.create(5, 3, heads, KEY),
        Gat.create(5, 3, heads.withResidual(), KEY), Gat.bipartite(5, 5, 3, heads, KEY),
        GatV2.create(5, 3, heads, KEY), GraphSage.create(5, 3, KEY), GraphSage.create(5, 8, KEY),
        GraphSage.create(5, 5, 3, sage.withoutRoot(), KEY), GraphSage.create(5, 5, 3, sage.withUnitRows(), KEY),
        GraphSage.create(5, 5, 3, sage.withAggregation(Aggregation.max()), KEY),
        GraphSage.create(5, 5, 3, sage.withProjection(), KEY), GraphConv.create(5, 3, KEY),
        Gin.create(Mlp.create(KEY, 5, 4, 3), 0.5), EdgeConv.create(Mlp.create(KEY, 10, 4, 3)),
        TransformerConv.create(5, 3, TransformerConv.Options.heads(2), KEY));
  }

  @ParameterizedTest
  @MethodSource("graphLayers")
  void aGraphLayerOfSparseRowsIsThatOfDenseOnes(GraphLayer layer) {
    layer.parameters().values().forEach(p -> p.refill(Tensor.normal(KEY.fold("p"), p.shape().toArray())));
    for (Activation after : new Activation[] {Activation.IDENTITY, Activation.SILU}) {
      Tensor dense = after.apply(layer.apply(EDGES, X.dense(), Mode.inference()));
      assertArrayEquals(dense.toArray(), layer.apply(Inputs.of(EDGES, X), after, Mode.inference()).toArray(), 2e-5f);
    }
  }

  @Test
  void aLayerOfSparseRowsIsThatOfDenseOnes() {
    Mlp mlp = Mlp.create(KEY, 5, 4, 3);
    for (Layer layer : new Layer[] {Linear.create(5, 3, KEY), Linear.withoutBias(5, 3, KEY), mlp,
      mlp.withNorm(LayerNorm::create), mlp.withEnding(Mlp.Epilogue.ACTIVATED), Activation.RELU,
      Sequential.of(mlp, Activation.TANH, Linear.create(3, 2, KEY)), Sequential.of(Activation.TANH), Sequential.of()}) {
      for (Activation after : new Activation[] {Activation.IDENTITY, Activation.SILU}) {
        Tensor dense = after.apply(layer.apply(X.dense(), Mode.inference()));
        assertArrayEquals(dense.toArray(), layer.apply(X, after, Mode.inference()).toArray(), 1e-6f, layer::toString);
      }
    }
  }

  @Test
  void aMapOfAnotherWidthIsRefused() {
    Linear wide = Linear.create(6, 3, KEY);
    assertEquals("sparse rows: 5 columns, weight [3, 6]; their widths must agree",
        assertThrows(IllegalArgumentException.class, () -> wide.apply(X, Mode.inference())).getMessage());
  }
}
