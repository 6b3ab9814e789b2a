/// Immutable float32 tensors that remember the operation that made them, and the reverse sweep over those operations.
@NullMarked
package org.orrery.tensor;

import org.jspecify.annotations.NullMarked;
