package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jgrapht.alg.connectivity.ConnectivityInspector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;

class ForestTest {
  /// Random trees with nodes in random order: the parent of the k-th node in that order comes before it.
  static Forest random(long seed, int nodes) {
    int[] order = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      int j = Key.of(seed).fold(i).integers(1, i + 1)[0];
      order[i] = order[j];
      order[j] = i;
    }
    int[] parents = new int[nodes];
    for (int k = 0; k < nodes; k++) {
      int parent = Key.of(seed).fold("parent").fold(k).integers(1, k + 1)[0] - 1;
      parents[order[k]] = parent < 0 ? -1 : order[parent];
    }
    return Forest.of(Indices.wrap(parents));
  }

  @Test
  void edgesRunFromChildrenToParents() {
    Forest forest = Forest.of(Indices.of(2, 2, -1, 4, -1, -1));
    assertEquals(3, forest.edges());
    assertEquals(Indices.of(0, 1, 3), forest.sparse().senderOf());
    assertEquals(Indices.of(2, 2, 4), forest.sparse().receiverOf());
    assertEquals(Indices.of(2, 4, 5), forest.roots());
    assertEquals(Indices.of(0, 0, 1, 0, 1, 0), forest.levels());
    assertEquals(Indices.of(2, 2, 4), forest.reversed().senderOf());
    assertEquals(3, new ConnectivityInspector<>(JGraphT.view(forest)).connectedSets().size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void levelsCountFromTheFarthestLeaf(long seed) {
    Forest forest = random(seed, (int) (4 * seed));
    int[] expected = new int[forest.nodes()];
    for (int round = 0; round < expected.length; round++) {
      for (int i = 0; i < expected.length; i++) {
        int parent = forest.parents().at(i);
        if (parent >= 0) {
          expected[parent] = Math.max(expected[parent], expected[i] + 1);
        }
      }
    }
    assertEquals(Indices.wrap(expected), forest.levels(), "seed " + seed);
  }

  /// Every node is in one generation, and the children of its nodes are the generation before.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void generationsHaveAllChildrenAtHand(long seed) {
    Forest forest = random(seed, (int) (4 * seed));
    List<Integer> seen = new ArrayList<>();
    Indices below = Indices.of();
    for (Forest.Generation generation : forest.generations()) {
      Segments children = generation.children();
      assertEquals(below.size(), children.members());
      assertEquals(generation.nodes().size(), children.count());
      for (int k = 0; k < below.size(); k++) {
        assertEquals(generation.nodes().at(children.index().at(k)), forest.parents().at(below.at(k)), "seed " + seed);
      }
      below = generation.nodes();
      for (int k = 0; k < below.size(); k++) {
        seen.add(below.at(k));
      }
    }
    assertEquals(forest.roots(), below, "seed " + seed);
    assertEquals(forest.nodes(), seen.stream().distinct().count(), "seed " + seed);
    assertEquals(forest.nodes(), seen.size(), "seed " + seed);
  }

  @Test
  void namesACycleInOrder() {
    IllegalArgumentException cycle = assertThrows(IllegalArgumentException.class,
        () -> Forest.of(Indices.of(-1, 3, 0, 5, 2, 1, 5)));
    assertEquals("forest: the nodes 1 -> 3 -> 5 -> 1 are a cycle", cycle.getMessage());
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> Forest.of(Indices.of(0))).getMessage())
        .contains("0 -> 0 are"));
    int[] ring = new int[1000];
    for (int i = 0; i < ring.length; i++) {
      ring[i] = (i + 1) % ring.length;
    }
    assertTrue(
        String.valueOf(assertThrows(IllegalArgumentException.class, () -> Forest.of(Indices.wrap(ring))).getMessage())
            .contains("18 -> 19 -> ... are"));
  }

  @Test
  void refusesParentsThatAreNoNodes() {
    for (int parent : new int[] {2, -2}) {
      assertTrue(String
          .valueOf(assertThrows(IndexOutOfBoundsException.class, () -> Forest.of(Indices.of(-1, parent))).getMessage())
          .contains("the parent of node 1 is " + parent));
    }
  }

  @Test
  void aForestMayBeEmptyOrAsDeepAsItHasNodes() {
    assertEquals(List.of(), Forest.of(Indices.of()).generations());
    int[] chain = new int[100_000];
    for (int i = 0; i < chain.length; i++) {
      chain[i] = i + 1 < chain.length ? i + 1 : -1;
    }
    Forest forest = Forest.of(Indices.wrap(chain));
    assertEquals(chain.length, forest.generations().size());
    assertEquals(Sequences.of(chain.length).sparse().receiverOf(), forest.sparse().receiverOf());
  }

  @Test
  void haloesFindTheirDescendants() {
    Forest trees = SequenceGraphs.mergerTrees(new long[] {1L << 40, 7, 9}, new long[] {9, 1L << 40, -1}, -1);
    assertEquals(Indices.of(2, 0, -1), trees.parents());
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> SequenceGraphs.mergerTrees(new long[] {1, 2}, new long[] {5, -1}, -1)).getMessage())
        .contains("the descendant of halo 1 is 5"));
    assertThrows(IllegalArgumentException.class,
        () -> SequenceGraphs.mergerTrees(new long[] {1, 1}, new long[] {-1, -1}, -1));
    assertThrows(IllegalArgumentException.class, () -> SequenceGraphs.mergerTrees(new long[] {1}, new long[] {}, -1));
    assertThrows(IllegalArgumentException.class,
        () -> SequenceGraphs.mergerTrees(new long[] {1, 2}, new long[] {2, 1}, -1));
  }
}
