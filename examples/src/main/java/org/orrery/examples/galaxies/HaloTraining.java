package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.orrery.graph.Graph;
import org.orrery.inference.Posterior;
import org.orrery.inference.Predictions;
import org.orrery.inference.Score;
import org.orrery.nn.Mode;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.OneCycle;
import org.orrery.tensor.Key;
import org.orrery.training.Dataset;
import org.orrery.training.History;
import org.orrery.training.Loader;
import org.orrery.training.Trainer;
import org.orrery.training.TrainingRun;

/// How a [HaloModel] is trained: AdamW on batches of boxes, a rate of one cycle, gradients clipped to norm 1; the weights of the epoch with
/// the least loss on the validation boxes are kept.
///
/// In the first part of the epochs the summary is standardized by the moments of each batch, whose noise a posterior would learn to be
/// wide for; in the rest by the running moments as they are then, as at inference. Graphs are made once where they fit into two fifths of the heap, else anew in each epoch.
///
/// @param epochs over the training boxes
/// @param batch boxes a step
/// @param rate the highest learning rate
record HaloTraining(int epochs, int batch, double rate) {
  static final HaloTraining USUAL = new HaloTraining(25, 16, 1e-2);

  private static final double DECAY = 1e-2;
  private static final double SETTLED = 0.6;
  private static final int AT_ONCE = 50;

  /// The name of the validation loss in the history.
  static final String LOSS = "validation_loss";

  HaloTraining withEpochs(int other) {
    return new HaloTraining(other, batch, rate);
  }

  /// The name of R2 of a parameter on the validation boxes in the history.
  static String r2(int parameter) {
    return "r2_" + SimulationSet.PARAMETERS.get(parameter);
  }

  /// Trains the model in place.
  ///
  History train(HaloModel model, List<Simulation> training, List<Simulation> validation, Key key, TrainingRun run) {
    Loader<Graph, Graph> loader = Loader.of(graphs(model.input(), training), batch, Graph::batch)
        .shuffled(key.fold("order"));
    long settled = Math.round(SETTLED * epochs * loader.batches());
    List<Graph> unseen = batches(model.input(), validation);
    double[][] truths = validation.stream().map(Simulation::parameters).toArray(double[][]::new);
    Trainer<HaloModel, Graph> trainer = Trainer
        .of(model,
            (HaloModel m, Graph boxes, Mode mode) -> m.loss(boxes,
                m.network().batches() < settled ? mode : Mode.inference()),
            new AdamW().withWeightDecay(DECAY).on(model))
        .rate(new OneCycle(rate, epochs * loader.batches())).key(key.fold("noise")).clipNorm(1)
        .validation(m -> measured(m, unseen, truths)).keepBest(LOSS, Goal.LOWEST);
    return run.train(trainer, loader, epochs);
  }

  private static Dataset<Graph> graphs(HaloGraph input, List<Simulation> boxes) {
    return keeps(boxes.size(), bytes(input.of(boxes.getFirst())))
        ? Dataset.of(boxes.stream().map(input::of).toList())
        : Dataset.of(boxes.size(), i -> input.of(boxes.get(i)));
  }

  /// Whether so many graphs are made once.
  static boolean keeps(int boxes, long bytesEach) {
    return boxes * (double) bytesEach < 0.4 * Runtime.getRuntime().maxMemory();
  }

  /// About what graphs hold: features, and both ends of each edge in two orders.
  static long bytes(Graph graph) {
    return Float.BYTES * ((long) graph.nodeCount() * graph.nodes().columns()
        + graph.edgeCount() * (Objects.requireNonNull(graph.edges()).columns() + 8L));
  }

  private static List<Graph> batches(HaloGraph input, List<Simulation> boxes) {
    List<Graph> batches = new ArrayList<>();
    for (int from = 0; from < boxes.size(); from += AT_ONCE) {
      batches.add(
          Graph.batch(boxes.subList(from, Math.min(boxes.size(), from + AT_ONCE)).stream().map(input::of).toList()));
    }
    return batches;
  }

  /// The loss of each box alike, and R2 by parameter.
  private static Map<String, Double> measured(HaloModel model, List<Graph> boxes, double[][] truths) {
    double sum = 0;
    List<Posterior> posteriors = new ArrayList<>();
    for (Graph some : boxes) {
      sum += model.loss(some, Mode.inference()).toDoubles()[0] * some.graphCount();
      posteriors.addAll(model.posteriors(some));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(LOSS, sum / truths.length);
    Predictions predictions = Predictions.of(posteriors, truths);
    for (int p = 0; p < SimulationSet.PARAMETERS.size(); p++) {
      metrics.put(r2(p), Score.R2.of(predictions, p));
    }
    return metrics;
  }
}
