package org.orrery.compat;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Tensor;

/// Keys and values of what an attention has seen, for sequences of one length that grow together. It belongs to one layer and one run of
/// decoding; no gradient flows through it.
public final class KeyValueCache {
  private @Nullable Tensor keys;
  private @Nullable Tensor values;

  /// A cache that has seen nothing.
  public KeyValueCache() {
  }

  /// Takes in what is new, `[sequences, new, width]` each.
  ///
  /// @throws IllegalArgumentException where sequences or width differ from what is there
  void append(Tensor newKeys, Tensor newValues) {
    Tensor oldKeys = keys;
    Tensor oldValues = values;
    if (oldKeys == null || oldValues == null) {
      keys = newKeys.detach();
      values = newValues.detach();
      return;
    }
    if (oldKeys.rows() != newKeys.rows() || oldKeys.columns() != newKeys.columns()) {
      throw new IllegalArgumentException("key-value cache: " + newKeys.shape() + " after " + oldKeys.shape()
          + "; as many sequences of the same width are required");
    }
    keys = Tensor.concat(1, oldKeys, newKeys.detach());
    values = Tensor.concat(1, oldValues, newValues.detach());
  }

  /// How many places of each sequence it has seen.
  public int length() {
    return keys == null ? 0 : keys.size(1);
  }

  /// `[sequences, length, width]`.
  Tensor keys() {
    return required(keys);
  }

  /// `[sequences, length, width]`.
  Tensor values() {
    return required(values);
  }

  private static Tensor required(@Nullable Tensor seen) {
    if (seen == null) {
      throw new IllegalStateException("key-value cache: nothing has been seen yet");
    }
    return seen;
  }
}
