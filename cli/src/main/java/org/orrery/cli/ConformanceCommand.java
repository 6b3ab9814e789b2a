package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.conformance.Conformance;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Compares the project with reference cases; exits 0 only if none failed.
@Command(name = "conformance", mixinStandardHelpOptions = true, description = "Compare every layer with numerical reference cases.")
final class ConformanceCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder of cases, area/name.safetensors.")
  private Path folder;

  @Option(names = "--only", paramLabel = "AREA/NAME", description = "One case, or one area.")
  private @Nullable String only;

  @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu", description = "Backend to compute on; cpu if not given.")
  private String backend;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Backend chosen = Backends.named(backend);
    Conformance.Count count = Conformance.run(folder, only, chosen, out);
    out.println(count);
    return count.failed() == 0 ? 0 : 1;
  }
}
