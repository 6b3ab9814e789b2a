package org.orrery.nn;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;

/// Whether a model is being trained or used. It is the only way to ask for noise: dropout without a key does not exist.
public sealed interface Mode {
  /// Training: each draw of noise takes the next key, `key.fold(0)`, `key.fold(1)`, ..., so that no two layers and no two
  /// calls of one layer share their noise. What is drawn follows from the key and the order of the calls.
  ///
  /// It belongs to the thread that draws first: the order of draws from two threads would differ from run to run.
  final class Training implements Mode {
    private final Key key;
    private long draws;
    private @Nullable Thread owner;

    private Training(Key key) {
      this.key = key;
    }

    /// The key that all noise is derived from.
    public Key key() {
      return key;
    }

    /// A key that this mode gave to nobody before. An operation that draws again in its backward pass keeps the key.
    ///
    /// @throws IllegalStateException where another thread has drawn from this mode
    public synchronized Key nextKey() {
      Thread caller = Thread.currentThread();
      if (owner != null && !owner.equals(caller)) {
        throw new IllegalStateException("mode: noise drawn on thread " + caller.getName() + " after thread "
            + owner.getName() + "; each thread needs a mode of its own, with a key of its own");
      }
      owner = caller;
      return key.fold(draws++);
    }

    /// As in `Training[key=Key[7, 0]]`.
    @Override
    public String toString() {
      return "Training[key=" + key + "]";
    }
  }

  /// Using: no noise.
  record Inference() implements Mode {
  }

  /// Using a trained model: no noise, running statistics as they are.
  static Mode inference() {
    return new Inference();
  }

  /// Training with noise from this key.
  ///
  /// @param key fresh for each step
  static Training training(Key key) {
    return new Training(key);
  }

  /// A mode that draws the same noise as this one did, from its first draw on.
  default Mode fromStart() {
    return this instanceof Training training ? new Training(training.key()) : this;
  }

  /// Whether running statistics are to be updated and noise to be drawn.
  default boolean isTraining() { return this instanceof Training; }
}
