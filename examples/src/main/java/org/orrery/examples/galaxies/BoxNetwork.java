package org.orrery.examples.galaxies;

import java.util.Objects;
import org.orrery.graph.Graph;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// From boxes to summaries that a posterior is made of.
public interface BoxNetwork extends Block {
  /// What boxes become, `[graphs, width]`.
  ///
  /// @param graph a batch, as a [HaloGraph] makes them
  Tensor apply(Graph graph, Mode mode);

  /// What standardizes the summary over the boxes of a batch in training, and by its running moments otherwise.
  BatchNorm summary();

  /// How many numbers a box becomes.
  default int width() {
    return summary().width();
  }

  /// How many batches the running moments have taken in.
  default long batches() {
    return Math.round(Objects.requireNonNull(summary().running()).batches().number());
  }
}
