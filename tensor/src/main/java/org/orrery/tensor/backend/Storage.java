package org.orrery.tensor.backend;

/// An array of numbers that lives on one device. Backends subclass it; only kernels look inside.
///
/// A buffer is written once, by the kernel that made it, with two exceptions. A parameter's buffer is refilled by an
/// optimizer: each refill counts up [#version()], so that whoever read an earlier version notices. And a sweep adds shares
/// to gradients that nobody but itself has seen ([InPlaceKernels#accumulate]).
public abstract class Storage {
  private final int size;
  private volatile int version;
  private volatile boolean released;
  private boolean adopted;
  private volatile boolean uploaded;

  /// @param size how many numbers it holds
  protected Storage(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("buffer of " + size + " values");
    }
    this.size = size;
  }

  /// How many numbers it holds.
  public final int size() {
    return size;
  }

  /// How often it was refilled.
  public final int version() {
    return version;
  }

  /// Whether its memory went back to the device: nothing may read it then.
  public final boolean isReleased() { return released; }

  /// Says that the numbers were changed in place.
  @SuppressWarnings("NonAtomicVolatileUpdate") // one optimizer writes; readers only compare
  public final void countRefill() {
    version++;
  }

  /// Says that somebody looks after the buffer now: a scope, a parameter, the garbage collector.
  ///
  /// @return whether nobody did before
  public final boolean adopt() {
    boolean first = !adopted;
    adopted = true;
    return first;
  }

  /// Says that the numbers were copied from the host: they are data, not results.
  public final void markUploaded() {
    uploaded = true;
  }

  /// Whether the numbers were copied from the host.
  public final boolean isUploaded() { return uploaded; }

  /// Marks the memory as gone; called by [Backend#release(Storage)].
  protected final void markReleased() {
    released = true;
  }
}
