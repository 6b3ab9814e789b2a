package org.orrery.tensor.cpu;

import org.orrery.tensor.cpu.loops.Loops;

/// What every part of the backend works with: the loops, the threads and the memory.
record Machine(Loops kernels, Parallel parallel, ArrayPool pool) {
  /// A buffer for a result.
  CpuStorage fresh(int size) {
    return new CpuStorage(pool.take(size), size);
  }
}
