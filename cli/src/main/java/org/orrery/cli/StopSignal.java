package org.orrery.cli;

import org.orrery.training.History;
import org.orrery.training.Progress;
import org.orrery.training.TrainingRun;

/// Ctrl-C, TERM and their kin while a training runs: the running step ends, the command says what it kept, and only then
/// the process ends. While nothing is trained they end the process at once.
///
/// The virtual machine starts its shutdown when such a signal comes; a hook holds it up until the training is put away.
final class StopSignal implements AutoCloseable {
  private final Thread hook = new Thread(this::hold, "orrery-stop");
  private boolean asked;
  private boolean training;

  private StopSignal() {
  }

  /// Listens from now on.
  static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /// A run that this signal stops.
  TrainingRun over(TrainingRun run) {
    return run.withStop(this::isAsked).withProgress(new Watching(run.progress()));
  }

  /// Asks the training to stop, and waits until it is put away.
  synchronized void hold() {
    asked = true;
    boolean interrupted = false;
    while (training) {
      try {
        wait();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isAsked() { return asked; }

  private synchronized void begin() {
    training = true;
  }

  /// A training that was asked to stop is put away when the command has said so: [#close()].
  private synchronized void end() {
    training = asked;
  }

  @Override
  public void close() {
    synchronized (this) {
      training = false;
      notifyAll();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException itRuns) {
      // the process ends
    }
  }

  /// Knows from what the listener is told when a training runs.
  private final class Watching implements Progress {
    private final Progress shown;

    private Watching(Progress shown) {
      this.shown = shown;
    }

    @Override
    public void started(long from, long to) {
      begin();
      shown.started(from, to);
    }

    @Override
    public void stepped(long epoch, long step, double loss) {
      shown.stepped(epoch, step, loss);
    }

    @Override
    public void spent(double used) {
      shown.spent(used);
    }

    @Override
    public void finished(History.Row row, boolean best) {
      shown.finished(row, best);
    }

    @Override
    public void noticed(String what) {
      shown.noticed(what);
    }

    @Override
    public void ended() {
      shown.ended();
      end();
    }
  }
}
