package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.nn.Activation;
import org.orrery.nn.Mlp;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;

class EnsembleTest {
  private static final double[][] FIRST = {{0.04, -0.048}, {-0.048, 0.09}};
  private static final double[][] SECOND = {{0.01, 0}, {0, 0.04}};
  private static final GaussianMixture A = GaussianMixture.normal(new double[] {-1, 0}, FIRST);
  private static final GaussianMixture B = GaussianMixture.normal(new double[] {1, 0.5}, SECOND);
  private static final GaussianMixture MIXTURE = GaussianMixture.of(new double[] {1, 3},
      new double[][] {{-1, 0}, {1, 0.5}}, new double[][][] {FIRST, SECOND});

  @Test
  void anEnsembleOfNormalDistributionsIsTheirMixture() {
    Ensemble ensemble = Ensemble.of(List.of(A, B), 1, 3);
    assertArrayEquals(MIXTURE.mean(), ensemble.mean(), 1e-12);
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(MIXTURE.covariance()[i], ensemble.covariance()[i], 1e-12);
      assertEquals(MIXTURE.quantile(i, 0.2), ensemble.quantile(i, 0.2), 1e-9);
    }
    for (double[] theta : new double[][] {{-1, 0.1}, {0, 0.2}, {1, 1}}) {
      assertEquals(MIXTURE.logDensity(theta), ensemble.logDensity(theta), 1e-12);
      assertEquals(MIXTURE.cumulative(0, theta[0]), ensemble.cumulative(0, theta[0]), 1e-12);
      assertEquals(MIXTURE.credibility(theta), ensemble.credibility(theta), 0.03);
    }
    double mean = 0;
    for (double[] draw : ensemble.sample(Key.of(71), 10_000)) {
      mean += draw[0] / 10_000;
    }
    assertEquals(0.5, mean, 0.04); // 4 sqrt 0.77 / 100
    assertArrayEquals(ensemble.sample(Key.of(71), 9)[4], ensemble.sample(Key.of(71), 5)[4], 0);
  }

  @Test
  void weightsAreEqualUnlessGivenAndFavorWhoPredictsBetter() {
    assertArrayEquals(new double[] {0.5, 0.5}, Ensemble.of(List.of(A, B)).weights(), 1e-12);
    Predictions right = LinearGaussian.draw(Key.of(72), 200).predictions();
    double[] weights = Ensemble.weights(List.of(right, right.map(posterior -> posterior.widened(3, 3))));
    // widths 3 times too large: log p falls by 2 log 3 and gains (1 - 1/9) on average, so w_0 / w_1 = 9 / e^(8/9)
    assertEquals(9 / Math.exp(8.0 / 9), weights[0] / weights[1], 0.8);
  }

  @Test
  void modelsAreJoinedExampleByExample() {
    List<Ensemble> joined = Ensemble.join(List.of(List.of(A, B), List.of(B, B)), 1, 1);
    assertEquals(0, joined.get(0).mean()[0], 1e-12);
    assertEquals(1, joined.get(1).mean()[0], 1e-12);
    Refusal.says("model 1 has 1 posteriors", () -> Ensemble.join(List.of(List.of(A, B), List.of(B)), 1, 1));
  }

  @Test
  void anEnsembleCanBeWidenedAndCut() {
    Ensemble ensemble = Ensemble.of(List.of(A, B), 1, 3);
    assertEquals(4 * MIXTURE.covariance()[0][0], ensemble.widened(2, 2).covariance()[0][0], 1e-9);
    Posterior cut = ensemble.within(PriorBox.of(new double[] {0, -5}, new double[] {5, 5}));
    assertEquals(1, cut.mean()[0], 0.01); // the second alone is left
    assertEquals(B.logDensity(1.0, 0.5), cut.logDensity(1.0, 0.5), 0.02);
  }

  @Test
  void contoursOfANormalDistributionEncloseTheirProbability() { // in two dimensions e^(-r^2 / 2) = 1 - p
    DensityGrid grid = DensityGrid.of(A, 0, 1, 120);
    double peak = Math.exp(A.logDensity(-1, 0));
    assertEquals(0.32 * peak, grid.level(0.68), 0.01 * peak);
    assertEquals(0.05 * peak, grid.level(0.95), 0.01 * peak);
    double best = 0;
    for (double[] row : grid.density()) {
      for (double density : row) {
        best = Math.max(best, density);
      }
    }
    assertEquals(peak, best, 0.05 * peak);
    DensityGrid exchanged = DensityGrid.of(A, 1, 0, 120);
    assertEquals(grid.density()[30][60], exchanged.density()[60][30], 1e-9 * peak);
  }

  @Test
  void contoursOfAnotherPosteriorComeFromItsPoints() { // a kernel of n^(-1/6) sigmas widens by n^(-1/3) / 2 = 3 %
    DensityGrid grid = DensityGrid.of(new WidenedPosterior(A, new double[] {1, 1}), 0, 1, 24);
    double peak = Math.exp(A.logDensity(-1, 0));
    assertEquals(0.32 * peak, grid.level(0.68), 0.06 * peak);
  }

  @Test
  void aLevelIsTheLeastDensityThatIsNeededForItsProbability() {
    DensityGrid grid = DensityGrid.of(MIXTURE, 0, 1, 40);
    double[] cells = Arrays.stream(grid.density()).flatMapToDouble(Arrays::stream).toArray();
    double total = Arrays.stream(cells).sum();
    for (double probability : new double[] {0.3, 0.68, 0.95, 0.9995}) {
      double level = grid.level(probability);
      double above = Arrays.stream(cells).filter(cell -> cell > level * (1 + 1e-9)).sum() / total;
      double with = Arrays.stream(cells).filter(cell -> cell >= level * (1 - 1e-9)).sum() / total;
      assertTrue(above < probability && with >= probability, above + " to " + with + " at " + probability);
    }
  }

  @Test
  void drawsFromElsewhereAreAPosteriorForEveryDiagnostic() { // 400 draws: moments to 1 / sqrt 400 = 5 % of sigma
    LinearGaussian problem = LinearGaussian.draw(Key.of(110), 120);
    List<Posterior> drawn = new ArrayList<>();
    for (int n = 0; n < 120; n++) {
      drawn.add(DrawnPosterior.of(LinearGaussian.exact(problem.x(n)).sample(Key.of(111).fold(n), 400)));
    }
    Posterior exact = LinearGaussian.exact(problem.x(0));
    for (int i = 0; i < 2; i++) {
      double sigma = exact.standardDeviation()[i];
      assertEquals(exact.mean()[i], drawn.get(0).mean()[i], 0.2 * sigma);
      assertEquals(1, drawn.get(0).standardDeviation()[i] / sigma, 0.15);
      assertEquals(exact.quantile(i, 0.84), drawn.get(0).quantile(i, 0.84), 0.25 * sigma);
    }
    // kernels of n^(-1/6) sigmas: at the mean the density falls by 1 + n^(-1/3) = 1.14
    assertEquals(exact.logDensity(exact.mean()) - Math.log(1.14), drawn.get(0).logDensity(exact.mean()), 0.2);
    Predictions predictions = Predictions.of(drawn, problem.theta());
    assertTrue(Coverage.of(predictions).pValue(0) > 0.01 && Coverage.of(predictions).jointPValue() > 0.01);
    assertTrue(Sbc.of(predictions, 99, Key.of(112)).pValue(1) > 0.01);
    Predictions narrow = predictions.map(posterior -> posterior.widened(0.5, 0.5));
    assertTrue(Coverage.of(narrow).pValue(0) < 1e-6 && Coverage.of(narrow).jointPValue() < 1e-6);
    Refusal.says("2 draws of 2 parameters", () -> DrawnPosterior.of(new double[][] {{0, 1}, {1, 0}}));
  }

  /// Two numbers of the data and three of noise are compressed to two, from which a head learns the exact posterior.
  @Test
  void compressionKeepsTheInformation() {
    LinearGaussian training = LinearGaussian.draw(Key.of(73), 3000);
    LinearGaussian test = LinearGaussian.draw(Key.of(74), 100);
    Tensor x = Tensor.concat(1, training.xTensor(), Tensor.normal(Key.of(75), 3000, 3));
    Tensor observed = Tensor.concat(1, test.xTensor(), Tensor.normal(Key.of(76), 100, 3));
    Scaler scaler = Scaler.standard(training.thetaTensor());
    Mlp network = Mlp.create(Key.of(77), 5, 16, 2).withActivation(Activation.SILU);
    HeadTraining how = new HeadTraining(15, 100, 0.02);
    Compression.train(how, network, x, training.thetaTensor(), scaler, Key.of(78));
    GaussianHead head = GaussianHead.create(2, scaler, GaussianHead.Covariance.FULL, Key.of(79));
    Compression.Application<Mlp, Tensor> apply = (mlp, rows, mode) -> mlp.apply(rows, mode);
    how.train(head, Compression.summaries(network, x.split(0, 1000, 2000), apply), training.thetaTensor(), Key.of(80));
    List<Posterior> learned = head.posteriors(Compression.summaries(network, List.of(observed), apply));
    double square = 0;
    for (int n = 0; n < 100; n++) {
      Posterior exact = LinearGaussian.exact(test.x(n));
      double off = (learned.get(n).mean()[0] - exact.mean()[0]) / exact.standardDeviation()[0];
      square += off * off / 100;
      assertEquals(1, learned.get(n).standardDeviation()[0] / exact.standardDeviation()[0], 0.15);
      assertEquals(LinearGaussian.CORRELATION, learned.get(n).correlation()[0][1], 0.1);
    }
    assertTrue(Math.sqrt(square) < 0.2, "root mean square error of the mean: " + Math.sqrt(square) + " sigma");
  }
}
