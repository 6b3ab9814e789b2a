package org.orrery.examples.galaxies;

import org.orrery.cosmology.Catalog;

/// A box of halos and the universe that it was drawn from.
///
/// @param omegaM matter today
/// @param sigma8 amplitude of the linear density today
/// @param halos heaviest first
public record Simulation(double omegaM, double sigma8, Catalog halos) {
  /// Its parameters, in the order of [SimulationSet#PARAMETERS].
  public double[] parameters() {
    return new double[] {omegaM, sigma8};
  }
}
