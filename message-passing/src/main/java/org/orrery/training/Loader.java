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

  private Loader(Dataset<T> dataset, int batchSize, Function<List<T>, B> collate, @Nullable Key key, Last last) {
    Require.positive("loader", "batch size", batchSize);
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.collate = collate;
    this.key = key;
    this.last = last;
  }

  /// Batches in the order of the data, the last one kept.
  ///
  /// @param collate makes a batch of examples: `Graph::batch` for graphs
  /// @throws IllegalArgumentException unless the batch size is positive
  public static <T, B> Loader<T, B> of(Dataset<T> dataset, int batchSize, Function<List<T>, B> collate) {
    return new Loader<>(dataset, batchSize, collate, null, Last.KEPT);
  }

  /// With an order that the key and the epoch decide.
  public Loader<T, B> shuffled(Key by) {
    return new Loader<>(dataset, batchSize, collate, by, last);
  }

  /// With this choice about the examples that do not fill a batch.
  public Loader<T, B> last(Last choice) {
    return new Loader<>(dataset, batchSize, collate, key, choice);
  }

  /// How many batches an epoch has.
  public int batches() {
    return switch (last) {
      case KEPT -> Math.ceilDiv(dataset.size(), batchSize);
      case DROPPED -> dataset.size() / batchSize;
    };
  }

  /// The order of an epoch.
  public Indices order(long epoch) {
    return key == null ? Indices.range(0, dataset.size()) : Indices.wrap(key.fold(epoch).permutation(dataset.size()));
  }

  @Override
  public Iterable<B> epoch(long epoch) {
    Indices order = order(epoch);
    return () -> new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < batches();
      }

      @Override
      public B next() {
        int from = next++ * batchSize;
        int to = Math.min(dataset.size(), from + batchSize);
        List<T> examples = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
          int position = order.at(i);
          examples.add(Scope.outside(() -> dataset.at(position)));
        }
        return collate.apply(examples);
      }
    };
  }
}
