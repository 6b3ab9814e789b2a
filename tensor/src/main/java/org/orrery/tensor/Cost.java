package org.orrery.tensor;

/// The work of an operation.
///
/// @param bytes read from and written to memory, each array counted once
/// @param flops floating-point operations; a fused multiply-add counts two
/// @param scratch bytes of memory needed beside operands and result while it runs
public record Cost(long bytes, long flops, long scratch) {
}
