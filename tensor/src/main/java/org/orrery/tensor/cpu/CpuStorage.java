package org.orrery.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Storage;

/// Numbers in a heap array, which may be longer than the buffer: what lies behind its size means nothing.
final class CpuStorage extends Storage {
  private volatile float @Nullable [] values;

  CpuStorage(float[] values, int size) {
    super(size);
    this.values = values;
  }

  /// The array of a buffer of this backend.
  static float[] valuesOf(Storage buffer) {
    if (!(buffer instanceof CpuStorage own)) {
      throw new IllegalArgumentException("a buffer of " + buffer.getClass().getSimpleName()
          + "; the cpu backend reads its own buffers only");
    }
    float[] values = own.values;
    if (values == null) {
      throw new IllegalStateException("a buffer of " + own.size() + " values was read after its release");
    }
    return values;
  }

  /// Gives the array away and marks the buffer as released; null where that was done before.
  synchronized float @Nullable [] release() {
    float[] released = values;
    values = null;
    markReleased();
    return released;
  }
}
