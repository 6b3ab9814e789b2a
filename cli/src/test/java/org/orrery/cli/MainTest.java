package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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
