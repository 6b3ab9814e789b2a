package org.orrery.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.BackendProvider;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints what a bug report should name: the version, the JDK, the machine and what computes.
@Command(name = "info", mixinStandardHelpOptions = true, description = "Print version, JDK, machine, kernels and backends.")
final class InfoCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("orrery   " + Main.Version.current());
    out.println("jdk      " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    out.println("machine  " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
        + Runtime.getRuntime().availableProcessors() + " processors");
    Backend current = Backends.current();
    if (current instanceof CpuBackend cpu) {
      out.println("threads  " + cpu.threads());
      out.println("kernels  " + cpu.description());
    }
    List<String> names = ServiceLoader.load(BackendProvider.class).stream().map(found -> found.get().name()).sorted()
        .toList();
    out.println("backends " + String.join(", ", names) + "; " + current.name() + " in use");
  }
}
