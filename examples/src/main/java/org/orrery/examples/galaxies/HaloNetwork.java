package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.orrery.graph.Graph;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Pooling;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Activation;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Rounds of message passing over the halos of a box, and pooling: the summary that a posterior is made of.
///
/// `h_i <- h_i + phi([h_i ; 0.3 (sum_j m_ij, max_j m_ij)])` with `m_ij = psi([h_i ; h_j ; e_ij])`, the first round without what was; then
/// the mean and the standard deviation over the box, and its globals, each standardized over the boxes of a batch in training and by its
/// running moments otherwise ([BatchNorm]).
///
/// Boxes differ little in a number that is pooled over hundreds of halos. Without the last step training goes through a valley as much longer than wide,
/// and needs some four times as many epochs.
///
/// Shape: a batch of graphs as [HaloGraph] makes them, to `[graphs, 2 channels + 1]`.
public final class HaloNetwork implements BoxNetwork {
  private static final Aggregation RECEIVED = Aggregation.several(Aggregation.sum(), Aggregation.max());
  private static final Pooling POOLING = new Pooling(
      Aggregation.several(Aggregation.mean(), Aggregation.standardDeviation()));
  private static final double RECEIVED_SCALE = 0.3;

  private final List<MessagePassing> rounds;
  private final BatchNorm summary;

  private HaloNetwork(List<MessagePassing> rounds, BatchNorm summary) {
    this.rounds = List.copyOf(rounds);
    this.summary = summary;
  }

  /// A network.
  ///
  /// @param input the graphs that it will see
  /// @param rounds of message passing, 0 for a set of halos without structure
  /// @param channels of halos and messages
  /// @throws IllegalArgumentException where rounds are negative, or there is no channel
  public static HaloNetwork create(HaloGraph input, int rounds, int channels, Key key) {
    if (rounds < 0 || channels < 1) {
      throw new IllegalArgumentException("halo network: " + rounds + " rounds of " + channels
          + " channels; 0 or more of at least 1 are required");
    }
    List<MessagePassing> list = new ArrayList<>();
    int width = input.nodeWidth();
    for (int round = 0; round < rounds; round++) {
      Key own = key.fold(round);
      Mlp message = Mlp.create(own.fold("message"), 2 * width + input.edgeWidth(), channels, channels)
          .withActivation(Activation.SILU);
      Mlp update = Mlp.create(own.fold("update"), width + 2 * channels, channels, channels)
          .withActivation(Activation.SILU);
      list.add(new MessagePassing(EdgeMlp.of(message), RECEIVED, Update.of(update, HaloNetwork::updated)));
      width = channels;
    }
    return new HaloNetwork(list, standardizing(2 * width + 1));
  }

  /// Batch normalization that takes a single box in training as it does in inference.
  static BatchNorm standardizing(int width) {
    BatchNorm plain = BatchNorm.create(width);
    return new BatchNorm(plain.width(), plain.epsilon(), plain.rescale(), plain.running(),
        BatchNorm.SingleRow.AS_INFERENCE);
  }

  @Override
  public BatchNorm summary() {
    return summary;
  }

  private static Tensor updated(Mlp network, Tensor halos, Tensor received, Mode mode) {
    return network.apply(Tensor.concat(1, halos, received.multiply(RECEIVED_SCALE)), mode);
  }

  @Override
  public Tensor apply(Graph graph, Mode mode) {
    Tensor pooled = POOLING.apply(graph.withNodes(nodes(graph, mode)));
    return summary.apply(Tensor.concat(1, pooled, Objects.requireNonNull(graph.globals())), mode);
  }

  /// The halos after the last round, `[halos, channels]`.
  public Tensor nodes(Graph graph, Mode mode) {
    Tensor nodes = graph.nodes();
    for (int round = 0; round < rounds.size(); round++) {
      Tensor next = rounds.get(round).apply(graph.withNodes(nodes), mode).nodes();
      nodes = round == 0 ? next : nodes.add(next);
    }
    return nodes;
  }
}
