package org.orrery.examples.galaxies;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.cosmology.Catalog;
import org.orrery.inference.CalibrationFactor;
import org.orrery.inference.Predictions;
import org.orrery.inference.Score;
import org.orrery.io.FormatException;
import org.orrery.io.WholeFile;
import org.orrery.report.GalaxyResult;
import org.orrery.tensor.Key;
import org.orrery.training.History;
import org.orrery.training.TrainingRun;

/// The whole job: simulated boxes are divided into those to train on, to choose and calibrate with, and to test on; a network and its
/// baselines learn from the same boxes; all are held against the same truths.
public final class GalaxyStudy {
  private final Options options;
  private final PrintWriter out;
  private final List<GalaxyResult.Stage> stages = new ArrayList<>();

  /// What is done.
  ///
  /// @param recipe of the boxes
  /// @param features that are known of each halo
  /// @param radius within which halos are joined, Mpc/h
  /// @param model the sizes of the network
  /// @param epochs over the training boxes
  /// @param validation boxes
  /// @param test boxes
  public record Options(SimulationSet.Recipe recipe, Set<Feature> features, double radius, HaloModel.Options model,
      int epochs, int validation, int test) {
    /// Copies the set.
    ///
    /// @throws IllegalArgumentException where no boxes are left to train on, or too few to judge by
    public Options {
      features = Set.copyOf(features);
      if (validation < 10 || test < 10 || recipe.boxes() - validation - test < 10 || epochs < 2) {
        throw new IllegalArgumentException("galaxies: " + recipe.boxes() + " boxes of which " + validation
            + " validate and " + test + " test, " + epochs
            + " epochs; at least 10 of each kind and 2 epochs are required");
      }
    }

    /// What takes some five minutes on two cores: 2,000 boxes of 200 Mpc/h, the 300 heaviest halos of each with positions and velocities.
    public static Options usual(long seed) {
      return of(2000, seed);
    }

    /// The same with so many boxes, a tenth of which validate and a tenth test.
    public static Options of(int boxes, long seed) {
      return new Options(new SimulationSet.Recipe(boxes, 200, 64, 300, seed), Set.of(Feature.VELOCITIES), 35,
          HaloModel.Options.USUAL, HaloTraining.USUAL.epochs(), Math.max(10, boxes / 10), Math.max(10, boxes / 10));
    }

    /// How many boxes train.
    public int training() {
      return recipe.boxes() - validation - test;
    }

    GalaxyResult.Sees sees() {
      if (features.contains(Feature.MASSES)) {
        return GalaxyResult.Sees.MASSES;
      }
      if (features.contains(Feature.VELOCITIES)) {
        return GalaxyResult.Sees.VELOCITIES;
      }
      return features.contains(Feature.LINE_OF_SIGHT_VELOCITIES)
          ? GalaxyResult.Sees.LINE_OF_SIGHT
          : GalaxyResult.Sees.POSITIONS;
    }
  }

  /// A study that says what it does.
  public GalaxyStudy(Options options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  /// What came out.
  ///
  /// @param model the trained network
  /// @param factor on its spread
  /// @param result everything measured
  public record Outcome(HaloModel model, CalibrationFactor factor, GalaxyResult result) {
  }

  /// The boxes: from a file where it is there, else simulated, and written to the file where one is named.
  ///
  /// @param file null for none
  /// @throws IOException where it cannot be read or written, or holds other boxes than the options say
  public SimulationSet simulations(@Nullable Path file) throws IOException {
    if (file != null && Files.exists(file)) {
      SimulationSet set = SimulationSet.read(file);
      if (!set.recipe().equals(options.recipe())) {
        throw new FormatException(file + ": boxes of " + set.recipe() + "; " + options.recipe() + " is asked for");
      }
      return set;
    }
    if (file != null) {
      WholeFile.requireWritable(file);
    }
    SimulationSet set = timed("simulate", () -> SimulationSet.simulate(options.recipe(), done -> {}));
    if (file != null) {
      set.write(file);
    }
    return set;
  }

  /// Does all of it.
  ///
  /// @param set of the boxes, as [Options] says
  /// @param runs how the network is trained, and then the network without links
  /// @param commands that make the page again
  public Outcome run(SimulationSet set, List<TrainingRun> runs, List<String> commands) {
    Key key = Key.of(options.recipe().seed()).fold("study");
    int from = options.training();
    List<Simulation> training = set.boxes().subList(0, from);
    List<Simulation> validation = set.boxes().subList(from, from + options.validation());
    List<Simulation> test = set.boxes().subList(from + options.validation(), set.boxes().size());

    HaloModel model = HaloModel.create(new HaloGraph(options.radius(), options.features()), options.model(),
        key.fold("model"));
    HaloTraining how = HaloTraining.USUAL.withEpochs(options.epochs());
    History history = timed("train the network",
        () -> how.train(model, training, validation, key.fold("training"), runs.get(0)));
    HaloModel blind = HaloModel.create(model.input(), new HaloModel.Options(0, options.model().channels()),
        key.fold("blind"));
    timed("train without links", () -> how.train(blind, training, validation, key.fold("blind"), runs.get(1)));
    Map<Statistic, Estimator> simple = new LinkedHashMap<>();
    timed("train the baselines", () -> {
      for (Statistic statistic : Statistic.values()) {
        simple.put(statistic, StatisticModel.train(statistic, options.features(), training, validation,
            key.fold(statistic.name())));
      }
      return simple;
    });

    Predictions found = model.predictions(test);
    CalibrationFactor factor = CalibrationFactor.jointChiSquared(model.predictions(validation));
    List<GalaxyResult.Method> methods = new ArrayList<>();
    Key resampling = key.fold("resampling");
    methods.add(Audit.method("network", "graph network", options.sees(), true, training.size(), found, resampling));
    Map<String, Predictions> others = new LinkedHashMap<>();
    others.put("set", blind.predictions(test));
    methods.add(Audit.method("set", "the network without links", GalaxyResult.Sees.FEATURES, false, training.size(),
        others.get("set"), resampling));
    simple.forEach((statistic, estimator) -> {
      String id = statistic.name().toLowerCase(Locale.ROOT).replace('_', '-');
      others.put(id, estimator.predictions(test));
      methods.add(Audit.method(id, statistic.title(), sees(statistic), false, training.size(), others.get(id),
          resampling));
    });
    Map.Entry<String, Predictions> best = others.entrySet().stream()
        .min(Comparator.comparingDouble(e -> error(e.getValue()))).orElseThrow();
    List<GalaxyResult.Comparison> comparisons = List
        .of(Audit.comparison("network", found, best.getKey(), best.getValue(), resampling));
    GalaxyResult.Calibration calibration = timed("audit",
        () -> Audit.calibration(found, factor, key.fold("audit")));
    List<GalaxyResult.Web> webs = timed("influence", () -> webs(model, test));
    List<GalaxyResult.Claim> claims = timed("symmetries", () -> Audit.claims(
        model.check(test.getFirst().halos(), model.symmetries(), key.fold("symmetries"))));
    GalaxyResult result = new GalaxyResult("orrery galaxies", setup(), quantities(), Audit.boxes(found), calibration,
        methods, comparisons, null, curves(history), webs, claims, stages, null, List.of(), List.of(),
        provenance(commands));
    return new Outcome(model, factor, result);
  }

  /// The mean square error over both parameters, each in units of its prior.
  private static double error(Predictions predictions) {
    double sum = 0;
    for (int p = 0; p < SimulationSet.PARAMETERS.size(); p++) {
      sum += Math.pow(Score.RMSE.of(predictions, p) / (SimulationSet.PRIOR.high(p) - SimulationSet.PRIOR.low(p)), 2);
    }
    return sum;
  }

  private GalaxyResult.Sees sees(Statistic statistic) {
    return switch (statistic) {
      case COUNT -> GalaxyResult.Sees.COUNT;
      case MEANS -> GalaxyResult.Sees.FEATURES;
      case TWO_POINT -> options.sees();
    };
  }

  private <T> T timed(String stage, Supplier<T> work) {
    long began = cpu();
    T result = work.get();
    double seconds = (cpu() - began) * 1e-9;
    stages.add(new GalaxyResult.Stage(stage, null, seconds));
    out.printf(Locale.ROOT, "%-22s %6.1f s of processor time%n", stage, seconds);
    out.flush();
    return result;
  }

  /// The processor time of this process in nanoseconds.
  static long cpu() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : System.nanoTime();
  }

  private GalaxyResult.Setup setup() {
    return new GalaxyResult.Setup(options.training(), options.validation(), options.test(), options.recipe().halos(),
        true, options.recipe().side(), options.radius(), options.sees());
  }

  private static List<GalaxyResult.Quantity> quantities() {
    return List.of(
        new GalaxyResult.Quantity("Omega_m", "Ω", "m", "", SimulationSet.PRIOR.low(0), SimulationSet.PRIOR.high(0)),
        new GalaxyResult.Quantity("sigma_8", "σ", "8", "", SimulationSet.PRIOR.low(1), SimulationSet.PRIOR.high(1)));
  }

  private static GalaxyResult.Training curves(History history) {
    List<Double> seconds = new ArrayList<>();
    double sum = 0;
    int best = 0;
    for (int i = 0; i < history.rows().size(); i++) {
      sum += history.rows().get(i).seconds();
      seconds.add(sum);
      if (history.rows().get(i).value(HaloTraining.LOSS) < history.rows().get(best).value(HaloTraining.LOSS)) {
        best = i;
      }
    }
    return new GalaxyResult.Training(seconds, history.rows().stream().map(History.Row::trainLoss).toList(),
        history.rows().stream().map(row -> row.value(HaloTraining.LOSS)).toList(),
        IntStream.range(0, SimulationSet.PARAMETERS.size()).mapToObj(
            p -> history.rows().stream().map(row -> row.value(HaloTraining.r2(p))).toList()).toList(),
        history.rows().stream().map(History.Row::rate).toList(), best + 1);
  }

  /// The test boxes with the least and the most structure: by Omega_m and sigma_8 together.
  private List<GalaxyResult.Web> webs(HaloModel model, List<Simulation> test) {
    Comparator<Simulation> structure = Comparator.comparingDouble(box -> box.sigma8() * Math.sqrt(box.omegaM()));
    return List.of(web(model, test.stream().min(structure).orElseThrow()),
        web(model, test.stream().max(structure).orElseThrow()));
  }

  private GalaxyResult.Web web(HaloModel model, Simulation box) {
    Influence influence = Influence.of(model, model.input().of(box));
    Catalog halos = box.halos();
    return new GalaxyResult.Web(Audit.list(box.parameters()), Audit.list(halos.positions()),
        options.features().contains(Feature.VELOCITIES) ? Audit.list(halos.velocities()) : List.of(),
        Arrays.stream(halos.masses()).map(Math::log10).boxed().toList(),
        Arrays.stream(influence.links()).flatMapToInt(Arrays::stream).boxed().toList(),
        Audit.list(influence.ofLinks()), Audit.list(influence.ofHalos()));
  }

  private GalaxyResult.Provenance provenance(List<String> commands) {
    Map<String, String> versions = new LinkedHashMap<>();
    String version = GalaxyStudy.class.getPackage().getImplementationVersion();
    versions.put("Orrery", version == null ? "from classes" : version);
    versions.put("Java", System.getProperty("java.version"));
    return new GalaxyResult.Provenance(commands, options.recipe().seed(), versions, Map.of(),
        LocalDate.now(ZoneOffset.UTC).toString());
  }
}
