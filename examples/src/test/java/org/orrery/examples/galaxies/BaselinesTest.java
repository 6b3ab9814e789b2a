package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.cosmology.Catalog;
import org.orrery.inference.GaussianMixture;
import org.orrery.inference.Posterior;
import org.orrery.inference.Predictions;
import org.orrery.report.GalaxyResult;
import org.orrery.tensor.Key;

/// Baselines, blindness to counts, and hashes.
class BaselinesTest {
  private static final HaloGraph SPEEDS = new HaloGraph(30, Set.of(Feature.VELOCITIES));

  /// Boxes of 12 halos, every other one of speed 200 + 400 Omega_m, the rest of speed 100 sigma_8^2 km/s.
  private static List<Simulation> boxes(int count, long seed) {
    List<Simulation> boxes = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      double[] draw = Key.of(seed).fold(b).uniformDouble(2);
      double omega = 0.1 + 0.4 * draw[0];
      double sigma = 0.6 + 0.4 * draw[1];
      double[] v = new double[36];
      double[] masses = new double[12];
      for (int i = 0; i < 12; i++) {
        v[3 * i] = i % 2 == 0 ? 200 + 400 * omega : 100 * sigma * sigma;
        masses[i] = 1e14;
      }
      double[] x = Key.of(seed).fold(b).fold("places").uniformDouble(36);
      for (int i = 0; i < 36; i++) {
        x[i] *= 100;
      }
      boxes.add(new Simulation(omega, sigma, Catalog.of(100, x, v, masses)));
    }
    return boxes;
  }

  /// Mean plus deviation of the speeds is 200 + 400 Omega_m, mean less deviation 100 sigma_8^2. The root of that is quadratic enough on
  /// [0.6, 1]: the third order is (0.64 / 2)^3 / 16 = 0.002 of 0.8.
  @Test
  void leastSquaresFindsWhatSquaresOfTheMeansSay() {
    StatisticTable table = new StatisticTable(Statistic.MEANS, SPEEDS);
    LeastSquares fitted = LeastSquares.fit(table, boxes(400, 1), boxes(60, 2));
    assertEquals(4 + 4 * 5 / 2, fitted.width());
    List<Simulation> unseen = boxes(40, 3);
    List<Posterior> found = fitted.posteriors(unseen);
    double error = 0;
    for (int b = 0; b < unseen.size(); b++) {
      double[] mean = found.get(b).mean();
      error = Math.max(error, Math.abs(mean[0] - unseen.get(b).omegaM()));
      error = Math.max(error, Math.abs(mean[1] - unseen.get(b).sigma8()));
      assertTrue(found.get(b).standardDeviation()[0] < 0.02);
    }
    assertTrue(error < 0.004, "largest error " + error);
  }

  @Test
  void whereNothingIsToBeLearnedLeastSquaresSayTheMean() {
    StatisticTable table = new StatisticTable(Statistic.COUNT, SPEEDS);
    List<Simulation> training = boxes(50, 1);
    Posterior found = LeastSquares.fit(table, training, boxes(30, 2)).posteriors(boxes(1, 3)).getFirst();
    assertEquals(training.stream().mapToDouble(Simulation::omegaM).average().orElseThrow(), found.mean()[0], 1e-9);
    assertEquals(0.4 / Math.sqrt(12), found.standardDeviation()[0], 0.03);
  }

  /// The same box eight times side by side is eight times as many halos, each with the neighbors that it had.
  private static Catalog copies(Catalog box) {
    int n = box.size();
    double[] x = new double[24 * n];
    double[] v = new double[24 * n];
    double[] masses = new double[8 * n];
    for (int copy = 0; copy < 8; copy++) {
      for (int i = 0; i < n; i++) {
        for (int axis = 0; axis < 3; axis++) {
          x[3 * (copy * n + i) + axis] = box.positions()[3 * i + axis] + ((copy >> axis & 1) == 1 ? box.side() : 0);
          v[3 * (copy * n + i) + axis] = box.velocities()[3 * i + axis];
        }
        masses[copy * n + i] = box.masses()[i];
      }
    }
    return Catalog.of(2 * box.side(), x, v, masses);
  }

  @Test
  void copiesOfABoxChangeNothingForANetworkThatIsBlindToCounts() {
    Catalog box = SimulationSetTest.small().boxes().getFirst().halos();
    Set<Feature> features = Set.of(Feature.VELOCITIES, Feature.MASSES);
    HaloModel blind = HaloModel.create(new HaloGraph(30, features, HaloGraph.Counts.HIDDEN),
        new HaloModel.Options(2, 8), Key.of(5));
    assertArrayEquals(blind.posterior(box).mean(), blind.posterior(copies(box)).mean(), 2e-5);
    assertArrayEquals(blind.posterior(box).covariance()[0], blind.posterior(copies(box)).covariance()[0], 1e-5);
    HaloModel seeing = HaloModel.create(new HaloGraph(30, features), new HaloModel.Options(2, 8), Key.of(5));
    assertTrue(Math.abs(seeing.posterior(box).mean()[0] - seeing.posterior(copies(box)).mean()[0]) > 1e-3);
  }

  @Test
  void baselinesOfANetworkThatIsBlindToCountsAreBlindToo() {
    List<Simulation> boxes = SimulationSetTest.small().boxes();
    HaloGraph blind = new HaloGraph(30, Set.of(Feature.VELOCITIES), HaloGraph.Counts.HIDDEN);
    assertEquals(0, new StatisticTable(Statistic.MEANS, blind).of(boxes)[0][0]);
    assertEquals(Math.log10(30), new StatisticTable(Statistic.MEANS, SPEEDS).of(boxes)[0][0], 1e-12);
    assertEquals(Math.log10(30), new StatisticTable(Statistic.COUNT, blind).of(boxes)[0][0], 1e-12);
  }

  @Test
  void withMassesTheHeavierHalfHasStatisticsOfItsOwn() {
    Catalog halos = SimulationSetTest.small().boxes().getFirst().halos();
    double[] all = Statistic.TWO_POINT.of(halos, Set.of(Feature.MASSES));
    double[] half = Statistic.TWO_POINT.of(halos.heaviest(15), Set.of());
    assertEquals(1 + 3 + 2 * (16 + 14), all.length);
    assertArrayEquals(Arrays.copyOfRange(half, 1, half.length),
        Arrays.copyOfRange(all, all.length - 30, all.length));
  }

  /// Two seeds that err by +e and -e in each box correlate at -1; their errors are equal in size, so R2 and RMSE are too.
  @Test
  void seedsThatErrOppositelyCorrelateAtMinusOne() {
    List<Simulation> boxes = boxes(20, 4);
    double[][] cov = {{1e-4, 0}, {0, 1e-4}};
    Estimator above = list -> list.stream().<Posterior>map(box -> GaussianMixture.normal(
        new double[] {box.omegaM() + 0.1 * box.sigma8(), box.sigma8() + 0.1 * box.omegaM()}, cov)).toList();
    Estimator below = list -> list.stream().<Posterior>map(box -> GaussianMixture.normal(
        new double[] {box.omegaM() - 0.1 * box.sigma8(), box.sigma8() - 0.1 * box.omegaM()}, cov)).toList();
    List<Predictions> both = List.of(above.predictions(boxes), below.predictions(boxes));
    GalaxyResult.Seeds seeds = Objects.requireNonNull(Audit.seeds(both));
    assertEquals(-1, seeds.errorCorrelation(), 1e-9);
    assertEquals(seeds.each().get(0).rmse().get(1), seeds.each().get(1).rmse().get(1), 1e-12);
    assertNull(Audit.seeds(both.subList(0, 1)));
  }

  @Test
  void boxesFromAFileHaveTheHashOfThoseThatWereSimulated(@TempDir Path folder) throws IOException {
    SimulationSet set = SimulationSetTest.small();
    Path file = folder.resolve("boxes.safetensors");
    set.write(file);
    String hash = Origins.hash(set.boxes());
    assertEquals(hash, Origins.hash(SimulationSet.read(file).boxes()));
    assertNotEquals(hash, Origins.hash(set.boxes().subList(1, 6)));
    Path abc = folder.resolve("abc");
    Files.writeString(abc, "abc"); // FIPS 180-2, appendix B.1
    assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Origins.hash(abc));
  }

  @Test
  void aStudyOfNoSeedsIsRefused() {
    GalaxyStudy.Options options = GalaxyStudy.Options.of(100, 1);
    assertThrows(IllegalArgumentException.class, () -> options.withSeeds(0));
  }
}
