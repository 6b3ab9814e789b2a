package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.cosmology.Catalog;
import org.orrery.geometry.Symmetry;
import org.orrery.geometry.SymmetryReport;
import org.orrery.graph.Graph;
import org.orrery.inference.Posterior;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.training.SavedModel;

/// Graphs of halos, their network and its posteriors.
class HaloModelTest {
  private static final Catalog HALOS = SimulationSetTest.small().boxes().getFirst().halos();

  static List<Set<Feature>> known() {
    return List.of(Set.of(), Set.of(Feature.VELOCITIES), Set.of(Feature.LINE_OF_SIGHT_VELOCITIES),
        Set.of(Feature.VELOCITIES, Feature.MASSES));
  }

  private static HaloModel model(Set<Feature> features) {
    return HaloModel.create(new HaloGraph(30, features), new HaloModel.Options(2, 8), Key.of(7));
  }

  private static double[] mean(HaloModel model, Catalog halos) {
    return model.posterior(halos).mean();
  }

  /// Each vector goes through a map of the axes; positions are wrapped into the box then.
  private static Catalog moved(UnaryOperator<double[]> turn, double[] by) {
    double[] x = HALOS.positions();
    double[] v = HALOS.velocities();
    for (int at = 0; at < x.length; at += 3) {
      double[] place = turn.apply(Arrays.copyOfRange(x, at, at + 3));
      double[] velocity = turn.apply(Arrays.copyOfRange(v, at, at + 3));
      for (int axis = 0; axis < 3; axis++) {
        x[at + axis] = place[axis] + by[axis];
        v[at + axis] = velocity[axis];
      }
    }
    return Catalog.of(HALOS.side(), HALOS.space().wrap(x), v, HALOS.masses());
  }

  @ParameterizedTest
  @MethodSource("known")
  void movingAndMirroringABoxChangesNothing(Set<Feature> features) {
    HaloModel model = model(features);
    double[] expected = mean(model, HALOS);
    UnaryOperator<double[]> mirror = a -> new double[] {-a[0], a[1], -a[2]};
    assertArrayEquals(expected, mean(model, moved(a -> a, new double[] {13, 77.7, 40})), 1e-5);
    assertArrayEquals(expected, mean(model, moved(mirror, new double[] {0, 0, 0})), 1e-5);
  }

  @Test
  void turningABoxChangesNothingWhereNoLineOfSightIsSeen() {
    UnaryOperator<double[]> turn = a -> new double[] {a[1], a[2], a[0]};
    Catalog turned = moved(turn, new double[] {0, 0, 0});
    HaloModel whole = model(Set.of(Feature.VELOCITIES));
    assertArrayEquals(mean(whole, HALOS), mean(whole, turned), 1e-5);
    HaloModel survey = model(Set.of(Feature.LINE_OF_SIGHT_VELOCITIES));
    assertTrue(Math.abs(mean(survey, HALOS)[0] - mean(survey, turned)[0]) > 1e-5);
  }

  @Test
  void theOrderOfHalosChangesNothing() {
    HaloModel model = model(Set.of(Feature.VELOCITIES));
    double[] x = HALOS.positions();
    double[] v = HALOS.velocities();
    int[] order = Key.of(2).permutation(HALOS.size());
    double[] y = new double[x.length];
    double[] w = new double[x.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(x, 3 * order[i], y, 3 * i, 3);
      System.arraycopy(v, 3 * order[i], w, 3 * i, 3);
    }
    double[] masses = IntStream.of(order).mapToDouble(i -> HALOS.masses()[i]).toArray();
    assertArrayEquals(mean(model, HALOS), mean(model, Catalog.of(HALOS.side(), y, w, masses)), 1e-5);
  }

  /// Over the boxes of a batch a number of the summary has mean 0 and variance s / (s + 1e-5), where s, its own variance, is as small as
  /// 1e-6 with the first weights; but for the count, which all boxes share.
  @Test
  void trainingStandardizesTheSummaryOverTheBoxesOfABatch() {
    HaloModel model = model(Set.of(Feature.VELOCITIES));
    Graph batch = Graph.batch(SimulationSetTest.small().boxes().stream().map(model.input()::of).toList());
    int width = model.network().width();
    double[] summary = model.network().apply(batch, Mode.training(Key.of(1))).toDoubles();
    for (int column = 0; column < width; column++) {
      double mean = 0;
      double square = 0;
      for (int box = 0; box < 6; box++) {
        mean += summary[box * width + column] / 6;
        square += summary[box * width + column] * summary[box * width + column] / 6;
      }
      assertEquals(0, mean, 1e-4);
      assertTrue(column == width - 1 ? square < 1e-6 : square > 0.05 && square < 1.001, column + ": " + square);
    }
  }

  @Test
  void allThatAModelClaimsHolds() {
    for (Set<Feature> features : known()) {
      HaloModel model = model(features);
      SymmetryReport report = model.check(HALOS, model.symmetries(), Key.of(3));
      assertTrue(report.holds(), features + "\n" + report);
      assertEquals(features.contains(Feature.LINE_OF_SIGHT_VELOCITIES) ? 2 : 4, report.results().size());
    }
  }

  @Test
  void aLineOfSightIsNoSymmetryOfRotationAndTheNodesSaySo() {
    SymmetryReport report = model(Set.of(Feature.LINE_OF_SIGHT_VELOCITIES)).check(HALOS, List.of(Symmetry.rotation()),
        Key.of(3));
    assertEquals("(graph) nodes", report.of(Symmetry.rotation()).brokenBy(), report.toString());
  }

  /// Within half a box no halo sees another through the border: all halos are drawn together into a sphere of 0.87 * 0.28 of
  /// the side, and linked within 10 Mpc/h.
  @Test
  void halosInASphereMayBeTurnedByAnyAngle() {
    double half = HALOS.side() / 2;
    double[] near = Arrays.stream(HALOS.positions()).map(x -> half + 0.28 * (x - half)).toArray();
    Catalog sphere = Catalog.of(HALOS.side(), near, HALOS.velocities(), HALOS.masses());
    HaloModel model = HaloModel.create(new HaloGraph(10, Set.of(Feature.VELOCITIES, Feature.MASSES)),
        new HaloModel.Options(2, 8), Key.of(7));
    SymmetryReport report = model.check(sphere, List.of(Symmetry.generalRotation()), Key.of(4));
    assertTrue(report.holds(), report.toString());
    int links = model.input().of(sphere).edgeCount();
    assertTrue(links > sphere.size() && links < sphere.size() * (sphere.size() - 1), links + " links");
    assertThrows(IllegalArgumentException.class,
        () -> model.check(HALOS, List.of(Symmetry.generalRotation()), Key.of(4)));
  }

  @Test
  void aSavedModelGivesTheSameBits(@TempDir Path folder) throws IOException {
    HaloModel model = model(Set.of(Feature.VELOCITIES, Feature.MASSES));
    Path file = folder.resolve("model.safetensors");
    SavedModel.write(file, new HaloModel.Format(), model);
    HaloModel again = SavedModel.read(file, new HaloModel.Format());
    assertEquals(model.input(), again.input());
    assertArrayEquals(mean(model, HALOS), mean(again, HALOS));
    assertArrayEquals(model.posterior(HALOS).covariance()[0], again.posterior(HALOS).covariance()[0]);
  }

  /// Taking a halo away is asking about the catalog without it. A link is part of a halo's: it matters, and less.
  @Test
  void influenceIsWhatAnotherQuestionAnswers() {
    HaloModel model = model(Set.of(Feature.VELOCITIES));
    Graph box = model.input().of(HALOS);
    Influence influence = Influence.of(model, box);
    Posterior whole = model.posterior(HALOS);
    Posterior without = model.posterior(HALOS.where(i -> i != 4));
    double expected = Math.max(
        Math.abs(whole.mean()[0] - without.mean()[0]) / whole.standardDeviation()[0],
        Math.abs(whole.mean()[1] - without.mean()[1]) / whole.standardDeviation()[1]);
    assertEquals(expected, influence.ofHalos()[4], 2e-4 * Math.max(1, expected));
    assertEquals(box.edgeCount(), 2 * influence.links().length);
    double link = Arrays.stream(influence.ofLinks()).max().orElseThrow();
    double halo = Arrays.stream(influence.ofHalos()).max().orElseThrow();
    assertTrue(link > 0.01 * halo && link < halo, link + " of " + halo);
  }

  @Test
  void featuresAreReadAsTheyAreWritten() {
    assertEquals(Set.of(Feature.VELOCITIES), Feature.parse("positions,velocities"));
    assertEquals(Set.of(), Feature.parse("positions"));
    assertEquals(Set.of(Feature.LINE_OF_SIGHT_VELOCITIES, Feature.MASSES),
        Feature.parse("line-of-sight-velocities masses"));
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> Feature.parse("speed")).getMessage())
        .contains("feature 'speed'"));
    assertThrows(IllegalArgumentException.class,
        () -> new HaloGraph(30, Set.of(Feature.VELOCITIES, Feature.LINE_OF_SIGHT_VELOCITIES)));
  }

  @Test
  void statisticsAreFiniteAndSeeWhatTheNetworkSees() {
    for (Set<Feature> features : known()) {
      int before = 0;
      for (Statistic statistic : Statistic.values()) {
        double[] numbers = statistic.of(HALOS, features);
        assertTrue(Arrays.stream(numbers).allMatch(Double::isFinite), statistic + " of " + features);
        assertTrue(numbers.length >= before);
        before = numbers.length;
      }
    }
    assertEquals(1 + 16 + 14, Statistic.TWO_POINT.of(HALOS, Set.of()).length);
    assertEquals(1 + 3 + 16 + 3 * 14, Statistic.TWO_POINT.of(HALOS, Set.of(Feature.VELOCITIES)).length);
  }
}
