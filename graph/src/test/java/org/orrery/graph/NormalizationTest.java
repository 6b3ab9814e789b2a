package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Op;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;

class NormalizationTest {
  private static final float TOLERANCE = 2e-6f;

  private static double over(double w, double d) {
    return d == 0 ? 0 : w / d;
  }

  /// The entry A[t][s] of a normalized matrix, from row sums (in) and column sums (out).
  private static double[][] normalized(double[][] a, Normalization kind) {
    int n = a.length;
    double[][] result = new double[n][n];
    double[] in = new double[n];
    double[] out = new double[n];
    for (int t = 0; t < n; t++) {
      for (int s = 0; s < n; s++) {
        in[t] += a[t][s];
        out[s] += a[t][s];
      }
    }
    for (int t = 0; t < n; t++) {
      for (int s = 0; s < n; s++) {
        result[t][s] = switch (kind) {
          case NONE -> a[t][s];
          case SYMMETRIC -> over(a[t][s], Math.sqrt(in[s] * in[t]));
          case MEAN -> over(a[t][s], in[t]);
          case RANDOM_WALK -> over(a[t][s], out[s]);
        };
      }
    }
    return result;
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void everyKindIsItsFormulaOnTheDenseMatrix(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    for (Normalization kind : Normalization.values()) {
      assertArrayEquals(Multigraphs.flat(normalized(Multigraphs.dense(edges, w), kind)),
          edges.toDense(kind.of(edges, w)).toArray(), TOLERANCE, kind + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void loopsAreAddedOnlyWhereThereAreNone(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    double[][] a = Multigraphs.dense(edges, w);
    for (int i = 0; i < a.length; i++) {
      a[i][i] = a[i][i] == 0 ? 2 : a[i][i];
    }
    for (Normalization kind : Normalization.values()) {
      assertArrayEquals(Multigraphs.flat(normalized(a, kind)), kind.withSelfLoops(edges, w, 2).toDense().toArray(),
          TOLERANCE, kind + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void laplaciansAreTheirFormulaOnTheDenseMatrix(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    double[][] a = Multigraphs.dense(edges, w); // a[t][s]
    int n = a.length;
    double[] out = new double[n];
    for (int t = 0; t < n; t++) {
      a[t][t] = 0;
      for (int s = 0; s < n; s++) {
        out[s] += a[t][s];
      }
    }
    for (Laplacian kind : Laplacian.values()) {
      double[][] l = new double[n][n];
      for (int t = 0; t < n; t++) {
        for (int s = 0; s < n; s++) {
          l[t][s] = switch (kind) {
            case COMBINATORIAL -> (s == t ? out[s] : 0) - a[t][s];
            case SYMMETRIC -> (s == t ? 1 : 0) - over(a[t][s], Math.sqrt(out[s] * out[t]));
            case RANDOM_WALK -> (s == t ? 1 : 0) - over(a[t][s], out[s]);
          };
        }
      }
      assertArrayEquals(Multigraphs.flat(l), kind.of(edges, w).toDense().toArray(), TOLERANCE, kind + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void gradientsAreThoseOfFiniteDifferences(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor probe = Tensor.normal(Key.of(seed).fold("probe"), Multigraphs.NODES, Multigraphs.NODES);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    for (Normalization kind : Normalization.values()) {
      requireGradient(w, x -> kind.withSelfLoops(edges, x, 1).toDense().multiply(probe).sum(), kind + ", seed " + seed);
    }
    for (Laplacian kind : Laplacian.values()) {
      requireGradient(w, x -> kind.of(edges, x).toDense().multiply(probe).sum(), kind + ", seed " + seed);
    }
  }

  private static void requireGradient(Tensor at, UnaryOperator<Tensor> loss, String message) {
    Tensor x = at.tracked();
    float[] gradient = Gradients.of(loss.apply(x), x).withRespectTo(x).toArray();
    float[] differences = new float[gradient.length];
    double step = 1.0 / 64; // exact in float32; truncation (1/64)^2 and rounding 1e-6 * 64 both stay below 2e-3
    for (int e = 0; e < differences.length; e++) {
      float[] up = at.toArray();
      float[] down = at.toArray();
      up[e] += (float) step;
      down[e] -= (float) step;
      differences[e] = (float) ((loss.apply(Tensor.of(up)).item() - loss.apply(Tensor.of(down)).item()) / (2 * step));
    }
    assertArrayEquals(differences, gradient, 4e-3f, message);
  }

  @ParameterizedTest
  @MethodSource("org.orrery.graph.Multigraphs#seeds")
  void renumberingNodesAndReorderingEdgesOnlyMovesTheResult(long seed) {
    Sparse edges = Multigraphs.of(seed);
    Tensor w = Multigraphs.weights(seed, edges.edges());
    Indices order = Indices.wrap(Key.of(seed).fold("nodes").permutation(Multigraphs.NODES));
    EdgeMap shuffled = edges.permuted(order)
        .permutedEdges(Indices.wrap(Key.of(seed).fold("edges").permutation(edges.edges())));
    Tensor moved = shuffled.apply(w, 0);
    for (Normalization kind : Normalization.values()) {
      Tensor expected = shuffled.apply(kind.of(edges, w), 0);
      assertArrayEquals(expected.toArray(), kind.of(shuffled.edges(), moved).toArray(), TOLERANCE,
          kind + ", seed " + seed);
    }
  }

  @Test
  void aNodeThatReceivesNothingGetsZeroAndZeroGradient() {
    Sparse edges = Sparse.of(2, Indices.of(0), Indices.of(1)); // node 0 receives nothing: d_0 = 0
    Tensor w = Tensor.of(new float[] {3}).tracked();
    Tensor y = Normalization.SYMMETRIC.of(edges, w);
    assertArrayEquals(new float[] {0}, y.toArray());
    assertArrayEquals(new float[] {0}, Gradients.of(y.sum(), w).withRespectTo(w).toArray());
  }

  @ParameterizedTest
  @EnumSource
  void weightsThatCancelDivideByNothing(Normalization kind) {
    Sparse edges = Sparse.of(2, Indices.of(0, 1, 0, 1), Indices.of(1, 0, 0, 1));
    Tensor w = Tensor.of(new float[] {2, 2, -2, -2}).tracked(); // every degree is 2 - 2 = 0
    Tensor y = kind.of(edges, w);
    float[] zeros = new float[4];
    assertArrayEquals(kind == Normalization.NONE ? w.toArray() : zeros, y.toArray(), 1e-9f);
    assertArrayEquals(kind == Normalization.NONE ? new float[] {1, 1, 1, 1} : zeros,
        Gradients.of(y.sum(), w).withRespectTo(w).toArray());
  }

  @ParameterizedTest
  @EnumSource
  void withoutWeightsEachEdgeCountsOneAndTheResultIsKept(Normalization kind) {
    Sparse edges = Multigraphs.of(1);
    Tensor unit = Tensor.ones(edges.edges());
    WeightedEdges kept = Scope.within(scope -> kind.withSelfLoops(edges, null, 1));
    assertArrayEquals(kind.withSelfLoops(edges, unit, 1).weights().toArray(), kept.weights().toArray());
    assertSame(kept, kind.withSelfLoops(edges, null, 1));
    assertNotSame(kept, kind.withSelfLoops(edges, null, 2));
    assertSame(kind.of(edges, null), kind.of(edges, null));
  }

  @ParameterizedTest
  @EnumSource
  void anUnweightedLaplacianIsKept(Laplacian kind) {
    Sparse edges = Multigraphs.of(1);
    WeightedEdges kept = Scope.within(scope -> kind.of(edges, null));
    assertArrayEquals(kind.of(edges, Tensor.ones(edges.edges())).weights().toArray(), kept.weights().toArray());
    assertSame(kept, kind.of(edges, null));
  }

  @Test
  void graphsWithoutNodesOrEdgesAreNormalized() {
    for (Normalization kind : Normalization.values()) {
      assertEquals(0, kind.withSelfLoops(Multigraphs.empty(0), null, 1).toDense().shape().elements());
      assertEquals(3, kind.withSelfLoops(Multigraphs.empty(3), Tensor.zeros(0), 1).edges().edges());
    }
    // isolated nodes: I - 0
    assertArrayEquals(new float[] {1, 0, 0, 1}, Laplacian.SYMMETRIC.of(Multigraphs.empty(2), null).toDense().toArray());
  }

  @Test
  void severalWeightsAnEdgeAreNormalizedColumnByColumn() {
    Sparse edges = Multigraphs.of(2);
    Tensor w = Tensor.uniform(Key.of(2), edges.edges(), 2).add(0.5);
    for (Normalization kind : Normalization.values()) {
      Tensor both = kind.of(edges, w);
      for (int k = 0; k < 2; k++) {
        assertArrayEquals(kind.of(edges, w.select(1, k)).toArray(), both.select(1, k).toArray(), TOLERANCE);
      }
    }
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    Sparse edges = Sparse.of(2, Indices.of(0), Indices.of(1));
    var few = assertThrows(IllegalArgumentException.class,
        () -> Normalization.MEAN.of(edges, Tensor.ones(2)));
    assertEquals("edge weights: [2] for 1 edges; one row an edge is required", few.getMessage());
    Sparse bipartite = Sparse.of(2, 1, Indices.of(0), Indices.of(0), null);
    var sets = assertThrows(IllegalArgumentException.class, () -> Normalization.SYMMETRIC.of(bipartite, null));
    assertEquals("symmetric normalization: 2 senders and 1 receivers; one set of nodes is required",
        sets.getMessage());
  }

  private static final Sparse PATH = Sparse.of(3, Indices.of(0, 1, 1), Indices.of(1, 2, 0));

  private static String refusal(Runnable call) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void anEdgeThatMakesADegreeNegativeIsNamedWhereARootIsTaken() {
    Tensor weights = Tensor.of(new float[] {1, -3, 2});
    String required = "; a sum of 0 or more is required";
    String edge = "edge 1 (1 -> 2) has weight -3.0, and the weights that node ";
    assertEquals("symmetric normalization: " + edge + "2 receives sum to -3.0" + required,
        refusal(() -> Normalization.SYMMETRIC.of(PATH, weights)));
    assertEquals("symmetric normalization: " + edge + "2 receives sum to -2.0" + required,
        refusal(() -> Normalization.SYMMETRIC.withSelfLoops(PATH, weights, 1)));
    assertEquals("symmetric Laplacian: " + edge + "1 sends sum to -1.0" + required,
        refusal(() -> Laplacian.SYMMETRIC.of(PATH, weights)));
    assertEquals("symmetric normalization: the self loop of node 0 has a negative weight, and the weights that node 0 "
        + "receives sum to -2.0" + required,
        refusal(() -> Normalization.SYMMETRIC.withSelfLoops(PATH, Tensor.of(new float[] {9, 9, 2}), -4)));
    Tensor table = Tensor.of(new float[][] {{1, 1}, {1, 1}, {1, -2}});
    assertEquals("symmetric normalization: edge 2 (1 -> 0) has weight -2.0, and the weights that node 0 receives sum "
        + "to -2.0" + required, refusal(() -> Normalization.SYMMETRIC.of(PATH, table)));
    for (Normalization kind : new Normalization[] {Normalization.NONE, Normalization.MEAN, Normalization.RANDOM_WALK}) {
      kind.of(PATH, weights).toArray(); // no root is taken
      assertTrue(refusal(() -> kind.of(PATH, Tensor.of(new float[] {1, 2, Float.POSITIVE_INFINITY})))
          .contains("edge 2 (1 -> 0) has weight Infinity; a finite number is required"));
    }
  }

  @Test
  void weightsAreReadBackOnceAndComputedOnesNever() {
    AtomicInteger reads = new AtomicInteger();
    Backend counting = Reading.of(Backends.current(), reads);
    Backends.with(counting, () -> {
      Tensor weights = Tensor.of(new float[] {1, 3, 2});
      Sparse path = Sparse.of(3, Indices.of(0, 1, 1), Indices.of(1, 2, 0));
      Normalization.SYMMETRIC.withSelfLoops(path, weights, 1);
      int first = reads.get();
      assertTrue(first > 0);
      for (int i = 0; i < 5; i++) {
        Normalization.SYMMETRIC.withSelfLoops(path, weights.unsqueeze(1).squeeze(1), 1);
      }
      assertEquals(first, reads.get(), "the same data again");
      Normalization.SYMMETRIC.withSelfLoops(path, weights.multiply(-1), 1);
      Laplacian.SYMMETRIC.of(path, weights.add(1));
      assertEquals(first, reads.get(), "computed weights");
      Normalization.SYMMETRIC.withSelfLoops(path, Tensor.of(new float[] {1, 3, 2}), 1);
      assertEquals(2 * first, reads.get(), "other data");
      return path;
    });
  }

  /// A backend that counts what is read back from it.
  private static final class Reading {
    private Reading() {
    }

    static Backend of(Backend real, AtomicInteger reads) {
      return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class},
          (proxy, method, arguments) -> {
            if (Set.of("download", "downloadDouble", "firstNonFinite").contains(method.getName())) {
              reads.incrementAndGet();
            }
            return switch (method.getName()) {
              case "kernels" -> null;
              case "run" -> ((Op) arguments[0]).forwardAll((Backend) proxy);
              default -> method.invoke(real, arguments);
            };
          });
    }
  }
}
