package org.orrery.optimizers;

import java.util.List;
import java.util.Map;
import org.orrery.nn.Require;

/// One schedule, then another that counts from its own start.
record ScheduleSequence(Schedule first, long length, Schedule second) implements Schedule {
  ScheduleSequence {
    Require.notNegative("schedule", "length", (double) length);
  }

  @Override
  public double rate(long step) {
    return step < length ? first.rate(step) : second.rate(step - length);
  }

  @Override
  public void observe(long step, double metric) {
    if (step < length) {
      first.observe(step, metric);
    } else {
      second.observe(step - length, metric);
    }
  }

  @Override
  public Map<String, Double> state() {
    return ScheduleProduct.gather(List.of(first, second));
  }

  @Override
  public void restore(Map<String, Double> state) {
    ScheduleProduct.spread(state, List.of(first, second));
  }
}
