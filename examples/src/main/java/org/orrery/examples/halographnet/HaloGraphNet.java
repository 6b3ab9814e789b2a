package org.orrery.examples.halographnet;

import java.io.IOException;
import java.nio.file.Path;
import org.orrery.graph.Graph;
import org.orrery.io.PyTorchFile;
import org.orrery.layers.EdgeConv;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.Pooling;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.State;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// HaloGraphNet: an edge convolution over the galaxies of a halo, pooling, and a perceptron. Villanueva-Domingo et al. 2022
/// (ApJ 935, 30). Its parameters have the names of the published checkpoints.
///
/// Shape: nodes `[galaxies, 6]` and globals `[halos, 2]`, as [Halo] makes them, to `[halos, 2]`: the mean and (up to its
/// sign) the standard deviation of log10 M_200c / (1e10 solar masses / h).
///
/// @param message f of the edge convolution, from `[x_i ; x_j - x_i]`
/// @param readout from the pooled galaxies and the globals
public record HaloGraphNet(Mlp message, Mlp readout) implements Block {
  private static final int FEATURES = 6;
  private static final int GLOBALS = 2;
  private static final int HIDDEN = 300;
  private static final int CHANNELS = 100;
  private static final Pooling POOLING = new Pooling(
      Aggregation.several(Aggregation.sum(), Aggregation.mean(), Aggregation.max()));

  /// A network of the published widths.
  public static HaloGraphNet create(Key key) {
    return new HaloGraphNet(Mlp.create(key.fold("message"), 2 * FEATURES, HIDDEN, HIDDEN, CHANNELS),
        Mlp.create(key.fold("readout"), 3 * CHANNELS + GLOBALS, CHANNELS, CHANNELS, 2));
  }

  /// The network with the weights of a PyTorch checkpoint.
  ///
  /// @throws IOException where the file is no such checkpoint
  /// @throws IllegalArgumentException listing the tensors that do not fit
  public static HaloGraphNet load(Path checkpoint) throws IOException {
    HaloGraphNet network = create(Key.of(0));
    State.load(checkpoint.toString(), network, PyTorchFile.read(checkpoint).tensors());
    return network;
  }

  /// Mean and standard deviation, `[halos, 2]`.
  public Tensor apply(Graph halos, Mode mode) {
    Tensor globals = halos.globals();
    if (globals == null) {
      throw new IllegalArgumentException("HaloGraphNet: the graph has no globals; [halos, 2] is required");
    }
    Tensor h = EdgeConv.create(message).apply(halos.adjacency(), halos.nodes(), mode).relu();
    return readout.apply(Tensor.concat(1, POOLING.apply(halos.withNodes(h)), globals), mode);
  }

  @Override
  public void describe(Parts parts) {
    parts.block("layers.0.mlp", message).block("lin", readout);
  }
}
