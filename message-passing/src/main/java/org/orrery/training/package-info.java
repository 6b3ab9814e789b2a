/// Training: optimizers, schedules, losses, metrics, data and the loop around them.
@NullMarked
package org.orrery.training;

import org.jspecify.annotations.NullMarked;
