package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import org.orrery.examples.energy.EnergyModel;
import org.orrery.examples.energy.LennardJones;
import org.orrery.geometry.Centers;
import org.orrery.geometry.GaussianBasis;
import org.orrery.graph.Graph;
import org.orrery.losses.SquaredError;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.testkit.Float64Backend;
import org.orrery.testkit.GradientCheck;
import org.orrery.testkit.GradientCheck.Subject;

/// A user's own energy: its forces, and the gradient of a loss of forces, against central differences.
class LearnedForcesTest {
  private static final Mode USE = Mode.inference();

  private static EnergyModel model() {
    return EnergyModel.create(new GaussianBasis(Centers.spanning(0.7, 2.7, 5)), 4, Key.of(11));
  }

  private static Graph clusters() {
    return Graph.batch(LennardJones.clusters(2, Key.of(12)));
  }

  @Test
  void forcesAreTheSlopeOfTheEnergy() {
    GradientCheck.of(() -> {
      EnergyModel model = model();
      Graph graph = clusters();
      return Subject.of(x -> model.energy(graph.withPositions(x.getFirst()), USE), graph.positions()).with(model);
    }).check();
  }

  /// The loss is computed from forces, so its gradient is a second derivative of the energy. Differences move positions
  /// and parameters and compute the forces anew, which needs a recording even where the check wants none.
  @Test
  void theGradientOfALossOfForcesIsItsSlope() {
    GradientCheck.of(() -> {
      EnergyModel model = model();
      Graph graph = clusters();
      Tensor truth = graph.target(LennardJones.FORCES);
      return Subject.of(x -> Tensor.recorded(
          () -> new SquaredError().mean(model.forces(graph.withPositions(x.getFirst()), USE), truth)),
          graph.positions())
          .with(model);
    }).withTolerance(1e-6).checkFirst();
  }

  @Test
  void forcesInSinglePrecisionAreThoseInDouble() {
    double[] single = model().forces(clusters(), USE).toDoubles();
    double[] twice = Backends.with(new Float64Backend(), () -> model().forces(clusters(), USE).toDoubles());
    assertArrayEquals(twice, single, 2e-5); // forces of about 1, some hundred float32 operations
  }
}
