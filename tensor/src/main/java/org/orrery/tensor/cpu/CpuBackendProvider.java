package org.orrery.tensor.cpu;

import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.BackendProvider;

/// Offers the CPU under the name `cpu`; every machine can run it.
public final class CpuBackendProvider implements BackendProvider {
  private static final class Holder {
    static final CpuBackend BACKEND = new CpuBackend();
  }

  /// Called by the service loader.
  public CpuBackendProvider() {
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Backend backend() {
    return Holder.BACKEND;
  }
}
