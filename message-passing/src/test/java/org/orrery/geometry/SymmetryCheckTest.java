package org.orrery.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Space;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.GraphSequential;
import org.orrery.messagepassing.Inputs;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Pooling;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Symmetries hold where the model keeps them; where it does not, the part that breaks them is named.
class SymmetryCheckTest {
  private static final Key KEY = Key.of(19);
  private static final int POINTS = 40;
  private static final Space OPEN = Space.open(3);
  private static final Space BOX = Space.periodic(10, 10, 10);

  private static PointCloud cloud(Space space) {
    return PointCloud.of(space, scaled(KEY.fold("x").uniformDouble(3 * POINTS), 10))
        .withVectors("v", scaled(KEY.fold("v").uniformDouble(3 * POINTS), 2))
        .withScalars("m", KEY.fold("m").uniformDouble(POINTS));
  }

  private static double[] scaled(double[] values, double by) {
    return Arrays.stream(values).map(x -> by * x).toArray();
  }

  /// Nodes have a mass and a speed, edges a distance.
  private static Graph graph(PointCloud cloud) {
    NeighborList near = NeighborList.within(cloud.space(), cloud.positions(), 3.5);
    double[] v = cloud.vectors("v");
    double[] m = cloud.scalars("m");
    double[] nodes = new double[2 * m.length];
    for (int i = 0; i < m.length; i++) {
      nodes[2 * i] = m[i];
      nodes[2 * i + 1] = Math.hypot(Math.hypot(v[3 * i], v[3 * i + 1]), v[3 * i + 2]);
    }
    Graph placed = Graph.builder(near).nodes(Tensor.of(nodes, m.length, 2)).build();
    return placed.withEdges(placed.distances());
  }

  private record Net(GraphSequential body, Pooling pooling, Linear readout) implements Block {
    Tensor apply(Graph graph) {
      return readout.apply(pooling.apply(body.apply(graph, Mode.inference())), Mode.inference());
    }
  }

  /// A layer without parameters that adds something to each node.
  private record Planted(Function<Graph, Tensor> added) implements GraphLayer {
    @Override
    public Tensor update(Inputs in, Mode mode) {
      throw new IllegalStateException("it reads positions, which only a graph has");
    }

    @Override
    public Graph update(Graph graph, Activation after, Mode mode) {
      return graph.withNodes(graph.nodes().add(added.apply(graph)));
    }

    @Override
    public EdgeUse edgeUse() {
      return EdgeUse.OPTIONAL;
    }
  }

  private static MessagePassing round(int in, Key key) {
    Mlp message = Mlp.create(key.fold("message"), 2 * in + 1, 8, 8).withActivation(Activation.SILU);
    Mlp update = Mlp.create(key.fold("update"), 8, 8, 8).withActivation(Activation.SILU);
    return new MessagePassing(EdgeMlp.of(message), Aggregation.sum(),
        Update.of(update, (network, x, received, mode) -> network.apply(received, mode)));
  }

  private static Net net(Function<Graph, Tensor> added) {
    return new Net(GraphSequential.of(round(2, KEY.fold(1)), new Planted(added), round(8, KEY.fold(2))), Pooling.mean(),
        Linear.create(8, 3, KEY.fold(3)));
  }

  private static SymmetryCheck check(Net net) {
    return SymmetryCheck.of(net, SymmetryCheckTest::graph, net::apply);
  }

  private static Tensor nothing(Graph graph) {
    return Tensor.zeros(graph.nodeCount(), 1);
  }

  private static Tensor column(Graph graph, int axis) {
    return graph.positions().slice(1, axis, axis + 1).multiply(0.02);
  }

  /// Changes its sign in a mirror and not in a turn: the triple product of moments of the positions.
  private static Tensor handedness(Graph graph) {
    double[] x = graph.positions().toDoubles();
    double[][] moments = new double[3][3];
    for (int at = 0; at < x.length; at += 3) {
      double square = x[at] * x[at] + x[at + 1] * x[at + 1] + x[at + 2] * x[at + 2];
      for (int p = 0; p < 3; p++) {
        for (int axis = 0; axis < 3; axis++) {
          moments[p][axis] += Math.pow(square / 100, p) * x[at + axis] / x.length;
        }
      }
    }
    return Tensor.ones(graph.nodeCount(), 1).multiply(10 * Orthogonal.determinant(moments));
  }

  @Test
  void aFineModelPassesInOpenSpaceAndInABoxAndRoundingDoesNotTripIt() {
    SymmetryCheck check = check(net(SymmetryCheckTest::nothing)).withDraws(6);
    SymmetryReport open = check.run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    SymmetryReport box = check.run(cloud(BOX), Symmetry.ofPeriodicBox(), KEY);
    assertTrue(open.holds() && box.holds(), open + "\n" + box);
    assertTrue(open.results().stream().anyMatch(result -> result.error() > 0), "rounding is seen:\n" + open);
    assertTrue(open.results().stream().allMatch(result -> result.brokenBy() == null && result.parts().isEmpty()));
  }

  @Test
  void aPlantedBreakIsNamedForEachGroup() {
    Net place = net(graph -> column(graph, 0).add(column(graph, 1).multiply(0.4)).add(column(graph, 2).multiply(0.1)));
    SymmetryReport open = check(place).run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    assertTrue(open.of(Symmetry.permutation()).holds(), open.toString());
    for (Symmetry broken : List.of(Symmetry.rotation(), Symmetry.reflection(), Symmetry.translation())) {
      assertEquals("body.1", open.of(broken).brokenBy(), open.toString());
    }
    SymmetryReport box = check(place).run(cloud(BOX), Symmetry.ofPeriodicBox(), KEY);
    for (Symmetry broken : List.of(Symmetry.rotation(), Symmetry.reflection(), Symmetry.periodicTranslation())) {
      assertEquals("body.1", box.of(broken).brokenBy(), box.toString());
    }
  }

  @Test
  void aLayerThatCountsItsRowsBreaksPermutationAlone() {
    Net counting = net(graph -> Tensor.of(
        IntStream.range(0, graph.nodeCount()).mapToDouble(i -> 0.01 * i * i).toArray(), graph.nodeCount(), 1));
    SymmetryReport report = check(counting).run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    assertEquals("body.1", report.of(Symmetry.permutation()).brokenBy(), report.toString());
    assertEquals(3, report.results().stream().filter(SymmetryReport.Result::holds).count(), report.toString());
  }

  /// Attention adds loops behind the edges; others sort them by receiver.
  @Test
  void layersWithRowsOfTheirOwnAreNotBlamedForAnother() {
    Planted counting = new Planted(graph -> Tensor.of(
        IntStream.range(0, graph.nodeCount()).mapToDouble(i -> 0.01 * i * i).toArray(), graph.nodeCount(), 1));
    AttentionOptions options = AttentionOptions.heads(2).withEdges(1);
    for (GraphLayer first : List.of(Gat.create(2, 8, options, KEY), GatV2.create(2, 8, options, KEY))) {
      GraphSequential body = GraphSequential.of(first, round(16, KEY.fold(1)), counting, round(8, KEY.fold(2)));
      Net net = new Net(body, Pooling.max(), Linear.create(8, 3, KEY.fold(3)));
      SymmetryReport report = check(net).run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
      assertEquals("body.2", report.of(Symmetry.permutation()).brokenBy(), first + "\n" + report);
      report.of(Symmetry.permutation()).parts().stream().takeWhile(part -> !part.part().equals("body.2"))
          .forEach(part -> assertTrue(part.error() <= 5e-5, part.toString()));
    }
  }

  @Test
  void repeatedEdgesMayChangePlaces() {
    int[] from = {0, 0, 1, 2, 0};
    int[] to = {1, 1, 2, 0, 1};
    Sparse edges = Sparse.of(3, Indices.of(from), Indices.of(to));
    Tensor nodes = Tensor.ones(3, 1);
    RowMatch rows = new RowMatch(Graph.of(edges, nodes), Graph.of(edges, nodes), new int[] {0, 1, 2});
    Tensor before = Tensor.of(new float[] {1, 2, 5, 6, 3}, 5, 1);
    assertEquals(0, rows.error(before, Tensor.of(new float[] {3, 1, 5, 6, 2}, 5, 1)));
    assertEquals(5 / 6.0, rows.error(before, Tensor.of(new float[] {6, 2, 5, 1, 3}, 5, 1)), 1e-12); // 6 and 1 of 2 -> 0
    assertEquals(Double.POSITIVE_INFINITY, rows.error(Tensor.ones(3, 1), Tensor.ones(3, 1).multiply(Double.NaN)));
  }

  @Test
  void handednessBreaksReflectionAndNotRotation() {
    SymmetryReport report = check(net(SymmetryCheckTest::handedness)).run(cloud(OPEN),
        List.of(Symmetry.rotation(), Symmetry.reflection()), KEY);
    assertTrue(report.of(Symmetry.rotation()).holds(), report.toString());
    assertEquals("body.1", report.of(Symmetry.reflection()).brokenBy(), report.toString());
  }

  @Test
  void theErrorOfEachPartIsToldInOrderOfComputation() {
    SymmetryReport.Result result = check(net(graph -> column(graph, 0))).run(cloud(OPEN),
        List.of(Symmetry.translation()), KEY).results().getFirst();
    List<String> names = result.parts().stream().map(SymmetryReport.Change::part).toList();
    assertEquals(List.of("(graph) nodes", "(graph) edges", "body.0.message.nn.0"), names.subList(0, 3));
    assertTrue(names.indexOf("body.1") < names.indexOf("body.2.message.nn.0"), names.toString());
    for (SymmetryReport.Change part : result.parts()) {
      boolean isBefore = names.indexOf(part.part()) < names.indexOf("body.1");
      assertTrue(!isBefore || part.error() <= result.tolerance(), part.toString());
    }
    assertEquals("readout", names.getLast());
  }

  @Test
  void whatTheGraphBreaksIsNamedThere() {
    Net net = net(SymmetryCheckTest::nothing);
    Function<PointCloud, Graph> crooked = cloud -> {
      Graph graph = graph(cloud);
      return graph.withEdges(graph.distances().add(graph.displacements().slice(1, 0, 1)));
    };
    SymmetryReport report = SymmetryCheck.of(net, crooked, net::apply).run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    assertEquals("(graph) edges", report.of(Symmetry.rotation()).brokenBy(), report.toString());
    assertTrue(report.of(Symmetry.permutation()).holds(), report.toString());
    assertTrue(report.of(Symmetry.translation()).holds(), report.toString());

    Function<PointCloud, Graph> star = cloud -> { // all send to the first row, which sends to none
      int n = cloud.size();
      Sparse edges = Sparse.of(n, Indices.range(1, n), Indices.of(new int[n - 1]));
      return Graph.builder(edges).nodes(graph(cloud).nodes()).edges(Tensor.ones(n - 1, 1)).build();
    };
    SymmetryReport links = SymmetryCheck.of(net, star, net::apply).run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    assertEquals("(graph) links", links.of(Symmetry.permutation()).brokenBy(), links.toString());
  }

  @Test
  void whatHappensBetweenThePartsIsSaidToBeThere() {
    Net net = net(SymmetryCheckTest::nothing);
    SymmetryReport report = SymmetryCheck
        .of(net, SymmetryCheckTest::graph, graph -> net.apply(graph).add(graph.positions().slice(1, 0, 1).mean()))
        .run(cloud(OPEN), List.of(Symmetry.translation()), KEY);
    assertEquals("(outside the parts)", report.results().getFirst().brokenBy(), report.toString());
  }

  /// sum_j (x_j - x_i) / (1 + r^2) turns with space.
  private static Tensor pull(Graph graph) {
    Tensor d = graph.displacements();
    Tensor weight = graph.distances().square().add(1).reciprocal();
    return Aggregation.sum().apply(d.multiply(weight), graph.adjacency().sparse().byReceiver());
  }

  @Test
  void vectorsTurnWithSpaceWhereTheCallerSaysSo() {
    Net net = net(SymmetryCheckTest::nothing);
    SymmetryCheck invariant = SymmetryCheck.of(net, SymmetryCheckTest::graph, SymmetryCheckTest::pull);
    SymmetryReport turned = invariant.withOutput(SymmetryCheck.vectors()).run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    assertTrue(turned.holds(), turned.toString());
    SymmetryReport still = invariant.run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    assertFalse(still.of(Symmetry.rotation()).holds() || still.of(Symmetry.reflection()).holds(), still.toString());
    assertTrue(still.of(Symmetry.permutation()).holds() && still.of(Symmetry.translation()).holds(), still.toString());
    SymmetryReport wind = SymmetryCheck
        .of(net, SymmetryCheckTest::graph, graph -> pull(graph).add(Tensor.of(new float[] {0, 0, 1}, 1, 3)))
        .withOutput(SymmetryCheck.vectors()).run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    assertFalse(wind.of(Symmetry.rotation()).holds(), wind.toString());
  }

  @Test
  void outputsOfEdgesAreMatchedByTheirEndpoints() {
    Net net = net(SymmetryCheckTest::nothing);
    SymmetryReport distances = SymmetryCheck.of(net, SymmetryCheckTest::graph, Graph::distances).run(cloud(OPEN),
        Symmetry.ofOpenSpace(), KEY);
    assertTrue(distances.holds(), distances.toString());
    Function<Graph, Tensor> counted = graph -> Tensor.of(
        IntStream.range(0, graph.edgeCount()).mapToDouble(i -> i).toArray(), graph.edgeCount(), 1);
    SymmetryReport numbers = SymmetryCheck.of(net, SymmetryCheckTest::graph, counted).run(cloud(OPEN),
        Symmetry.ofOpenSpace(), KEY);
    assertFalse(numbers.of(Symmetry.permutation()).holds(), numbers.toString());
  }

  @Test
  void equalKeysGiveEqualReportsAndAGroupDoesNotDependOnTheOthers() {
    SymmetryCheck check = check(net(graph -> column(graph, 0)));
    SymmetryReport report = check.run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY);
    assertEquals(report, check.run(cloud(OPEN), Symmetry.ofOpenSpace(), KEY));
    assertEquals(report.of(Symmetry.translation()),
        check.run(cloud(OPEN), List.of(Symmetry.translation()), KEY).results().getFirst());
    assertTrue(report.of(Symmetry.rotation()).error() != check.run(cloud(OPEN), Symmetry.ofOpenSpace(), Key.of(1))
        .of(Symmetry.rotation()).error());
    List<String> lines = report.toString().lines().toList();
    assertEquals(5, lines.size(), report.toString());
    assertTrue(lines.get(2).startsWith("rotation") && lines.get(2).endsWith("body.1"), report.toString());
  }

  @Test
  void whatCannotBeTriedIsRefused() {
    Net net = net(SymmetryCheckTest::nothing);
    refused("symmetry check: 0 draws; at least 1 is required", () -> check(net).withDraws(0));
    refused("symmetry check: tolerance NaN; a positive number is required", () -> check(net).withTolerance(Double.NaN));
    refused("symmetry check: the output [1, 3] of the points as they are is not finite; a finite one is required",
        () -> SymmetryCheck.of(net, SymmetryCheckTest::graph, graph -> net.apply(graph).multiply(Double.NaN))
            .run(cloud(OPEN), List.of(Symmetry.rotation()), KEY));
    Function<PointCloud, Graph> half = cloud -> Graph.of(Sparse.of(2, Indices.of(), Indices.of()), Tensor.ones(2, 2));
    refused("symmetry check: the graph of 40 points has 2 nodes; one a point is required",
        () -> SymmetryCheck.of(net, half, net::apply).run(cloud(OPEN), List.of(Symmetry.rotation()), KEY));
    refused("symmetry report: rotation was not tried; there are []",
        () -> new SymmetryReport(List.of()).of(Symmetry.rotation()));
  }

  private static void refused(String message, Runnable what) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
  }
}
