package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.galaxyzoo.GalaxyFigures;
import org.orrery.examples.galaxyzoo.GalaxyImages;
import org.orrery.examples.galaxyzoo.GalaxyZoo;
import org.orrery.io.WholeFile;
import org.orrery.tensor.Key;
import org.orrery.training.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs [GalaxyZoo].
@Command(name = "galaxy-zoo", mixinStandardHelpOptions = true, description = "Classify the shapes of galaxies by a convolutional network.")
final class GalaxyZooCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--data", paramLabel = "FILE.npz", description = "The archive with images, labels and objid. Default: shared/data/galaxy-zoo/galaxies.npz beside or above the checkout")
  private @Nullable Path data;

  @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "How many trainings, each with its own seed. Default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(names = "--epochs", paramLabel = "N", description = "How often every picture is seen. Default: what takes two to three minutes a training on two cores")
  private @Nullable Integer epochs;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Where randomness starts. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--figures", paramLabel = "DIR", defaultValue = "galaxy-zoo", description = "The folder for confusion.png, stages.png and errors.png. Default: ${DEFAULT-VALUE}")
  private Path figures;

  @Mixin
  private TrainingOptions training = new TrainingOptions();

  @Override
  public Integer call() throws Exception {
    if (runs < 1 || (epochs != null && epochs < 1)) {
      throw new ParameterException(spec.commandLine(), "--runs and --epochs: at least 1 is required");
    }
    GalaxyZoo.Settings standard = GalaxyZoo.Settings.standard();
    GalaxyZoo.Settings settings = epochs == null ? standard : standard.withEpochs(epochs);
    return training.attend(runs, how -> train(settings, how));
  }

  private void train(GalaxyZoo.Settings settings, TrainingOptions.Runs how) throws IOException {
    GalaxyImages images = GalaxyImages.read(GalaxyZoo.file(data));
    GalaxyZoo.requireEnough(images, settings);
    List<Path> files = files();
    PrintWriter out = spec.commandLine().getOut();
    List<GalaxyZoo.Run> all = new ArrayList<>();
    for (int r = 0; r < runs; r++) {
      TrainingRun attended = how.at(r, "run " + (r + 1) + " of " + runs);
      GalaxyZoo.Run run = GalaxyZoo.train(images, settings, Key.of(seed).fold(r), attended);
      all.add(run);
      if (!training.isQuiet()) {
        out.printf(Locale.ROOT, "run %d  test accuracy %.1f %%, mean over the shapes %.1f %%%n%s%n", r + 1,
            100 * run.accuracy(), 100 * run.balanced(), run.confusion());
        out.flush();
      }
    }
    GalaxyZoo.Report report = new GalaxyZoo.Report(all);
    GalaxyFigures.confusion(report, files.get(0));
    GalaxyFigures.stages(images, all.getFirst(), GalaxyZoo.surestSpiral(images, all.getFirst()), files.get(1));
    GalaxyFigures.worst(images, all.getFirst(), files.get(2));
    if (!training.isQuiet()) {
      files.forEach(file -> out.println("wrote " + file));
    }
    out.println(report);
    out.flush();
  }

  /// The figures, in a folder that is there.
  private List<Path> files() throws IOException {
    Files.createDirectories(figures);
    List<Path> files = new ArrayList<>();
    for (String name : List.of("confusion.png", "stages.png", "errors.png")) {
      files.add(WholeFile.requireWritable(figures.resolve(name)));
    }
    return files;
  }
}
