package org.orrery.examples.galaxies;

import java.util.IdentityHashMap;
import java.util.List;
import org.orrery.tensor.cpu.Parallel;

/// The numbers of a [Statistic] for boxes, each box looked at once however many baselines ask.
final class StatisticTable {
  private final Statistic statistic;
  private final HaloGraph input;
  private final IdentityHashMap<Simulation, double[]> known = new IdentityHashMap<>();

  /// @param input what the network sees: the statistic sees the same features, and no count where the network is blind to it
  StatisticTable(Statistic statistic, HaloGraph input) {
    this.statistic = statistic;
    this.input = input;
  }

  /// A row for each box; as wide as the statistic has numbers, at least 1.
  double[][] of(List<Simulation> boxes) {
    List<Simulation> missing = boxes.stream().filter(box -> !known.containsKey(box)).toList();
    double[][] rows = new double[missing.size()][];
    Parallel.current().forEach(rows.length, i -> rows[i] = numbers(missing.get(i)));
    for (int i = 0; i < rows.length; i++) {
      known.put(missing.get(i), rows[i]);
    }
    return boxes.stream().map(known::get).toArray(double[][]::new);
  }

  private double[] numbers(Simulation box) {
    double[] numbers = statistic.of(box.halos(), input.features());
    if (input.counts() == HaloGraph.Counts.HIDDEN && statistic != Statistic.COUNT) {
      numbers[0] = 0;
    }
    return numbers;
  }
}
