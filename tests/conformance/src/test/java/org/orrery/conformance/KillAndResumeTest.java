package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.tensor.Key;
import org.orrery.training.Checkpoint;

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

  /// Kills come from outside, at any moment: while the virtual machine starts, in a step, in the middle of a file. System
  /// property `orrery.kills` says how many.
  @Test
  void trainingsThatAreKilledAtRandomMomentsComeToTheSameBits() throws IOException, InterruptedException {
    int kills = Integer.getInteger("orrery.kills", 4);
    long seed = Long.getLong("orrery.kills.seed", 0);
    assertEquals(0, train("one", 2, 0));
    long began = System.nanoTime();
    assertEquals(0, train("timed", 2, 0));
    long whole = System.nanoTime() - began;
    int done = 0;
    int started = 0;
    int killed = 0;
    for (int training = 0; done < kills; training++) {
      String name = "training" + training;
      String every = training % 2 == 0 ? "step" : "epoch";
      boolean ended = false;
      while (!ended) {
        began = System.nanoTime();
        Process process = start(name, 2, 0, every);
        double draw = Math.sqrt(Key.of(seed).fold(started++).uniformDouble(1)[0]); // rather late: at first Java starts
        boolean outlived = done < kills && !process.waitFor((long) (draw * whole), TimeUnit.NANOSECONDS);
        if (outlived) {
          process.destroyForcibly(); // KILL
          done++;
        }
        int exit = process.waitFor();
        whole = outlived ? whole : Math.min(whole, System.nanoTime() - began); // the machine may be less busy now
        String moment = "kill " + done + " of seed " + seed + ", every " + every;
        assertTrue(exit == 0 || outlived, () -> moment + ": " + read(log(name)));
        ended = exit == 0;
        killed += outlived && !ended ? 1 : 0;
        if (Files.exists(checkpoint(name))) {
          assertTrue(Checkpoint.read(checkpoint(name)).place().steps() <= 30, moment);
        }
      }
      assertEquals(Files.readString(history("one")), Files.readString(history(name)), name + " of seed " + seed);
      assertArrayEquals(Files.readAllBytes(checkpoint("one")), Files.readAllBytes(checkpoint(name)),
          name + " of seed " + seed);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".part")).toList(), "leftovers");
    }
    System.out.println(killed + " processes were killed in " + started);
  }

  private Path history(String name) {
    return folder.resolve(name + ".csv");
  }

  private Path checkpoint(String name) {
    return folder.resolve(name + ".safetensors");
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private int train(String name, int threads, int haltAt) throws IOException, InterruptedException {
    int exit = start(name, threads, haltAt, "epoch").waitFor();
    assertTrue(exit == 0 || exit == 9, () -> read(log(name)));
    return exit;
  }

  private Process start(String name, int threads, int haltAt, String every) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), InterruptedTraining.class.getName(),
        checkpoint(name).toString(), history(name).toString(), Integer.toString(haltAt), every));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("ORRERY_THREADS", Integer.toString(threads));
    return builder.redirectErrorStream(true).redirectOutput(log(name).toFile()).start();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
