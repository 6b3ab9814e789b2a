package org.orrery.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.orrery.nn.Block;
import org.orrery.nn.Require;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.History;
import org.orrery.training.Progress;
import org.orrery.training.Trainer;

/// How a head is trained on summaries that are there already, as rows of a table: Adam, batches in an order that the key decides, a rate
/// that falls to 0 along half a cosine. Whoever trains network and head together takes a [Trainer] with [PosteriorHead#loss] as objective.
///
/// @param epochs over the table
/// @param batchSize rows in a batch; those that do not fill one are left out of the epoch
/// @param rate the first learning rate
public record HeadTraining(int epochs, int batchSize, double rate) {
  /// Rows of a table that belong together.
  ///
  /// @param x inputs `[rows, ...]`
  /// @param theta parameters `[rows, dimensions]`
  record Rows(Tensor x, Tensor theta) {
  }

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException naming one that is not positive
  public HeadTraining {
    Require.positive("head training", "epochs", epochs);
    Require.positive("head training", "batch size", batchSize);
    Require.positive("head training", "rate", rate);
  }

  /// Trains a head.
  ///
  /// @param summary `[examples, width]`
  /// @param theta `[examples, dimensions]`
  /// @throws IllegalArgumentException where the shapes do not fit, or there are fewer examples than a batch has
  public History train(PosteriorHead head, Tensor summary, Tensor theta, Key key) {
    return train(head, summary, theta, key, (h, rows, mode) -> h.loss(rows.x(), rows.theta(), mode));
  }

  <M extends Block> History train(M model, Tensor x, Tensor theta, Key key, Trainer.Objective<M, Rows> objective) {
    Require.that(x.rank() >= 1 && theta.rank() == 2 && x.rows() == theta.rows(), "head training",
        "inputs " + x.shape() + " and theta " + theta.shape() + "; as many rows of both are required");
    int batches = x.rows() / batchSize;
    Require.that(batches > 0, "head training",
        x.rows() + " examples for batches of " + batchSize + "; at least one batch is required");
    return Trainer.of(model, objective, new Adam().on(model)).key(key.fold("noise"))
        .rate(Schedule.cosine(rate, epochs * batches, 0)).progress(Progress.silent())
        .train(shuffled(x.rows(), batches, key.fold("order"), chosen -> new Rows(x.gatherRows(chosen),
            theta.gatherRows(chosen))), epochs);
  }

  private Batches<Rows> shuffled(int rows, int batches, Key key, Function<Indices, Rows> gather) {
    return epoch -> {
      int[] order = key.fold(epoch).permutation(rows);
      List<Indices> chosen = new ArrayList<>();
      for (int b = 0; b < batches; b++) {
        chosen.add(Indices.of(Arrays.copyOfRange(order, b * batchSize, (b + 1) * batchSize)));
      }
      return () -> {
        Iterator<Indices> next = chosen.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return next.hasNext();
          }

          @Override
          public Rows next() { // in the scope of its step
            return gather.apply(next.next());
          }
        };
      };
    };
  }
}
