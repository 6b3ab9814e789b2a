package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.Sgd;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.Checkpoint;
import org.orrery.training.History;
import org.orrery.training.Progress;
import org.orrery.training.Trainer;
import org.orrery.training.TrainingRun;
import org.orrery.training.TrainingStopped;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class TrainingOptionsTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private record Weight(Parameter w) implements Block {
  }

  private static Trainer<Weight, Integer> trainer(Runnable step) {
    Weight model = new Weight(Parameter.of(Tensor.of(1)));
    return Trainer.<Weight, Integer>of(model, (m, batch, mode) -> {
      step.run();
      return m.w().value().square();
    }, new Sgd().on(model)).keepBest(History.TRAIN_LOSS, Goal.LOWEST);
  }

  private static Batches<Integer> batches() {
    return epoch -> () -> IntStream.range(0, 4).boxed().iterator();
  }

  /// Trains for a very long time, and says when it does.
  @Command(name = "endless")
  static final class Endless implements Callable<Integer> {
    @Mixin
    private TrainingOptions training = new TrainingOptions();
    private int steps;

    @Override
    public Integer call() throws Exception {
      return training.attend(1, how -> how.at(0, "endless").train(trainer(() -> {
        if (++steps == 6) {
          System.out.println("trains");
        }
      }), batches(), Integer.MAX_VALUE));
    }

    public static void main(String[] arguments) {
      System.exit(Main.commandLine().addSubcommand(new Endless()).execute(arguments));
    }
  }

  @Test
  void aCommandThatIsToldToEndPutsTheTrainingAwayAndSaysHowToGoOn() throws IOException, InterruptedException {
    Path file = folder.resolve("run.safetensors");
    for (int attempt = 0; attempt < 2; attempt++) {
      long before = Files.exists(file) ? Checkpoint.read(file).place().steps() : 0;
      Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--class-path", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
          Endless.class.getName(), "endless", "--checkpoint", file.toString()).redirectErrorStream(true).start();
      List<String> lines = new ArrayList<>();
      try (BufferedReader said = process.inputReader()) {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
          if (line.equals("trains")) {
            process.toHandle().destroy(); // TERM
          } else if (!line.startsWith("INFO:") && !line.contains("org.orrery")) {
            lines.add(line);
          }
        }
      }
      assertEquals(143, process.waitFor(), lines.toString());
      Checkpoint kept = Checkpoint.read(file);
      assertTrue(kept.place().steps() >= before + 6, kept.place() + " after " + before);
      assertTrue(kept.best() != null, "the best is kept");
      String last = lines.getLast();
      assertTrue(last.matches("orrery: stopped after \\d+ of 2147483647 epochs.* \\(the best so far: train_loss .*\\); "
          + "all of it is in .*run.safetensors, and the same training goes on from there: run the same command again"),
          last);
    }
  }

  @Test
  void theProcessWaitsForTheStepAndForTheWordsAndNoLonger() throws InterruptedException {
    StopSignal signal = StopSignal.install();
    Thread shutdown = new Thread(signal::hold);
    List<Long> steps = new ArrayList<>();
    TrainingRun run = signal.over(TrainingRun.silent().withProgress(new Progress() {
      @Override
      public void stepped(long epoch, long step, double loss) {
        steps.add(step);
        if (step == 5) {
          shutdown.start();
          while (shutdown.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
        }
      }
    }));
    assertThrows(TrainingStopped.class, () -> run.train(trainer(() -> {
    }), batches(), 100));
    assertEquals(6, steps.size(), "the running step was the last");
    assertTrue(shutdown.isAlive(), "the process ended before anything was said");
    signal.close();
    shutdown.join();
  }

  @Test
  void withoutATrainingTheProcessEndsAtOnce() throws InterruptedException {
    StopSignal signal = StopSignal.install();
    signal.over(TrainingRun.silent()).train(trainer(() -> {
    }), batches(), 1);
    Thread shutdown = new Thread(signal::hold);
    shutdown.start();
    shutdown.join();
    signal.close();
  }

  @Test
  void eachRunHasItsFile() {
    assertEquals(Path.of("a/run.safetensors"), TrainingOptions.file(Path.of("a/run.safetensors"), 0));
    assertEquals(Path.of("a/run-3.safetensors"), TrainingOptions.file(Path.of("a/run.safetensors"), 2));
    assertEquals(Path.of("a.b/run-2"), TrainingOptions.file(Path.of("a.b/run"), 1));
    assertEquals(Path.of(".run-2"), TrainingOptions.file(Path.of(".run"), 1));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  @Test
  void theSameCommandAgainTrainsNoMoreAndSaysTheSame() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "all the world's a stage\n".repeat(100));
    Path file = folder.resolve("run.safetensors");
    String[] command = {"shakespeare", "--data", text.toString(), "--steps", "10", "--sample", "9", "--checkpoint",
      file.toString()};
    assertEquals(0, run(command), err.toString());
    String first = out.toString();
    byte[] kept = Files.readAllBytes(file);
    assertEquals(10, Checkpoint.read(file).place().steps());
    assertEquals(0, run(command), err.toString());
    assertEquals(first, out.toString());
    assertArrayEquals(kept, Files.readAllBytes(file));
    assertEquals(1, run("shakespeare", "--data", text.toString(), "--steps", "10", "--seed", "1", "--checkpoint",
        file.toString()));
    assertTrue(err.toString().contains(file + ": the checkpoint is of a training from another key"), err.toString());
    assertArrayEquals(kept, Files.readAllBytes(file));
  }

  @Test
  void everyCommandThatTrainsLongHasTheOption() {
    for (String name : List.of("cora", "galaxy-zoo", "shakespeare")) {
      assertEquals(0, run(name, "--help"));
      assertTrue(out.toString().contains("--checkpoint=FILE"), out.toString());
      assertFalse(out.toString().contains("null"), out.toString());
    }
  }
}
