package org.orrery.tensor.cpu;

import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.BackendProvider;

/// Offers the CPU under the name `cpu`; every machine can run it.
public final class CpuBackendProvider implements BackendProvider {
  private static @Nullable CpuBackend made;

  /// Called by the service loader.
  public CpuBackendProvider() {
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Backend backend() {
    return shared();
  }

  /// Made at the first call, where a wrong number of threads can be said plainly.
  private static synchronized CpuBackend shared() {
    CpuBackend known = made;
    if (known == null) {
      known = new CpuBackend();
      made = known;
    }
    return known;
  }
}
