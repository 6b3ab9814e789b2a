/// An energy of one's own as a function of positions, and forces as its derivative.
@NullMarked
package org.orrery.examples.energy;

import org.jspecify.annotations.NullMarked;
