package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
import org.orrery.training.Dataset;
import org.orrery.training.History;
import org.orrery.training.Loader;
import org.orrery.training.Scaler;
import org.orrery.training.Trainer;

/// A baseline: an ensemble of perceptrons of a [Statistic], each with a normal posterior of full covariance, trained and chosen as the network
/// is. The form with the least loss on the validation boxes is taken.
///
/// @param scaler of the statistics, fitted to the training boxes; what lies beyond 5 standard deviations is drawn in
record StatisticModel(StatisticTable table, Scaler scaler, List<GaussianHead> heads) implements Estimator {
  private static final int MEMBERS = 3;
  private static final int EPOCHS = 60;
  private static final int BATCH = 64;
  private static final String LOSS = "loss";
  private static final List<Form> FORMS = List.of(new Form(64, 0.1, 3e-3), new Form(128, 0.2, 3e-3),
      new Form(32, 0, 1e-2));

  /// What is tuned.
  ///
  /// @param hidden width of both hidden layers
  /// @param dropout behind them
  /// @param rate the highest learning rate
  private record Form(int hidden, double dropout, double rate) {
  }

  /// Boxes as tensors.
  private record Examples(Tensor x, Tensor y) {
  }

  private record Trained(GaussianHead head, double loss) {
  }

  static StatisticModel train(StatisticTable table, List<Simulation> training, List<Simulation> validation, Key key) {
    Tensor raw = table(table.of(training));
    Scaler scaler = Scaler.standard(raw);
    Examples seen = new Examples(scaler.apply(raw).clamp(-5, 5), parameters(training));
    Examples unseen = new Examples(scaler.apply(table(table.of(validation))).clamp(-5, 5), parameters(validation));
    Form best = FORMS.getFirst();
    Trained first = train(best, seen, unseen, key.fold(0));
    for (Form form : FORMS.subList(1, FORMS.size())) {
      Trained other = train(form, seen, unseen, key.fold(0));
      if (other.loss < first.loss) {
        best = form;
        first = other;
      }
    }
    List<GaussianHead> heads = new ArrayList<>(List.of(first.head));
    for (int member = 1; member < MEMBERS; member++) {
      heads.add(train(best, seen, unseen, key.fold(member)).head);
    }
    return new StatisticModel(table, scaler, heads);
  }

  private static Trained train(Form form, Examples seen, Examples unseen, Key key) {
    int numbers = GaussianHead.numbers(seen.y.columns(), Covariance.FULL);
    Mlp network = Mlp.create(key.fold("network"), seen.x.columns(), form.hidden, form.hidden, numbers)
        .withActivation(Activation.SILU).withDropout(form.dropout);
    GaussianHead head = new GaussianHead(network, SimulationSet.PRIOR.scaler(), Covariance.FULL);
    Loader<Integer, Indices> loader = Loader
        .of(Dataset.of(seen.x.rows(), i -> i), BATCH, (List<Integer> rows) -> Indices.wrap(
            rows.stream().mapToInt(Integer::intValue).toArray()))
        .shuffled(key.fold("order"));
    History history = Trainer
        .of(head, (GaussianHead h, Indices rows, Mode mode) -> h.loss(seen.x.gatherRows(rows), seen.y.gatherRows(rows),
            mode), new AdamW().withWeightDecay(1e-2).on(head))
        .rate(new OneCycle(form.rate, EPOCHS * loader.batches()))
        .key(key.fold("noise")).clipNorm(1)
        .validation(h -> Map.of(LOSS, h.loss(unseen.x, unseen.y, Mode.inference()).toDoubles()[0]))
        .keepBest(LOSS, Goal.LOWEST).train(loader, EPOCHS);
    return new Trained(head,
        history.rows().stream().mapToDouble(row -> row.value(LOSS)).min().orElse(Double.POSITIVE_INFINITY));
  }

  private static Tensor parameters(List<Simulation> boxes) {
    return table(boxes.stream().map(Simulation::parameters).toArray(double[][]::new));
  }

  private static Tensor table(double[][] rows) {
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return Tensor.of(flat, rows.length, flat.length / rows.length);
  }

  /// Each perceptron alone.
  List<Estimator> members() {
    return heads.stream().<Estimator>map(head -> boxes -> head.posteriors(inputs(boxes))).toList();
  }

  private Tensor inputs(List<Simulation> boxes) {
    return scaler.apply(table(table.of(boxes))).clamp(-5, 5);
  }

  @Override
  public List<Posterior> posteriors(List<Simulation> boxes) {
    Tensor x = inputs(boxes);
    List<List<Posterior>> members = heads.stream().map(head -> head.posteriors(x)).toList();
    return IntStream.range(0, boxes.size())
        .<Posterior>mapToObj(box -> Ensemble.of(members.stream().map(list -> list.get(box)).toList())).toList();
  }
}
