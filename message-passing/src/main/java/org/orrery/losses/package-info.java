/// Losses, with masks.
@NullMarked
package org.orrery.losses;

import org.jspecify.annotations.NullMarked;
