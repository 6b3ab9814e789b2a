package org.orrery.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.backend.Backend;

/// The laws that every backend obeys, as tests to be run by a JUnit `@TestFactory`: each primitive, and each kernel of the
/// families that the backend offers, agrees with its formula in double precision ([Float64Backend]) within a tolerance
/// relative to the size of the terms; the same inputs give the same bits; operands stay as they are; empty arrays, empty
/// segments, ties, NaN and infinities come out as the contract says.
///
/// ```java
/// @TestFactory
/// Stream<DynamicTest> cpu() {
///   return BackendContract.of(cpuBackend, 2e-6).all();
/// }
/// ```
///
/// Inputs come from a seeded key; shape and seed stand in the name of each test.
public final class BackendContract {
  private final Backend backend;
  private final double tolerance;

  private BackendContract(Backend backend, double tolerance) {
    this.backend = backend;
    this.tolerance = tolerance;
  }

  /// The laws for a backend.
  ///
  /// @param backend the one to be tested
  /// @param tolerance the error allowed, relative to the size of a result or, for sums, of the terms; a few 1e-6 suit
  ///     float32
  public static BackendContract of(Backend backend, double tolerance) {
    return new BackendContract(backend, tolerance);
  }

  /// Every law below.
  public Stream<DynamicTest> all() {
    return Stream.of(memory(), elementwise(), reductions(), products(), movements(), segments(), kernels())
        .flatMap(laws -> laws);
  }

  /// Copies to and from the host, fills, random numbers, refills and releases.
  public Stream<DynamicTest> memory() {
    return new MemoryLaws(backend).laws();
  }

  /// Functions of one and two arguments, and selection.
  public Stream<DynamicTest> elementwise() {
    return new ElementwiseLaws(sideBySide()).laws();
  }

  /// Reductions along an axis, positions of extremes, sorting and prefix sums.
  public Stream<DynamicTest> reductions() {
    return new ReductionLaws(sideBySide()).laws();
  }

  /// Matrix products.
  public Stream<DynamicTest> products() {
    return new ProductLaws(sideBySide(), backend).laws();
  }

  /// Strided copies, concatenation and gathering.
  public Stream<DynamicTest> movements() {
    return new MovementLaws(sideBySide()).laws();
  }

  /// Reductions over segments of rows.
  public Stream<DynamicTest> segments() {
    return new SegmentLaws(sideBySide()).laws();
  }

  /// The kernel families that the backend offers.
  public Stream<DynamicTest> kernels() {
    return new KernelLaws(sideBySide(), backend).laws();
  }

  private SideBySide sideBySide() {
    return new SideBySide(backend, tolerance);
  }
}
