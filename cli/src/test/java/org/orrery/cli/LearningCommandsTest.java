package org.orrery.cli;

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

/// `mnist`, `galaxy-zoo` and `shakespeare`.
class LearningCommandsTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  private void refused(int code, String part, String... arguments) {
    assertEquals(code, run(arguments), err.toString());
    assertTrue(err.toString().contains(part), err.toString());
  }

  @Test
  void shakespeareLearnsAText() throws IOException {
    Path file = folder.resolve("text.txt");
    Files.writeString(file, "all the world's a stage\n".repeat(100));
    assertEquals(0, run("shakespeare", "--model", "lstm", "--data", file.toString(), "--steps", "10", "--sample", "9"),
        err.toString());
    assertTrue(out.toString().contains("shakespeare  lstm  "), out.toString());
    assertTrue(out.toString().endsWith("bits per character on the last tenth\n"), out.toString());
  }

  @Test
  void wrongOptionsAreRefusedBeforeAnyWork() {
    refused(2, "gpt; lstm or transformer is required", "shakespeare", "--model", "gpt");
    refused(2, "--steps: 3; at least 10 is required", "shakespeare", "--steps", "3");
    refused(2, "--temperature: 0.0; above 0 is required", "shakespeare", "--temperature", "0");
    refused(2, "--sample: -1", "shakespeare", "--sample", "-1");
    refused(2, "at least 1 is required", "galaxy-zoo", "--runs", "0");
  }

  @Test
  void filesThatAreMissingOrWrongAreNamed() throws IOException {
    Path file = folder.resolve("other.npz");
    Files.writeString(file, "no archive");
    refused(1, "other.npz", "galaxy-zoo", "--data", file.toString(), "--figures", folder.resolve("f").toString());
    assertFalse(Files.exists(folder.resolve("f")), "a folder was made before the data was read");
    refused(1, "missing.txt", "shakespeare", "--data", folder.resolve("missing.txt").toString());
    refused(1, "mnist.safetensors", "mnist", "--digits", folder.toString(), "--model", folder.toString());
  }
}
