package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trainings in processes of their own: their histories and final checkpoints are equal to the byte, whatever the number
/// of threads, and whether or not the process was killed on the way.
class KillAndResumeTest {
  @TempDir
  private Path folder;

  @Test
  void historiesAreEqualForOneAndTwoThreadsAndAcrossAKill() throws IOException, InterruptedException {
    assertEquals(0, train("one", 1, 0));
    assertEquals(0, train("two", 2, 0));
    assertEquals(9, train("killed", 2, 13)); // the third loss of the third epoch of five batches
    assertEquals(3, Files.readAllLines(history("killed")).size(), "a heading and two epochs");
    assertEquals(0, train("killed", 1, 0));

    String expected = Files.readString(history("one"));
    assertEquals(7, expected.lines().count(), "a heading and six epochs");
    assertTrue(expected.lines().skip(1).map(line -> line.split(",")[1]).distinct().count() > 1, expected);
    assertEquals(expected, Files.readString(history("two")));
    assertEquals(expected, Files.readString(history("killed")));
    assertArrayEquals(Files.readAllBytes(checkpoint("one")), Files.readAllBytes(checkpoint("two")));
    assertArrayEquals(Files.readAllBytes(checkpoint("one")), Files.readAllBytes(checkpoint("killed")));
  }

  private Path history(String name) {
    return folder.resolve(name + ".csv");
  }

  private Path checkpoint(String name) {
    return folder.resolve(name + ".safetensors");
  }

  private int train(String name, int threads, int haltAt) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), InterruptedTraining.class.getName(),
        checkpoint(name).toString(), history(name).toString(), Integer.toString(haltAt)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("ORRERY_THREADS", Integer.toString(threads));
    Path log = folder.resolve(name + ".log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int exit = process.waitFor();
    assertTrue(exit == 0 || exit == 9, () -> read(log));
    return exit;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
