package org.orrery.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;

/// Everyone to everyone, graph by graph, oneself included: what attention without a mask runs along. Several graphs of different sizes
/// stand side by side without padding; senders and receivers may be different sets. Edges come receiver by receiver, senders ascending.
///
/// With [Order#CAUSAL] a receiver hears only what stands before it and itself: receiver i of n hears the senders up to i + m - n of m,
/// so that the last receiver hears all.
public final class Complete implements Adjacency {
  /// Who hears whom.
  public enum Order {
    /// everyone
    ALL,
    /// those before and oneself
    CAUSAL,
    /// those after and oneself: the reverse
    ANTICAUSAL
  }

  private final Indices senderOffsets;
  private final Indices receiverOffsets;
  private final Order order;
  private final @Nullable Complete reverse;
  private volatile @Nullable Sparse sparse;

  private Complete(Indices senderOffsets, Indices receiverOffsets, Order order, @Nullable Complete reverse) {
    this.senderOffsets = senderOffsets;
    this.receiverOffsets = receiverOffsets;
    this.order = order;
    this.reverse = reverse;
  }

  /// One graph of so many nodes.
  public static Complete of(int nodes, Order order) {
    return ofSizes(Indices.of(nodes), Indices.of(nodes), order);
  }

  /// So many graphs of so many nodes each.
  ///
  /// @throws IllegalArgumentException where a number is negative
  public static Complete ofEqualSizes(int graphs, int nodes, Order order) {
    if (graphs < 0) {
      throw new IllegalArgumentException("complete graphs: " + graphs + " graphs; 0 or more are required");
    }
    int[] sizes = new int[graphs];
    Arrays.fill(sizes, nodes);
    return ofSizes(Indices.of(sizes), Indices.of(sizes), order);
  }

  /// The complete graphs over the nodes of each graph of a batch, whatever its edges.
  public static Complete of(Graph graph, Order order) {
    Indices offsets = graph.offsets();
    return new Complete(offsets, offsets, order, null);
  }

  /// Graphs of these numbers of nodes.
  public static Complete ofSizes(Indices nodes, Order order) {
    return ofSizes(nodes, nodes, order);
  }

  /// Graphs of these numbers of senders and receivers.
  ///
  /// @throws IllegalArgumentException where there is not one of each a graph, or one is negative
  public static Complete ofSizes(Indices senders, Indices receivers, Order order) {
    if (senders.size() != receivers.size()) {
      throw new IllegalArgumentException("complete graphs: " + senders.size() + " numbers of senders and "
          + receivers.size() + " of receivers; one of each a graph is required");
    }
    return new Complete(offsets(senders), offsets(receivers), order, null);
  }

  private static Indices offsets(Indices sizes) {
    int[] offsets = new int[sizes.size() + 1];
    double nodes = 0;
    for (int g = 0; g < sizes.size(); g++) {
      if (sizes.at(g) < 0) {
        throw new IllegalArgumentException(
            "complete graphs: graph " + g + " has " + sizes.at(g) + " nodes; 0 or more are required");
      }
      offsets[g + 1] = offsets[g] + sizes.at(g);
      nodes += sizes.at(g);
    }
    EdgeMemory.count("complete graphs", "nodes", nodes);
    return Indices.of(offsets);
  }

  /// The complete graphs that an adjacency is: itself, or a union of some of one order.
  public static Optional<Complete> in(Adjacency adjacency) {
    return switch (adjacency) {
      case Complete complete -> Optional.of(complete);
      case DisjointUnion union -> joined(union.parts());
      default -> Optional.empty();
    };
  }

  private static Optional<Complete> joined(List<Adjacency> parts) {
    List<Complete> all = new ArrayList<>();
    for (Adjacency part : parts) {
      if (!(part instanceof Complete complete) || (!all.isEmpty() && complete.order != all.getFirst().order)) {
        return Optional.empty();
      }
      all.add(complete);
    }
    return all.isEmpty()
        ? Optional.empty()
        : Optional
            .of(ofSizes(sizes(all, Complete::sendersOf), sizes(all, Complete::receiversOf), all.getFirst().order));
  }

  private static Indices sizes(List<Complete> all, ToIntBiFunction<Complete, Integer> size) {
    List<Integer> sizes = new ArrayList<>();
    for (Complete complete : all) {
      for (int g = 0; g < complete.graphs(); g++) {
        sizes.add(size.applyAsInt(complete, g));
      }
    }
    return Indices.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  /// How many graphs.
  public int graphs() {
    return senderOffsets.size() - 1;
  }

  /// Where the senders of each graph start, and where the last end.
  public Indices senderOffsets() {
    return senderOffsets;
  }

  /// Where the receivers of each graph start, and where the last end.
  public Indices receiverOffsets() {
    return receiverOffsets;
  }

  /// Who hears whom.
  public Order order() {
    return order;
  }

  private int sendersOf(int graph) {
    return senderOffsets.at(graph + 1) - senderOffsets.at(graph);
  }

  private int receiversOf(int graph) {
    return receiverOffsets.at(graph + 1) - receiverOffsets.at(graph);
  }

  private int first(int graph, int receiver) {
    return order == Order.ANTICAUSAL
        ? Math.clamp((long) receiver + sendersOf(graph) - receiversOf(graph), 0, sendersOf(graph))
        : 0;
  }

  private int end(int graph, int receiver) {
    return order == Order.CAUSAL
        ? Math.clamp((long) receiver + 1 + sendersOf(graph) - receiversOf(graph), 0, sendersOf(graph))
        : sendersOf(graph);
  }

  @Override
  public int senders() {
    return senderOffsets.at(graphs());
  }

  @Override
  public int receivers() {
    return receiverOffsets.at(graphs());
  }

  /// How many pairs, more than an int counts among them.
  public long pairs() {
    long pairs = 0;
    for (int g = 0; g < graphs(); g++) {
      if (order == Order.ALL) {
        pairs += (long) sendersOf(g) * receiversOf(g);
      } else {
        for (int r = 0; r < receiversOf(g); r++) {
          pairs += end(g, r) - first(g, r);
        }
      }
    }
    return pairs;
  }

  /// @throws ArithmeticException where there are more than an int counts; kernels do without
  @Override
  public int edges() {
    long pairs = pairs();
    if (pairs > Integer.MAX_VALUE) {
      throw new ArithmeticException(
          "complete graphs: " + pairs + " edges; a list holds at most " + Integer.MAX_VALUE + ", attention needs none");
    }
    return (int) pairs;
  }

  @Override
  public Sparse sparse() {
    Sparse known = sparse;
    if (known == null) {
      known = reverse == null ? list() : reverse.sparse().reversed();
      sparse = known;
    }
    return known;
  }

  private Sparse list() {
    EdgeMemory.require("complete graphs", "edges", edges(), "attention needs no list");
    int[] from = new int[edges()];
    int[] to = new int[from.length];
    int e = 0;
    for (int g = 0; g < graphs(); g++) {
      for (int r = 0; r < receiversOf(g); r++) {
        for (int s = first(g, r); s < end(g, r); s++) {
          from[e] = senderOffsets.at(g) + s;
          to[e++] = receiverOffsets.at(g) + r;
        }
      }
    }
    return Sparse.of(senders(), receivers(), Indices.wrap(from), Indices.wrap(to), null);
  }

  /// Everyone who was heard hears: senders and receivers change places, and the edges keep their order.
  @Override
  public Complete reversed() {
    if (reverse != null) {
      return reverse;
    }
    Order back = switch (order) {
      case ALL -> Order.ALL;
      case CAUSAL -> Order.ANTICAUSAL;
      case ANTICAUSAL -> Order.CAUSAL;
    };
    return new Complete(receiverOffsets, senderOffsets, back, this);
  }

  @Override
  public String toString() {
    return "Complete[" + graphs() + (graphs() == 1 ? " graph, " : " graphs, ") + senders() + " senders, " + receivers()
        + " receivers, " + order + "]";
  }
}
