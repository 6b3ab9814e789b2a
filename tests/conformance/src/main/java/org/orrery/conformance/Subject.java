package org.orrery.conformance;

/// The project's counterpart of a reference's operation.
@FunctionalInterface
interface Subject {
  /// Builds the project's own public operation or layer from the case's configuration and runs it forward.
  ///
  /// @throws Unsupported where the project has nothing that fits the configuration
  Answer run(Case reference);
}
