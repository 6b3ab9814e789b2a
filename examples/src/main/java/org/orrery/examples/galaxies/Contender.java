package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.orrery.report.GalaxyResult;
import org.orrery.tensor.Key;

/// A row of the table of methods before it is measured.
///
/// @param id unique
/// @param label as the table says it
/// @param sees what it is shown
/// @param network whether it passes messages
/// @param estimator what is measured
/// @param members the same from other seeds, whose errors say how much a seed decides; empty where there is no chance in it
record Contender(String id, String label, GalaxyResult.Sees sees, boolean network, Estimator estimator,
    List<Estimator> members) {
  Contender {
    members = List.copyOf(members);
  }

  /// The baselines that see what a network of this input sees, fitted to its training boxes and chosen by its validation boxes: perceptrons
  /// of each [Statistic], and least squares of those that say more than the count.
  static List<Contender> baselines(HaloGraph input, GalaxyResult.Sees sees, String suffix, List<Simulation> training,
      List<Simulation> validation, Key key) {
    List<Contender> found = new ArrayList<>();
    for (Statistic statistic : Statistic.values()) {
      if (statistic == Statistic.MEANS && input.features().isEmpty()) {
        continue; // nothing is known of a halo beside its place
      }
      StatisticTable table = new StatisticTable(statistic, input);
      StatisticModel model = StatisticModel.train(table, training, validation, key.fold(statistic.name()));
      String id = statistic.name().toLowerCase(Locale.ROOT).replace('_', '-');
      GalaxyResult.Sees shown = switch (statistic) {
        case COUNT -> GalaxyResult.Sees.COUNT;
        case MEANS -> GalaxyResult.Sees.FEATURES;
        case TWO_POINT -> sees;
      };
      found.add(new Contender(id + suffix, statistic.title(), shown, false, model, model.members()));
      if (statistic != Statistic.COUNT) {
        found.add(new Contender(id + "-least-squares" + suffix, "least squares of " + statistic.title(), shown, false,
            LeastSquares.fit(table, training, validation), List.of()));
      }
    }
    return found;
  }
}
