package org.orrery.tensor;

/// The work of an operation.
///
/// @param bytes read from and written to memory: each array counted once, rows that are taken by index each time
/// @param flops floating-point operations; a fused multiply-add counts two, an elementary function one
/// @param scratch bytes of memory needed at most beside operands and result while it runs
public record Cost(long bytes, long flops, long scratch) {
  /// Numbers below this count fit into the scratch of one piece of work, of which a thread has one at a time.
  private static final long PIECE = 1 << 14;

  /// Work on numbers of 4 bytes.
  ///
  /// @param read numbers and indices read
  /// @param written numbers written
  /// @param flops floating-point operations
  /// @param scratch numbers held beside
  public static Cost ofNumbers(long read, long written, long flops, long scratch) {
    return new Cost(Float.BYTES * (read + written), flops, Float.BYTES * scratch);
  }

  /// Numbers that are read, and written elsewhere.
  public static Cost ofCopy(long numbers) {
    return ofNumbers(numbers, numbers, 0, 0);
  }

  /// The numbers held beside where `size` numbers are worked on piece by piece, a piece a thread, and none is cut below
  /// `least`.
  static long pieces(long size, long least) {
    long threads = Runtime.getRuntime().availableProcessors();
    return Math.min(size, threads * (PIECE + least));
  }
}
