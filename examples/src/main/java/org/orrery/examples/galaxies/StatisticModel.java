package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.orrery.inference.Ensemble;
import org.orrery.inference.GaussianHead;
import org.orrery.inference.GaussianHead.Covariance;
import org.orrery.inference.Posterior;
import org.orrery.nn.Activation;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.OneCycle;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.cpu.Parallel;
import org.orrery.training.Dataset;
import org.orrery.training.Loader;
import org.orrery.training.Scaler;
import org.orrery.training.Trainer;

/// A baseline: an ensemble of perceptrons of a [Statistic], each with a normal posterior of full covariance, trained and chosen as the network
/// is.
///
/// @param scaler of the statistics, fitted to the training boxes; what lies beyond 5 standard deviations is drawn in
record StatisticModel(Statistic statistic, Set<Feature> features, Scaler scaler, List<GaussianHead> heads)
    implements
      Estimator {
  private static final int MEMBERS = 3;
  private static final int EPOCHS = 60;
  private static final int BATCH = 64;
  private static final int HIDDEN = 64;

  static StatisticModel train(Statistic statistic, Set<Feature> features, List<Simulation> training,
      List<Simulation> validation, Key key) {
    Tensor raw = numbers(statistic, features, training);
    Scaler scaler = Scaler.standard(raw);
    Tensor x = scaler.apply(raw).clamp(-5, 5);
    Tensor y = parameters(training);
    Tensor seenX = scaler.apply(numbers(statistic, features, validation)).clamp(-5, 5);
    Tensor seenY = parameters(validation);
    List<GaussianHead> heads = new ArrayList<>();
    for (int member = 0; member < MEMBERS; member++) {
      Key own = key.fold(member);
      int numbers = GaussianHead.numbers(y.columns(), Covariance.FULL);
      Mlp network = Mlp.create(own.fold("network"), x.columns(), HIDDEN, HIDDEN, numbers)
          .withActivation(Activation.SILU).withDropout(0.1);
      GaussianHead head = new GaussianHead(network, SimulationSet.PRIOR.scaler(), Covariance.FULL);
      Loader<Integer, Indices> loader = Loader
          .of(Dataset.of(training.size(), i -> i), BATCH, (List<Integer> rows) -> Indices.wrap(
              rows.stream().mapToInt(Integer::intValue).toArray()))
          .shuffled(own.fold("order"));
      Trainer
          .of(head, (GaussianHead h, Indices rows, Mode mode) -> h.loss(x.gatherRows(rows), y.gatherRows(rows), mode),
              new AdamW().withWeightDecay(1e-2).on(head))
          .rate(new OneCycle(3e-3, EPOCHS * loader.batches()))
          .key(own.fold("noise")).clipNorm(1)
          .validation(h -> Map.of("loss", h.loss(seenX, seenY, Mode.inference()).toDoubles()[0]))
          .keepBest("loss", Goal.LOWEST).train(loader, EPOCHS);
      heads.add(head);
    }
    return new StatisticModel(statistic, Set.copyOf(features), scaler, heads);
  }

  static Tensor numbers(Statistic statistic, Set<Feature> features, List<Simulation> boxes) {
    double[][] rows = new double[boxes.size()][];
    Parallel.current().forEach(rows.length, i -> rows[i] = statistic.of(boxes.get(i).halos(), features));
    return table(rows);
  }

  static Tensor parameters(List<Simulation> boxes) {
    return table(boxes.stream().map(Simulation::parameters).toArray(double[][]::new));
  }

  private static Tensor table(double[][] rows) {
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return Tensor.of(flat, rows.length, flat.length / rows.length);
  }

  @Override
  public List<Posterior> posteriors(List<Simulation> boxes) {
    Tensor x = scaler.apply(numbers(statistic, features, boxes)).clamp(-5, 5);
    List<List<Posterior>> members = heads.stream().map(head -> head.posteriors(x)).toList();
    List<Posterior> mixed = new ArrayList<>();
    for (int box = 0; box < boxes.size(); box++) {
      int at = box;
      mixed.add(Ensemble.of(members.stream().map(list -> list.get(at)).toList()));
    }
    return mixed;
  }
}
