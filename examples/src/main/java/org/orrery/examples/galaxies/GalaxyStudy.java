package org.orrery.examples.galaxies;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
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
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.cosmology.Catalog;
import org.orrery.inference.CalibrationFactor;
import org.orrery.inference.Posterior;
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
  private final long start = System.nanoTime();
  private @Nullable Trial trial;
  private List<Simulation> given = List.of();
  private @Nullable Path file;

  /// What is trained beside the networks and baselines of the features.
  public enum Beside {
    /// nothing
    NOTHING,
    /// a network and baselines that see positions alone, where there are other features and the design does not need them
    POSITIONS_ALONE
  }

  /// What is done.
  ///
  /// @param recipe of the boxes
  /// @param features that are known of each halo
  /// @param radius within which halos are joined, Mpc/h
  /// @param model the sizes of the network
  /// @param epochs over the training boxes
  /// @param validation boxes
  /// @param test boxes
  /// @param counts whether networks and baselines know the number of halos
  /// @param seeds how many networks are trained, each from a start of its own
  /// @param beside what is trained beside them
  public record Options(SimulationSet.Recipe recipe, Set<Feature> features, double radius, HaloModel.Options model,
      int epochs, int validation, int test, HaloGraph.Counts counts, int seeds, Beside beside) {
    /// One network that knows the number of halos, and nothing beside it.
    ///
    /// @throws IllegalArgumentException where no boxes are left to train on, or too few to judge by
    public Options(SimulationSet.Recipe recipe, Set<Feature> features, double radius, HaloModel.Options model,
        int epochs, int validation, int test) {
      this(recipe, features, radius, model, epochs, validation, test, HaloGraph.Counts.SEEN, 1, Beside.NOTHING);
    }

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
      if (seeds < 1) {
        throw new IllegalArgumentException("galaxies: " + seeds + " seeds; at least 1 is required");
      }
    }

    /// The same with so many networks.
    public Options withSeeds(int count) {
      return new Options(recipe, features, radius, model, epochs, validation, test, counts, count, beside);
    }

    /// The same with another choice of what networks know of counts.
    public Options withCounts(HaloGraph.Counts other) {
      return new Options(recipe, features, radius, model, epochs, validation, test, other, seeds, beside);
    }

    /// The same with other boxes.
    ///
    /// @throws IllegalArgumentException where no boxes are left to train on, or too few to judge by
    public Options with(SimulationSet.Recipe boxes, int validate, int judge) {
      return new Options(boxes, features, radius, model, epochs, validate, judge, counts, seeds, beside);
    }

    /// The same with something beside.
    public Options with(Beside other) {
      return new Options(recipe, features, radius, model, epochs, validation, test, counts, seeds, other);
    }

    /// What each training is called, in the order in which [GalaxyStudy#run] takes their runs.
    public List<String> trainings() {
      List<String> titles = new ArrayList<>();
      for (int seed = 0; seed < seeds; seed++) {
        titles.add(seeds == 1 ? "network" : "network " + (seed + 1) + " of " + seeds);
      }
      titles.add("without links");
      if (alone()) {
        titles.add("positions alone");
      }
      return List.copyOf(titles);
    }

    private boolean alone() {
      return beside == Beside.POSITIONS_ALONE && !features.isEmpty() && model.design() != HaloDesign.DE_SANTI;
    }

    HaloGraph input() {
      return new HaloGraph(radius, features, counts, model.design().centroid());
    }

    /// What takes some six minutes on two cores: 3,000 boxes of 200 Mpc/h, the 300 heaviest halos of each with positions and velocities.
    public static Options usual(long seed) {
      return of(3000, seed);
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

  /// A study whose boxes a budget chooses; where the file is there, what it chose before, else it is written.
  ///
  /// @param asked everything but the boxes
  /// @param kept the file
  /// @throws IOException where the file cannot be read or written, or is of another budget
  /// @throws IllegalArgumentException where the time is not enough for a study
  public static GalaxyStudy within(Budget budget, Options asked, Path kept, PrintWriter out) throws IOException {
    if (Files.exists(kept)) {
      return new GalaxyStudy(budget.read(kept, asked), out);
    }
    GalaxyStudy trying = new GalaxyStudy(budget.sized(asked), out);
    Options chosen = budget.filled(trying.options, trying.trial());
    budget.write(kept, chosen);
    GalaxyStudy study = new GalaxyStudy(chosen, out);
    study.trial = trying.trial;
    study.stages.addAll(trying.stages);
    return study;
  }

  /// What is done.
  public Options options() {
    return options;
  }

  /// What came out.
  ///
  /// @param model the trained network, of several seeds the one with the least loss on the validation boxes
  /// @param factor on its spread
  /// @param result everything measured
  public record Outcome(HaloModel model, CalibrationFactor factor, GalaxyResult result) {
    /// The same with the SHA-256 of a file in the provenance.
    ///
    /// @throws IOException where it cannot be read
    public Outcome withHash(String name, Path file) throws IOException {
      return new Outcome(model, factor, result.withHash(name, Origins.hash(file)));
    }
  }

  /// A trained network and how it was trained.
  private record Trained(HaloModel model, History history) implements Estimator {
    double loss() {
      return history.rows().stream().mapToDouble(row -> row.value(HaloTraining.LOSS)).min().orElse(Double.NaN);
    }

    @Override
    public List<Posterior> posteriors(List<Simulation> boxes) {
      return model.posteriors(boxes);
    }
  }

  /// The boxes: from a file where it is there, else simulated, and written to the file where one is named.
  ///
  /// @param file null for none
  /// @throws IOException where it cannot be read or written, or holds other boxes than the options say
  public SimulationSet simulations(@Nullable Path file) throws IOException {
    this.file = file;
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
    double planned = trial().simulation().processor() * options.recipe().boxes();
    StageProgress progress = new StageProgress("simulate", options.recipe().boxes(), out);
    SimulationSet set = timed("simulate", planned, () -> SimulationSet.simulate(options.recipe(), progress::done));
    if (file != null) {
      set.write(file);
    }
    return set;
  }

  /// Does all of it.
  ///
  /// @param set of the boxes, as [Options] says
  /// @param runs how each of [Options#trainings()] is run
  /// @param commands that make the page again
  public Outcome run(SimulationSet set, List<TrainingRun> runs, List<String> commands) {
    int needed = options.trainings().size();
    if (runs.size() < needed) {
      throw new IllegalArgumentException("galaxies: " + runs.size() + " runs; " + needed + " are required, for "
          + options.trainings());
    }
    Key key = Key.of(options.recipe().seed()).fold("study");
    int from = options.training();
    List<Simulation> training = set.boxes().subList(0, from);
    List<Simulation> validation = set.boxes().subList(from, from + options.validation());
    List<Simulation> test = set.boxes().subList(from + options.validation(), set.boxes().size());
    given = set.boxes();
    HaloGraph input = options.input();
    HaloTraining how = HaloTraining.USUAL.withEpochs(options.epochs());
    double planned = trial().training().processor() * training.size() * options.epochs();

    List<Trained> networks = new ArrayList<>();
    for (int seed = 0; seed < options.seeds(); seed++) {
      Key own = seed == 0 ? key : key.fold("seed").fold(seed);
      TrainingRun run = runs.get(seed);
      networks.add(timed("train the " + options.trainings().get(seed), planned, () -> trained(how,
          HaloModel.create(input, options.model(), own.fold("model")), training, validation, own.fold("training"),
          run)));
    }
    Trained best = networks.stream().min(Comparator.comparingDouble(Trained::loss)).orElseThrow();
    HaloModel model = best.model();
    Trained blind = timed("train without links", null, () -> trained(how,
        HaloModel.create(input, new HaloModel.Options(0, options.model().channels()), key.fold("blind")), training,
        validation, key.fold("blind"), runs.get(options.seeds())));
    List<Contender> contenders = new ArrayList<>(List.of(
        new Contender("network", options.model().design().title(), options.sees(), true, best, List.copyOf(networks)),
        new Contender("set", "the network without links", GalaxyResult.Sees.FEATURES, false, blind, List.of())));
    contenders.addAll(timed("train the baselines", null,
        () -> Contender.baselines(input, options.sees(), "", training, validation, key)));
    int main = contenders.size();
    if (options.alone()) {
      HaloGraph places = new HaloGraph(options.radius(), Set.of(), options.counts(),
          options.model().design().centroid());
      Key own = key.fold("positions");
      TrainingRun run = runs.get(options.seeds() + 1);
      Trained alone = timed("train on positions", planned, () -> trained(how,
          HaloModel.create(places, options.model(), own.fold("model")), training, validation, own.fold("training"),
          run));
      contenders.add(
          new Contender("network-positions", options.model().design().title(), GalaxyResult.Sees.POSITIONS, true, alone,
              List.of()));
      timed("baselines of positions", null, () -> Contender.baselines(places, GalaxyResult.Sees.POSITIONS, "-positions",
          training, validation, own)).stream().filter(c -> c.sees() == GalaxyResult.Sees.POSITIONS)
          .forEach(contenders::add);
    }

    Key resampling = key.fold("resampling");
    Map<String, Predictions> found = new LinkedHashMap<>();
    contenders.forEach(c -> found.put(c.id(), c.estimator().predictions(test)));
    List<GalaxyResult.Method> methods = contenders.stream()
        .map(c -> Audit.method(c, training.size(), Objects.requireNonNull(found.get(c.id())),
            c.members().stream().map(member -> member.predictions(test)).toList(), resampling))
        .toList();
    List<GalaxyResult.Comparison> comparisons = new ArrayList<>(
        List.of(comparison(contenders.subList(0, main), found, resampling)));
    if (main < contenders.size()) {
      comparisons.add(comparison(contenders.subList(main, contenders.size()), found, resampling));
    }
    Predictions own = Objects.requireNonNull(found.get("network"));
    CalibrationFactor factor = CalibrationFactor.jointChiSquared(model.predictions(validation));
    GalaxyResult.Calibration calibration = timed("audit", null,
        () -> Audit.calibration(own, factor, key.fold("audit")));
    List<GalaxyResult.Web> webs = timed("influence", null, () -> webs(model, test));
    List<GalaxyResult.Claim> claims = timed("symmetries", null, () -> Audit.claims(
        model.check(test.getFirst().halos(), model.symmetries(), key.fold("symmetries"))));
    GalaxyResult.Seeds seeds = Audit.seeds(networks.stream().map(network -> network.predictions(test)).toList());
    GalaxyResult result = new GalaxyResult("orrery galaxies", setup(), quantities(), Audit.boxes(own), calibration,
        methods, comparisons, seeds, curves(best.history()), webs, claims, stages, trial().memory(), List.of(),
        List.of(), provenance(set, commands));
    return new Outcome(model, factor, result);
  }

  private static Trained trained(HaloTraining how, HaloModel model, List<Simulation> training,
      List<Simulation> validation, Key key, TrainingRun run) {
    return new Trained(model, how.train(model, training, validation, key, run));
  }

  /// The first against the best of the others.
  private static GalaxyResult.Comparison comparison(List<Contender> contenders, Map<String, Predictions> found,
      Key key) {
    Contender network = contenders.getFirst();
    Contender best = contenders.stream().skip(1)
        .min(Comparator.comparingDouble(c -> error(predictions(found, c)))).orElseThrow();
    return Audit.comparison(network.id(), predictions(found, network), best.id(), predictions(found, best), key);
  }

  private static Predictions predictions(Map<String, Predictions> found, Contender contender) {
    return Objects.requireNonNull(found.get(contender.id()));
  }

  /// The mean square error over both parameters, each in units of its prior.
  private static double error(Predictions predictions) {
    double sum = 0;
    for (int p = 0; p < SimulationSet.PARAMETERS.size(); p++) {
      sum += Math.pow(Score.RMSE.of(predictions, p) / (SimulationSet.PRIOR.high(p) - SimulationSet.PRIOR.low(p)), 2);
    }
    return sum;
  }

  /// What this machine takes for a box, measured once.
  Trial trial() {
    if (trial == null) {
      trial = timed("measure the machine", null, () -> Trial.measure(options, HaloTraining.USUAL, given));
    }
    return trial;
  }

  private <T> T timed(String stage, @Nullable Double planned, Supplier<T> work) {
    long began = cpu();
    T result = work.get();
    double seconds = (cpu() - began) * 1e-9;
    stages.add(new GalaxyResult.Stage(stage, planned, seconds));
    double since = (System.nanoTime() - start) * 1e-9;
    out.printf(Locale.ROOT, "%-24s %7.1f s of processor time; %d:%02d since the start%n", stage, seconds,
        (int) since / 60, (int) since % 60);
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

  private GalaxyResult.Provenance provenance(SimulationSet set, List<String> commands) {
    Map<String, String> hashes = new LinkedHashMap<>();
    hashes.put("boxes, SHA-256", Origins.hash(set.boxes()));
    if (file != null) {
      try {
        hashes.put("data file, SHA-256", Origins.hash(file));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(file + ": cannot be read again to be hashed", unreadable);
      }
    }
    return new GalaxyResult.Provenance(commands, options.recipe().seed(), Origins.versions(), hashes,
        LocalDate.now(ZoneOffset.UTC).toString());
  }
}
