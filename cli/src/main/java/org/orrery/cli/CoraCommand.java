package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.cora.CitationFiles;
import org.orrery.examples.cora.CitationNetwork;
import org.orrery.examples.cora.Cora;
import org.orrery.examples.cora.Recipe;
import org.orrery.training.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs [Cora].
@Command(name = "cora", mixinStandardHelpOptions = true, description = "Classify the papers of Cora, or of another citation network, with a published model and the settings of its paper.")
final class CoraCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--model", paramLabel = "MODEL", defaultValue = "gcn", description = "gcn, gat or sage. Default: ${DEFAULT-VALUE}")
  private String model;

  @Option(names = "--runs", paramLabel = "N", defaultValue = "1", description = "How many trainings, each with its own seed. Default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(names = "--data", paramLabel = "DIR", description = "The folder with edges.csv, nodes.csv and features.mtx. Default: the first shared/data/cora beside or above the checkout")
  private @Nullable Path data;

  @Option(names = "--epochs", paramLabel = "N", description = "The most epochs of a training. Default: the paper's")
  private @Nullable Integer epochs;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Where randomness starts. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--pretrained", paramLabel = "FILE.npz", description = "Train nothing: run the attention network of Velickovic et al. 2018 with these weights")
  private @Nullable Path pretrained;

  @Mixin
  private TrainingOptions training = new TrainingOptions();

  @Override
  public Integer call() throws Exception {
    Recipe recipe = recipe();
    for (String option : List.of("--model", "--runs", "--epochs", "--seed", "--checkpoint")) {
      if (pretrained != null && spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(spec.commandLine(), option + " cannot be combined with --pretrained");
      }
    }
    requirePositive("--runs", runs);
    requirePositive("--epochs", epochs == null ? 1 : epochs);
    int most = epochs == null ? recipe.epochs() : epochs;
    return pretrained != null
        ? runPretrained(pretrained)
        : training.attend(runs, how -> train(recipe, most, how));
  }

  private int runPretrained(Path weights) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Cora.published(network(out), weights));
    out.flush();
    return 0;
  }

  private void train(Recipe recipe, int most, TrainingOptions.Runs how) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Cora.repeat(network(out), recipe, runs, most, seed, new Shown(out, how)));
    out.flush();
  }

  private CitationNetwork network(PrintWriter out) throws IOException {
    CitationNetwork network = CitationFiles.read(Cora.folder(data));
    if (!training.isQuiet()) {
      out.println(network);
      out.flush();
    }
    return network;
  }

  private Recipe recipe() {
    try {
      return Recipe.named(model);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), "--model: " + unknown.getMessage(), unknown);
    }
  }

  private void requirePositive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(spec.commandLine(), option + ": " + value + "; at least 1 is required");
    }
  }

  private final class Shown implements Cora.Listener {
    private final PrintWriter out;
    private final TrainingOptions.Runs how;

    Shown(PrintWriter out, TrainingOptions.Runs how) {
      this.out = out;
      this.how = how;
    }

    @Override
    public TrainingRun training(int run) {
      return how.at(run, "run " + (run + 1) + " of " + runs);
    }

    @Override
    public void finished(int run, Cora.Run result) {
      if (!training.isQuiet()) {
        out.printf(Locale.ROOT, "run %d  test %.2f %%  validation %.2f %%  best epoch %d of %d%n", run + 1,
            100 * result.test(), 100 * result.validation(), result.best() + 1, result.epochs());
        out.flush();
      }
    }
  }
}
