package org.orrery.examples.energy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.geometry.Centers;
import org.orrery.geometry.GaussianBasis;
import org.orrery.geometry.RadialBasis;
import org.orrery.graph.Graph;
import org.orrery.losses.SquaredError;
import org.orrery.metrics.Metrics;
import org.orrery.nn.Mode;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.Trainer;

class EnergyModelTest {
  private static final RadialBasis BASIS = new GaussianBasis(Centers.spanning(0.7, 2.7, 12));

  @Test
  void lennardJonesForcesAreTheSlopeOfTheEnergy() {
    Graph cluster = LennardJones.clusters(1, Key.of(3)).getFirst();
    double[] x = cluster.positions().toDoubles();
    double[] slopes = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      double[] above = x.clone();
      double[] below = x.clone();
      above[k] += 1e-6;
      below[k] -= 1e-6;
      slopes[k] = -(LennardJones.energy(above) - LennardJones.energy(below)) / 2e-6;
    }
    assertArrayEquals(slopes, LennardJones.forces(x), 1e-6);
  }

  @Test
  void theGradientOfTheEnergyOfAGraphIsTheForce() {
    Graph clusters = Graph.batch(LennardJones.clusters(2, Key.of(3)));
    Tensor x = clusters.positions().tracked();
    Tensor energy = LennardJones.energy(clusters.withPositions(x));
    assertEquals(LennardJones.energy(clusters.unbatch().getFirst().positions().toDoubles()), energy.toDoubles()[0],
        1e-4);
    Tensor forces = Gradients.of(energy.sum(), List.of(x)).withRespectTo(x).negate();
    assertArrayEquals(clusters.target(LennardJones.FORCES).toArray(), forces.toArray(), 1e-3f);
  }

  /// Every atom pushes as hard as it is pushed, through the faces of the box too.
  @Test
  void theForcesOfACrystalAddUpToZero() {
    Graph crystal = LennardJones.crystal(5, Key.of(4));
    Tensor x = crystal.positions().tracked();
    Tensor forces = Gradients.of(LennardJones.energy(crystal.withPositions(x)).sum(), List.of(x)).withRespectTo(x);
    assertTrue(forces.abs().max().item() > 1);
    assertArrayEquals(new float[3], forces.sum(0).toArray(), 1e-2f);
  }

  @Test
  void aPairRestsWhereTheForceIsZero() {
    double rest = Math.pow(2, 1 / 6.0); // the minimum of 4 (r^-12 - r^-6)
    assertArrayEquals(new double[6], LennardJones.forces(new double[] {0, 0, 0, rest, 0, 0}), 1e-12);
    assertEquals(-1, LennardJones.energy(new double[] {0, 0, 0, rest, 0, 0}), 1e-12);
  }

  @Test
  void theForcesOfAClusterAddUpToZero() {
    Graph clusters = Graph.batch(LennardJones.clusters(3, Key.of(1)));
    Tensor forces = EnergyModel.create(BASIS, 16, Key.of(2)).forces(clusters, Mode.inference());
    float[] sums = forces.segmentSum(clusters.graphOf()).toArray();
    assertArrayEquals(new float[9], sums, 1e-4f);
  }

  @Test
  void theEnergyOfABatchIsThatOfItsGraphs() {
    EnergyModel model = EnergyModel.create(BASIS, 16, Key.of(2));
    Graph batch = Graph.batch(LennardJones.clusters(2, Key.of(1)));
    float[] together = model.energy(batch, Mode.inference()).toArray();
    for (int g = 0; g < 2; g++) {
      Graph one = batch.unbatch().get(g);
      assertEquals(together[g], model.energy(one, Mode.inference()).item(), 1e-5);
    }
  }

  @Test
  void forcesCanBeLearnedFrom() {
    Graph clusters = Graph.batch(LennardJones.clusters(8, Key.of(1)));
    Tensor truth = clusters.target(LennardJones.FORCES);
    EnergyModel model = EnergyModel.create(BASIS, 16, Key.of(2));
    double before = Metrics.rootMeanSquaredError(model.forces(clusters, Mode.inference()), truth);
    Trainer.of(model, (EnergyModel m, Graph g, Mode mode) -> new SquaredError().mean(m.forces(g, mode), truth),
        new Adam().on(model)).rate(Schedule.constant(1e-2)).train(Batches.fullBatch(clusters), 60);
    double after = Metrics.rootMeanSquaredError(model.forces(clusters, Mode.inference()), truth);
    assertTrue(after < before / 3, before + " before, " + after + " after");
  }
}
