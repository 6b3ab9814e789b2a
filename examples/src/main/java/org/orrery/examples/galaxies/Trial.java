package org.orrery.examples.galaxies;

import java.util.Arrays;
import java.util.List;
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
  private static final int STEPS = 10;

  /// Seconds.
  ///
  /// @param processor of all threads together
  /// @param wall by the clock
  record Time(double processor, double wall) {
  }

  /// Simulates a few boxes, looks at them and trains a model on them that is thrown away.
  ///
  /// @throws IllegalArgumentException where a box has fewer halos than are wanted
  static Trial measure(GalaxyStudy.Options options, HaloTraining how) {
    SimulationSet.Recipe recipe = options.recipe();
    SimulationSet.Recipe few = new SimulationSet.Recipe(BOXES, recipe.side(), recipe.cells(), recipe.halos(),
        recipe.seed());
    SimulationSet[] set = new SimulationSet[1];
    Time simulation = typical(2, BOXES, () -> set[0] = SimulationSet.simulate(few, done -> {}));
    List<Simulation> boxes = set[0].boxes();
    HaloGraph input = options.input();
    Time statistics = typical(2, BOXES, () -> new StatisticTable(Statistic.TWO_POINT, input).of(boxes));
    Time linking = typical(2, BOXES, () -> boxes.forEach(input::of));
    HaloModel model = HaloModel.create(input, options.model(), Key.of(recipe.seed()).fold("trial"));
    Graph batch = Graph.batch(boxes.subList(0, Math.min(BOXES, how.batch())).stream().map(input::of).toList());
    List<Tensor> weights = model.trainable().stream().map(Parameter::value).toList();
    long[] peak = new long[1];
    Time training = typical(STEPS, batch.graphCount(), () -> peak[0] = Scope.within(scope -> {
      Gradients.releasingHistory(model.loss(batch, Mode.training(Key.of(1))), weights);
      return scope.peakBytes();
    }));
    long planned = Plan.training(model, () -> model.loss(batch, Mode.training(Key.of(1)))).peakBytes();
    return new Trial(simulation, statistics, linking, training, HaloTraining.bytes(batch) / batch.graphCount(),
        new GalaxyResult.Memory(planned, peak[0]));
  }

  /// The median of the second half of some rounds, of one box.
  private static Time typical(int rounds, int boxes, Runnable work) {
    double[] processor = new double[rounds];
    double[] wall = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long cpu = GalaxyStudy.cpu();
      long clock = System.nanoTime();
      work.run();
      processor[round] = (GalaxyStudy.cpu() - cpu) * 1e-9 / boxes;
      wall[round] = (System.nanoTime() - clock) * 1e-9 / boxes;
    }
    return new Time(median(processor), median(wall));
  }

  private static double median(double[] rounds) {
    double[] late = Arrays.copyOfRange(rounds, rounds.length / 2, rounds.length);
    Arrays.sort(late);
    return late[late.length / 2];
  }
}
