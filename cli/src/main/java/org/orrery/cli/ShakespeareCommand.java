package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.shakespeare.Shakespeare;
import org.orrery.examples.shakespeare.Text;
import org.orrery.tensor.Key;
import org.orrery.training.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs [Shakespeare].
@Command(name = "shakespeare", mixinStandardHelpOptions = true, description = "Learn to write like a text, character by character.")
final class ShakespeareCommand implements Callable<Integer> {
  private static final int MOST_WRITTEN = 100_000;
  private static final int LEAST_STEPS = 10;

  @Spec
  private CommandSpec spec;

  @Option(names = "--model", paramLabel = "MODEL", defaultValue = "lstm", description = "lstm or transformer. Default: ${DEFAULT-VALUE}")
  private String model;

  @Option(names = "--data", paramLabel = "FILE", description = "A text in UTF-8. Default: shared/data/tinyshakespeare/input.txt beside or above the checkout")
  private @Nullable Path data;

  @Option(names = "--steps", paramLabel = "N", description = "Steps of the optimizer. Default: what takes about five minutes on two cores")
  private @Nullable Integer steps;

  @Option(names = "--sample", paramLabel = "N", defaultValue = "500", description = "How many characters it writes. Default: ${DEFAULT-VALUE}")
  private int sample;

  @Option(names = "--temperature", paramLabel = "T", defaultValue = "0.8", description = "Below 1 it keeps to what is likely. Default: ${DEFAULT-VALUE}")
  private double temperature;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Where randomness starts. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Mixin
  private TrainingOptions training = new TrainingOptions();

  @Override
  public Integer call() throws Exception {
    Shakespeare.Recipe recipe = recipe();
    require(steps == null || steps >= LEAST_STEPS, "--steps: " + steps + "; at least " + LEAST_STEPS + " is required");
    require(sample >= 0 && sample <= MOST_WRITTEN, "--sample: " + sample + "; 0 to " + MOST_WRITTEN + " is required");
    require(temperature > 0 && temperature <= 100, "--temperature: " + temperature + "; above 0 is required");
    return training.attend(1, how -> train(recipe, how.at(0, recipe.title())));
  }

  private void train(Shakespeare.Recipe recipe, TrainingRun run) throws IOException {
    Text text = Text.read(Shakespeare.file(data));
    Shakespeare.Report report = Shakespeare.train(text, recipe, steps == null ? recipe.steps() : steps, Key.of(seed),
        run);
    PrintWriter out = spec.commandLine().getOut();
    if (!training.isQuiet() && sample > 0) {
      out.println(Shakespeare.sample(text, report.model(), "\n", sample, temperature, Key.of(seed).fold("sample")));
      out.println();
    }
    out.println(report);
    out.flush();
  }

  private Shakespeare.Recipe recipe() {
    try {
      return Shakespeare.Recipe.named(model);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), "--model: " + unknown.getMessage(), unknown);
    }
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
