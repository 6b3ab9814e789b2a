package org.orrery.examples.camels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.orrery.inference.CalibrationFactor;
import org.orrery.inference.LeastSquares;
import org.orrery.inference.LeastSquares.Columns;
import org.orrery.inference.Posterior;
import org.orrery.inference.Predictions;
import org.orrery.tensor.Key;
import org.orrery.training.TrainingRun;

/// K-fold inference of Omega_m and sigma_8 from power spectra. Each simulation is estimated once by models that have not seen it: of the
/// others an eighth chooses epochs and penalties and fits the calibration factor, the rest trains.
///
/// Beside the network stand ridge regression on the same spectra, on their amplitudes alone, and the mean of the training set.
public final class SpectrumStudy {
  /// The name of the strongest baseline.
  public static final String RIDGE = "ridge on all of ln P";

  private static final int VALIDATION_PART = 8;

  private final SpectrumSet set;
  private final Options options;

  /// How it is done.
  ///
  /// @param folds how many parts; each is tested once
  /// @param members of an ensemble
  /// @param epochs of each member
  /// @param seeds how often everything is repeated, with other folds and weights
  /// @param seed where randomness starts
  public record Options(int folds, int members, int epochs, int seeds, long seed) {
    /// What takes a minute on two cores.
    public static final Options USUAL = new Options(5, 4, 150, 3, 0);

    /// @throws IllegalArgumentException where a number cannot be
    public Options {
      if (folds < 2 || members < 1 || epochs < 2 || seeds < 1) {
        throw new IllegalArgumentException("spectra: " + folds + " folds, " + members + " members, " + epochs
            + " epochs, " + seeds + " seeds; 2 folds and epochs and 1 member and seed are required at least");
      }
    }

    /// How many trainings there are.
    public int trainings() {
      return seeds * folds * members;
    }
  }

  /// What is known of the parameters of each simulation by models that have not seen it.
  ///
  /// @param network calibrated by the factors
  /// @param raw the same before
  /// @param baselines by name; the best first where it is told from the others by its error
  /// @param factors one a fold
  public record Repeat(Predictions network, Predictions raw, Map<String, Predictions> baselines, List<Double> factors) {
    /// Copies.
    public Repeat {
      baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
      factors = List.copyOf(factors);
    }
  }

  /// @throws IllegalArgumentException where a fold would hold no simulation, or too few are left to train
  public SpectrumStudy(SpectrumSet set, Options options) {
    this.set = set;
    this.options = options;
    if (set.size() < 20 || set.size() < 2 * options.folds()) {
      throw new IllegalArgumentException("spectra: " + set.size() + " simulations in " + options.folds()
          + " folds; at least 20 simulations, and two a fold, are required");
    }
  }

  /// Does all of it, seed after seed.
  ///
  /// @param runs how training number r is run
  public List<Repeat> run(IntFunction<TrainingRun> runs) {
    List<Repeat> repeats = new ArrayList<>();
    for (int repeat = 0; repeat < options.seeds(); repeat++) {
      repeats.add(repeat(repeat, runs));
    }
    return repeats;
  }

  private Repeat repeat(int repeat, IntFunction<TrainingRun> runs) {
    Key key = Key.of(options.seed()).fold("spectra").fold(repeat);
    int[] order = key.fold("folds").permutation(set.size());
    int size = set.size();
    @Nullable
    Posterior[] raw = new @Nullable Posterior[size];
    @Nullable
    Posterior[] calibrated = new @Nullable Posterior[size];
    Map<String, @Nullable Posterior[]> baselines = new LinkedHashMap<>();
    List<Double> factors = new ArrayList<>();
    for (int fold = 0; fold < options.folds(); fold++) {
      int from = (int) ((long) size * fold / options.folds());
      int to = (int) ((long) size * (fold + 1) / options.folds());
      int[] test = Arrays.copyOfRange(order, from, to);
      int[] others = new int[size - test.length];
      System.arraycopy(order, 0, others, 0, from);
      System.arraycopy(order, to, others, from, size - to);
      int[] validation = Arrays.copyOf(others, Math.max(3, others.length / VALIDATION_PART));
      int[] training = Arrays.copyOfRange(others, validation.length, others.length);
      int first = (repeat * options.folds() + fold) * options.members();
      SpectrumModel model = SpectrumModel.train(examples(training), examples(validation), options.members(),
          options.epochs(), key.fold("model").fold(fold), member -> runs.apply(first + member));
      CalibrationFactor factor = CalibrationFactor.jointChiSquared(
          Predictions.of(model.posteriors(examples(validation).x()), parameters(validation)));
      factors.add(factor.factor(0));
      List<Posterior> found = model.posteriors(examples(test).x());
      put(raw, test, found);
      put(calibrated, test, found.stream().map(factor::apply).toList());
      put(baselines.computeIfAbsent(RIDGE, any -> new @Nullable Posterior[size]), test,
          ridge(training, validation, test, set::all));
      put(baselines.computeIfAbsent("ridge on amplitudes", any -> new @Nullable Posterior[size]), test,
          ridge(training, validation, test, set::amplitudes));
      put(baselines.computeIfAbsent("the mean", any -> new @Nullable Posterior[size]), test,
          ridge(training, validation, test, simulation -> new double[1]));
    }
    Map<String, Predictions> compared = new LinkedHashMap<>();
    baselines.forEach((name, posteriors) -> compared.put(name, predictions(posteriors)));
    return new Repeat(predictions(calibrated), predictions(raw), compared, factors);
  }

  private List<Posterior> ridge(int[] training, int[] validation, int[] test, IntFunction<double[]> numbers) {
    return LeastSquares.fit(Columns.LINEAR, rows(training, numbers), parameters(training), rows(validation, numbers),
        parameters(validation)).posteriors(rows(test, numbers));
  }

  private static double[][] rows(int[] simulations, IntFunction<double[]> numbers) {
    return Arrays.stream(simulations).mapToObj(numbers).toArray(double[][]::new);
  }

  private double[][] parameters(int[] simulations) {
    return rows(simulations, set::parameters);
  }

  private SpectrumModel.Examples examples(int[] simulations) {
    return new SpectrumModel.Examples(SpectrumModel.table(rows(simulations, set::bands)),
        SpectrumModel.table(parameters(simulations)));
  }

  private static void put(@Nullable Posterior[] all, int[] places, List<Posterior> found) {
    for (int i = 0; i < places.length; i++) {
      all[places[i]] = found.get(i);
    }
  }

  private Predictions predictions(@Nullable Posterior[] posteriors) {
    List<Posterior> all = new ArrayList<>();
    double[][] truths = new double[posteriors.length][];
    for (int i = 0; i < posteriors.length; i++) {
      Posterior posterior = posteriors[i];
      if (posterior == null) {
        throw new AssertionError("simulation " + i + " is in no fold");
      }
      all.add(posterior);
      truths[i] = set.parameters(i);
    }
    return Predictions.of(all, truths);
  }
}
