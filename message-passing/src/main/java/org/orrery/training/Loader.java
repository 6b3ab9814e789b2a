package org.orrery.training;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Require;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;

/// Batches of examples, shuffled anew in each epoch by a key: the order is a function of key and epoch alone.
///
/// An example is asked for outside every [Scope], so that a dataset may keep what it made; the batch is made inside the
/// scope of the step that asks for it, and gone with it.
///
/// @param <T> of an example
/// @param <B> of a batch
public final class Loader<T, B> implements Batches<B> {
  /// What happens to the examples that do not fill a batch.
  public enum Last {
    /// They are a smaller batch.
    KEPT,
    /// They are left out of this epoch.
    DROPPED
  }

  private final Dataset<T> dataset;
  private final int batchSize;
  private final Function<List<T>, B> collate;
  private final @Nullable Key key;
  private final Last last;

  private final int shard;
  private final int shards;

  private Loader(Dataset<T> dataset, int batchSize, Function<List<T>, B> collate, @Nullable Key key, Last last,
      int shard, int shards) {
    Require.positive("loader", "batch size", batchSize);
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.collate = collate;
    this.key = key;
    this.last = last;
    this.shard = shard;
    this.shards = shards;
  }

  /// Batches in the order of the data, the last one kept.
  ///
  /// @param collate makes a batch of examples: `Graph::batch` for graphs
  /// @throws IllegalArgumentException unless the batch size is positive
  public static <T, B> Loader<T, B> of(Dataset<T> dataset, int batchSize, Function<List<T>, B> collate) {
    return new Loader<>(dataset, batchSize, collate, null, Last.KEPT, 0, 1);
  }

  /// With an order that the key and the epoch decide.
  public Loader<T, B> shuffled(Key by) {
    return new Loader<>(dataset, batchSize, collate, by, last, shard, shards);
  }

  /// With this choice about the examples that do not fill a batch.
  public Loader<T, B> last(Last choice) {
    return new Loader<>(dataset, batchSize, collate, key, choice, shard, shards);
  }

  /// The k-th of n parts of each batch, for one of n machines. The batch size is that of a shard: together the machines
  /// walk over the same order in batches of n times as many examples, of which each shard takes a run. Shards of one epoch
  /// are disjoint, complete, and have as many batches each.
  ///
  /// The examples that do not fill a batch of all shards are left out ([Last#DROPPED]), or divided among them in runs whose
  /// lengths differ by at most 1 ([Last#KEPT]); where there are fewer than n, so that a shard would be empty, [#epoch]
  /// refuses.
  ///
  /// @param k from 0
  /// @throws IllegalArgumentException unless k is 0 to n - 1
  public Loader<T, B> shard(int k, int n) {
    Require.that(n > 0 && k >= 0 && k < n, "loader", "shard " + k + " of " + n + "; 0 to n - 1 is required");
    return new Loader<>(dataset, batchSize, collate, key, last, k, n);
  }

  /// How many batches an epoch has.
  public int batches() {
    return Math.toIntExact(switch (last) {
      case KEPT -> Math.ceilDiv(dataset.size(), together());
      case DROPPED -> dataset.size() / together();
    });
  }

  /// How many examples a batch of all shards has.
  private long together() { return (long) batchSize * shards; }

  /// The order of an epoch.
  public Indices order(long epoch) {
    return key == null ? Indices.range(0, dataset.size()) : Indices.wrap(key.fold(epoch).permutation(dataset.size()));
  }

  @Override
  public Iterable<B> epoch(long epoch) {
    long rest = dataset.size() % together();
    Require.that(last == Last.DROPPED || rest == 0 || rest >= shards, "loader",
        rest + " examples are left for " + shards
            + " shards, so that one would have none; drop what does not fill a batch");
    Indices order = order(epoch);
    return () -> new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < batches();
      }

      @Override
      public B next() {
        Run run = run(next++);
        List<T> examples = new ArrayList<>(run.to() - run.from());
        for (int i = run.from(); i < run.to(); i++) {
          int position = order.at(i);
          examples.add(Scope.outside(() -> dataset.at(position)));
        }
        return collate.apply(examples);
      }
    };
  }

  /// How many examples it has.
  @Override
  public double size(long number, B batch) {
    Run run = run(number);
    return run.to() - run.from();
  }

  /// The positions in the order of an epoch that a batch takes.
  private record Run(int from, int to) {
  }

  private Run run(long number) {
    long first = number * together();
    long count = Math.min(dataset.size() - first, together());
    return new Run(Math.toIntExact(first + count * shard / shards),
        Math.toIntExact(first + count * (shard + 1) / shards));
  }
}
