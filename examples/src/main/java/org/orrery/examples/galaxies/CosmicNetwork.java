package org.orrery.examples.galaxies;

import org.orrery.examples.cosmographnet.CosmoGraphNet;
import org.orrery.graph.Graph;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// The blocks of [CosmoGraphNet] over halos, pooled by sum, mean and maximum, beside the globals, and standardized over the boxes of a batch.
///
/// Shape: a batch of graphs as [HaloGraph] makes them, to `[graphs, 3 channels + 1]`.
///
/// @param blocks without their readout
/// @param summary standardizes what is pooled
record CosmicNetwork(CosmoGraphNet blocks, BatchNorm summary) implements BoxNetwork {
  static CosmicNetwork create(HaloGraph input, int rounds, int channels, Key key) {
    CosmoGraphNet.Options options = new CosmoGraphNet.Options(input.nodeWidth(), input.edgeWidth(), rounds, channels,
        0);
    return new CosmicNetwork(CosmoGraphNet.create(options, key), HaloNetwork.standardizing(3 * channels + 1));
  }

  @Override
  public Tensor apply(Graph graph, Mode mode) {
    return summary.apply(blocks.pooled(blocks.nodes(graph, mode)),
        mode);
  }
}
