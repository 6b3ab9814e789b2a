package org.orrery.training;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// The batches of each epoch: a [Loader], or the same batch always.
///
/// Means over the batches of an epoch, such as its loss, count each batch by its [#size]: a [Loader] counts examples, others
/// count each batch the same unless they say how large it is ([#sized]).
///
/// @param <B> of a batch
@FunctionalInterface
public interface Batches<B> {
  /// The batches of an epoch in order; the same for the same epoch. They may be made while one walks over them: in the
  /// [org.orrery.tensor.Scope] of a step, so that what is to be kept for another is made outside of it.
  Iterable<B> epoch(long epoch);

  /// How much a batch counts in a mean over those of an epoch: over how many terms its loss is a mean. 1 unless the batches
  /// know better.
  ///
  /// @param number of the batch in its epoch, from 0
  /// @param batch itself
  default double size(long number, B batch) {
    return 1;
  }

  /// The same batches, which count by this size: for a loss that is a mean over nodes, `graph -> graph.nodeCount()`.
  ///
  /// @param size 0 or more
  default Batches<B> sized(ToDoubleFunction<B> size) {
    Batches<B> plain = this;
    return new Batches<>() {
      @Override
      public Iterable<B> epoch(long epoch) {
        return plain.epoch(epoch);
      }

      @Override
      public double size(long number, B batch) {
        return size.applyAsDouble(batch);
      }
    };
  }

  /// One batch that is everything, as in learning on the nodes of one graph.
  static <B> Batches<B> fullBatch(B batch) {
    List<B> one = List.of(batch);
    return epoch -> one;
  }
}
