/// The matter density of the universe from a field of galaxies, by the published CosmoGraphNet.
@NullMarked
package org.orrery.examples.cosmographnet;

import org.jspecify.annotations.NullMarked;
