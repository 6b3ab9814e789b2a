package org.orrery.training;

import java.io.PrintStream;
import java.util.Locale;

/// One line that is written over and over: a bar of the epochs, and the last numbers.
final class TerminalProgress implements Progress {
  private static final int WIDTH = 24;

  private final PrintStream to;
  private long last;
  private String numbers = "";
  private int shown;

  TerminalProgress(PrintStream to) {
    this.to = to;
  }

  @Override
  public void started(long from, long until) {
    last = until;
    show(from, "");
  }

  @Override
  public void stepped(long epoch, long step, double loss) {
    show(epoch, String.format(Locale.ROOT, "  step %d  loss %.4g%s", step, loss, numbers));
  }

  @Override
  public void finished(History.Row row, boolean best) {
    StringBuilder text = new StringBuilder();
    row.metrics().forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %s %.4g", name, value)));
    numbers = text.toString();
    show(row.epoch() + 1, String.format(Locale.ROOT, "  loss %.4g%s", row.trainLoss(), numbers));
  }

  @Override
  public void ended() {
    to.println();
  }

  private void show(long done, String text) {
    int filled = last == 0 ? WIDTH : (int) (WIDTH * done / last);
    String line = "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] epoch " + done + "/" + last + text;
    to.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
    to.flush();
    shown = line.length();
  }
}
