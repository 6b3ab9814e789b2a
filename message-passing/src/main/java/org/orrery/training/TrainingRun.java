package org.orrery.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Block;
import org.orrery.tensor.Key;

/// How a training is run, apart from what decides its numbers: who is told how it goes, who may stop it, and which file
/// keeps it. Where that file is there, the training goes on from it.
///
/// ```java
/// TrainingRun run = TrainingRun.silent().withCheckpoint(Path.of("run.safetensors"));
/// History history = run.train(trainer, loader, 100);
/// ```
///
/// @param progress is told
/// @param stop asked after each step whether training is to end
/// @param checkpoint the file; null for none
/// @param every the age at which a checkpoint is replaced
public record TrainingRun(Progress progress, BooleanSupplier stop, @Nullable Path checkpoint, Duration every) {
  private static final Duration OFTEN = Duration.ofSeconds(10);

  /// Tells nobody, stops for nobody, keeps nothing.
  public static TrainingRun silent() {
    return new TrainingRun(Progress.silent(), () -> false, null, OFTEN);
  }

  /// The same with another listener.
  public TrainingRun withProgress(Progress listener) {
    return new TrainingRun(listener, stop, checkpoint, every);
  }

  /// The same, and stops when asked to.
  public TrainingRun withStop(BooleanSupplier asked) {
    return new TrainingRun(progress, asked, checkpoint, every);
  }

  /// The same, kept in a file.
  public TrainingRun withCheckpoint(@Nullable Path file) {
    return new TrainingRun(progress, stop, file, every);
  }

  /// Trains to the end, from the checkpoint where there is one.
  ///
  /// @throws TrainingStopped where it was asked to stop; the checkpoint is written then
  /// @throws IllegalArgumentException where the checkpoint is of another training: other settings, or another key
  /// @throws UncheckedIOException where a file cannot be read or written
  public <M extends Block, B> History train(Trainer<M, B> trainer, Batches<B> batches, long epochs) {
    trainer.progress(progress).stopWhen(stop);
    if (checkpoint != null) {
      trainer.checkpoints(checkpoint, every);
      resume(trainer, checkpoint);
    }
    History history = trainer.train(batches, epochs);
    if (trainer.isStopped()) {
      throw new TrainingStopped("stopped after " + trainer.position().inWords(epochs) + "; " + (checkpoint == null
          ? "nothing is kept, as no checkpoint was asked for"
          : "all of it is in " + checkpoint + ", and the same training goes on from there"));
    }
    return history;
  }

  private static void resume(Trainer<?, ?> trainer, Path file) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      Checkpoint saved = Checkpoint.read(file);
      Key key = trainer.position().settings.key;
      if (!saved.place().key().equals(key)) {
        throw new IllegalArgumentException(
            file + ": the checkpoint is of a training from another key, as of another seed; the same is required");
      }
      trainer.resume(saved);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (IllegalArgumentException other) {
      String said = String.valueOf(other.getMessage());
      throw said.startsWith(file.toString()) ? other : new IllegalArgumentException(file + ": " + said, other);
    }
  }
}
