package org.orrery.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.cpu.loops.Slots;

/// Kernels of one problem: [CpuBackend] hands them out by their contracts.
abstract class CpuKernels {
  /// How many numbers a thread takes at a time.
  static final int CHUNK = 1 << 16;

  final Machine machine;

  CpuKernels(Machine machine) {
    this.machine = machine;
  }

  /// The array of a buffer.
  static float[] values(Storage x) {
    return CpuStorage.valuesOf(x);
  }

  /// A buffer for a result.
  CpuStorage fresh(int size) {
    return machine.fresh(size);
  }

  static Slots slots(Indices offsets, @Nullable Indices columns, @Nullable Indices edges) {
    return new Slots(offsets.raw(), columns == null ? null : columns.raw(), edges == null ? null : edges.raw());
  }
}
