/// From simulated halos to cosmological parameters with honest errors: simulate, train, infer, audit.
@NullMarked
package org.orrery.examples.galaxies;

import org.jspecify.annotations.NullMarked;
