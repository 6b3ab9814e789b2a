package org.orrery.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

class SequencesTest {
  private static int[] lengths(long seed) {
    return Key.of(seed).integers(1 + (int) seed % 7, 6);
  }

  @Test
  void edgesRunFromEachNodeToTheNextWithinASequence() {
    Sequences path = Sequences.of(3, 0, 1, 2);
    assertEquals(6, path.nodes());
    assertEquals(3, path.edges());
    assertEquals(Indices.of(0, 1, 4), path.sparse().senderOf());
    assertEquals(Indices.of(1, 2, 5), path.sparse().receiverOf());
    assertEquals(Indices.of(1, 2, 5), path.reversed().sparse().senderOf());
    assertSame(path, path.reversed().reversed());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void aBatchIsTheUnionOfItsSequences(long seed) {
    int[] lengths = lengths(seed);
    List<Sequences> each = Arrays.stream(lengths).mapToObj(Sequences::of).toList();
    DisjointUnion union = DisjointUnion.of(each);
    Sequences batch = Sequences.of(lengths);
    assertEquals(union.edges(), batch.edges(), "seed " + seed);
    assertEquals(union.sparse().senderOf(), batch.sparse().senderOf(), "seed " + seed);
    assertEquals(union.sparse().receiverOf(), batch.sparse().receiverOf(), "seed " + seed);
    assertEquals(union.reversed().sparse().senderOf(), batch.reversed().sparse().senderOf(), "seed " + seed);
  }

  /// Each node comes in the step after that of its sender, at the same place of the step.
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void stepsFollowTheEdgesAndKeepTheLiveSequencesInFront(long seed) {
    for (Sequences path : List.of(Sequences.of(lengths(seed)), Sequences.of(lengths(seed)).reversed())) {
      Sequences.Steps steps = path.steps();
      Indices offsets = steps.offsets();
      int[] stepOf = new int[path.nodes()];
      for (int t = 0; t < offsets.size() - 1; t++) {
        assertTrue(offsets.at(t + 1) > offsets.at(t));
        for (int slot = offsets.at(t); slot < offsets.at(t + 1); slot++) {
          stepOf[slot] = t;
          int node = steps.nodes().index().at(slot);
          assertEquals(slot, steps.slots().index().at(node));
          assertEquals(steps.sequences().at(slot - offsets.at(t)), path.sequences().index().at(node));
        }
      }
      Sparse edges = path.sparse();
      for (int e = 0; e < edges.edges(); e++) {
        int from = steps.slots().index().at(edges.senderOf().at(e));
        int to = steps.slots().index().at(edges.receiverOf().at(e));
        assertEquals(stepOf[from] + 1, stepOf[to], "seed " + seed);
        assertEquals(from - offsets.at(stepOf[from]), to - offsets.at(stepOf[to]), "seed " + seed);
      }
    }
  }

  @Test
  void packingUndoesPadding() {
    Sequences path = Sequences.of(2, 0, 3);
    Tensor packed = Tensor.range(5).add(1).unsqueeze(1);
    Tensor padded = packed.segmentSum(path.padded(3));
    assertArrayEquals(new float[] {1, 2, 0, 0, 0, 0, 3, 4, 5}, padded.toArray());
    assertArrayEquals(packed.toArray(), padded.gatherRows(path.padded(3)).toArray());
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> path.padded(2)).getMessage())
        .contains("sequence 2 has length 3; it does not fit into 2"));
  }

  @Test
  void refusesLengthsBelowZeroAndTooManyNodes() {
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> Sequences.of(2, -1)).getMessage())
        .contains("sequence 1 has length -1"));
    assertThrows(ArithmeticException.class, () -> Sequences.of(Integer.MAX_VALUE, 1));
  }

  @Test
  void timesBecomeAPathWithTheirDifferencesOnItsEdges() {
    Graph series = SequenceGraphs.timeSeries(new double[] {1, 2.5, 2.5, 7}, Tensor.zeros(4, 2));
    assertArrayEquals(new float[] {1.5f, 0, 4.5f}, Objects.requireNonNull(series.edges()).toArray());
    assertEquals(3, series.adjacency().edges());
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> SequenceGraphs.timeSeries(new double[] {1, 0}, Tensor.zeros(2, 1))).getMessage())
        .contains("time 1 is 0.0"));
    assertThrows(IllegalArgumentException.class, () -> SequenceGraphs.timeSeries(new double[] {1}, Tensor.zeros(2, 1)));
    assertEquals(4, SequenceGraphs.sentence(Tensor.zeros(5, 3)).edgeCount());
  }
}
