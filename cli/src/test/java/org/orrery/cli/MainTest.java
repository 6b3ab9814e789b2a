package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Command(name = "fail")
  static final class Fail implements Runnable {
    @Override
    public void run() {
      throw new IllegalArgumentException("edge 7 runs 4 -> 12 in a graph of 10 nodes");
    }
  }

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine().addSubcommand(new Fail());
    return commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }

  @Test
  void helpListsTheCommands() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("info"), out.toString());
  }

  @Test
  void infoNamesTheJdk() {
    assertEquals(0, run("info"));
    assertTrue(out.toString().contains(Runtime.version().toString()), out.toString());
  }

  @Test
  void infoSaysWhatComputes() {
    assertEquals(0, run("info"));
    assertTrue(out.toString().matches("(?s).*kernels  (vector|scalar) kernels.*backends .*cpu.*; cpu in use.*"),
        out.toString());
  }

  /// In a virtual machine of its own: the backend reads its threads once.
  @Test
  void threadsAreThoseAskedFor() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--class-path", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        "org.orrery.cli.Main", "info", "--threads", "3").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("threads  3"), said);
    // Without the Vector API the reason and the cure are told.
    assertTrue(said.contains("scalar kernels, 3 threads") && said.contains("--add-modules jdk.incubator.vector"), said);
  }

  @Test
  void noThreadsAreTooFew() {
    assertEquals(2, run("info", "--threads", "0"));
    assertTrue(err.toString().contains("--threads: 0; 1 to 4096 is required"), err.toString());
  }

  @Test
  void karateNeedsNoData(@TempDir Path folder) {
    Path figure = folder.resolve("club.png");
    assertEquals(0, run("karate", "--out", figure.toString(), "--seed", "4"));
    assertTrue(out.toString().contains("accuracy"), out.toString());
    assertTrue(Files.exists(figure));
  }

  @Test
  void coraNamesTheFileThatIsMissing(@TempDir Path folder) {
    assertEquals(1, run("cora", "--data", folder.toString()));
    assertEquals("orrery: " + folder.resolve("nodes.csv") + ": there is no such file", err.toString().strip());
  }

  @Test
  void coraNamesAModelThatItDoesNotKnow() {
    assertEquals(2, run("cora", "--model", "gnn"));
    assertTrue(err.toString().contains("no model is called 'gnn'; there are [gcn, gat, sage]"), err.toString());
  }

  @Test
  void anUnknownCommandIsNamedAndExitsWithTwo() {
    assertEquals(2, run("orbit"));
    assertTrue(err.toString().contains("'orbit'"), err.toString());
  }

  @Test
  void anUnknownOptionIsNamedAndExitsWithTwo() {
    assertEquals(2, run("info", "--speed"));
    assertTrue(err.toString().contains("'--speed'"), err.toString());
  }

  @Test
  void noCommandIsAnErrorThatShowsTheUsage() {
    assertEquals(2, run());
    assertTrue(err.toString().contains("Usage: orrery"), err.toString());
  }

  @Test
  void aFailureIsItsMessageWithoutAStackTrace() {
    assertEquals(1, run("fail"));
    assertEquals("orrery: edge 7 runs 4 -> 12 in a graph of 10 nodes", err.toString().strip());
  }

  @Test
  void debugShowsTheStackTrace() {
    assertEquals(1, run("--debug", "fail"));
    assertTrue(err.toString().contains("at org.orrery.cli.MainTest$Fail.run"), err.toString());
    assertFalse(err.toString().startsWith("orrery:"), err.toString());
  }
}
