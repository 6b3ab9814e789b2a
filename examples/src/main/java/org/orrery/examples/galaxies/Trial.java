package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.orrery.graph.Graph;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.report.GalaxyResult;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.training.Plan;

/// What this machine takes for a box, measured on a few before the work begins: what a plan and a budget are made of.
///
/// @param simulation of a box
/// @param statistics of a box
/// @param linking of a box: its graph
/// @param training of a box in an epoch
/// @param graphBytes about what the graph of a box holds
/// @param memory of a training step: planned without running it, and measured
record Trial(Time simulation, Time statistics, Time linking, Time training, long graphBytes,
    GalaxyResult.Memory memory) {
  private static final int BOXES = 8;
  private static final int MOST_ROUNDS = 100;

  /// Seconds.
  ///
  /// @param processor of all threads together
  /// @param wall by the clock
  record Time(double processor, double wall) {
  }

  /// Simulates a few boxes, looks at them and trains a model on them that is thrown away.
  ///
  /// @throws IllegalArgumentException where a box has fewer halos than are wanted
  ///
  /// @param given boxes that are there already; empty where they are simulated
  static Trial measure(GalaxyStudy.Options options, HaloTraining how, List<Simulation> given) {
    SimulationSet.Recipe recipe = options.recipe();
    List<Simulation> boxes = new ArrayList<>(given.subList(0, Math.min(BOXES, given.size())));
    Time simulation = new Time(0, 0);
    if (boxes.isEmpty()) {
      SimulationSet.Recipe few = new SimulationSet.Recipe(BOXES, recipe.side(), recipe.cells(), recipe.halos(),
          recipe.seed());
      simulation = typical(4, BOXES, () -> {
        boxes.clear();
        boxes.addAll(SimulationSet.simulate(few, done -> {}).boxes());
      });
    }
    HaloGraph input = options.input();
    Time statistics = typical(1, BOXES, () -> new StatisticTable(Statistic.TWO_POINT, input).of(boxes));
    Time linking = typical(1, BOXES, () -> boxes.forEach(input::of));
    HaloModel model = HaloModel.create(input, options.model(), Key.of(recipe.seed()).fold("trial"));
    Graph batch = Graph.batch(boxes.subList(0, Math.min(BOXES, how.batch())).stream().map(input::of).toList());
    List<Tensor> weights = model.trainable().stream().map(Parameter::value).toList();
    long[] peak = new long[1];
    Time training = typical(5, batch.graphCount(), () -> peak[0] = Scope.within(scope -> {
      Gradients.releasingHistory(model.loss(batch, Mode.training(Key.of(1))), weights);
      return scope.peakBytes();
    }));
    long planned = Plan.training(model, () -> model.loss(batch, Mode.training(Key.of(1)))).peakBytes();
    return new Trial(simulation, statistics, linking, training, HaloTraining.bytes(batch) / batch.graphCount(),
        new GalaxyResult.Memory(planned, peak[0]));
  }

  /// The median of the last third of as many rounds as so many processor seconds allow, at most a hundred, of one box: what comes before
  /// them is compiled as it runs, and up to ten times slower.
  private static Time typical(double seconds, int boxes, Runnable work) {
    List<Time> rounds = new ArrayList<>();
    long end = GalaxyStudy.cpu() + Math.round(seconds * 1e9);
    do {
      long cpu = GalaxyStudy.cpu();
      long clock = System.nanoTime();
      work.run();
      rounds.add(new Time((GalaxyStudy.cpu() - cpu) * 1e-9 / boxes, (System.nanoTime() - clock) * 1e-9 / boxes));
    } while (GalaxyStudy.cpu() < end && rounds.size() < MOST_ROUNDS);
    List<Time> late = rounds.subList(2 * rounds.size() / 3, rounds.size());
    return new Time(median(late.stream().mapToDouble(Time::processor)), median(late.stream().mapToDouble(Time::wall)));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
