package org.orrery.messagepassing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.EdgeConv;
import org.orrery.layers.Gat;
import org.orrery.layers.Gcn;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

/// One model serves many threads: what each gets is what it would get alone.
class ConcurrentInferenceTest {
  private static final int THREADS = 8;
  private static final int GRAPHS = 24;
  private static final int WIDTH = 16;

  private final Gcn gcn = Gcn.create(WIDTH, 20, Key.of(1));
  private final Gat gat = Gat.create(20, 8, AttentionOptions.heads(2), Key.of(2));
  private final EdgeConv edges = EdgeConv.create(Mlp.create(Key.of(3), 32, 24, 12));
  private final BatchNorm norm = BatchNorm.create(12);

  private Tensor apply(Graph graph) {
    Mode mode = Mode.inference();
    Tensor h = gcn.apply(graph.adjacency(), graph.nodes(), mode).relu();
    h = edges.apply(graph.adjacency(), gat.apply(graph.adjacency(), h, mode), mode);
    return new Pooling(Aggregation.several(Aggregation.sum(), Aggregation.max(), Aggregation.mean()))
        .apply(graph.withNodes(norm.apply(h, mode)));
  }

  private static Graph graph(int seed) {
    Key key = Key.of(100 + seed);
    int nodes = 50 + 37 * seed;
    return Graph.of(Sparse.of(nodes, Indices.wrap(key.fold(0).integers(7 * nodes, nodes)),
        Indices.wrap(key.fold(1).integers(7 * nodes, nodes))), Tensor.normal(key.fold(2), nodes, WIDTH));
  }

  @Test
  void eightThreadsGetTheBitsOfOne() throws Exception {
    List<float[]> alone = new ArrayList<>();
    for (int g = 0; g < GRAPHS; g++) {
      alone.add(apply(graph(g)).toArray());
    }
    List<Graph> shared = new ArrayList<>();
    for (int g = 0; g < GRAPHS; g++) {
      shared.add(graph(g)); // nothing is kept with these yet: threads race to compute it
    }
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<List<float[]>>> work = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int first = t;
        work.add(() -> {
          start.await();
          List<float[]> results = new ArrayList<>();
          for (int k = 0; k < GRAPHS; k++) {
            int g = (first * 3 + k) % GRAPHS;
            results.add(first % 2 == 0
                ? apply(shared.get(g)).toArray()
                : Scope.within(scope -> apply(shared.get(g)).toArray()));
          }
          return results;
        });
      }
      List<Future<List<float[]>>> done = pool.invokeAll(work);
      for (int t = 0; t < THREADS; t++) {
        for (int k = 0; k < GRAPHS; k++) {
          int g = (t * 3 + k) % GRAPHS;
          assertArrayEquals(alone.get(g), done.get(t).get().get(k), "thread " + t + ", graph " + g);
        }
      }
    }
  }
}
