package org.orrery.messagepassing;

import org.orrery.graph.Sparse;
import org.orrery.tensor.Tensor;

/// Who attends to whom, and how much.
///
/// @param edges the edges that attention ran over, added loops included
/// @param weights `[edges, heads]`; what each node receives adds up to 1 in each head
public record AttentionWeights(Sparse edges, Tensor weights) {
}
