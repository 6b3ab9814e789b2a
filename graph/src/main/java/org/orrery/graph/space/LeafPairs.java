package org.orrery.graph.space;

import java.util.Arrays;

/// Points in the order of a tree. Of the leaves around a point only what stands behind it is looked at, so that each pair is met once.
final class LeafPairs implements PairSearch {
  /// So many leaves are searched in one go.
  private static final int BLOCK = 128;

  private final KdTree tree;
  private final double radius;
  private final double limit;
  private final double most;
  private final int[] starts;

  /// @param limit the largest square of a distance within the radius
  /// @param most no fewer than there are pairs
  LeafPairs(KdTree tree, double radius, double limit, double most) {
    this.tree = tree;
    this.radius = radius;
    this.limit = limit;
    this.most = most;
    starts = tree.starts();
  }

  @Override
  public int blocks() {
    return (tree.leaves + BLOCK - 1) / BLOCK;
  }

  @Override
  public double most() {
    return most;
  }

  @Override
  public long count() {
    return (WithinCount.between(tree, tree, limit) - tree.count) / 2;
  }

  @Override
  public int index(int place) {
    return tree.order[place];
  }

  @Override
  public void visit(int block, Visitor visitor) {
    WithinLeaf search = new WithinLeaf(tree, tree, radius, limit);
    for (int leaf = block * BLOCK; leaf < Math.min(tree.leaves, (block + 1) * BLOCK); leaf++) {
      if (starts[leaf] == starts[leaf + 1]) {
        continue;
      }
      search.of(leaf, starts[leaf] + 1);
      for (int p = starts[leaf]; p < starts[leaf + 1]; p++) {
        int near = search.near(p);
        for (int i = 0; i < near; i++) {
          int q = search.place(i);
          if (q > p) {
            visitor.pair(p, q, search.square(i));
          }
        }
      }
    }
  }

  @Override
  public int[] collect(int block) {
    Collected collected = new Collected();
    visit(block, collected);
    return Arrays.copyOf(collected.all, collected.size);
  }

  /// The pairs of one block.
  private final class Collected implements Visitor {
    private int[] all = new int[1024];
    private int size;

    @Override
    public void pair(int p, int q, double square) {
      if (all.length - size < 2) {
        all = Arrays.copyOf(all, NeighborList.grown(size + 2L));
      }
      all[size] = Math.min(index(p), index(q));
      all[size + 1] = Math.max(index(p), index(q));
      size += 2;
    }
  }
}
