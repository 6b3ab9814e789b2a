package org.orrery.tensor.backend;

/// How a backend is found: registered with [java.util.ServiceLoader].
public interface BackendProvider {
  /// The name to ask for: `cpu`, `opencl`.
  String name();

  /// The backend; the same one at each call.
  ///
  /// @throws IllegalStateException with reason and cure where this machine cannot run it
  Backend backend();
}
