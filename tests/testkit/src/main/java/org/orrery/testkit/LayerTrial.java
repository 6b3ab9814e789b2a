package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.orrery.nn.Block;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;

/// Tries a layer against a law. Laws about values are tried in double precision, so that a wrong one stands out; laws
/// about bits on the CPU, with enough rows for several threads.
final class LayerTrial<L extends Block> {
  private static final double EXACT = 1e-9;
  private static final double SINGLE = 2e-5;

  private final LayerLaws<L> laws;

  LayerTrial(LayerLaws<L> laws) {
    this.laws = laws;
  }

  void run(LayerLaws.Law law, Key key) {
    switch (law) {
      case GRADIENT -> gradients(key, GraphSample.multigraph(key, laws.widths())).checkFirst();
      case SECOND_DERIVATIVE -> gradients(key, GraphSample.multigraph(key, laws.widths())).checkSecond();
      case NODE_PERMUTATION -> nodePermutation(key);
      case EDGE_PERMUTATION -> edgePermutation(key);
      case BATCH -> batch(key);
      case ISOLATED_NODE -> isolatedNode(key);
      case EMPTY_GRAPH -> emptyGraph(key);
      case NO_EDGES -> noEdges(key);
      case TWINS -> twins(key);
      case SAME_BITS -> sameBits(key);
      case THREADS -> threads(key);
      case FAST_KERNELS -> agree(key, new Float64Backend(), CpuBackend.withThreads(2));
      case PRIMITIVES -> agree(key, CpuBackend.withThreads(2), new PlainBackend());
    }
  }

  private GradientCheck gradients(Key key, GraphSample sample) {
    return GradientCheck.of(() -> laws.subject(key, sample));
  }

  private void nodePermutation(Key key) {
    GraphSample sample = GraphSample.random(key, laws.widths(), 20, 60);
    int[] place = key.fold("places").permutation(sample.nodeCount());
    Rows before = exactly(key, sample);
    Rows after = exactly(key, sample.withNodesAt(place));
    same("node", before.nodes(), Rows.taken(after.nodes(), place));
    same("edge", before.edges(), after.edges());
    same("graph", before.graphs(), after.graphs());
  }

  private void edgePermutation(Key key) {
    GraphSample sample = GraphSample.random(key, laws.widths(), 20, 60);
    int[] order = key.fold("order").permutation(sample.edgeCount());
    Rows before = exactly(key, sample);
    Rows after = exactly(key, sample.withEdgeOrder(order));
    same("node", before.nodes(), after.nodes());
    same("edge", Rows.taken(before.edges(), order), after.edges());
    same("graph", before.graphs(), after.graphs());
  }

  private void batch(Key key) {
    List<GraphSample> parts = List.of(GraphSample.multigraph(key.fold(0), laws.widths()),
        GraphSample.unconnected(key.fold(1), laws.widths(), 1),
        GraphSample.random(key.fold(2), laws.widths(), 9, 30));
    GraphSample batch = GraphSample.batch(parts);
    Rows together = inDoublePrecision(() -> Rows.of(laws.apply(laws.layer(key), batch, GraphSample.union(parts))));
    Rows alone = Rows.joined(parts.stream().map(part -> exactly(key, part)).toList());
    same("node", alone.nodes(), together.nodes());
    same("edge", alone.edges(), together.edges());
    same("graph", alone.graphs(), together.graphs());
  }

  private void isolatedNode(Key key) {
    GraphSample sample = GraphSample.random(key, laws.widths(), 8, 30);
    double[] features = sample.nodes().getFirst();
    GraphSample more = sample.withIsolated(features);
    Rows after = exactly(key, more);
    int[] others = IntStream.range(0, sample.nodeCount()).toArray();
    Rows before = exactly(key, sample);
    same("node", before.nodes(), Rows.taken(after.nodes(), others));
    same("edge", before.edges(), after.edges());
    requireFinite(key, more);
  }

  private void emptyGraph(Key key) {
    inDoublePrecision(() -> {
      GraphSample none = GraphSample.unconnected(key, laws.widths(), 0);
      List<Tensor> some = laws.apply(laws.layer(key), GraphSample.multigraph(key, laws.widths())).nodes();
      List<Tensor> results = laws.apply(laws.layer(key), none).nodes();
      for (int i = 0; i < some.size(); i++) {
        Shape expected = some.get(i).shape().with(0, 0);
        assertEquals(expected, results.get(i).shape(), "the shape of node result " + i + " of an empty graph");
      }
      return results;
    });
    requireFinite(key, GraphSample.unconnected(key, laws.widths(), 0));
  }

  private void noEdges(Key key) {
    GraphSample sample = GraphSample.unconnected(key, laws.widths(), 4);
    requireFinite(key, sample);
    gradients(key, sample).checkFirst();
  }

  /// 1 -> 2 comes twice in the multigraph, as edges 0 and 3, and 1 has no self loop.
  private void twins(Key key) {
    GraphSample sample = GraphSample.multigraph(key, laws.widths());
    int[] others = IntStream.range(0, sample.nodeCount()).toArray();
    int[] edges = IntStream.range(0, sample.edgeCount()).toArray();
    Rows before = exactly(key, sample);
    Rows after = exactly(key, sample.withTwin(1, 3));
    same("node", before.nodes(), Rows.taken(after.nodes(), others));
    same("edge", before.edges(), Rows.taken(after.edges(), edges));
  }

  private void sameBits(Key key) {
    GraphSample sample = large(key);
    List<float[]> first = laws.resultsAndGradients(key, sample);
    requireSameBits("the second run", first, laws.resultsAndGradients(key, sample));
    requireSameBits("a sweep that consumes its history", first, laws.resultsAndGradientsOfTraining(key, sample));
  }

  private void threads(Key key) {
    GraphSample sample = large(key);
    List<float[]> one = on(CpuBackend.withThreads(1), () -> laws.resultsAndGradients(key, sample));
    for (int threads = 2; threads <= 3; threads++) {
      List<float[]> several = on(CpuBackend.withThreads(threads), () -> laws.resultsAndGradients(key, sample));
      requireSameBits(threads + " threads", one, several);
    }
  }

  private void agree(Key key, Backend reference, Backend tried) {
    GraphSample sample = GraphSample.random(key, laws.widths(), 40, 200);
    List<float[]> expected = on(reference, () -> laws.resultsAndGradients(key, sample));
    List<float[]> actual = on(tried, () -> laws.resultsAndGradients(key, sample));
    assertEquals(expected.size(), actual.size(), "how many results and gradients");
    for (int r = 0; r < expected.size(); r++) {
      double scale = 1;
      double worst = 0;
      for (int i = 0; i < expected.get(r).length; i++) {
        scale = Math.max(scale, Math.abs(expected.get(r)[i]));
        worst = Math.max(worst, Math.abs(expected.get(r)[i] - actual.get(r)[i]));
      }
      if (!(worst <= SINGLE * scale)) {
        throw new AssertionError("result or gradient " + r + " on " + tried.name() + " differs by " + worst + " from "
            + reference.name() + ", " + SINGLE * scale + " is allowed");
      }
    }
  }

  /// Enough rows that kernels divide them.
  private GraphSample large(Key key) {
    return GraphSample.random(key, laws.widths(), 3000, 20_000);
  }

  private void requireFinite(Key key, GraphSample sample) {
    List<float[]> numbers = inDoublePrecision(() -> laws.resultsAndGradients(key, sample));
    for (int r = 0; r < numbers.size(); r++) {
      for (float number : numbers.get(r)) {
        if (!Float.isFinite(number)) {
          throw new AssertionError("result or gradient " + r + " holds " + number);
        }
      }
    }
  }

  private Rows exactly(Key key, GraphSample sample) {
    return inDoublePrecision(() -> Rows.of(laws.apply(laws.layer(key), sample)));
  }

  private static void requireSameBits(String what, List<float[]> expected, List<float[]> actual) {
    for (int r = 0; r < expected.size(); r++) {
      for (int i = 0; i < expected.get(r).length; i++) {
        if (Float.floatToRawIntBits(expected.get(r)[i]) != Float.floatToRawIntBits(actual.get(r)[i])) {
          throw new AssertionError(what + ": result or gradient " + r + ", entry " + i + ": " + expected.get(r)[i]
              + " became " + actual.get(r)[i]);
        }
      }
    }
  }

  private static void same(String what, List<List<double[]>> expected, List<List<double[]>> actual) {
    assertEquals(expected.size(), actual.size(), "how many results for each " + what);
    for (int r = 0; r < expected.size(); r++) {
      List<double[]> rows = expected.get(r);
      assertEquals(rows.size(), actual.get(r).size(), "rows of " + what + " result " + r);
      for (int i = 0; i < rows.size(); i++) {
        for (int k = 0; k < rows.get(i).length; k++) {
          double a = rows.get(i)[k];
          double b = actual.get(r).get(i)[k];
          if (!(Math.abs(a - b) <= EXACT * Math.max(1, Math.abs(a)))) {
            throw new AssertionError(
                what + " result " + r + ", row " + i + ", column " + k + ": " + b + " where " + a + " is the law");
          }
        }
      }
    }
  }

  private static <T> T inDoublePrecision(Supplier<T> body) {
    return on(new Float64Backend(), body);
  }

  private static <T> T on(Backend backend, Supplier<T> body) {
    return Backends.with(backend, body);
  }

  /// Results on the host, row by row.
  private record Rows(List<List<double[]>> nodes, List<List<double[]>> edges, List<List<double[]>> graphs) {
    static Rows of(LayerLaws.Output output) {
      return new Rows(hosted(output.nodes()), hosted(output.edges()), hosted(output.graphs()));
    }

    private static List<List<double[]>> hosted(List<Tensor> tensors) {
      return tensors.stream().map(Rows::hosted).toList();
    }

    private static List<double[]> hosted(Tensor tensor) {
      double[] values = tensor.toDoubles();
      int width = tensor.rows() == 0 ? 0 : values.length / tensor.rows();
      List<double[]> rows = new ArrayList<>();
      for (int i = 0; i < tensor.rows(); i++) {
        rows.add(Arrays.copyOfRange(values, i * width, (i + 1) * width));
      }
      return rows;
    }

    static List<List<double[]>> taken(List<List<double[]>> results, int[] rows) {
      return results.stream().map(result -> IntStream.of(rows).mapToObj(result::get).toList()).toList();
    }

    static Rows joined(List<Rows> parts) {
      return new Rows(stacked(parts.stream().map(Rows::nodes).toList()),
          stacked(parts.stream().map(Rows::edges).toList()),
          stacked(parts.stream().map(Rows::graphs).toList()));
    }

    private static List<List<double[]>> stacked(List<List<List<double[]>>> parts) {
      List<List<double[]>> results = new ArrayList<>();
      for (int r = 0; r < parts.getFirst().size(); r++) {
        List<double[]> rows = new ArrayList<>();
        for (List<List<double[]>> part : parts) {
          rows.addAll(part.get(r));
        }
        results.add(rows);
      }
      return results;
    }
  }
}
