package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.orrery.examples.energy.EnergyModel;
import org.orrery.geometry.BesselBasis;
import org.orrery.geometry.PolynomialEnvelope;
import org.orrery.graph.Graph;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Space;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.testkit.Float64Backend;
import org.orrery.testkit.GradientCheck;
import org.orrery.testkit.GradientCheck.Subject;

/// Forces and stress in periodic space, against central differences in double precision.
class PeriodicForcesTest {
  private static final Mode USE = Mode.inference();
  private static final double RADIUS = 0.95;
  private static final Space SKEWED = Space.triclinic(new double[] {2.1, 0, 0}, new double[] {0.7, 2.2, 0},
      new double[] {-0.4, 0.5, 2.3});

  private static EnergyModel model() {
    return EnergyModel.create(new BesselBasis(RADIUS, 4).times(new PolynomialEnvelope(RADIUS, 5)), 4, Key.of(11));
  }

  private static double[] points(int count, long seed) {
    float[] uniform = Key.of(seed).uniform(3 * count);
    double[] x = new double[uniform.length];
    Arrays.setAll(x, i -> 2 * uniform[i]);
    return x;
  }

  private static Graph crystal(Space space, int count, long seed) {
    return Graph.builder(NeighborList.within(space, space.wrap(points(count, seed)), RADIUS)).build();
  }

  /// A skewed cell and a box side by side.
  private static Graph crystals() {
    return Graph.batch(List.of(crystal(SKEWED, 9, 1), crystal(Space.periodic(2, 2.1, 2.2), 7, 2)));
  }

  private static <T> T inDoublePrecision(Supplier<T> body) {
    return Backends.with(new Float64Backend(), body);
  }

  @Test
  void someEdgesCrossTheBox() {
    assertTrue(Arrays.stream(crystals().shifts().toArray()).filter(n -> n != 0).count() > 10);
  }

  @Test
  void forcesAreTheSlopeOfTheEnergy() {
    GradientCheck.of(() -> {
      EnergyModel model = model();
      Graph graph = crystals();
      return Subject.of(x -> model.energy(graph.withPositions(x.getFirst()), USE), graph.positions());
    }).check();
  }

  @Test
  void stressIsTheSlopeOfTheEnergyByStrain() {
    GradientCheck.of(() -> {
      EnergyModel model = model();
      Graph graph = crystals();
      return Subject.of(e -> model.energy(graph.strained(e.getFirst()), USE), Tensor.zeros(2, 3, 3));
    }).check();
  }

  /// The cell itself is made larger and smaller, and everything is built anew from it: (E(1 + h) - E(1 - h)) / 2 h V.
  @Test
  void stressIsThatOfAStretchedBoxBuiltAnew() {
    double[] differences = new double[9];
    double[] stress = inDoublePrecision(() -> {
      EnergyModel model = model();
      double h = 1e-5;
      for (int k = 0; k < 9; k++) {
        differences[k] = (stretched(model, k, h) - stretched(model, k, -h)) / (2 * h * 2.1 * 2.2 * 2.3);
      }
      return model.stress(crystal(SKEWED, 9, 1), USE).toDoubles();
    });
    assertArrayEquals(differences, stress, 1e-8);
    assertTrue(Arrays.stream(stress).map(Math::abs).max().orElseThrow() > 1e-3);
  }

  private static double stretched(EnergyModel model, int component, double by) {
    double[][] cell = SKEWED.lattice();
    Arrays.setAll(cell, i -> stretched(cell[i], component, by));
    Space space = Space.triclinic(cell);
    double[] x = SKEWED.wrap(points(9, 1));
    for (int at = 0; at < x.length; at += 3) {
      System.arraycopy(stretched(Arrays.copyOfRange(x, at, at + 3), component, by), 0, x, at, 3);
    }
    return model.energy(Graph.builder(NeighborList.within(space, space.wrap(x), RADIUS)).build(), USE).toDoubles()[0];
  }

  /// x (1 + e) where e is 0 but in one component.
  private static double[] stretched(double[] x, int component, double by) {
    double[] moved = x.clone();
    moved[component % 3] += by * x[component / 3];
    return moved;
  }

  @Test
  void theStressOfAnEnergyOfDistancesIsSymmetric() {
    Tensor stress = model().stress(crystals(), USE);
    assertArrayEquals(stress.transpose(1, 2).toArray(), stress.toArray(), 1e-5f);
  }

  @Test
  void forcesOfABatchAreThoseOfItsGraphs() {
    Graph batch = crystals();
    Tensor together = model().forces(batch, USE);
    Tensor apart = Tensor.concat(0, batch.unbatch().stream().map(graph -> model().forces(graph, USE)).toList());
    assertArrayEquals(apart.toArray(), together.toArray(), 1e-5f);
  }

  /// The energy does not change when a point is seen at another image of itself, nor do the forces.
  @Test
  void forcesDoNotDependOnTheImageOfAPoint() {
    double[] x = SKEWED.wrap(points(9, 1));
    Graph graph = Graph.builder(NeighborList.within(SKEWED, x, RADIUS)).build();
    double[] moved = x.clone();
    for (int axis = 0; axis < 3; axis++) {
      moved[axis] += 2 * SKEWED.lattice()[1][axis] - SKEWED.lattice()[2][axis];
    }
    Graph other = Graph.builder(graph.adjacency()).space(SKEWED).positions(Tensor.of(moved, 9, 3)).build();
    assertArrayEquals(model().forces(graph, USE).toArray(), model().forces(other, USE).toArray(), 2e-5f);
  }

  @Test
  void theSecondDerivativeOfADistanceOfZeroIsFinite() {
    double[] second = inDoublePrecision(() -> {
      Space space = Space.periodic(1, 1, 1);
      Graph graph = Graph.builder(NeighborList.within(space, new double[] {0.1, 0.2, 0.3, 0.1, 0.2, 0.3}, 0.4)).build();
      Tensor x = graph.positions().tracked();
      Tensor energy = model().energy(graph.withPositions(x), USE).sum();
      Tensor forces = Gradients.differentiable(energy, x).withRespectTo(x);
      assertArrayEquals(new double[6], forces.toDoubles());
      return Gradients.of(forces.square().sum().add(forces.sum()), List.of(x)).withRespectTo(x).toDoubles();
    });
    assertTrue(Arrays.stream(second).allMatch(Double::isFinite));
  }
}
