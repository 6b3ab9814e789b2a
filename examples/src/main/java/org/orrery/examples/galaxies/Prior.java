package org.orrery.examples.galaxies;

/// The uniform prior of the simulations, and parameters in units of its mean and spread.
final class Prior {
  private Prior() {
  }

  static double mean(int parameter) {
    return (SimulationSet.LOWEST[parameter] + SimulationSet.HIGHEST[parameter]) / 2;
  }

  /// The standard deviation of a uniform number.
  static double spread(int parameter) {
    return (SimulationSet.HIGHEST[parameter] - SimulationSet.LOWEST[parameter]) / Math.sqrt(12);
  }

  static double[] scaled(double[] parameters) {
    double[] result = new double[parameters.length];
    for (int p = 0; p < result.length; p++) {
      result[p] = (parameters[p] - mean(p)) / spread(p);
    }
    return result;
  }

  static double unscaled(double scaled, int parameter) {
    return mean(parameter) + spread(parameter) * scaled;
  }
}
