package org.orrery.examples.cosmographnet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Graph;
import org.orrery.io.FormatException;
import org.orrery.io.PyTorchFile;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.GraphNetwork;
import org.orrery.messagepassing.GraphNetwork.EdgeTerm;
import org.orrery.messagepassing.GraphNetwork.NodeTerm;
import org.orrery.messagepassing.Pooling;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.State;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// CosmoGraphNet: graph-network blocks over the galaxies of a field, pooling, and a perceptron. Villanueva-Domingo &
/// Villaescusa-Navarro 2022 (ApJ 937, 115). Its parameters have the names of the published checkpoints.
///
/// Each block updates edges with `[x_j ; x_i ; e_ij]`, then nodes with `[x_i ; sum e ; max e ; mean e ; u]`; from the
/// second on, each is added to what it was. The readout takes `[sum x ; mean x ; max x ; u]`.
///
/// Shape: nodes `[galaxies, features]`, edges `[edges, features]`, globals `[fields, 1]`, to `[fields, outputs]`; as published, and as
/// [GalaxyField] makes them, 4 and 3 features to 2 outputs:
/// mean and standard deviation of (Omega_m - 0.1) / 0.4.
public final class CosmoGraphNet implements Block {
  private static final int MOST_BLOCKS = 64;
  private static final Pooling POOLING = new Pooling(
      Aggregation.several(Aggregation.sum(), Aggregation.mean(), Aggregation.max()));
  private static final GraphNetwork.Wiring WIRING = new GraphNetwork.Wiring(
      List.of(EdgeTerm.SENDER, EdgeTerm.RECEIVER, EdgeTerm.EDGE),
      List.of(NodeTerm.NODE, NodeTerm.RECEIVED, NodeTerm.GLOBAL), List.of(),
      Aggregation.several(Aggregation.sum(), Aggregation.max(), Aggregation.mean()), Aggregation.sum(),
      Aggregation.sum());

  private final List<Round> blocks;
  private final @Nullable Mlp readout;

  private record Round(Mlp edges, Mlp nodes) {
    /// Edges first, then nodes, which read the new edges.
    ///
    /// @param residual whether both are added to what they were
    Graph apply(Graph graph, boolean residual, Mode mode) {
      Graph after = new GraphNetwork(edges, null, null, WIRING).apply(graph, mode);
      if (residual) {
        after = after.withEdges(required(after.edges()).add(required(graph.edges())));
      }
      after = new GraphNetwork(null, nodes, null, WIRING).apply(after, mode);
      return residual ? after.withNodes(after.nodes().add(graph.nodes())) : after;
    }
  }

  private CosmoGraphNet(List<Round> blocks, @Nullable Mlp readout) {
    this.blocks = List.copyOf(blocks);
    this.readout = readout;
  }

  /// What a network reads and how large it is.
  ///
  /// @param nodeFeatures columns of the nodes
  /// @param edgeFeatures columns of the edges
  /// @param blocks one after the other
  /// @param channels of nodes, edges and hidden layers
  /// @param outputs of the readout; 0 for none, where somebody else reads what is [#pooled]
  public record Options(int nodeFeatures, int edgeFeatures, int blocks, int channels, int outputs) {
    /// @throws IllegalArgumentException where a number is not positive, or there are too many blocks
    public Options {
      if (blocks < 1 || blocks > MOST_BLOCKS) {
        throw new IllegalArgumentException(
            "CosmoGraphNet: " + blocks + " blocks; 1 to " + MOST_BLOCKS + " are required");
      }
      if (nodeFeatures < 1 || edgeFeatures < 1 || channels < 1 || outputs < 0) {
        throw new IllegalArgumentException("CosmoGraphNet: " + nodeFeatures + " features of nodes, " + edgeFeatures
            + " of edges, " + channels + " channels, " + outputs
            + " outputs; positive numbers, and 0 or more outputs, are required");
      }
    }

    /// Galaxies with mass, radius, metallicity and velocity; mean and standard deviation of one parameter. Villanueva-Domingo &
    /// Villaescusa-Navarro 2022.
    public static Options cosmoGraphNet(int blocks, int channels) {
      return new Options(4, 3, blocks, channels, 2);
    }

    /// Galaxies with their velocity along the line of sight alone. de Santi et al. 2023.
    public static Options deSanti(int blocks, int channels) {
      return new Options(1, 3, blocks, channels, 2);
    }
  }

  /// The published network with so many blocks and channels.
  ///
  /// @throws IllegalArgumentException where there is no block, or no channel
  public static CosmoGraphNet create(int blocks, int channels, Key key) {
    return create(Options.cosmoGraphNet(blocks, channels), key);
  }

  /// A network of these sizes.
  public static CosmoGraphNet create(Options options, Key key) {
    int blocks = options.blocks();
    int channels = options.channels();
    List<Round> list = new ArrayList<>();
    for (int k = 0; k < blocks; k++) {
      int nodes = k == 0 ? options.nodeFeatures() : channels;
      int edges = k == 0 ? options.edgeFeatures() : channels;
      Key own = key.fold(k);
      list.add(new Round(Mlp.create(own.fold("edges"), 2 * nodes + edges, channels, channels),
          Mlp.create(own.fold("nodes"), nodes + 3 * channels + 1, channels, channels)));
    }
    return new CosmoGraphNet(list, options.outputs() == 0
        ? null
        : Mlp.create(key.fold("readout"), 3 * channels + 1, channels, channels, channels, options.outputs()));
  }

  /// The network of a PyTorch checkpoint, with as many blocks and channels as that has.
  ///
  /// @throws IOException where the file is no such checkpoint
  /// @throws IllegalArgumentException listing the tensors that do not fit
  public static CosmoGraphNet load(Path checkpoint) throws IOException {
    Map<String, Tensor> weights = PyTorchFile.read(checkpoint).tensors();
    int blocks = 0;
    while (weights.containsKey("layers." + blocks + ".edge_model.edge_mlp.0.weight") && blocks <= MOST_BLOCKS) {
      blocks++;
    }
    Tensor first = weights.get("layers.0.edge_model.edge_mlp.0.weight");
    if (first == null || first.rank() != 2 || first.rows() < 1 || blocks > MOST_BLOCKS) {
      throw new FormatException(checkpoint + ": no CosmoGraphNet: layers.0.edge_model.edge_mlp.0.weight, a matrix, and "
          + "at most " + MOST_BLOCKS + " layers are required; there are " + weights.keySet());
    }
    CosmoGraphNet network = create(blocks, first.rows(), Key.of(0));
    State.load(checkpoint.toString(), network, weights);
    return network;
  }

  /// As published, mean and standard deviation, `[fields, outputs]`.
  ///
  /// @throws IllegalStateException where there is no readout
  public Tensor apply(Graph fields, Mode mode) {
    if (readout == null) {
      throw new IllegalStateException("CosmoGraphNet: no outputs; what is pooled can be read");
    }
    return readout.apply(pooled(nodes(fields, mode)), mode);
  }

  /// The fields with the features of the last block.
  public Graph nodes(Graph fields, Mode mode) {
    Graph now = fields;
    for (int k = 0; k < blocks.size(); k++) {
      now = blocks.get(k).apply(now, k > 0, mode);
    }
    return now;
  }

  /// What the readout takes, `[fields, 3 channels + 1]`.
  public Tensor pooled(Graph last) {
    return Tensor.concat(1, POOLING.apply(last), required(last.globals()));
  }

  private static Tensor required(@Nullable Tensor features) {
    if (features == null) {
      throw new IllegalArgumentException(
          "CosmoGraphNet: the graph has no features of edges or globals; [edges, features] and [fields, 1] are required");
    }
    return features;
  }

  @Override
  public void describe(Parts parts) {
    for (int k = 0; k < blocks.size(); k++) {
      parts.block("layers." + k + ".edge_model.edge_mlp", blocks.get(k).edges());
      parts.block("layers." + k + ".node_model.node_mlp", blocks.get(k).nodes());
    }
    if (readout != null) {
      parts.block("outlayer", readout);
    }
  }
}
