package org.orrery.graph;

import java.util.HashMap;
import java.util.Map;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// Graphs of ordered things: sentences, time series, merger trees.
public final class SequenceGraphs {
  private SequenceGraphs() {
  }

  /// A sentence: one node a word, an edge from each word to the next.
  ///
  /// @param words `[words, width]`
  public static Graph sentence(Tensor words) {
    return Graph.of(Sequences.of(words.rows()), words);
  }

  /// A time series: one node a time, an edge from each time to the next, with the time between both as its feature.
  ///
  /// @param times ascending
  /// @param values `[times, width]`
  /// @throws IllegalArgumentException where there is not a row for each time, or times do not ascend, naming the first
  public static Graph timeSeries(double[] times, Tensor values) {
    if (values.rank() < 1 || values.rows() != times.length) {
      throw new IllegalArgumentException("time series: values " + values.shape() + " for " + times.length
          + " times; one row for each is required");
    }
    double[] between = new double[Math.max(0, times.length - 1)];
    for (int i = 0; i < between.length; i++) {
      between[i] = times[i + 1] - times[i];
      if (!(between[i] >= 0)) {
        throw new IllegalArgumentException("time series: time " + (i + 1) + " is " + times[i + 1]
            + ", after " + times[i] + "; times must ascend");
      }
    }
    return Graph.builder(Sequences.of(times.length)).nodes(values).edges(Tensor.of(between, between.length, 1)).build();
  }

  /// The merger trees of haloes that know their descendant: an edge runs from each halo to what it becomes part of. Node i
  /// is the i-th halo.
  ///
  /// @param haloes the identifier of each halo
  /// @param descendants the identifier of its descendant, or `none`
  /// @param none what stands for no descendant
  /// @throws IllegalArgumentException where the lists differ in length, an identifier is there twice or is `none`, a
  ///         descendant is no halo, or haloes are their own descendants
  public static Forest mergerTrees(long[] haloes, long[] descendants, long none) {
    if (haloes.length != descendants.length) {
      throw new IllegalArgumentException("merger trees: " + haloes.length + " haloes and " + descendants.length
          + " descendants; one for each is required");
    }
    Map<Long, Integer> numbers = new HashMap<>();
    for (int i = 0; i < haloes.length; i++) {
      Integer before = numbers.put(haloes[i], i);
      if (before != null || haloes[i] == none) {
        throw new IllegalArgumentException("merger trees: halo " + i + " has the identifier " + haloes[i]
            + (before != null ? ", as halo " + before + " has" : ", which stands for none"));
      }
    }
    int[] parents = new int[haloes.length];
    for (int i = 0; i < parents.length; i++) {
      Integer parent = descendants[i] == none ? Integer.valueOf(-1) : numbers.get(descendants[i]);
      if (parent == null) {
        throw new IllegalArgumentException("merger trees: the descendant of halo " + haloes[i] + " is "
            + descendants[i] + ", which is no halo here");
      }
      parents[i] = parent;
    }
    return Forest.of(Indices.wrap(parents));
  }
}
