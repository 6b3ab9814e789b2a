package org.orrery.training;

import java.util.List;

/// The batches of each epoch: a [Loader], or the same batch always.
///
/// @param <B> of a batch
@FunctionalInterface
public interface Batches<B> {
  /// The batches of an epoch in order; the same for the same epoch. They may be made while one walks over them: in the
  /// [org.orrery.tensor.Scope] of a step, so that what is to be kept for another is made outside of it.
  Iterable<B> epoch(long epoch);

  /// One batch that is everything, as in learning on the nodes of one graph.
  static <B> Batches<B> fullBatch(B batch) {
    List<B> one = List.of(batch);
    return epoch -> one;
  }
}
