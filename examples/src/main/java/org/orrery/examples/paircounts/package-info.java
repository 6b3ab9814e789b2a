/// Pair counts of galaxies, the first half of a correlation function.
@NullMarked
package org.orrery.examples.paircounts;

import org.jspecify.annotations.NullMarked;
