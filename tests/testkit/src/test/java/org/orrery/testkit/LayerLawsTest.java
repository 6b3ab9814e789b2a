package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.graph.Sparse;
import org.orrery.nn.Linear;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.cpu.CpuBackend;
import org.orrery.testkit.LayerLaws.Application;
import org.orrery.testkit.LayerLaws.Input;
import org.orrery.testkit.LayerLaws.Law;
import org.orrery.testkit.LayerLaws.Output;

class LayerLawsTest {
  /// tanh sum_j W x_j, and W x_j of each edge.
  private static Output sound(Linear layer, Input in) {
    Sparse edges = in.adjacency().sparse();
    Tensor messages = layer.apply(in.nodes()).gatherRows(edges.bySender());
    Tensor nodes = messages.segmentSum(edges.byReceiver()).tanh();
    return new Output(List.of(nodes), List.of(messages), List.of(nodes.segmentSum(in.graphs())));
  }

  private static LayerLaws<Linear> laws(Application<Linear> application) {
    return LayerLaws.of(key -> Linear.create(3, 2, key), 3, application);
  }

  @TestFactory
  Stream<DynamicTest> aSoundLayerKeepsAllLaws() {
    return laws(LayerLawsTest::sound).tests();
  }

  /// What goes wrong, the law that it breaks, and how: the nodes' result of a sound layer is spoiled.
  static Stream<Arguments> violations() {
    AtomicInteger calls = new AtomicInteger();
    return Stream.of(
        spoiled(Law.GRADIENT, (layer, in, y) -> y.multiply(y.detach())),
        spoiled(Law.SECOND_DERIVATIVE, (layer, in, y) -> Tensor.of(new FrozenSlope(y))),
        spoiled(Law.NODE_PERMUTATION, (layer, in, y) -> y.add(Tensor.range(y.rows()).unsqueeze(1))),
        spoiled(Law.EDGE_PERMUTATION, (layer, in, y) -> {
          Sparse edges = in.adjacency().sparse();
          return y.add(Tensor.range(edges.edges()).unsqueeze(1).segmentSum(edges.byReceiver()));
        }),
        spoiled(Law.BATCH, (layer, in, y) -> y.subtract(y.mean(0))),
        spoiled(Law.ISOLATED_NODE, (layer, in, y) -> y.multiply(y.rows())),
        spoiled(Law.EMPTY_GRAPH, (layer, in, y) -> y.rows() == 0 ? Tensor.zeros(1, 2) : y),
        spoiled(Law.NO_EDGES, (layer, in, y) -> in.adjacency().edges() == 0 ? y.log() : y),
        spoiled(Law.TWINS, (layer, in, y) -> y.multiply(distinctNeighbors(in))),
        spoiled(Law.SAME_BITS, (layer, in, y) -> y.multiply(1 + 1e-6 * calls.incrementAndGet())),
        spoiled(Law.THREADS, (layer, in, y) -> y.backend() instanceof CpuBackend cpu ? y.multiply(cpu.threads()) : y),
        spoiled(Law.FAST_KERNELS, (layer, in, y) -> y.backend() instanceof CpuBackend ? y.multiply(1.001) : y),
        spoiled(Law.PRIMITIVES, (layer, in, y) -> y.backend() instanceof PlainBackend ? y.multiply(1.001) : y));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void theLawBites(Law law, Application<Linear> broken) {
    DynamicTest trial = trial(laws(broken), law);
    assertThrows(AssertionError.class, trial.getExecutable());
  }

  @Test
  void everyLawHasAViolation() {
    Set<Object> broken = violations().map(arguments -> arguments.get()[0]).collect(Collectors.toSet());
    assertEquals(EnumSet.allOf(Law.class), broken);
  }

  @Test
  void aLawThatIsLeftOutIsNotTried() {
    LayerLaws<Linear> fewer = laws(LayerLawsTest::sound).without(Law.TWINS, Law.THREADS);
    assertEquals(Law.values().length - 2, fewer.tests().count());
  }

  @Test
  void resultsOfEdgesMustFollowTheirEdges() {
    Application<Linear> sorted = (layer, in) -> {
      Output sound = sound(layer, in);
      Sparse edges = in.adjacency().sparse();
      return new Output(sound.nodes(), List.of(layer.apply(in.nodes()).gatherRows(edges.columns())), sound.graphs());
    };
    assertThrows(AssertionError.class, trial(laws(sorted), Law.EDGE_PERMUTATION).getExecutable());
  }

  private static DynamicTest trial(LayerLaws<Linear> laws, Law law) {
    String name = law.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return laws.tests().filter(test -> test.getDisplayName().startsWith(name + ",")).findFirst().orElseThrow();
  }

  @FunctionalInterface
  private interface Spoiler {
    Tensor apply(Linear layer, Input in, Tensor y);
  }

  private static Arguments spoiled(Law law, Spoiler spoiler) {
    Application<Linear> broken = (layer, in) -> {
      Output sound = sound(layer, in);
      return new Output(List.of(spoiler.apply(layer, in, sound.nodes().getFirst())), sound.edges(), sound.graphs());
    };
    return Arguments.of(law, broken);
  }

  private static Tensor distinctNeighbors(Input in) {
    Sparse edges = in.adjacency().sparse();
    double[] counts = new double[edges.receivers()];
    Set<List<Integer>> seen = new HashSet<>();
    for (int e = 0; e < edges.edges(); e++) {
      if (seen.add(List.of(edges.senderOf().at(e), edges.receiverOf().at(e)))) {
        counts[edges.receiverOf().at(e)]++;
      }
    }
    return Tensor.of(counts, counts.length, 1);
  }
}
