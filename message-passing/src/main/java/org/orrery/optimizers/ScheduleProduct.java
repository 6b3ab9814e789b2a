package org.orrery.optimizers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.orrery.nn.Require;

/// Schedules that act at once, each by its factor.
record ScheduleProduct(double initial, List<Schedule> parts) implements Schedule {
  ScheduleProduct {
    parts = List.copyOf(parts);
  }

  @Override
  public double rate(long step) {
    double rate = initial;
    for (Schedule part : parts) {
      rate *= part.rate(step) / initial;
    }
    return rate;
  }

  @Override
  public void observe(long step, double metric) {
    parts.forEach(part -> part.observe(step, metric));
  }

  @Override
  public Map<String, Double> state() {
    return gather(parts);
  }

  @Override
  public void restore(Map<String, Double> state) {
    spread(state, parts);
  }

  /// The states of all parts, their names led by the part's number.
  static Map<String, Double> gather(List<Schedule> parts) {
    Map<String, Double> all = new TreeMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String prefix = i + ".";
      parts.get(i).state().forEach((name, value) -> all.put(prefix + name, value));
    }
    return all;
  }

  /// The reverse of [#gather].
  static void spread(Map<String, Double> all, List<Schedule> parts) {
    int used = 0;
    for (int i = 0; i < parts.size(); i++) {
      String prefix = i + ".";
      Map<String, Double> own = new TreeMap<>();
      all.forEach((name, value) -> {
        if (name.startsWith(prefix)) {
          own.put(name.substring(prefix.length()), value);
        }
      });
      parts.get(i).restore(own);
      used += own.size();
    }
    Require.that(used == all.size(), "schedule", "a state " + all.keySet() + " for " + parts.size() + " parts");
  }
}
