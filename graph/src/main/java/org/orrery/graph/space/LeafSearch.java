package org.orrery.graph.space;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.orrery.tensor.cpu.Parallel;

/// All neighbors within a radius, each at its nearest image, by trees of senders and receivers, which adapt to how unevenly
/// points stand.
final class LeafSearch implements Search {
  /// So many leaves are searched in one go.
  private static final int BLOCK = 64;

  private final KdTree tree;
  private final KdTree queries;
  private final boolean othersOnly;
  /// Block by block, the neighbors of its receivers, as places in the order of the tree.
  private final int[][] found;
  /// How many neighbors each receiver has, in the order of the queries.
  private final int[] sizes;
  /// Where each leaf of the queries starts.
  private final int[] starts;
  private final LongAdder compared = new LongAdder();

  /// @param limit the largest square of a distance within the radius
  LeafSearch(PointSets points, int set, double radius, double limit, Itself itself) {
    tree = points.senderTree(set);
    queries = points.areTheSame() ? tree : points.receiverTree(set);
    othersOnly = points.areTheSame() && itself == Itself.EXCLUDED;
    sizes = new int[queries.count];
    starts = queries.starts();
    found = new int[(queries.leaves + BLOCK - 1) / BLOCK][];
    Parallel.current().forChunks(queries.leaves, BLOCK,
        (from, to) -> found[from / BLOCK] = search(from, to, new WithinLeaf(tree, queries, radius, limit)));
  }

  private int[] search(int fromLeaf, int toLeaf, WithinLeaf search) {
    int[] all = new int[1024];
    int size = 0;
    for (int leaf = fromLeaf; leaf < toLeaf; leaf++) {
      if (starts[leaf] == starts[leaf + 1]) {
        continue;
      }
      search.of(leaf, 0);
      for (int p = starts[leaf]; p < starts[leaf + 1]; p++) {
        int near = search.near(p);
        if (all.length - size < near) {
          all = Arrays.copyOf(all, NeighborList.grown((long) size + near));
        }
        int before = size;
        for (int i = 0; i < near; i++) {
          all[size] = search.place(i);
          size += othersOnly && all[size] == p ? 0 : 1;
        }
        sizes[p] = size - before;
      }
    }
    compared.add(search.compared());
    return Arrays.copyOf(all, size);
  }

  /// How many distances were measured.
  long compared() {
    return compared.sum();
  }

  @Override
  public int[] counts() {
    int[] counts = new int[sizes.length];
    for (int p = 0; p < sizes.length; p++) {
      counts[queries.order[p]] = sizes[p];
    }
    return counts;
  }

  @Override
  public void fill(int[] rowStart, int[] senders, int[] shifts) {
    Parallel.current().forEach(found.length, b -> {
      int[] neighbors = found[b];
      int at = 0;
      for (int p = starts[b * BLOCK]; p < starts[Math.min(queries.leaves, (b + 1) * BLOCK)]; p++) {
        int edge = rowStart[queries.order[p]];
        for (int i = 0; i < sizes[p]; i++) {
          senders[edge + i] = tree.first + tree.order[neighbors[at + i]];
        }
        Arrays.sort(senders, edge, edge + sizes[p]);
        at += sizes[p];
      }
    });
  }
}
