package org.orrery.examples.trees;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Mode;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.OneCycle;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Dataset;
import org.orrery.training.History;
import org.orrery.training.Loader;
import org.orrery.training.Trainer;
import org.orrery.training.TrainingRun;

/// How a [TreeModel] is trained: AdamW on batches of examples, a rate of one cycle, gradients clipped to norm 1. With validation examples
/// the weights of the epoch with the least loss on them are kept, else those of the last epoch.
///
/// @param epochs over the training examples
/// @param batch examples a step
/// @param rate the highest learning rate
/// @param decay of the weights
/// @param budget how long a training may take at most, with the rate's cycle over that time; null for all epochs, which alone gives the
///   same bits again
public record TreeTraining(int epochs, int batch, double rate, double decay, @Nullable Duration budget) {
  /// What one number of each tree is learned with.
  public static final TreeTraining TREES = new TreeTraining(20, 64, 4e-3, 0.05, null);
  /// What the universe of a set of trees is learned with.
  public static final TreeTraining SETS = new TreeTraining(20, 8, 5e-3, 1e-3, null);

  private static final String LOSS = "validation_loss";
  private static final int AT_ONCE = 8;
  private static final int MANY = 1_000_000;
  private static final int PARTS = 10_000;

  /// The same with so many epochs.
  public TreeTraining withEpochs(int other) {
    return new TreeTraining(other, batch, rate, decay, budget);
  }

  /// The same in at most this time; epochs are as many as fit.
  public TreeTraining within(Duration time) {
    return new TreeTraining(MANY, batch, rate, decay, time);
  }

  /// Trains the model in place.
  ///
  /// @param validation empty for none
  public History train(TreeModel model, List<TreeExample> training, List<TreeExample> validation, Key key,
      TrainingRun run) {
    Loader<TreeExample, TreeBatch> loader = Loader.of(Dataset.of(training), batch, model::batch)
        .shuffled(key.fold("order"));
    Trainer<TreeModel, TreeBatch> trainer = Trainer
        .of(model, (TreeModel m, TreeBatch trees, Mode mode) -> m.loss(trees, trees.truths(), mode),
            new AdamW().withWeightDecay(decay).on(model))
        .key(key.fold("noise")).clipNorm(1);
    if (budget == null) {
      trainer = trainer.rate(new OneCycle(rate, epochs * loader.batches()));
    } else {
      trainer = trainer.budget(budget).rateOverBudget(new OneCycle(rate, PARTS), PARTS);
    }
    if (!validation.isEmpty()) {
      trainer = trainer.validation(m -> Map.of(LOSS, loss(m, validation))).keepBest(LOSS, Goal.LOWEST);
    }
    return run.train(trainer, loader, epochs);
  }

  /// The mean over examples.
  private static double loss(TreeModel model, List<TreeExample> examples) {
    double sum = 0;
    for (int from = 0; from < examples.size(); from += AT_ONCE) {
      List<TreeExample> some = examples.subList(from, Math.min(examples.size(), from + AT_ONCE));
      TreeBatch batch = model.batch(some);
      sum += Tensor.unrecorded(() -> model.loss(batch, batch.truths(), Mode.inference())).toDoubles()[0] * some.size();
    }
    return sum / examples.size();
  }
}
