package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Shape;

/// What the configuration of a reference's layer can say, against formulas in plain double precision; their gradients are central
/// differences.
class LayerOptionsTest {
  private static final NumericArray EDGES = NumericArray.of(Shape.of(2, 4), new long[] {0, 1, 2, 1, 1, 2, 2, 0});

  @TempDir
  private Path folder;

  @Test
  void sharedWeightsHaveTheSumOfBothGradients() throws IOException { // GATv2 of one channel, loops as they are
    Map<String, NumericArray> given = attention("att");
    for (String side : new String[] {"lin_l", "lin_r"}) {
      given.put("param." + side + ".weight", matrix(1, 1, 0.8f));
      given.put("param." + side + ".bias", values(0.3f));
    }
    Formula formula = v -> {
      double w = value(v, "param.lin_l.weight")[0];
      double b = value(v, "param.lin_l.bias")[0];
      double[] h = Arrays.stream(value(v, "in.x")).map(x -> w * x + b).toArray();
      return attend(h, (j, i) -> value(v, "param.att")[0] * leaky(h[j] + h[i], 0.2), value(v, "param.bias")[0]);
    };
    agrees("GATv2Conv", "{\"in_channels\": 1, \"out_channels\": 1, \"share_weights\": true, \"add_self_loops\": false}",
        given, formula, 3, 1);
  }

  @Test
  void attentionDoesNotReadEdgesThatItHasNoParametersFor() throws IOException {
    Map<String, NumericArray> given = attention("att_src");
    given.put("param.att_dst", NumericArray.of(Shape.of(1, 1, 1), -0.4f));
    given.put("param.lin.weight", matrix(1, 1, 0.8f));
    given.put("in.edge_attr", matrix(4, 1, 9, 8, 7, 6));
    agrees("GATConv",
        "{\"in_channels\": -1, \"out_channels\": 1, \"add_self_loops\": false, \"edge_dim\": null, "
            + "\"negative_slope\": 0.1}",
        given, v -> {
          double[] h = Arrays.stream(value(v, "in.x")).map(x -> value(v, "param.lin.weight")[0] * x).toArray();
          double s = value(v, "param.att_src")[0];
          double t = value(v, "param.att_dst")[0];
          return attend(h, (j, i) -> leaky(s * h[j] + t * h[i], 0.1), value(v, "param.bias")[0]);
        }, 3, 1);
  }

  @Test
  void attentionBetweenTwoSetsOfNodesAddsLoopsToThoseThatBothHave() throws IOException {
    Map<String, NumericArray> given = new LinkedHashMap<>();
    given.put("in.x_src", matrix(2, 1, 0.5f, -1));
    given.put("in.x_dst", matrix(3, 2, 1, 2, -1, 0.5f, 0.3f, 0.2f));
    given.put("in.edge_index", NumericArray.of(Shape.of(2, 3), new long[] {0, 1, 1, 1, 1, 2}));
    given.put("param.att_src", NumericArray.of(Shape.of(1, 1, 1), 0.9f));
    given.put("param.att_dst", NumericArray.of(Shape.of(1, 1, 1), -0.6f));
    given.put("param.lin_src.weight", matrix(1, 1, 0.7f));
    given.put("param.lin_dst.weight", matrix(1, 2, 0.2f, -0.5f));
    int[][] looped = {{0, 1}, {1, 2}, {0, 0}, {1, 1}}; // 1 -> 1 is replaced; node 2 has no sender of its number
    agrees("GATConv", "{\"in_channels\": [1, 2], \"out_channels\": 1, \"bias\": false}", given, v -> {
      double[] w = value(v, "param.lin_dst.weight");
      double[] x = value(v, "in.x_dst");
      double[] h = Arrays.stream(value(v, "in.x_src")).map(each -> value(v, "param.lin_src.weight")[0] * each)
          .toArray();
      return attend(looped, h, 3, (j, i) -> leaky(value(v, "param.att_src")[0] * h[j]
          + value(v, "param.att_dst")[0] * (w[0] * x[2 * i] + w[1] * x[2 * i + 1]), 0.2), 0);
    }, 3, 1);
  }

  @Test
  void aTransformerWithoutRootKeepsItsUnusedParameters() throws IOException {
    Map<String, NumericArray> given = attention("unused");
    given.remove("param.unused");
    given.remove("param.bias");
    for (String part : new String[] {"key", "query", "value", "skip"}) {
      given.put("param.lin_" + part + ".weight", matrix(1, 1, part.length() * 0.2f));
    }
    for (String part : new String[] {"key", "query", "value"}) { // these have a bias, whatever `bias` says
      given.put("param.lin_" + part + ".bias", NumericArray.of(Shape.of(1), part.length() * -0.1f));
    }
    agrees("TransformerConv",
        "{\"in_channels\": 1, \"out_channels\": 1, \"root_weight\": false, \"bias\": false, \"beta\": false}", given,
        v -> {
          double[] x = value(v, "in.x");
          double q = value(v, "param.lin_query.weight")[0];
          double k = value(v, "param.lin_key.weight")[0];
          double b = value(v, "param.lin_query.bias")[0];
          double c = value(v, "param.lin_key.bias")[0];
          double[] h = Arrays.stream(x)
              .map(each -> value(v, "param.lin_value.weight")[0] * each + value(v, "param.lin_value.bias")[0])
              .toArray();
          return attend(h, (j, i) -> (q * x[i] + b) * (k * x[j] + c), 0);
        }, 3, 1);
  }

  @Test
  void sampledNeighborsComeFromAnotherSetOfNodes() throws IOException {
    Map<String, NumericArray> given = new LinkedHashMap<>();
    given.put("in.x_src", matrix(3, 1, 0.5f, -1, 2));
    given.put("in.x_dst", matrix(2, 2, 1, 2, -1, 0.5f));
    given.put("in.edge_index", NumericArray.of(Shape.of(2, 3), new long[] {0, 1, 2, 1, 1, 1}));
    given.put("param.lin_l.weight", matrix(1, 1, 0.7f));
    given.put("param.lin_r.weight", matrix(1, 2, 0.2f, -0.5f));
    agrees("SAGEConv", "{\"in_channels\": [1, 2], \"out_channels\": 1, \"aggr\": \"sum\", \"bias\": false, "
        + "\"flow\": \"source_to_target\", \"decomposed_layers\": 1}", given, v -> {
          double[] s = value(v, "in.x_src");
          double[] r = value(v, "in.x_dst");
          double[] w = value(v, "param.lin_r.weight");
          double l = value(v, "param.lin_l.weight")[0];
          return new double[] {r[0] * w[0] + r[1] * w[1],
            l * (s[0] + s[1] + s[2]) + r[2] * w[0] + r[3] * w[1]};
        }, 2, 1);
  }

  @Test
  void aLayersAggregationTakesArguments() throws IOException { // softmax of learned temperature, then max
    Map<String, NumericArray> given = new LinkedHashMap<>();
    given.put("in.x", matrix(3, 1, 0.5f, -1, 2));
    given.put("in.edge_index", NumericArray.of(Shape.of(2, 2), new long[] {0, 1, 2, 2}));
    given.put("param.aggr_module.aggrs.0.t", values(0.6f));
    given.put("param.lin_l.weight", matrix(1, 2, 0.7f, -0.3f));
    agrees("SAGEConv", "{\"in_channels\": 1, \"out_channels\": 1, \"aggr\": [\"softmax\", \"max\"], \"bias\": false, "
        + "\"root_weight\": false, \"aggr_kwargs\": {\"aggrs_kwargs\": [{\"t\": 0.6, \"learn\": true}, {}]}}", given,
        v -> {
          double[] x = value(v, "in.x");
          double[] w = value(v, "param.lin_l.weight");
          double first = 1 / (1 + Math.exp(value(v, "param.aggr_module.aggrs.0.t")[0] * (x[1] - x[0])));
          return new double[] {0, 0, w[0] * (first * x[0] + (1 - first) * x[1]) + w[1] * x[0]};
        }, 3, 1);
  }

  @Test
  void isomorphismAggregatesAsToldAgainstTheFlow() throws IOException { // an inner network of one linear map
    Map<String, NumericArray> given = new LinkedHashMap<>();
    given.put("in.x", matrix(3, 1, 0.5f, -1, 2));
    given.put("in.edge_index", NumericArray.of(Shape.of(2, 3), new long[] {2, 2, 0, 0, 1, 1}));
    given.put("param.nn.0.weight", matrix(1, 1, 0.7f));
    given.put("param.nn.0.bias", values(0.1f));
    given.put("param.eps", values(0.25f));
    agrees("GINConv", "{\"in_channels\": 1, \"out_channels\": 1, \"aggr\": \"mean\", \"train_eps\": true, "
        + "\"flow\": \"target_to_source\"}", given, v -> {
          double[] x = value(v, "in.x");
          double root = 1 + value(v, "param.eps")[0];
          double[] h = {root * x[0] + x[1], root * x[1], root * x[2] + (x[0] + x[1]) / 2};
          return Arrays.stream(h).map(y -> value(v, "param.nn.0.weight")[0] * y + value(v, "param.nn.0.bias")[0])
              .toArray();
        }, 3, 1);
  }

  @Test
  void aBlockOfAnEdgeModelAloneNeedsNeitherBatchNorGlobals() throws IOException { // e' = w . [x_s, x_t, e] + b
    Map<String, NumericArray> arrays = new LinkedHashMap<>();
    arrays.put("in.x", matrix(2, 1, 1, -2));
    arrays.put("in.edge_index", NumericArray.of(Shape.of(2, 2), new long[] {0, 1, 1, 1}));
    arrays.put("in.edge_attr", matrix(2, 1, 3, 0.5f));
    arrays.put("param.edge_model.mlp.0.weight", matrix(1, 3, 2, 1, -1));
    arrays.put("param.edge_model.mlp.0.bias", values(0.25f));
    arrays.put("out.y0", matrix(2, 1, 1, -2));
    arrays.put("out.y1", matrix(2, 1, -2.75f, -6.25f)); // 2 - 2 - 3 + 0.25 and -4 - 2 - 0.5 + 0.25
    arrays.put("probe.y1", matrix(2, 1, 1, 2));
    arrays.put("grad.in.x", matrix(2, 1, 2, 7)); // 2; 1 + 2 (2 + 1)
    arrays.put("grad.in.edge_attr", matrix(2, 1, -1, -2));
    Path file = folder.resolve("case.safetensors");
    SafeTensors.of(arrays, Map.of("op", "MetaLayer", "config", "{\"node\": 1, \"edge\": 1}")).write(file);
    Verdict verdict = Conformance.judge("test/meta", file);
    assertEquals("PASS", verdict.kind().name(), verdict.line());
  }

  @Test
  void halfAVariancesGradientFlows() throws IOException { // y = mean x^2 - mean(x)^2, the first part constant
    double[] x = {1, 3};
    Map<String, NumericArray> given = new LinkedHashMap<>();
    given.put("in.x", matrix(2, 1, 1, 3));
    given.put("in.index", NumericArray.of(Shape.of(2), new long[] {0, 0}));
    agrees("aggregate_var", "{\"rows\": 1, \"semi_grad\": true}", given,
        v -> new double[] {5 - Math.pow((value(v, "in.x")[0] + value(v, "in.x")[1]) / 2, 2)}, 1, 1);
    agrees("aggregate_std", "{\"rows\": 1, \"semi_grad\": true}", given,
        v -> new double[] {Math.sqrt(5 - Math.pow((value(v, "in.x")[0] + value(v, "in.x")[1]) / 2, 2))}, 1, 1);
    double first = 1 / (1 + Math.exp(0.5 * (x[1] - x[0])));
    agrees("aggregate_softmax", "{\"rows\": 1, \"t\": 0.5, \"semi_grad\": true}", given,
        v -> new double[] {first * value(v, "in.x")[0] + (1 - first) * value(v, "in.x")[1]}, 1, 1);
  }

  @Test
  void aGraphOutsideABatchIsDividedByTheDeviationPlusEpsilon() throws IOException {
    Map<String, NumericArray> given = new LinkedHashMap<>();
    given.put("in.x", matrix(2, 2, 1, 2, 4, -1));
    agrees("norm_layer_norm_graph", "{\"channels\": 2, \"eps\": 0.5, \"affine\": false}", given, v -> {
      double[] x = value(v, "in.x");
      double mean = Arrays.stream(x).average().orElseThrow();
      double deviation = Math.sqrt(Arrays.stream(x).map(each -> (each - mean) * (each - mean)).average().orElseThrow());
      return Arrays.stream(x).map(each -> (each - mean) / (deviation + 0.5)).toArray();
    }, 2, 2);
  }

  private static Map<String, NumericArray> attention(String vector) {
    Map<String, NumericArray> given = new LinkedHashMap<>();
    given.put("in.x", matrix(3, 1, 0.5f, -1, 2));
    given.put("in.edge_index", EDGES);
    given.put("param." + vector, NumericArray.of(Shape.of(1, 1, 1), 0.9f));
    given.put("param.bias", values(0.2f));
    return given;
  }

  private interface Score {
    double of(int sender, int receiver);
  }

  private static double[] attend(double[] values, Score score, double bias) {
    long[] ends = EDGES.longs();
    int[][] edges = new int[4][];
    for (int e = 0; e < 4; e++) {
      edges[e] = new int[] {(int) ends[e], (int) ends[4 + e]};
    }
    return attend(edges, values, values.length, score, bias);
  }

  /// sum_j a_ij v_j + bias with a_ij = softmax_j score_ij.
  private static double[] attend(int[][] edges, double[] values, int receivers, Score score, double bias) {
    double[] above = new double[receivers];
    double[] below = new double[receivers];
    for (int[] edge : edges) {
      double weight = Math.exp(score.of(edge[0], edge[1]));
      above[edge[1]] += weight * values[edge[0]];
      below[edge[1]] += weight;
    }
    for (int i = 0; i < receivers; i++) {
      above[i] = bias + (below[i] == 0 ? 0 : above[i] / below[i]);
    }
    return above;
  }

  private static double leaky(double x, double slope) {
    return x > 0 ? x : slope * x;
  }

  private void agrees(String op, String config, Map<String, NumericArray> given, Formula formula, int... shape)
      throws IOException {
    Formula.requirePass(folder, Map.of("op", op, "config", config), given, formula, shape);
  }

  private static double[] value(Map<String, double[]> values, String key) {
    return Objects.requireNonNull(values.get(key));
  }

  private static NumericArray values(float... values) {
    return NumericArray.of(Shape.of(values.length), values);
  }

  private static NumericArray matrix(int rows, int columns, float... values) {
    return NumericArray.of(Shape.of(rows, columns), values);
  }
}
