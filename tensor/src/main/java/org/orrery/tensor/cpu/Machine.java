package org.orrery.tensor.cpu;

/// What every part of the backend works with: the loops, the threads and the memory.
record Machine(Kernels kernels, Parallel parallel, ArrayPool pool) {
}
