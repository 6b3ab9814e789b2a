package org.orrery.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.orrery.nn.Mode;
import org.orrery.nn.State;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;

/// The density of a posterior is the one that the loss of training has, units included; saved and loaded it is the same.
final class DensityLaw {
  private DensityLaw() {
  }

  static void check(int width, int dimensions, BiFunction<Scaler, Key, ? extends PosteriorHead> factory) {
    Tensor theta = Tensor.normal(Key.of(11), 50, dimensions).multiply(0.1).add(0.7);
    Tensor summary = Tensor.normal(Key.of(12), 50, width);
    PosteriorHead head = factory.apply(Scaler.standard(theta), Key.of(13));
    double[] loss = head.negativeLogDensity(summary, theta, Mode.inference()).toDoubles();
    List<Posterior> posteriors = head.posteriors(summary);
    double[] values = theta.toDoubles();
    PosteriorHead loaded = factory.apply(Scaler.empty(dimensions), Key.of(14));
    State.load(loaded, State.of(head));
    assertEquals(posteriors.get(7).logDensity(Arrays.copyOf(values, dimensions)),
        loaded.posteriors(summary).get(7).logDensity(Arrays.copyOf(values, dimensions)), 0, "after loading");
    for (int n = 0; n < loss.length; n++) {
      double[] own = Arrays.copyOfRange(values, n * dimensions, (n + 1) * dimensions);
      assertEquals(loss[n], -posteriors.get(n).logDensity(own), 1e-4 * (1 + Math.abs(loss[n])), "example " + n);
    }
  }
}
