package org.orrery.examples.galaxies;

import org.orrery.graph.Graph;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// From boxes to summaries that a posterior is made of.
public interface BoxNetwork extends Block {
  /// What boxes become, `[graphs, width]`.
  ///
  /// @param graph a batch, as a [HaloGraph] makes them
  Tensor apply(Graph graph, Mode mode);

  /// How many numbers a box becomes.
  int width();
}
