package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.SafeTensors;
import org.orrery.losses.SquaredError;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Trainings that are stopped, that may take so long, and that find a checkpoint.
class TrainingRunTest {
  private static final int BATCHES = 5;
  private static final long SECOND = 1_000_000_000L;

  @TempDir
  private Path folder;
  private long now;

  private record Line(Parameter slope, Parameter offset) implements Block {
    static Line create() {
      return new Line(Parameter.of(Tensor.of(0.5)), Parameter.of(Tensor.of(0)));
    }

    Tensor apply(Tensor x, Mode mode) {
      Tensor noise = mode instanceof Mode.Training training
          ? Tensor.normal(training.nextKey(), x.rows(), 1).multiply(0.05)
          : Tensor.zeros(x.rows(), 1);
      return x.add(noise).multiply(slope.value()).add(offset.value());
    }
  }

  private static Batches<Tensor> batches() {
    return epoch -> () -> IntStream.range(0, BATCHES)
        .mapToObj(b -> Tensor.normal(Key.of(3).fold(epoch).fold(b), 7, 1)).iterator();
  }

  /// A second a step, and no other time.
  private Trainer<Line, Tensor> trainer(Line line) {
    return Trainer.<Line, Tensor>of(line, (m, x, mode) -> {
      now += SECOND;
      return new SquaredError().mean(m.apply(x, mode), x.multiply(2).add(1));
    }, new Adam().on(line)).rate(Schedule.cosine(0.1, 60, 0)).key(Key.of(9)).clock(() -> now)
        .validation(m -> Map.of("slope", Math.abs(m.slope().value().item() - 2.0)))
        .keepBest("slope", Goal.LOWEST).averaging(new WeightAverage.Exponential(0.8));
  }

  private static float[] weights(Line line) {
    return new float[] {line.slope().value().item(), line.offset().value().item()};
  }

  private TrainingRun stoppingAfter(int steps, @Nullable Path file) {
    int[] asked = {0};
    return new TrainingRun(Progress.silent(), () -> ++asked[0] >= steps, file, Duration.ofSeconds(10));
  }

  @Test
  void aTrainingThatIsStoppedAtAnyStepGoesOnToTheSameBits() throws IOException {
    Line straight = Line.create();
    Path whole = folder.resolve("whole");
    History expected = TrainingRun.silent().withCheckpoint(whole).train(trainer(straight), batches(), 6);
    for (int steps : new int[] {1, 3, 4, 5, 7}) {
      Path file = folder.resolve("after" + steps);
      int stops = 0;
      Line line = Line.create();
      History history = null;
      while (history == null) {
        line = Line.create();
        try {
          history = stoppingAfter(steps, file).train(trainer(line), batches(), 6);
        } catch (TrainingStopped stopped) {
          stops++;
          assertTrue(String.valueOf(stopped.getMessage()).contains("all of it is in " + file), stopped.toString());
        }
      }
      assertTrue(stops >= 30 / steps - 5, stops + " stops");
      assertEquals(expected, history, "after " + steps + " steps");
      assertArrayEquals(weights(straight), weights(line));
      assertEquals(Checkpoint.read(whole).content(), Checkpoint.read(file).content());
    }
  }

  @Test
  void aStopSaysHowFarItIsAndWhatIsKept() {
    Path file = folder.resolve("run.safetensors");
    TrainingStopped kept = assertThrows(TrainingStopped.class,
        () -> stoppingAfter(8, file).train(trainer(Line.create()), batches(), 6));
    assertTrue(String.valueOf(kept.getMessage())
        .matches("stopped after 1 of 6 epochs and 3 steps \\(the best so far: slope [0-9.]+ in epoch 1\\); all of it "
            + "is in \\S*run.safetensors, and the same training goes on from there"),
        kept.toString());
    TrainingStopped lost = assertThrows(TrainingStopped.class,
        () -> stoppingAfter(2, null).train(trainer(Line.create()), batches(), 6));
    assertEquals("stopped after 0 of 6 epochs and 2 steps; nothing is kept, as no checkpoint was asked for",
        lost.getMessage());
  }

  @Test
  void aStoppedTrainerHasTheBestWeightsAndGoesOnFromTheLast() {
    Line straight = Line.create();
    trainer(straight).train(batches(), 4);
    Line line = Line.create();
    int[] asked = {0};
    Trainer<Line, Tensor> trainer = trainer(line).stopWhen(() -> ++asked[0] == 8);
    trainer.train(batches(), 4);
    assertTrue(trainer.isStopped());
    assertEquals(8, trainer.checkpoint().place().steps());
    Checkpoint.Best best = trainer.checkpoint().best();
    assertTrue(best != null && best.weights().values().iterator().next().item() == line.slope().value().item());
    trainer.train(batches(), 4);
    assertFalse(trainer.isStopped());
    assertArrayEquals(weights(straight), weights(line));
  }

  @Test
  void checkpointsAreWrittenWhenTheLastIsOldEnough() throws IOException {
    Path file = folder.resolve("run");
    List<Long> steps = new ArrayList<>();
    Trainer<Line, Tensor> trainer = trainer(Line.create()).checkpoints(file, Duration.ofSeconds(3));
    trainer.progress(new Progress() {
      @Override
      public void stepped(long epoch, long step, double loss) {
        steps.add(Files.exists(file) ? read(file).place().steps() : 0L);
      }
    }).train(batches(), 2);
    assertEquals(List.of(0L, 0L, 0L, 3L, 3L, 3L, 6L, 6L, 6L, 9L), steps); // 3 s after the last, 1 s a step
    assertEquals(10, read(file).place().steps());
  }

  private static Checkpoint read(Path file) {
    try {
      return Checkpoint.read(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void aFinishedTrainingIsNotRepeated() {
    Path file = folder.resolve("run");
    Line first = Line.create();
    History history = TrainingRun.silent().withCheckpoint(file).train(trainer(first), batches(), 3);
    long before = now;
    Line second = Line.create();
    assertEquals(history, TrainingRun.silent().withCheckpoint(file).train(trainer(second), batches(), 3));
    assertEquals(before, now, "no step");
    assertArrayEquals(weights(first), weights(second));
  }

  @Test
  void aCheckpointOfAnotherTrainingIsNamed() throws IOException {
    Path file = folder.resolve("run");
    TrainingRun run = TrainingRun.silent().withCheckpoint(file);
    run.train(trainer(Line.create()), batches(), 1);
    byte[] before = Files.readAllBytes(file);
    refused(file + ": the checkpoint is of a training from another key, as of another seed",
        () -> run.train(trainer(Line.create()).key(Key.of(10)), batches(), 1));
    refused(file + ": checkpoint: setting rate was ",
        () -> run.train(trainer(Line.create()).rate(Schedule.constant(1)), batches(), 1));
    assertArrayEquals(before, Files.readAllBytes(file));
    Batches<Tensor> fewer = epoch -> List.of(Tensor.zeros(2, 1));
    Path underway = folder.resolve("underway");
    assertThrows(TrainingStopped.class, () -> stoppingAfter(3, underway).train(trainer(Line.create()), batches(), 1));
    refused("3 batches of epoch 0 are done, which has 1; the same data is required",
        () -> TrainingRun.silent().withCheckpoint(underway).train(trainer(Line.create()), fewer, 1));
  }

  private static void refused(String part, Runnable training) {
    String message = assertThrows(IllegalArgumentException.class, training::run).toString();
    assertTrue(message.contains(part), message);
  }

  @Test
  void aFolderThatIsMissingOrClosedIsNoticedBeforeTheFirstStep() {
    Path gone = folder.resolve("gone").resolve("run");
    for (Path file : List.of(gone, Path.of("/proc/run"))) {
      String checkpoint = assertThrows(UncheckedIOException.class,
          () -> trainer(Line.create()).checkpoints(file, 50).train(batches(), 1)).toString();
      assertTrue(checkpoint.contains("trainer: the checkpoint cannot be written: " + file + ": "), checkpoint);
      String table = assertThrows(UncheckedIOException.class,
          () -> trainer(Line.create()).table(file).train(batches(), 1)).toString();
      assertTrue(table.contains("trainer: the table cannot be written: " + file + ": "), table);
    }
    assertEquals(0, now, "no step was done");
  }

  @Test
  void anInterruptWhileTheCheckpointIsWrittenSaysSo() throws IOException {
    Path file = folder.resolve("run");
    Path table = folder.resolve("table.csv");
    trainer(Line.create()).checkpoints(file, 1).train(batches(), 1);
    byte[] before = Files.readAllBytes(file);
    for (boolean isTable : new boolean[] {false, true}) {
      Trainer<Line, Tensor> trainer = trainer(Line.create()).progress(new Progress() {
        @Override
        public void finished(History.Row row, boolean best) {
          Thread.currentThread().interrupt();
        }
      });
      Trainer<Line, Tensor> writing = isTable ? trainer.table(table) : trainer.checkpoints(file, 1);
      String message = assertThrows(UncheckedIOException.class, () -> writing.train(batches(), 1)).toString();
      assertTrue(Thread.interrupted());
      assertTrue(message.contains("trainer: 1 epochs are done, but the " + (isTable ? "table" : "checkpoint")
          + " was not saved: " + (isTable ? table : file) + ": the thread was interrupted while it was written"),
          message);
    }
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void trainingEndsWithTheStepInWhichTheBudgetIsUsedUp() {
    Line line = Line.create();
    List<Double> used = new ArrayList<>();
    Trainer<Line, Tensor> trainer = trainer(line).budget(Duration.ofSeconds(8)).progress(new Progress() {
      @Override
      public void spent(double part) {
        used.add(part);
      }
    });
    History history = trainer.train(batches());
    assertEquals(2, history.rows().size(), "an epoch of 5 steps and one cut short to 3, which is measured too");
    assertEquals(8, trainer.checkpoint().place().steps());
    assertEquals(List.of(0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0), used);
    assertEquals(history, trainer.train(batches()), "no time is left");
    Checkpoint.Best best = trainer.checkpoint().best();
    assertTrue(best != null && best.weights().values().iterator().next().item() == line.slope().value().item());
  }

  @Test
  void aScheduleFollowsTheBudget() {
    List<Double> rates = new ArrayList<>();
    Schedule line = step -> {
      rates.add((double) step);
      return 0.1;
    };
    trainer(Line.create()).budget(Duration.ofSeconds(8)).rateOverBudget(line, 1000).train(batches());
    assertEquals(List.of(0.0, 125.0, 250.0, 375.0, 500.0, 625.0, 750.0, 875.0), rates);
  }

  @Test
  void timeBeforeAResumptionCounts() throws IOException {
    Path file = folder.resolve("run");
    trainer(Line.create()).budget(Duration.ofSeconds(8)).checkpoints(file, 1).train(batches(), 1);
    Checkpoint saved = Checkpoint.read(file);
    assertEquals(Duration.ofSeconds(5), saved.place().spent());
    Trainer<Line, Tensor> resumed = trainer(Line.create()).budget(Duration.ofSeconds(8)).resume(saved);
    resumed.train(batches());
    assertEquals(8, resumed.checkpoint().place().steps());
    Trainer<Line, Tensor> longer = trainer(Line.create()).budget(Duration.ofSeconds(20)).resume(saved);
    longer.train(batches());
    assertEquals(20, longer.checkpoint().place().steps());
  }

  @Test
  void aBudgetIsMoreThanNothingAndARateOverItNeedsOne() {
    refused("a time budget of PT0S; more than nothing is required",
        () -> trainer(Line.create()).budget(Duration.ZERO));
    refused("the rate follows the time budget, and there is none", () -> trainer(Line.create())
        .rateOverBudget(Schedule.constant(1), 10).train(batches(), 1));
    assertThrows(IllegalStateException.class, () -> trainer(Line.create()).train(batches()));
  }

  @Test
  void aCheckpointWhoseRunningEpochCannotBeIsRefused() throws IOException {
    Path file = folder.resolve("run");
    assertThrows(TrainingStopped.class, () -> stoppingAfter(3, file).train(trainer(Line.create()), batches(), 1));
    Checkpoint saved = Checkpoint.read(file);
    for (String[] lie : new String[][] {{"underway.batches", "0"}, {"underway.batches", "4"},
      {"underway.loss_sum", "NaN"}, {"underway.loss_sum", "x"}, {"spent_nanoseconds", "-1"}}) {
      Map<String, String> metadata = new TreeMap<>(saved.content().metadata());
      metadata.put(lie[0], lie[1]);
      SafeTensors.of(saved.content().arrays(), metadata).write(file);
      String message = assertThrows(IOException.class, () -> Checkpoint.read(file), lie[0]).toString();
      assertTrue(message.contains(file.toString()), message);
    }
  }
}
