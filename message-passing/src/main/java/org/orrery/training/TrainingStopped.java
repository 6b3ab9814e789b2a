package org.orrery.training;

/// A training of a [TrainingRun] ended because it was asked to stop. The message says how far it is, and what goes on from
/// there.
public final class TrainingStopped extends RuntimeException {
  private static final long serialVersionUID = 1;

  TrainingStopped(String message) {
    super(message);
  }
}
