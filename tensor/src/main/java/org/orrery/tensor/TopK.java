package org.orrery.tensor;

/// The result of [Tensor#topK(int)].
///
/// @param values the largest along the last axis, largest first: `[..., count]`
/// @param positions where they are along that axis, row-major in the shape of the values
public record TopK(Tensor values, Indices positions) {
}
