package org.orrery.examples.camels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.orrery.inference.Ensemble;
import org.orrery.inference.GaussianHead;
import org.orrery.inference.GaussianHead.Covariance;
import org.orrery.inference.Posterior;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.OneCycle;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Dataset;
import org.orrery.training.Loader;
import org.orrery.training.Scaler;
import org.orrery.training.Trainer;
import org.orrery.training.TrainingRun;

/// An ensemble of perceptrons of bands of spectra, each with a normal posterior of full covariance; the posterior is their mixture.
///
/// @param scaler of the bands, fitted to the training set; what lies beyond 5 standard deviations is drawn in
/// @param heads one a member
record SpectrumModel(Scaler scaler, List<GaussianHead> heads) implements Block {
  private static final int BATCH = 64;
  private static final int HIDDEN = 64;
  private static final double DROPOUT = 0.2;
  private static final double RATE = 3e-3;
  private static final double DECAY = 1e-2;
  private static final double LIMIT = 5;
  private static final String LOSS = "loss";

  /// Examples: bands and parameters, a row each.
  record Examples(Tensor x, Tensor theta) {
  }

  /// How a member's training is run.
  interface Runs {
    TrainingRun of(int member);
  }

  /// Trains the members; of each the weights with the least loss on the validation set are kept.
  static SpectrumModel train(Examples training, Examples validation, int members, int epochs, Key key, Runs runs) {
    Scaler scaler = Scaler.standard(training.x());
    Scaler ofParameters = Scaler.standard(training.theta());
    Tensor x = drawnIn(scaler, training.x());
    Tensor unseen = drawnIn(scaler, validation.x());
    List<GaussianHead> heads = new ArrayList<>();
    for (int member = 0; member < members; member++) {
      Key own = key.fold(member);
      int numbers = GaussianHead.numbers(training.theta().columns(), Covariance.FULL);
      Mlp network = Mlp.create(own.fold("network"), x.columns(), HIDDEN, HIDDEN, numbers)
          .withActivation(Activation.SILU).withDropout(DROPOUT);
      GaussianHead head = new GaussianHead(network, ofParameters, Covariance.FULL);
      Loader<Integer, Indices> loader = Loader.of(Dataset.of(x.rows(), i -> i), BATCH,
          (List<Integer> rows) -> Indices.wrap(rows.stream().mapToInt(Integer::intValue).toArray()))
          .shuffled(own.fold("order"));
      Trainer<GaussianHead, Indices> trainer = Trainer
          .of(head, (GaussianHead h, Indices rows, Mode mode) -> h.loss(x.gatherRows(rows),
              training.theta().gatherRows(rows), mode), new AdamW().withWeightDecay(DECAY).on(head))
          .rate(new OneCycle(RATE, epochs * loader.batches())).key(own.fold("noise")).clipNorm(1)
          .validation(h -> Map.of(LOSS, h.loss(unseen, validation.theta(), Mode.inference()).toDoubles()[0]))
          .keepBest(LOSS, Goal.LOWEST);
      runs.of(member).train(trainer, loader, epochs);
      heads.add(head);
    }
    return new SpectrumModel(scaler, List.copyOf(heads));
  }

  private static Tensor drawnIn(Scaler scaler, Tensor x) {
    return scaler.apply(x).clamp(-LIMIT, LIMIT);
  }

  static Tensor table(double[][] rows) {
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return Tensor.of(flat, rows.length, flat.length / rows.length);
  }

  /// A posterior for each row of bands.
  List<Posterior> posteriors(Tensor bands) {
    Tensor x = drawnIn(scaler, bands);
    List<List<Posterior>> members = heads.stream().map(head -> head.posteriors(x)).toList();
    double[] equal = new double[members.size()];
    Arrays.fill(equal, 1);
    return List.copyOf(Ensemble.join(members, equal));
  }
}
