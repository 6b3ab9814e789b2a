/// Omega_m and sigma_8 from the power spectra of galaxies in simulations of CAMELS: [org.orrery.examples.camels.SpectrumStudy].
@NullMarked
package org.orrery.examples.camels;

import org.jspecify.annotations.NullMarked;
