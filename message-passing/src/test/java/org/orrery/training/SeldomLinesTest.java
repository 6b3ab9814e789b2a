package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeldomLinesTest {
  private static final long SECOND = 1_000_000_000L;
  private long now;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final Progress progress = new SeldomLines("run 1 of 2",
      new PrintStream(shown, true, StandardCharsets.UTF_8), Duration.ofSeconds(30), () -> now);

  private List<String> lines() {
    return shown.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private void epoch(long epoch, int steps, long secondsEach) {
    for (int k = 0; k < steps; k++) {
      now += secondsEach * SECOND;
      progress.stepped(epoch, epoch * steps + k, 0.5);
    }
    progress.finished(new History.Row(epoch, 0.75, Map.of("rmse", 0.25), 1e-3, 0), false);
  }

  @Test
  void aLineEveryHalfMinuteSaysHowMuchIsDoneAndHowLongItTakes() { // 4 epochs of 5 steps of 10 s are 200 s
    progress.started(0, 4);
    epoch(0, 5, 10);
    epoch(1, 5, 10);
    assertEquals(List.of("run 1 of 2  0 %  loss 0.5000", // nothing is known before the first epoch ends
        "run 1 of 2  30 %  loss 0.5000  rmse 0.2500  2:20 left",
        "run 1 of 2  45 %  loss 0.5000  rmse 0.2500  1:50 left"),
        lines());
  }

  @Test
  void aShortTrainingIsSilent() {
    progress.started(0, 4);
    for (int epoch = 0; epoch < 4; epoch++) {
      epoch(epoch, 7, 1);
    }
    assertEquals(List.of(), lines());
  }

  @Test
  void timeBeforeAResumptionIsNoMeasureOfSpeed() { // half is done before, a quarter in 50 s
    progress.started(2, 4);
    epoch(2, 5, 10);
    epoch(3, 5, 10);
    assertEquals("run 1 of 2  80 %  loss 0.5000  rmse 0.2500  0:40 left", lines().get(1)); // 60 s for 0.3, 0.2 are left
  }

  @Test
  void aBudgetSaysWhatIsLeft() {
    progress.started(0, Long.MAX_VALUE);
    for (int k = 1; k <= 7; k++) {
      now += 10 * SECOND;
      progress.stepped(0, k, 0.5);
      progress.spent(k / 100.0);
    }
    assertEquals("run 1 of 2  5 %  loss 0.5000", lines().get(1).replaceAll("  [0-9:]+ left", ""));
  }
}
