package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.Gat;
import org.orrery.layers.Gcn;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.BlockObserver;
import org.orrery.nn.Dropout;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Linear;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Sequential;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// A graph of 5 nodes and 6 edges.
class ObservedTest {
  private static final Key KEY = Key.of(3);
  private static final Sparse EDGES = Sparse.of(5, Indices.of(0, 1, 2, 3, 4, 0), Indices.of(1, 2, 3, 4, 0, 2));
  private static final Tensor X = Tensor.normal(KEY.fold("x"), 5, 3);

  private static List<String> seen(Block model, Supplier<?> body) {
    List<String> lines = new ArrayList<>();
    Observed.with(application -> lines.add(application.toString()), model, body::get);
    return lines;
  }

  @Test
  void aStackOfConvolutions() {
    GraphSequential model = GraphSequential.of(Gcn.create(3, 2, KEY)).then(Activation.RELU).then(new Dropout(0.5))
        .then(Gcn.create(2, 7, KEY.fold(1)));
    assertEquals(List.of(
        "0.lin Linear [5, 3] -> [5, 2]", // narrower behind: W x is sent
        "0 Gcn [5, 3] -> [5, 2]",
        "1 OfNodes [5, 2] -> [5, 2]",
        "2 OfNodes [5, 2] -> [5, 2]",
        "3 Gcn [5, 2] -> [5, 7]", // wider behind: W is read by the layer, with its bias
        "(model) GraphSequential [5, 3] [5, 3] -> [5, 7]"),
        seen(model, () -> model.apply(EDGES, X, Mode.inference())));
  }

  @Test
  void attentionWithEdges() {
    Gat model = Gat.create(3, 4, AttentionOptions.heads(2).withEdges(1).withResidual(), KEY);
    Tensor edges = Tensor.ones(6, 1);
    List<String> seen = seen(model, () -> model.apply(EDGES, X, edges, Mode.inference()));
    assertEquals(List.of(
        "lin Linear [5, 3] -> [5, 8]",
        "lin_edge Linear [11, 1] -> [11, 8]", // 6 edges and a loop at each of 5 nodes
        "res Linear [5, 3] -> [5, 8]",
        "(model) Gat [5, 3] [5, 3] [6, 1] -> [5, 8]"), seen);
  }

  @Test
  void aGraphNetworkOfPerceptrons() {
    GraphNetwork model = new GraphNetwork(Mlp.create(KEY, 8, 4, 2), Mlp.create(KEY, 5, 6), null,
        GraphNetwork.Wiring.interaction(Aggregation.sum()));
    Graph graph = Graph.builder(EDGES).nodes(X).edges(Tensor.ones(6, 2)).build();
    assertEquals(List.of(
        "edge_model.0 Linear [5, 3] [5, 3] [6, 2] -> [6, 4]", // the concatenation [6, 8] is not made
        "edge_model.1 Activation [6, 4] -> [6, 4]",
        "edge_model.2 Linear [6, 4] -> [6, 2]",
        "edge_model Mlp [5, 3] [5, 3] [6, 2] -> [6, 2]",
        "edges_to_node Reduced [6, 2] -> [5, 2]",
        "node_model.0 Linear [5, 3] [5, 2] -> [5, 6]",
        "node_model Mlp [5, 3] [5, 2] -> [5, 6]",
        "(model) GraphNetwork [5, 3] [6, 2] -> [5, 6] [6, 2]"),
        seen(model, () -> model.apply(graph, Mode.inference())));
  }

  /// One activation stands in a perceptron twice and between two of them: each place has its own name.
  @Test
  void aPartInSeveralPlacesHasTheNameOfThePlace() {
    Mlp first = Mlp.create(KEY, 3, 4, 4, 2).withNorm(LayerNorm::create);
    Sequential model = Sequential.of(first, Activation.RELU, Mlp.create(KEY, 2, 2, 1));
    List<String> names = new ArrayList<>();
    Observed.with(application -> names.add(application.name()), model, () -> model.apply(X, Mode.inference()));
    assertEquals(List.of("0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0", "1", "2.0", "2.1", "2.2", "2", ""),
        names);
  }

  private record Twice(Linear shared, Dropout unused) implements Block {
    Tensor apply(Tensor x, Mode mode) {
      return Observed.call(this, () -> shared.apply(Activation.TANH.apply(shared.apply(x, mode)), mode), x);
    }
  }

  @Test
  void aUsersModuleTakesPartAndUsesAreNumbered() {
    Twice model = new Twice(Linear.create(3, 3, KEY), new Dropout(0));
    assertEquals(List.of(
        "shared Linear [5, 3] -> [5, 3]", // the activation is not listed, so it has no name
        "shared #1 Linear [5, 3] -> [5, 3]",
        "(model) Twice [5, 3] -> [5, 3]",
        "shared #2 Linear [5, 3] -> [5, 3]",
        "shared #3 Linear [5, 3] -> [5, 3]",
        "(model) #1 Twice [5, 3] -> [5, 3]"),
        seen(model, () -> model.apply(model.apply(X, Mode.inference()), Mode.inference())));
  }

  @Test
  void theTensorsThemselvesAreSeenAndNotChanged() {
    Linear model = Linear.create(3, 2, KEY);
    List<BlockObserver.Application> seen = new ArrayList<>();
    Tensor y = Observed.with(seen::add, model, () -> model.apply(X));
    assertSame(X, seen.getFirst().inputs().getFirst());
    assertSame(y, seen.getFirst().outputs().getFirst());
    assertSame(model, seen.getFirst().module());
    assertArrayEquals(model.apply(X).toArray(), y.toArray());
    assertEquals(1, seen.size()); // nobody observes any more
  }

  @Test
  void whatThrowsIsLeftButNotApplied() {
    Sequential model = Sequential.of(Activation.RELU, new Dropout(0), Linear.create(4, 2, KEY));
    List<String> events = new ArrayList<>();
    BlockObserver observer = new BlockObserver() {
      @Override
      public void entered(String name, int use, Block module) {
        events.add("+" + name + use);
      }

      @Override
      public void applied(Application application) {
        events.add(application.name());
      }

      @Override
      public void left(String name, int use, Block module) {
        events.add("-" + name + use);
      }
    };
    assertThrows(IllegalArgumentException.class,
        () -> Observed.with(observer, model, () -> model.apply(X, Mode.inference()))); // 3 columns, 4 wanted
    assertEquals(List.of("+0", "+00", "0", "-00", "+10", "1", "-10", "+20", "-20", "-0"), events);
  }
}
