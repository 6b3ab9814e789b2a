package org.orrery.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTest {
  private static final String LINE = "\\{\"name\":\"copy_256mb\",.*}\\R";

  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new Bench()).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void aDashIsTheStandardOutputWhichThenHoldsLinesOfJsonAlone() throws IOException {
    Path peers = Files.writeString(folder.resolve("peers.json"), "{\"name\":\"copy_256mb\",\"ms\":1.0}\n");
    assertEquals(0, run("copy_256mb", "--seconds", "0.01", "--json", "-", "--against", peers.toString()),
        err.toString());
    assertTrue(out.toString().matches(LINE), out.toString());
    assertTrue(err.toString().contains("| workload | ours ms | peer ms | ratio | at most |"), err.toString());
    assertFalse(Files.exists(Path.of("-")), "a file called -");
  }

  @Test
  void aFileHoldsTheLinesToo() throws IOException {
    Path file = folder.resolve("lines.json");
    assertEquals(0, run("copy_256mb", "--seconds", "0.01", "--json", file.toString()), err.toString());
    assertEquals(out.toString().strip(), Files.readString(file).strip());
    assertTrue(out.toString().matches(LINE), out.toString());
  }
}
