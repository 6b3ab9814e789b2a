package org.orrery.examples.galaxies;

import java.util.List;
import org.orrery.inference.Posterior;
import org.orrery.inference.Predictions;

/// Anything that says what the parameters of a box may be.
interface Estimator {
  /// A posterior for each box.
  List<Posterior> posteriors(List<Simulation> boxes);

  /// The posteriors beside the truths.
  default Predictions predictions(List<Simulation> boxes) {
    return Predictions.of(posteriors(boxes), boxes.stream().map(Simulation::parameters).toArray(double[][]::new));
  }
}
