package org.orrery.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.orrery.examples.karate.Karate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs [Karate].
@Command(name = "karate", mixinStandardHelpOptions = true, description = "Learn the sides of Zachary's karate club from two members, and draw them. Needs no data.")
final class KarateCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--out", paramLabel = "FILE.png", defaultValue = "karate.png", description = "The figure. Default: ${DEFAULT-VALUE}")
  private Path out;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Where randomness starts. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Override
  public Integer call() throws Exception {
    Karate.run(seed, out, spec.commandLine().getOut());
    return 0;
  }
}
