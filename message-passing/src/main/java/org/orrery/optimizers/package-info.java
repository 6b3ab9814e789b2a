/// Optimizers and schedules of the learning rate, in the forms of PyTorch.
@NullMarked
package org.orrery.optimizers;

import org.jspecify.annotations.NullMarked;
