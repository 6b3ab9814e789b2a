package org.orrery.optimizers;

import java.util.function.LongToDoubleFunction;
import org.orrery.optimizers.Schedule;

/// A pure schedule with a text that names it and its numbers.
record Formula(String text, LongToDoubleFunction formula) implements Schedule {
  @Override
  public double rate(long step) {
    return formula.applyAsDouble(step);
  }

  @Override
  public String toString() {
    return text;
  }
}
