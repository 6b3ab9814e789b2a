/// Simulated universes and their halos, fast enough to train on: from a cosmology to catalogs and merger trees.
///
/// | to | use |
/// |---|---|
/// | say which universe | [org.orrery.cosmology.Cosmology], [org.orrery.cosmology.LinearPower] |
/// | draw a field and displace matter by Lagrangian perturbation theory | [org.orrery.cosmology.LinearField], [org.orrery.cosmology.Displacement] |
/// | find halos as peak patches, and put galaxies into them | [org.orrery.cosmology.PeakPatches], [org.orrery.cosmology.HaloOccupation] |
/// | select, mask and distort what an observer sees | [org.orrery.cosmology.Catalog] |
/// | grow merger trees | [org.orrery.cosmology.MergerTrees] |
///
/// Lengths are comoving Mpc/h, masses M_sun/h, velocities peculiar km/s, wave numbers h/Mpc, powers (Mpc/h)^3.
@NullMarked
package org.orrery.cosmology;

import org.jspecify.annotations.NullMarked;
