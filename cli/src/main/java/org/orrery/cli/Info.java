package org.orrery.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints what a bug report should name: the version, the JDK and the machine.
@Command(name = "info", mixinStandardHelpOptions = true, description = "Print version, JDK and machine.")
final class Info implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("orrery   " + Main.Version.current());
    out.println("jdk      " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    out.println("machine  " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
        + Runtime.getRuntime().availableProcessors() + " processors");
    boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    out.println("vector   " + (vector ? "jdk.incubator.vector is loaded" : "absent, scalar kernels"));
  }
}
