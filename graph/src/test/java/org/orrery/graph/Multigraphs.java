package org.orrery.graph;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Random directed multigraphs with an isolated node, self loops (one node has two) and repeated edges.
final class Multigraphs {
  static final int NODES = 9;
  static final int ISOLATED = 4;

  private Multigraphs() {
  }

  static Stream<Long> seeds() {
    return LongStream.range(0, 6).boxed();
  }

  static Sparse of(long seed) {
    return of(seed, null);
  }

  /// With this many edge types.
  static Sparse typed(long seed, int types) {
    return of(seed, Indices.wrap(Key.of(seed).fold("types").integers(26, types)));
  }

  private static Sparse of(long seed, @Nullable Indices types) {
    int[] from = new int[26];
    int[] to = new int[26];
    int[] senders = Key.of(seed).fold("senders").integers(20, NODES - 1);
    int[] receivers = Key.of(seed).fold("receivers").integers(20, NODES - 1);
    for (int e = 0; e < 20; e++) {
      from[e] = senders[e] < ISOLATED ? senders[e] : senders[e] + 1;
      to[e] = receivers[e] < ISOLATED ? receivers[e] : receivers[e] + 1;
    }
    for (int e = 20; e < 23; e++) {
      from[e] = from[e - 20];
      to[e] = to[e - 20];
    }
    from[23] = to[23] = 2;
    from[24] = to[24] = 7;
    from[25] = to[25] = 7;
    Indices shuffle = Indices.wrap(Key.of(seed).fold("order").permutation(26));
    return Sparse.of(NODES, NODES, Indices.wrap(from).at(shuffle), Indices.wrap(to).at(shuffle), types);
  }

  static Tensor weights(long seed, int edges) {
    return Tensor.uniform(Key.of(seed).fold("weights"), edges).add(0.5);
  }

  /// A[t][s] in double precision, straight from the edge list.
  static double[][] dense(Sparse edges, Tensor weights) {
    double[][] matrix = new double[edges.receivers()][edges.senders()];
    double[] w = weights.toDoubles();
    for (int e = 0; e < w.length; e++) {
      matrix[edges.receiverOf().at(e)][edges.senderOf().at(e)] += w[e];
    }
    return matrix;
  }

  static float[] flat(double[][] matrix) {
    float[] values = new float[matrix.length * matrix.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) matrix[i / matrix.length][i % matrix.length];
    }
    return values;
  }

  static Sparse empty(int nodes) {
    return Sparse.of(nodes, Indices.of(), Indices.of());
  }
}
