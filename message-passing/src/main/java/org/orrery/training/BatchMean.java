package org.orrery.training;

import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Require;

/// The mean of losses over the batches of an epoch, each counted by its size ([Batches#size]): where the loss of a batch is
/// a mean over its examples, the mean over all examples, however they are cut into batches.
final class BatchMean {
  private double sum;
  private double total;
  private long count;

  /// The mean of an epoch that is not done, of which a checkpoint tells.
  static BatchMean of(Checkpoint.@Nullable Underway underway) {
    BatchMean mean = new BatchMean();
    if (underway != null) {
      mean.count = underway.batches();
      mean.sum = underway.lossSum();
      mean.total = underway.size();
    }
    return mean;
  }

  /// What a checkpoint tells of it; null before the first batch.
  Checkpoint.@Nullable Underway underway() {
    return count == 0 ? null : new Checkpoint.Underway(count, sum, total);
  }

  /// How many batches there were.
  long count() {
    return count;
  }

  /// Adds the loss of the next batch and gives it.
  <B> double add(Batches<B> batches, B batch, ToDoubleFunction<B> loss) {
    double size = batches.size(count, batch);
    Require.that(size >= 0 && Double.isFinite(size), "batches",
        "batch " + count + " has size " + size + "; a number of 0 or more is required");
    double value = loss.applyAsDouble(batch);
    if (size > 0) { // an infinite loss of nothing is nothing
      sum += size * value;
      total += size;
    }
    count++;
    return value;
  }

  /// The mean.
  ///
  /// @throws IllegalArgumentException where there were no batches, or all of size 0
  double value(String who, String what) {
    Require.that(count > 0, who, what + " has no batches");
    Require.that(total > 0, who, what + " has " + count + " batches, all of size 0");
    return sum / total;
  }
}
