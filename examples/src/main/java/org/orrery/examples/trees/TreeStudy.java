package org.orrery.examples.trees;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.inference.CalibrationFactor;
import org.orrery.inference.Coverage;
import org.orrery.inference.LeastSquares;
import org.orrery.inference.Posterior;
import org.orrery.inference.Predictions;
import org.orrery.inference.Score;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Scaler;
import org.orrery.training.TrainingRun;

/// The whole job on merger trees: networks and baselines learn from the same trees, and all are held against the same truths.
public final class TreeStudy {
  private static final int FOLDS = 4;
  private static final double LEVEL = 0.68;

  private final Options options;
  private final PrintWriter out;
  private final Key key;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Map<String, List<Predictions>> networks = new LinkedHashMap<>();
  private final Map<String, List<Predictions>> baselines = new LinkedHashMap<>();
  private @Nullable TreeModel first;
  private int run;

  /// How trainings are run, by their number.
  @FunctionalInterface
  public interface Runs {
    /// The run of a training.
    TrainingRun at(int number, String title);
  }

  /// What is done.
  ///
  /// @param kinds of networks, each once; DeepSets is a baseline too and need not be among them
  /// @param channels of the networks
  /// @param training how networks are trained
  /// @param seed of everything
  /// @param seeds how many times networks are trained, from other numbers
  public record Options(List<TreeNetwork.Kind> kinds, int channels, TreeTraining training, long seed, int seeds) {
    /// Copies the list.
    ///
    /// @throws IllegalArgumentException where there is no network, one twice, or no seed
    public Options {
      kinds = List.copyOf(kinds);
      if (kinds.isEmpty() || kinds.stream().distinct().count() != kinds.size() || seeds < 1 || channels < 1
          || training.epochs() < 2) {
        throw new IllegalArgumentException("trees: networks " + kinds + " of " + channels + " channels, "
            + training.epochs() + " epochs, " + seeds
            + " seeds; different networks of 1 channel or more, 2 epochs and 1 seed are required");
      }
    }

    /// The networks that are trained: those asked for, and DeepSets as a baseline.
    List<TreeNetwork.Kind> trained() {
      List<TreeNetwork.Kind> all = new ArrayList<>(kinds);
      if (!all.contains(TreeNetwork.Kind.DEEP_SETS)) {
        all.add(TreeNetwork.Kind.DEEP_SETS);
      }
      return all;
    }
  }

  /// What came out.
  ///
  /// @param model the first network of the first seed
  /// @param result everything measured
  public record Outcome(TreeModel model, TreeResult result) {
  }

  /// A study that says what it does.
  public TreeStudy(Options options, PrintWriter out) {
    this.options = options;
    this.out = out;
    this.key = Key.of(options.seed()).fold("trees");
  }

  /// How many trainings a study of real trees has.
  public static int trainingsOnHalos(Options options) {
    return options.seeds() * options.trained().size() * FOLDS;
  }

  /// How many trainings a study of sets has.
  public static int trainingsOnSets(Options options) {
    return options.seeds() * options.trained().size();
  }

  /// Half-mass radii at fixed mass, every halo by models that have not seen its trees. Intervals are widened by a factor from the halos of the
  /// other folds.
  ///
  /// @param command that makes the result again
  public Outcome radii(RadiusSet set, Runs runs, String command) {
    int[] folds = set.folds(FOLDS);
    for (TreeStatistics statistic : TreeStatistics.values()) {
      timed("ridge", () -> record(baselines, statistic.title(), outOfFold(set, folds, (training, test) -> {
        int[] inner = RadiusSet.smallGroups(set.groups(), training);
        List<TreeExample> learn = chosen(set, IntStream.of(training).filter(i -> inner[i] == 0).toArray());
        List<TreeExample> choose = chosen(set, IntStream.of(training).filter(i -> inner[i] == 1).toArray());
        return ridge(statistic, learn, choose).posteriors(statistics(statistic, test));
      })));
    }
    for (int seed = 0; seed < options.seeds(); seed++) {
      for (TreeNetwork.Kind kind : options.trained()) {
        Key own = key.fold(seed).fold(kind.stream());
        int number = seed;
        int[] fold = {0};
        timed(kind.title(), () -> record(asked(kind), kind.title(), calibrated(folds, outOfFold(set, folds,
            (training, test) -> {
              List<TreeExample> learn = chosen(set, training);
              double[] truths = learn.stream().mapToDouble(example -> example.truth()[0]).toArray();
              TreeModel model = TreeModel.create(
                  new TreeModel.Options(kind, TreeModel.Target.TREE, options.channels(), RadiusSet.MASS_UNIT),
                  Scaler.standard(Tensor.of(truths, truths.length, 1)), 1, own.fold(fold[0]));
              options.training().train(model, learn, List.of(), own.fold(fold[0]).fold("training"),
                  runs.at(run++, kind.title() + ", seed " + (number + 1) + ", fold " + ++fold[0]));
              first = first == null ? model : first;
              return model.posteriors(test);
            }))));
      }
    }
    List<String> facts = List.of(set.examples().size() + " halos of " + set.files() + " files",
        Arrays.stream(set.groups()).distinct().count() + " trees or forests in " + FOLDS + " folds",
        String.format(Locale.ROOT, "scatter %.3f dex about the trend with mass", set.scatter()));
    Map<String, List<Double>> earlier = new TreeMap<>(Map.of("ridge on the main branch", List.of(0.115), "DeepSets",
        List.of(0.457), "tree-LSTM", List.of(0.560), "main-branch LSTM", List.of(0.664)));
    return outcome("half-mass radius of halos at fixed mass, from their merger trees", facts,
        List.of("log half-mass radius"), set.groups(), drawn(set.examples(), "particles"), earlier, null, command);
  }

  /// Omega_m and sigma_8 of sets of trees: an eighth of the sets validates, an eighth tests. Intervals are widened by a factor from the
  /// validation sets.
  ///
  /// @param command that makes the result again
  public Outcome universes(UniverseSet set, Runs runs, String command) {
    List<TreeExample> all = set.examples();
    int eighth = all.size() / 8;
    if (eighth < 3) {
      throw new IllegalArgumentException("trees: " + all.size() + " sets; 24 or more are required");
    }
    List<TreeExample> training = all.subList(0, all.size() - 2 * eighth);
    List<TreeExample> validation = all.subList(training.size(), all.size() - eighth);
    List<TreeExample> test = all.subList(all.size() - eighth, all.size());
    for (TreeStatistics statistic : TreeStatistics.values()) {
      timed("ridge", () -> record(baselines, statistic.title(),
          of(ridge(statistic, training, validation).posteriors(statistics(statistic, test)), test)));
    }
    for (int seed = 0; seed < options.seeds(); seed++) {
      for (TreeNetwork.Kind kind : options.trained()) {
        Key own = key.fold(seed).fold(kind.stream());
        TreeModel model = TreeModel.create(
            new TreeModel.Options(kind, TreeModel.Target.SET, options.channels(), UniverseSet.MASS_UNIT),
            UniverseSet.PRIOR.scaler(), UniverseSet.PARAMETERS.size(), own);
        TrainingRun how = runs.at(run++, kind.title() + ", seed " + (seed + 1));
        timed(kind.title(), () -> {
          options.training().train(model, training, validation, own.fold("training"), how);
          return record(asked(kind), kind.title(),
              CalibrationFactor.chiSquared(model.predictions(validation)).apply(model.predictions(test)));
        });
        first = first == null ? model : first;
      }
    }
    TreeResult.Leak leak = timed("leak", () -> leak(set));
    UniverseSet.Recipe recipe = set.recipe();
    List<String> facts = List.of(all.size() + " sets of " + recipe.trees() + " trees",
        all.stream().flatMap(e -> e.trees().stream()).mapToInt(MergerHistory::size).sum()
            / (all.size() * recipe.trees())
            + " nodes a tree",
        test.size() + " sets to test", recipe.resolution() == UniverseSet.Resolution.FIXED
            ? "lightest halo of one mass"
            : "lightest halo of one number of particles");
    Map<String, List<Double>> earlier = new TreeMap<>();
    if (recipe.resolution() == UniverseSet.Resolution.FIXED) {
      earlier.putAll(Map.of("ridge on the main branch", List.of(0.625, 0.877), "ridge with node counts",
          List.of(0.766, 0.922), "DeepSets", List.of(0.571, 0.909), "tree-LSTM", List.of(0.700, 0.917)));
    }
    return outcome("Omega_m and sigma_8 of a universe, from a set of its merger trees", facts, UniverseSet.PARAMETERS,
        IntStream.range(0, test.size()).toArray(), drawn(test, "solar masses/h"), earlier, leak, command);
  }

  /// R2 by the lightest node alone in as many small sets of either resolution: a few trees of each universe show it.
  private static TreeResult.Leak leak(UniverseSet set) {
    UniverseSet.Recipe recipe = set.recipe();
    List<List<Double>> found = new ArrayList<>();
    for (UniverseSet.Resolution resolution : UniverseSet.Resolution.values()) {
      UniverseSet grown = resolution == recipe.resolution()
          ? set
          : UniverseSet
              .grow(new UniverseSet.Recipe(Math.min(400, recipe.sets()), Math.min(6, recipe.trees()), resolution,
                  recipe.lightest(), recipe.seed()));
      found.add(lightest(grown.examples()));
    }
    return new TreeResult.Leak(found.get(0), found.get(1));
  }

  private static List<Double> lightest(List<TreeExample> sets) {
    int half = sets.size() / 2;
    int quarter = sets.size() / 4;
    double[][] x = sets.stream().map(set -> new double[] {UniverseSet.lightest(set)}).toArray(double[][]::new);
    double[][] y = sets.stream().map(TreeExample::truth).toArray(double[][]::new);
    LeastSquares fit = LeastSquares.fit(LeastSquares.Columns.QUADRATIC, Arrays.copyOf(x, half), Arrays.copyOf(y, half),
        Arrays.copyOfRange(x, half, half + quarter), Arrays.copyOfRange(y, half, half + quarter));
    Predictions found = Predictions.of(fit.posteriors(Arrays.copyOfRange(x, half + quarter, x.length)),
        Arrays.copyOfRange(y, half + quarter, y.length));
    return IntStream.range(0, UniverseSet.PARAMETERS.size()).mapToObj(p -> Score.R2.of(found, p)).toList();
  }

  /// A model of the training examples, by number, asked about the test examples.
  private interface Learner {
    List<Posterior> posteriors(int[] training, List<TreeExample> test);
  }

  private static Predictions outOfFold(RadiusSet set, int[] folds, Learner learner) {
    Posterior[] found = new Posterior[folds.length];
    for (int fold = 0; fold < FOLDS; fold++) {
      int part = fold;
      int[] test = IntStream.range(0, folds.length).filter(i -> folds[i] == part).toArray();
      List<Posterior> posteriors = learner
          .posteriors(IntStream.range(0, folds.length).filter(i -> folds[i] != part).toArray(), chosen(set, test));
      for (int k = 0; k < test.length; k++) {
        found[test[k]] = posteriors.get(k);
      }
    }
    return of(Arrays.asList(found), set.examples());
  }

  /// Each fold widened by the factor with which 68 % intervals are right in the others: a few halos lie far off.
  private static Predictions calibrated(int[] folds, Predictions all) {
    Posterior[] widened = new Posterior[folds.length];
    double[][] truths = new double[folds.length][];
    for (int fold = 0; fold < FOLDS; fold++) {
      int part = fold;
      int[] others = IntStream.range(0, folds.length).filter(i -> folds[i] != part).toArray();
      CalibrationFactor factor = CalibrationFactor.coverage(
          Predictions.of(Arrays.stream(others).mapToObj(all::posterior).toList(),
              Arrays.stream(others).mapToObj(all::truth).toArray(double[][]::new)),
          LEVEL);
      for (int i = 0; i < folds.length; i++) {
        truths[i] = all.truth(i);
        widened[i] = folds[i] == part ? factor.apply(all.posterior(i)) : widened[i];
      }
    }
    return Predictions.of(Arrays.asList(widened), truths);
  }

  /// Linear or with products, whichever has the higher density of the validation truths.
  private static LeastSquares ridge(TreeStatistics statistic, List<TreeExample> training,
      List<TreeExample> validation) {
    return Arrays.stream(LeastSquares.Columns.values())
        .map(columns -> LeastSquares.fit(columns, statistics(statistic, training), truths(training),
            statistics(statistic, validation), truths(validation)))
        .max(Comparator.comparingDouble(
            fit -> of(fit.posteriors(statistics(statistic, validation)), validation).meanLogDensity()))
        .orElseThrow();
  }

  private static double[][] statistics(TreeStatistics statistic, List<TreeExample> examples) {
    return examples.stream().map(statistic::of).toArray(double[][]::new);
  }

  private static double[][] truths(List<TreeExample> examples) {
    return examples.stream().map(TreeExample::truth).toArray(double[][]::new);
  }

  private static Predictions of(List<Posterior> posteriors, List<TreeExample> examples) {
    return Predictions.of(posteriors, truths(examples));
  }

  private static List<TreeExample> chosen(RadiusSet set, int[] numbers) {
    return Arrays.stream(numbers).mapToObj(set.examples()::get).toList();
  }

  private Map<String, List<Predictions>> asked(TreeNetwork.Kind kind) {
    return kind == TreeNetwork.Kind.DEEP_SETS ? baselines : networks;
  }

  private Predictions record(Map<String, List<Predictions>> of, String name, Predictions found) {
    of.computeIfAbsent(name, known -> new ArrayList<>()).add(found);
    String scores = String.join(" / ", IntStream.range(0, found.dimensions())
        .mapToObj(p -> String.format(Locale.ROOT, "%.3f", Score.R2.of(found, p))).toList());
    out.printf(Locale.ROOT, "%-26s R2 %s%n", name, scores);
    out.flush();
    return found;
  }

  private <T> T timed(String stage, Supplier<T> work) {
    long began = cpu();
    T result = work.get();
    seconds.merge(stage, (cpu() - began) * 1e-9, Double::sum);
    return result;
  }

  private static long cpu() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : System.nanoTime();
  }

  /// The smallest and the largest tree that can still be drawn.
  private static List<TreeResult.Drawn> drawn(List<TreeExample> examples, String unit) {
    List<MergerHistory> trees = examples.stream().flatMap(example -> example.trees().stream())
        .filter(tree -> tree.size() >= 20 && tree.size() <= 160)
        .sorted(Comparator.comparingInt(MergerHistory::size)).toList();
    if (trees.isEmpty()) {
      return List.of();
    }
    return List.of(trees.get(trees.size() / 2), trees.getLast()).stream().distinct()
        .map(tree -> new TreeResult.Drawn(
            String.format(Locale.ROOT, "A halo of %.3g %s with %d nodes", Math.pow(10, tree.logMass(0)), unit,
                tree.size()),
            IntStream.range(0, tree.size()).mapToObj(tree::redshift).toList(),
            IntStream.range(0, tree.size()).mapToObj(tree::logMass).toList(),
            IntStream.range(0, tree.size()).mapToObj(tree::descendant).toList()))
        .toList();
  }

  private Outcome outcome(String task, List<String> facts, List<String> parameters, int[] groups,
      List<TreeResult.Drawn> drawn, Map<String, List<Double>> earlier, TreeResult.@Nullable Leak leak, String command) {
    Map.Entry<String, List<Predictions>> best = baselines.entrySet().stream()
        .min(Comparator.comparingDouble(
            entry -> entry.getValue().stream().mapToDouble(TreeStudy::error).average().orElseThrow()))
        .orElseThrow();
    List<TreeResult.Row> rows = new ArrayList<>();
    networks.forEach((name, each) -> rows.add(row(name, each, IntStream.range(0, parameters.size())
        .mapToObj(p -> GroupBootstrap.errorRatio(each.getFirst(), best.getValue().getFirst(), groups, p,
            key.fold("bootstrap").fold(p)))
        .toList())));
    baselines.forEach((name, each) -> rows.add(row(name, each, List.of())));
    Predictions shown = (networks.isEmpty() ? best.getValue() : networks.values().iterator().next()).getFirst();
    List<List<List<Double>>> examples = IntStream.range(0, shown.size()).mapToObj(i -> IntStream
        .range(0, parameters.size()).mapToObj(p -> {
          double half = (shown.posterior(i).credibleInterval(p, LEVEL).high()
              - shown.posterior(i).credibleInterval(p, LEVEL).low()) / 2;
          return List.of(shown.truth(i)[p], shown.posterior(i).mean()[p], half);
        }).toList()).toList();
    String version = TreeStudy.class.getPackage().getImplementationVersion();
    Map<String, String> versions = new TreeMap<>(
        Map.of("Orrery", version == null ? "from classes" : version, "Java", System.getProperty("java.version")));
    if (first == null) {
      throw new IllegalStateException("no network was trained");
    }
    return new Outcome(first,
        new TreeResult(task, facts, parameters, rows, best.getKey(), examples, drawn, earlier, leak,
            command, seconds, versions));
  }

  private static double error(Predictions predictions) {
    return IntStream.range(0, predictions.dimensions()).mapToDouble(p -> 1 - Score.R2.of(predictions, p)).sum();
  }

  private static TreeResult.Row row(String name, List<Predictions> each, List<List<Double>> errorRatio) {
    return new TreeResult.Row(name, !errorRatio.isEmpty(), means(each, Score.R2::of), spreads(each),
        means(each, Score.RMSE::of), means(each, (x, p) -> Coverage.of(x).fraction(p, LEVEL)), each.size(),
        errorRatio);
  }

  private interface Measure {
    double of(Predictions predictions, int parameter);
  }

  private static List<Double> means(List<Predictions> each, Measure measure) {
    return IntStream.range(0, each.getFirst().dimensions())
        .mapToObj(p -> each.stream().mapToDouble(x -> measure.of(x, p)).average().orElseThrow()).toList();
  }

  private static List<Double> spreads(List<Predictions> each) {
    return IntStream.range(0, each.getFirst().dimensions()).mapToObj(p -> {
      double[] values = each.stream().mapToDouble(x -> Score.R2.of(x, p)).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      return values.length == 1
          ? 0.0
          : Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1));
    }).toList();
  }
}
