package org.orrery.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.trees.RadiusSet;
import org.orrery.examples.trees.TreeModel;
import org.orrery.examples.trees.TreeNetwork;
import org.orrery.examples.trees.TreePage;
import org.orrery.examples.trees.TreeStudy;
import org.orrery.examples.trees.TreeTraining;
import org.orrery.examples.trees.UniverseSet;
import org.orrery.io.WholeFile;
import org.orrery.training.SavedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs [TreeStudy].
@Command(name = "trees", mixinStandardHelpOptions = true, description = "Learn from merger trees: half-mass radii from the trees of --data, or Omega_m and sigma_8 from Monte Carlo trees; write a page.")
final class TreesCommand implements Callable<Integer> {
  private static final double SHARE_OF_TRAINING = 0.9;

  @Spec
  private CommandSpec spec;

  @Option(names = "--data", arity = "1..*", paramLabel = "FILE", description = "Merger trees of Galacticus, the Millennium database, consistent-trees or SubLink, with particle counts and half-mass radii; none: Monte Carlo trees")
  private List<Path> data = List.of();

  @Option(names = "--model", paramLabel = "LIST", defaultValue = "main-branch-lstm,tree-lstm", description = "Networks: tree-lstm, tree-gru, main-branch-lstm, sage, deep-sets. Default: ${DEFAULT-VALUE}")
  private String model;

  @Option(names = "--particles", paramLabel = "N", defaultValue = "150", description = "With --data: halos of at least so many particles. Default: ${DEFAULT-VALUE}")
  private int particles;

  @Option(names = "--redshift", paramLabel = "Z", defaultValue = "0.5", description = "With --data: halos up to this redshift. Default: ${DEFAULT-VALUE}")
  private double redshift;

  @Option(names = "--sets", paramLabel = "N", defaultValue = "400", description = "Without --data: how many sets of trees, an eighth of which validates and an eighth tests. Default: ${DEFAULT-VALUE}")
  private int sets;

  @Option(names = "--trees", paramLabel = "N", defaultValue = "30", description = "Without --data: trees of each set. Default: ${DEFAULT-VALUE}")
  private int trees;

  @Option(names = "--resolution", paramLabel = "KIND", defaultValue = "fixed", description = "Without --data: the lightest halo has a fixed mass, or a number of particles, which gives Omega_m away. Default: ${DEFAULT-VALUE}")
  private String resolution;

  @Option(names = "--lightest", paramLabel = "M", defaultValue = "4e10", description = "Without --data: its mass in M_sun/h, at Omega_m = 0.3. Default: ${DEFAULT-VALUE}")
  private double lightest;

  @Option(names = "--channels", paramLabel = "N", defaultValue = "24", description = "Channels of the networks. Default: ${DEFAULT-VALUE}")
  private int channels;

  @Option(names = "--epochs", paramLabel = "N", defaultValue = "20", description = "How often every example is seen. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(names = "--minutes", paramLabel = "M", description = "Train as many epochs as fit into this time, all networks and seeds together, instead of --epochs; results depend on the machine then")
  private @Nullable Double minutes;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Where randomness starts. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--seeds", paramLabel = "N", defaultValue = "1", description = "Train every network so many times. Default: ${DEFAULT-VALUE}")
  private int seeds;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "trees", description = "The folder for report.html, result.json and model.safetensors. Default: ${DEFAULT-VALUE}")
  private Path folder;

  @Mixin
  private TrainingOptions training = new TrainingOptions();

  @Override
  public Integer call() throws Exception {
    TreeStudy.Options options = checked(this::options);
    UniverseSet.Recipe recipe = checked(
        () -> new UniverseSet.Recipe(sets, trees, UniverseSet.Resolution.parse(resolution), lightest, seed));
    RadiusSet.Cut cut = checked(() -> new RadiusSet.Cut(particles, redshift));
    RadiusSet halos = data.isEmpty() ? null : RadiusSet.read(data, cut);
    Files.createDirectories(folder);
    Path page = WholeFile.requireWritable(folder.resolve("report.html"));
    Path numbers = WholeFile.requireWritable(folder.resolve("result.json"));
    Path weights = WholeFile.requireWritable(folder.resolve("model.safetensors"));
    int trainings = trainings(options);
    return training.attend(trainings, how -> {
      PrintWriter out = spec.commandLine().getOut();
      TreeStudy study = new TreeStudy(options, training.isQuiet() ? new PrintWriter(Writer.nullWriter()) : out);
      TreeStudy.Outcome outcome = halos == null
          ? study.universes(UniverseSet.grow(recipe), how::at, command())
          : study.radii(halos, how::at, command());
      SavedModel.write(weights, new TreeModel.Format(), outcome.model());
      TreePage.write(outcome.result(), page);
      if (!training.isQuiet()) {
        out.print(TreePage.text(outcome.result()));
      }
      out.printf(Locale.ROOT, "wrote %s, %s and %s%n", page, numbers, weights);
      out.flush();
    });
  }

  private interface Making<T> {
    T make();
  }

  /// What an option does not allow is a wrong command line.
  private <T> T checked(Making<T> making) {
    try {
      return making.make();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private TreeStudy.Options options() {
    List<TreeNetwork.Kind> kinds = Arrays.stream(model.split(",")).map(String::strip).map(TreeNetwork.Kind::parse)
        .toList();
    TreeTraining usual = (data.isEmpty() ? TreeTraining.SETS : TreeTraining.TREES).withEpochs(epochs);
    TreeStudy.Options options = new TreeStudy.Options(kinds, channels, usual, seed, seeds);
    if (minutes == null) {
      return options;
    }
    if (!(minutes > 0 && minutes <= 100_000)) {
      throw new IllegalArgumentException("--minutes: " + minutes + "; above 0 and up to 100000 is required");
    }
    long each = Math.max(1, (long) (SHARE_OF_TRAINING * 60_000 * minutes / trainings(options)));
    return new TreeStudy.Options(kinds, channels, usual.within(Duration.ofMillis(each)), seed, seeds);
  }

  private int trainings(TreeStudy.Options options) {
    return data.isEmpty() ? TreeStudy.trainingsOnSets(options) : TreeStudy.trainingsOnHalos(options);
  }

  /// What makes the page again.
  private String command() {
    String source = data.isEmpty()
        ? String.format(Locale.ROOT, "--sets %d --trees %d --resolution %s --lightest %s", sets, trees, resolution,
            lightest)
        : String.format(Locale.ROOT, "--particles %d --redshift %s --data %s", particles, redshift,
            data.stream().map(file -> String.valueOf(file.getFileName())).collect(Collectors.joining(" ")));
    return String.format(Locale.ROOT, "./orrery trees --model %s --channels %d %s --seed %d --seeds %d %s", model,
        channels,
        minutes == null ? "--epochs " + epochs : "--minutes " + minutes, seed, seeds, source);
  }
}
