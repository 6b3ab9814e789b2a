package org.orrery.examples.cora;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.SharedData;
import org.orrery.graph.Adjacency;
import org.orrery.losses.CrossEntropy;
import org.orrery.messagepassing.SparseRows;
import org.orrery.metrics.Metrics;
import org.orrery.nn.Mode;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.History;
import org.orrery.training.Trainer;
import org.orrery.training.TrainingRun;

/// Classifies the papers of a citation network with a published model and the settings of its paper.
///
/// The validation papers alone decide when training stops and which weights are kept; the test papers are looked at once,
/// at the end.
public final class Cora {
  private static final String LOSS = "validation_loss";
  private static final String ACCURACY = "validation_accuracy";

  private Cora() {
  }

  /// One training.
  ///
  /// @param test share of the test papers whose subject was found
  /// @param validation share of the validation papers, with the weights kept
  /// @param epochs that were run
  /// @param best the epoch whose weights were kept
  public record Run(double test, double validation, int epochs, long best) {
  }

  /// Several trainings that differ in their seed.
  ///
  /// @param recipe that was followed
  /// @param published the test accuracy that the recipe's paper reports for these papers, in per cent; NaN where it has none
  /// @param runs in order
  public record Report(Recipe recipe, double published, List<Run> runs) {
    /// The mean test accuracy, in per cent.
    public double mean() {
      return runs.stream().mapToDouble(run -> 100 * run.test()).average().orElse(Double.NaN);
    }

    /// The standard deviation of the test accuracy over the runs (n - 1), in per cent; 0 for one run.
    public double standardDeviation() {
      double mean = mean();
      double sum = runs.stream().mapToDouble(run -> Math.pow(100 * run.test() - mean, 2)).sum();
      return runs.size() < 2 ? 0 : Math.sqrt(sum / (runs.size() - 1));
    }

    /// One line.
    @Override
    public String toString() {
      String paper = Double.isNaN(published) ? "" : String.format(Locale.ROOT, "; the paper has %.1f %%", published);
      return String.format(Locale.ROOT, "%s  test accuracy %.2f +- %.2f %% (mean and standard deviation of %d %s%s)",
          recipe, mean(), standardDeviation(), runs.size(), runs.size() == 1 ? "run" : "runs", paper);
    }
  }

  /// How runs are run, and who is told of them.
  public interface Listener {
    /// How a run is run.
    default TrainingRun training(int run) {
      return TrainingRun.silent();
    }

    /// A run is over.
    default void finished(int run, Run result) {
    }
  }

  /// Trains once. The same key gives the same bits.
  ///
  /// @param epochs the most that are run
  public static Run train(CitationNetwork network, Recipe recipe, int epochs, Key key, TrainingRun run) {
    CitationModel model = recipe.create(network, key.fold("model"));
    Adjacency citations = network.graph().adjacency();
    Indices train = network.graph().mask(CitationNetwork.TRAIN);
    Indices subjects = network.subjectsOf(CitationNetwork.TRAIN);
    CrossEntropy crossEntropy = new CrossEntropy();
    Trainer<CitationModel, SparseRows> trainer = Trainer
        .of(model, (CitationModel m, SparseRows words, Mode mode) -> crossEntropy
            .mean(m.logits(citations, words, mode).gatherRows(train), subjects),
            new Adam().on(recipe.groups(model)))
        .rate(Schedule.constant(recipe.rate())).key(key.fold("training"))
        .validation(m -> validate(network, m))
        .keepBest(LOSS, Goal.LOWEST).patience(recipe.patience());
    History history = run.train(trainer, Batches.fullBatch(network.wordFrequencies()), epochs);
    History.Row best = history.rows().stream().reduce((a, b) -> b.value(LOSS) < a.value(LOSS) ? b : a).orElseThrow();
    return new Run(accuracy(network, model, CitationNetwork.TEST), best.value(ACCURACY), history.rows().size(),
        best.epoch());
  }

  private static Map<String, Double> validate(CitationNetwork network, CitationModel model) {
    Tensor scores = scores(network, model, CitationNetwork.VALIDATION);
    Indices subjects = network.subjectsOf(CitationNetwork.VALIDATION);
    return Map.of(LOSS, (double) new CrossEntropy().mean(scores, subjects).item(), ACCURACY,
        Metrics.accuracy(scores, subjects));
  }

  private static double accuracy(CitationNetwork network, CitationModel model, String mask) {
    return Metrics.accuracy(Tensor.unrecorded(() -> scores(network, model, mask)), network.subjectsOf(mask));
  }

  private static Tensor scores(CitationNetwork network, CitationModel model, String mask) {
    return model.logits(network.graph().adjacency(), network.wordFrequencies(), Mode.inference())
        .gatherRows(network.graph().mask(mask));
  }

  /// Trains several times: run r takes the key `Key.of(seed).fold(r)`.
  public static Report repeat(CitationNetwork network, Recipe recipe, int runs, int epochs, long seed,
      Listener listener) {
    List<Run> results = new ArrayList<>();
    for (int r = 0; r < runs; r++) {
      Run run = train(network, recipe, epochs, Key.of(seed).fold(r), listener.training(r));
      results.add(run);
      listener.finished(r, run);
    }
    return new Report(recipe, recipe.published(network), List.copyOf(results));
  }

  /// What the attention network of Velickovic et al. 2018 finds with given weights, such as those they published for Cora.
  ///
  /// @param weights a NumPy archive
  /// @throws IOException where they do not fit
  public static String published(CitationNetwork network, Path weights) throws IOException {
    return "gat with the weights of " + weights + "  " + PublishedGat.read(weights, network).accuracy(network);
  }

  /// The folder of the data: the one given, else `shared/data/cora` beside or above the checkout.
  ///
  /// @throws IOException where there is none, naming the option
  public static Path folder(@Nullable Path given) throws IOException {
    if (given != null) {
      return given;
    }
    return SharedData.folder("cora").orElseThrow(() -> new IOException(
        "no folder shared/data/cora beside or above the checkout; name the folder with edges.csv, nodes.csv and "
            + "features.mtx by --data DIR"));
  }
}
