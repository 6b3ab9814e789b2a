package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.orrery.inference.GaussianHead.Covariance;
import org.orrery.nn.Activation;
import org.orrery.nn.Mlp;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// The walk of docs/inference.md, run.
class GuideTest {
  @Test
  void theWalkOfTheGuideRuns() {
    // begin of the walk
    Key key = Key.of(7);
    PriorBox prior = PriorBox.of(new double[] {0, 0}, new double[] {1, 1});
    Tensor theta = Tensor.uniform(key.fold("theta"), 3000, 2);
    Tensor sum = theta.slice(1, 0, 1).add(theta.slice(1, 1, 2)); // the simulator: sum and difference, with noise
    Tensor difference = theta.slice(1, 0, 1).subtract(theta.slice(1, 1, 2));
    Tensor noise = Tensor.normal(key.fold("noise"), 3000, 2).multiply(Tensor.of(new double[] {0.1, 0.3}));
    Tensor x = Tensor.concat(1, sum, difference).add(noise);

    Covariance full = GaussianHead.Covariance.FULL;
    Mlp network = Mlp.create(key.fold("network"), 2, 32, GaussianHead.numbers(2, full));
    GaussianHead head = new GaussianHead(network.withActivation(Activation.SILU), prior.scaler(), full);
    HeadTraining training = new HeadTraining(15, 100, 0.01);
    training.train(head, x.slice(0, 0, 2000), theta.slice(0, 0, 2000), key.fold("training"));

    List<Posterior> ofValidation = head.posteriors(x.slice(0, 2000, 2500));
    CalibrationFactor factor = CalibrationFactor.chiSquared(Predictions.of(ofValidation, theta.slice(0, 2000, 2500)));
    List<Posterior> ofTest = head.posteriors(x.slice(0, 2500, 3000)); // neither trained nor calibrated on
    Predictions test = factor.apply(Predictions.of(ofTest, theta.slice(0, 2500, 3000)));

    Coverage coverage = Coverage.of(test);
    ReducedChiSquared chi = ReducedChiSquared.of(test);
    System.out.println("68 % hold " + coverage.fraction(0, 0.68) + ", usual are " + coverage.band(0.68, 0.95));
    System.out.println("chi-squared " + chi.joint() + ", usual are " + chi.jointBand(0.95));
    System.out.println("p: coverage " + coverage.jointPValue() + ", tarp " + Tarp.of(test, prior, key).pValue());
    System.out.println("R2 " + Score.R2.of(test, 0) + ", in " + Score.R2.interval(test, 0, 0.95, 2000, key));

    double[] observed = {1.1, 0.2};
    Misspecification usual = Misspecification.fit(x.slice(0, 0, 2000), x.slice(0, 2000, 2500));
    Posterior posterior = factor.apply(head.posteriors(Tensor.of(observed, 1, 2)).getFirst()).within(prior);
    System.out.println(usual.check(observed, 0.01) + ", theta_0 in " + posterior.credibleInterval(0, 0.68));
    // end of the walk
    double held = coverage.fraction(0, 0.68);
    assertTrue(coverage.band(0.68, 0.999).contains(held), "coverage " + held);
    assertTrue(Score.R2.of(test, 0) > 0.6);
    assertFalse(usual.check(observed, 0.01).alarm());
    assertEquals(0.65, posterior.mean()[0], 0.1); // (1.1 + 0.2) / 2
  }

  @Test
  void theGuideShowsTheCodeThatRuns() throws IOException {
    Path root = root();
    List<String> lines = Files.readAllLines(
        root.resolve("message-passing/src/test/java/org/orrery/inference/GuideTest.java"));
    int begin = lines.indexOf("    // begin of the walk") + 1;
    String code = String.join("\n", lines.subList(begin, lines.indexOf("    // end of the walk"))).stripIndent();
    String guide = Files.readString(root.resolve("docs/inference.md"));
    assertTrue(guide.contains(code),
        "docs/inference.md differs from the code of the test");
  }

  private static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("docs/inference.md"))) {
        return at;
      }
    }
    throw new IllegalStateException("no project around " + Path.of("").toAbsolutePath());
  }
}
