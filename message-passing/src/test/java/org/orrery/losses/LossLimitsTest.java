package org.orrery.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// Losses at the ends of what their arguments can be: where the mathematics has a value and a slope, so have they.
class LossLimitsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double LOG_2 = Math.log(2);

  /// A loss of a table x at one place.
  static final class Place {
    private final String name;
    private final Function<Tensor, Tensor> loss;
    private final Tensor x;
    private final double value;
    private final double[] slope;

    /// @param name for messages
    /// @param loss the sum, as a function of x
    /// @param x the place, rows of numbers
    /// @param value what it is there
    /// @param slope dL/dx there, row-major; none where there is none
    Place(String name, Function<Tensor, Tensor> loss, double[][] x, double value, double... slope) {
      this.name = name;
      this.loss = loss;
      this.x = table(x);
      this.value = value;
      this.slope = slope.clone();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Tensor table(double[]... rows) {
    return Tensor.stack(0, Stream.of(rows).map(Tensor::of).toList());
  }

  private static double[][] row(double... values) {
    return new double[][] {values};
  }

  private static Place kl(String name, double[] predicted, double[] target, double value, double... slope) {
    return new Place("kl of prediction, " + name, p -> new KlDivergence().sum(p, table(target)), row(predicted), value,
        slope);
  }

  private static Place klOfTarget(String name, double[] target, double[] predicted, double value, double... slope) {
    return new Place("kl of target, " + name, t -> new KlDivergence().sum(table(predicted), t), row(target), value,
        slope);
  }

  static List<Place> places() {
    List<Place> all = new ArrayList<>();
    double third = 1 / 3.0;
    // q = (0, 1/2, 1/2), p = 1/3: log(3/2); by p's logits p - q; by q's q_k (log q_k / p_k - KL) = 0
    all.add(kl("a class of the target has none", new double[] {0, 0, 0}, new double[] {-INF, 0, 0}, Math.log(1.5),
        third, third - 0.5, third - 0.5));
    all.add(klOfTarget("a class of the target has none", new double[] {-INF, 0, 0}, new double[] {0, 0, 0},
        Math.log(1.5), 0, 0, 0));
    all.add(kl("the same class has none in both", new double[] {-INF, 0, 0}, new double[] {-INF, 0, 0}, 0, 0, 0, 0));
    all.add(klOfTarget("the same class has none in both", new double[] {-INF, 0, 0}, new double[] {-INF, 0, 0}, 0, 0,
        0, 0));
    all.add(klOfTarget("all on one class", new double[] {0, -INF}, new double[] {0, 0}, LOG_2, 0, 0));
    all.add(kl("all on one class", new double[] {0, 0}, new double[] {0, -INF}, LOG_2, -0.5, 0.5));
    all.add(kl("the prediction has none where the target has", new double[] {-INF, 0}, new double[] {0, 0}, INF));
    all.add(kl("far logits", new double[] {1000, -1000}, new double[] {1000, -1000}, 0, 0, 0));

    all.add(binary("infinite logits that are right", new double[] {INF, -INF}, new double[] {1, 0}, 0, 0, 0));
    all.add(binary("infinite logits that are wrong", new double[] {INF, 5}, new double[] {0, 1}, INF, 1,
        1 / (1 + Math.exp(-5)) - 1));
    all.add(binary("the other sign", new double[] {-INF, 0}, new double[] {1, 0}, INF, -1, 0.5));
    all.add(binary("largest logits", new double[] {3e38, -3e38}, new double[] {1, 0}, 0, 0, 0));
    all.add(binary("between the labels", new double[] {0, 0}, new double[] {0.25, 1}, 2 * LOG_2, 0.25, -0.5));
    all.add(new Place("binary cross entropy by saturated targets",
        t -> new BinaryCrossEntropy().sum(Tensor.of(new double[] {INF, -INF}), t.reshape(2)), row(1, 0), 0));
    all.add(new Place("binary cross entropy by targets", // softplus(-x) - softplus(x) = -x
        t -> new BinaryCrossEntropy().sum(Tensor.of(new double[] {3, -3}), t.reshape(2)), row(1, 0),
        2 * Math.log1p(Math.exp(-3)), -3, 3));
    all.add(new Place("binary cross entropy of positives that count nothing",
        x -> new BinaryCrossEntropy(Tensor.of(0)).sum(x, table(new double[] {1, 0})), row(-INF, 0), LOG_2, 0, 0.5));

    Indices first = Indices.of(0);
    all.add(new Place("cross entropy beside an excluded class", x -> new CrossEntropy().sum(x, first),
        row(0, 0, -INF), LOG_2, -0.5, 0.5, 0));
    all.add(new Place("cross entropy of an excluded class", x -> new CrossEntropy().sum(x, first), row(-INF, 0), INF,
        -1, 1));
    all.add(new Place("cross entropy of a class without weight",
        x -> new CrossEntropy().withClassWeights(Tensor.of(new double[] {0, 1})).sum(x, first), row(-INF, 0), 0, 0, 0));
    all.add(new Place("smoothed cross entropy whose excluded class has no weight", // 0.9 log 2 + 0.1 / 3 (2 log 2)
        x -> new CrossEntropy().withClassWeights(Tensor.of(new double[] {1, 1, 0})).withSmoothing(0.1).sum(x, first),
        row(0, 0, -INF), (0.9 + 0.2 / 3) * LOG_2, -0.45, 0.45, 0));
    all.add(new Place("cross entropy of far logits", x -> new CrossEntropy().sum(x, first), row(-3e38, 0), 3e38, -1,
        1));

    for (double logVariance : new double[] {-90, -103, -170, -1000}) {
      all.add(new Place("gaussian nll of no residual at log variance " + logVariance,
          m -> new GaussianNll(Tensor.of(logVariance)).sum(m, table(new double[] {2, 3})), row(2, 3), logVariance, 0,
          0));
      all.add(new Place("gaussian nll by a log variance of " + logVariance, // (1 - r^2 / v) / 2
          v -> new GaussianNll(v).sum(table(new double[] {2}), table(new double[] {2})), row(logVariance),
          logVariance / 2, 0.5));
    }
    all.add(new Place("gaussian nll of a small residual at a tiny variance", // r = 1e-20, v = e^-90: r^2 / v = 0.122
        m -> new GaussianNll(Tensor.of(-90)).sum(m, table(new double[] {0})), row(1e-20),
        -45 + 0.5e-40 * Math.exp(90), 1e-20 * Math.exp(90)));
    all.add(new Place("gaussian nll of a large residual at a large variance", // r = 1e25, v = e^115: 1.2
        m -> new GaussianNll(Tensor.of(115)).sum(m, table(new double[] {0})), row(1e25),
        57.5 + 0.5e50 * Math.exp(-115), 1e25 * Math.exp(-115)));
    all.add(new Place("gaussian nll at variance 0", v -> GaussianNll.ofVariance(v).sum(table(new double[] {1}),
        table(new double[] {0})), row(0), INF));
    all.add(new Place("gaussian nll at variance 0 without a residual",
        v -> GaussianNll.ofVariance(v).sum(table(new double[] {1}), table(new double[] {1})), row(0), -INF));

    double half = 0.5 * Math.log(2 * Math.PI);
    for (double logSigma : new double[] {-45, -90, -400}) {
      all.add(new Place("mixture density of no residual at log sigma " + logSigma, mean -> mixture(row(0), mean,
          row(logSigma), 2), row(2), logSigma + half, 0));
      all.add(new Place("mixture density by a log sigma of " + logSigma, sigma -> mixture(row(0), row(2), sigma, 2),
          row(logSigma), logSigma + half, 1));
    }
    // the second component is exp(-90) wide and 1 away: its share is 0
    all.add(new Place("mixture density with a component out of reach", mean -> mixture(row(0, 0), mean, row(0, -90), 1),
        row(1, 0), half + LOG_2, 0, 0));
    all.add(new Place("mixture density with a component that is excluded",
        logits -> mixture(logits, row(1, 5), row(0, 0), 1), row(0, -INF), half, 0, 0));

    all.add(new Place("squared error of the largest roots", p -> new SquaredError().sum(p, table(new double[] {0})),
        row(1.8e19), 3.24e38, 3.6e19));
    all.add(new Place("squared error of none", p -> new SquaredError().sum(p, table(new double[] {2})), row(2), 0, 0));
    for (TensorLoss loss : List.of(new AbsoluteError(), new SmoothAbsoluteError(0), new SmoothAbsoluteError(1e-45),
        new SmoothAbsoluteError(1e-30), new Huber(1))) {
      all.add(new Place(loss + " of none", p -> loss.sum(p, table(new double[] {2})), row(2), 0, 0));
      all.add(new Place(loss + " far away", p -> loss.sum(p, table(new double[] {0})), row(-3e38), 3e38, -1));
      all.add(new Place(loss + " infinitely far away", p -> loss.sum(p, table(new double[] {0})), row(INF), INF, 1));
    }
    all.add(new Place("smooth absolute error within a tiny beta", // d^2 / (2 beta), d / beta
        p -> new SmoothAbsoluteError(1e-30).sum(p, table(new double[] {0})), row(5e-31), 1.25e-31, 0.5));
    all.add(new Place("smooth absolute error within a huge beta",
        p -> new SmoothAbsoluteError(1e30).sum(p, table(new double[] {0})), row(1e25), 0.5e20, 1e-5));

    // log r^2 + log (r^2 - s^2)^2; by r: 2 / r + 4 r / (r^2 - s^2) = 6 / r for s = 0
    for (double r : new double[] {1e-10, 1, 1e10, 1e15}) {
      all.add(new Place("moment network of residual " + r,
          m -> MomentNetwork.loss(m, table(new double[] {0}), table(new double[] {0})), row(r), 6 * Math.log(r),
          6 / r));
    }
    all.add(new Place("moment network of a perfect mean", m -> MomentNetwork.loss(m, table(new double[] {1}),
        table(new double[] {0})), row(0), -INF));
    return all;
  }

  private static Place binary(String name, double[] x, double[] target, double value, double... slope) {
    return new Place("binary cross entropy, " + name, p -> new BinaryCrossEntropy().sum(p, table(target)), row(x),
        value, slope);
  }

  private static Tensor mixture(Object logits, Object mean, Object logSigma, double y) {
    Tensor each = tensor(logits);
    return new MixtureDensity(each, tensor(mean).unsqueeze(2), tensor(logSigma).unsqueeze(2))
        .negativeLogLikelihood(table(new double[] {y})).sum();
  }

  private static Tensor tensor(Object rows) {
    return rows instanceof double[][] numbers ? table(numbers) : (Tensor) rows;
  }

  @ParameterizedTest
  @MethodSource("places")
  void valueAndSlopeAreThoseOfTheMathematics(Place place) {
    Tensor x = place.x.tracked();
    Tensor loss = place.loss.apply(x);
    double size = Math.max(1, Math.abs(place.value));
    assertEquals(place.value, loss.toDoubles()[0], place.value < 1e-20 && place.value > 0
        ? 1e-5 * place.value
        : Double.isFinite(size) ? 2e-6 * size : 0, place.name);
    if (place.slope.length > 0) {
      double[] found = Gradients.of(loss, x).withRespectTo(x).toDoubles();
      for (int i = 0; i < found.length; i++) {
        assertEquals(place.slope[i], found[i], 1e-5 * Math.max(Math.abs(place.slope[i]), 1e-3),
            place.name + ", slope " + i);
      }
    }
  }

  @Test
  void aMeanLeavesOutWhatTheMaskLeavesOutAtItsLimitsToo() { // the first row alone: log(3/2)
    Tensor logits = Tensor.zeros(2, 3).tracked();
    Tensor target = table(new double[] {-INF, 0, 0}, new double[] {Double.NaN, INF, 0});
    Tensor loss = new KlDivergence().mean(logits, target, Tensor.of(new float[] {1, 0}));
    assertEquals(Math.log(1.5), loss.item(), 1e-6);
    assertArrayEquals(new double[] {1 / 3.0, -1 / 6.0, -1 / 6.0, 0, 0, 0},
        Gradients.of(loss, logits).withRespectTo(logits).toDoubles(), 1e-6);
  }

  @Test
  void everyLossHasAPlace() {
    Map<String, Boolean> named = new LinkedHashMap<>();
    for (String loss : List.of("kl", "binary cross entropy", "cross entropy", "gaussian nll", "mixture density",
        "squared error", "AbsoluteError", "SmoothAbsoluteError", "Huber", "moment network")) {
      named.put(loss, places().stream().anyMatch(place -> place.name.startsWith(loss)));
    }
    assertEquals(List.of(),
        named.entrySet().stream().filter(entry -> !entry.getValue()).map(Map.Entry::getKey).toList());
  }
}
