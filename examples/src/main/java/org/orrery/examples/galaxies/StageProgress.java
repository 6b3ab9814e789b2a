package org.orrery.examples.galaxies;

import java.io.PrintWriter;
import java.util.Locale;

/// Says every half minute how many parts of a stage are done and how long the rest will take.
final class StageProgress {
  private static final long EVERY = 30_000_000_000L;

  private final String stage;
  private final int parts;
  private final PrintWriter out;
  private final long began = System.nanoTime();
  private long said = began;

  StageProgress(String stage, int parts, PrintWriter out) {
    this.stage = stage;
    this.parts = parts;
    this.out = out;
  }

  /// So many parts are done; from any thread.
  synchronized void done(int count) {
    long now = System.nanoTime();
    if (now - said < EVERY || count >= parts) {
      return;
    }
    said = now;
    double left = (now - began) * 1e-9 * (parts - count) / count;
    out.printf(Locale.ROOT, "%-22s %,d of %,d, %d:%02d left%n", stage, count, parts, (int) left / 60, (int) left % 60);
    out.flush();
  }
}
