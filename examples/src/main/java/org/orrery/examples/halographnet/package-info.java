/// The mass of a galaxy's halo from its satellites, by the published HaloGraphNet.
@NullMarked
package org.orrery.examples.halographnet;

import org.jspecify.annotations.NullMarked;
