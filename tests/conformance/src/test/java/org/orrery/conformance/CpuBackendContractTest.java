package org.orrery.conformance;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.orrery.tensor.backend.Backends;
import org.orrery.testkit.BackendContract;

/// The CPU backend obeys the contract of a device, with vector kernels and, in the scalar run, without.
class CpuBackendContractTest {
  @TestFactory
  Stream<DynamicTest> theCpuObeysTheContract() {
    return BackendContract.of(Backends.named("cpu"), 1e-6).all(); // float32 rounds by 6e-8
  }
}
