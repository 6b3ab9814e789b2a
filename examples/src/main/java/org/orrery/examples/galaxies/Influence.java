package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.inference.Posterior;
import org.orrery.tensor.Indices;

/// What the posterior of a box owes to its links and halos: how far its mean moves when one is taken away, in standard deviations of the
/// posterior, of the parameter that moves farthest.
///
/// @param links `[links, 2]`, each pair of halos once, the lower number first
/// @param ofLinks what the mean owes to each pair, both directions taken away
/// @param ofHalos what it owes to each halo, its links included
@SuppressWarnings("ArrayRecordComponent") // never compared
record Influence(int[][] links, double[] ofLinks, double[] ofHalos) {
  private static final int AT_ONCE = 32;

  static Influence of(HaloModel model, Graph box) {
    Sparse edges = box.adjacency().sparse();
    List<int[]> pairs = new ArrayList<>();
    for (int e = 0; e < edges.edges(); e++) {
      if (edges.senderOf().at(e) < edges.receiverOf().at(e)) {
        pairs.add(new int[] {edges.senderOf().at(e), edges.receiverOf().at(e)});
      }
    }
    Posterior whole = model.posteriors(box).getFirst();
    double[] links = moved(model, whole, pairs.size(), i -> withoutLink(box, pairs.get(i)));
    double[] halos = moved(model, whole, box.nodeCount(), halo -> withoutHalo(box, halo));
    return new Influence(pairs.toArray(int[][]::new), links, halos);
  }

  private interface Change {
    Graph without(int part);
  }

  private static double[] moved(HaloModel model, Posterior whole, int parts, Change change) {
    double[] spread = whole.standardDeviation();
    double[] mean = whole.mean();
    double[] distances = new double[parts];
    for (int from = 0; from < parts; from += AT_ONCE) {
      List<Graph> changed = IntStream.range(from, Math.min(parts, from + AT_ONCE)).mapToObj(change::without).toList();
      List<Posterior> posteriors = model.posteriors(Graph.batch(changed));
      for (int i = 0; i < posteriors.size(); i++) {
        double[] without = posteriors.get(i).mean();
        for (int p = 0; p < mean.length; p++) {
          distances[from + i] = Math.max(distances[from + i], Math.abs(without[p] - mean[p]) / spread[p]);
        }
      }
    }
    return distances;
  }

  private static Graph withoutLink(Graph box, int[] pair) {
    Sparse edges = box.adjacency().sparse();
    boolean[] keep = new boolean[edges.edges()];
    for (int e = 0; e < keep.length; e++) {
      int sender = edges.senderOf().at(e);
      int receiver = edges.receiverOf().at(e);
      keep[e] = !((sender == pair[0] && receiver == pair[1]) || (sender == pair[1] && receiver == pair[0]));
    }
    return box.rewired(edges.filtered(keep), 0);
  }

  private static Graph withoutHalo(Graph box, int halo) {
    return box.induced(Indices.wrap(IntStream.range(0, box.nodeCount()).filter(i -> i != halo).toArray()));
  }
}
