package org.orrery.examples.karate;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.orrery.graph.Graph;
import org.orrery.io.WholeFile;
import org.orrery.losses.CrossEntropy;
import org.orrery.nn.Mode;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.Trainer;

/// Learns the sides of the karate club from two members, the instructor and the administrator, and from who met whom.
public final class Karate {
  private static final int HIDDEN = 16;
  private static final int EPOCHS = 200;
  private static final double RATE = 0.01;
  private static final double WEIGHT_DECAY = 5e-4;

  private Karate() {
  }

  /// What was learned.
  ///
  /// @param club who met whom
  /// @param embedding where each member stands in the plane, `[34, 2]`
  /// @param predicted the side of each member
  /// @param line between the predicted sides
  /// @param loss of the two labeled members in the last epoch
  public record Result(KarateClub club, Tensor embedding, Indices predicted, Line line, double loss) {
    /// The nodes whose side was not found, labeled or not.
    public List<Integer> wrong() {
      Indices truth = club.graph().labels(KarateClub.FACTION);
      List<Integer> wrong = new ArrayList<>();
      for (int node = 0; node < truth.size(); node++) {
        if (truth.at(node) != predicted.at(node)) {
          wrong.add(node);
        }
      }
      return wrong;
    }

    /// The share of the members that were not labeled whose side was found.
    public double accuracy() {
      Indices labeled = club.graph().mask(KarateClub.LABELED);
      int asked = predicted.size() - labeled.size();
      long wrong = wrong().stream().filter(node -> node != labeled.at(0) && node != labeled.at(1)).count();
      return 1 - wrong / (double) asked;
    }
  }

  /// The points (x, y) with a x + b y + c = 0; where that is positive, the model predicts the administrator's side.
  ///
  /// @param a of x
  /// @param b of y
  /// @param c constant
  public record Line(double a, double b, double c) {
  }

  /// Trains from a seed. The same seed gives the same bits.
  public static Result train(long seed) {
    KarateClub club = KarateClub.create();
    Graph graph = club.graph();
    Indices labeled = graph.mask(KarateClub.LABELED);
    Indices sides = graph.labels(KarateClub.FACTION).at(labeled);
    Key key = Key.of(seed);
    KarateModel model = KarateModel.create(graph.nodes().columns(), HIDDEN, key.fold("model"));
    double loss = Trainer
        .of(model,
            (KarateModel m, Graph g, Mode mode) -> new CrossEntropy().mean(m.logits(g, mode).gatherRows(labeled),
                sides),
            new Adam().withWeightDecay(WEIGHT_DECAY).on(model))
        .rate(Schedule.constant(RATE)).key(key.fold("training"))
        .train(Batches.fullBatch(graph), EPOCHS).last().trainLoss();
    return Tensor.unrecorded(() -> {
      Tensor embedding = model.embedding(graph, Mode.inference());
      Indices predicted = model.classifier().apply(embedding).argmax(1);
      return new Result(club, embedding, predicted, line(model), loss);
    });
  }

  private static Line line(KarateModel model) {
    double[] w = model.classifier().weight().value().toDoubles();
    double[] b = model.classifier().apply(Tensor.zeros(1, 2)).toDoubles();
    return new Line(w[2] - w[0], w[3] - w[1], b[1] - b[0]);
  }

  /// Trains, says what came out and draws it.
  ///
  /// @throws IOException where the figure cannot be written
  public static void run(long seed, Path figure, PrintWriter out) throws IOException {
    WholeFile.requireWritable(figure);
    Result result = train(seed);
    List<Integer> wrong = result.wrong();
    int members = result.predicted().size();
    out.println("Zachary's karate club: 34 members, 78 ties, 2 members labeled (the instructor and the administrator)");
    out.printf(Locale.ROOT, "accuracy  %.1f %% of the 32 others (%d of %d members right)%n", 100 * result.accuracy(),
        members - wrong.size(), members);
    if (!wrong.isEmpty()) {
      out.println("wrong  " + String.join(", ", wrong.stream()
          .map(node -> "member " + result.club().number(node)).toList()));
    }
    KarateFigure.write(result, figure);
    out.println("figure    " + figure);
    out.flush();
  }
}
