package org.orrery.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;

/// SequenceGraphs side by side: within each, an edge runs from every node to the next, i -> i + 1. One sequence is a path; a
/// batch holds sequences of any lengths, one after the other, without padding and without an object for each.
///
/// Edges stand in the order of the sequences. [#reversed()] turns every edge round; what runs along it reads each
/// sequence from its end.
public final class Sequences implements Adjacency {
  /// Which way the edges of a path run.
  private enum Direction {
    FORWARD, BACKWARD
  }

  private final Segments sequences;
  private final int edges;
  private final Direction direction;
  private volatile @Nullable Sequences reverse;
  private volatile @Nullable Sparse sparse;
  private volatile @Nullable Steps steps;

  private Sequences(Segments sequences, int edges, Direction direction, @Nullable Sequences reverse) {
    this.sequences = sequences;
    this.edges = edges;
    this.direction = direction;
    this.reverse = reverse;
  }

  /// One sequence for each length; a length may be 0.
  ///
  /// @throws IllegalArgumentException where a length is negative
  /// @throws ArithmeticException where there are more than 2^31 - 1 nodes
  public static Sequences of(int... lengths) {
    int[] offsets = new int[lengths.length + 1];
    double nodes = 0;
    int edges = 0;
    for (int s = 0; s < lengths.length; s++) {
      if (lengths[s] < 0) {
        throw new IllegalArgumentException(
            "path: sequence " + s + " has length " + lengths[s] + "; 0 or more is required");
      }
      offsets[s + 1] = offsets[s] + lengths[s];
      nodes += lengths[s];
      edges += Math.max(0, lengths[s] - 1);
    }
    EdgeMemory.count("path", "nodes", nodes);
    return new Sequences(Segments.ofOffsets(Indices.wrap(offsets)), edges, Direction.FORWARD, null);
  }

  /// So many sequences of one length.
  ///
  /// @throws IllegalArgumentException where a number is negative
  public static Sequences ofEqualLengths(int sequences, int length) {
    if (sequences < 0) {
      throw new IllegalArgumentException("path: " + sequences + " sequences; 0 or more are required");
    }
    int[] lengths = new int[sequences];
    Arrays.fill(lengths, length);
    return of(lengths);
  }

  /// The sequences that an adjacency is: itself, or a union of paths of one direction, in their order.
  public static Optional<Sequences> in(Adjacency adjacency) {
    return switch (adjacency) {
      case Sequences path -> Optional.of(path);
      case DisjointUnion union -> joined(union.parts());
      default -> Optional.empty();
    };
  }

  private static Optional<Sequences> joined(List<Adjacency> parts) {
    List<Integer> lengths = new ArrayList<>();
    boolean reversed = !parts.isEmpty() && parts.getFirst() instanceof Sequences first && first.isReversed();
    for (Adjacency part : parts) {
      if (!(part instanceof Sequences path) || path.isReversed() != reversed) {
        return Optional.empty();
      }
      for (int s = 0; s < path.sequences.count(); s++) {
        lengths.add(path.length(s));
      }
    }
    Sequences joined = of(lengths.stream().mapToInt(Integer::intValue).toArray());
    return parts.isEmpty() ? Optional.empty() : Optional.of(reversed ? joined.reversed() : joined);
  }

  /// The nodes grouped by their sequence.
  public Segments sequences() {
    return sequences;
  }

  /// How many nodes, in all sequences together.
  public int nodes() {
    return sequences.members();
  }

  /// How many nodes a sequence has.
  public int length(int sequence) {
    return sequences.size(sequence);
  }

  /// Whether edges run from each node to the one before it.
  public boolean isReversed() { return direction == Direction.BACKWARD; }

  @Override
  public int senders() {
    return nodes();
  }

  @Override
  public int receivers() {
    return nodes();
  }

  @Override
  public int edges() {
    return edges;
  }

  @Override
  public Sequences reversed() {
    Sequences known = reverse;
    if (known == null) {
      known = new Sequences(sequences, edges, isReversed() ? Direction.FORWARD : Direction.BACKWARD, this);
      reverse = known;
    }
    return known;
  }

  @Override
  public Sparse sparse() {
    Sparse known = sparse;
    if (known == null) {
      known = isReversed() ? reversed().sparse().reversed() : list();
      sparse = known;
    }
    return known;
  }

  private Sparse list() {
    int[] from = new int[edges];
    int[] to = new int[edges];
    int e = 0;
    for (int s = 0; s < sequences.count(); s++) {
      for (int i = sequences.offsets().at(s); i < sequences.offsets().at(s + 1) - 1; i++) {
        from[e] = i;
        to[e++] = i + 1;
      }
    }
    return Sparse.of(nodes(), Indices.wrap(from), Indices.wrap(to));
  }

  /// Where each node stands in rows of sequences padded to one length: row `sequence longest + position`. With it,
  /// `padded.gatherRows(slots)` packs `[sequences longest, width]` and `packed.segmentSum(slots)` pads again, with zeros.
  ///
  /// @throws IllegalArgumentException where a sequence is longer
  /// @throws ArithmeticException where there are more than 2^31 - 1 rows
  public Segments padded(int longest) {
    int rows = EdgeMemory.count("path", "rows", (double) sequences.count() * longest);
    int[] slots = new int[nodes()];
    for (int s = 0; s < sequences.count(); s++) {
      if (length(s) > longest) {
        throw new IllegalArgumentException(
            "path: sequence " + s + " has length " + length(s) + "; it does not fit into " + longest);
      }
      int first = sequences.offsets().at(s);
      for (int i = 0; i < length(s); i++) {
        slots[first + i] = s * longest + i;
      }
    }
    return Segments.of(Indices.wrap(slots), rows);
  }

  /// The nodes in the order in which a recurrence visits them.
  ///
  /// Step t holds the t-th node of each sequence that has one, counted along the edges; sequences are sorted by length,
  /// longest first and those of one length in their order, so that those that are still alive come first in every step.
  ///
  /// @param nodes the node of each slot, step after step: `x.gatherRows(nodes)` brings node features into this order
  /// @param slots the slot of each node: `y.gatherRows(slots)` brings results back
  /// @param offsets step t holds the slots `offsets[t]` up to `offsets[t + 1]`
  /// @param sequences the sequences, longest first
  public record Steps(Segments nodes, Segments slots, Indices offsets, Indices sequences) {
  }

  /// The order in which a recurrence visits the nodes; computed once.
  public Steps steps() {
    Steps known = steps;
    if (known == null) {
      known = order();
      steps = known;
    }
    return known;
  }

  private Steps order() {
    int[] sorted = IntStream.range(0, sequences.count()).boxed()
        .sorted(Comparator.comparingInt((Integer s) -> -length(s))).mapToInt(Integer::intValue).toArray();
    int[] offsets = new int[sequences.longest() + 1];
    int[] nodes = new int[nodes()];
    int[] slots = new int[nodes()];
    int slot = 0;
    for (int t = 0; t < offsets.length - 1; t++) {
      for (int k = 0; k < sorted.length && length(sorted[k]) > t; k++) {
        int first = sequences.offsets().at(sorted[k]);
        int node = isReversed() ? first + length(sorted[k]) - 1 - t : first + t;
        nodes[slot] = node;
        slots[node] = slot++;
      }
      offsets[t + 1] = slot;
    }
    return new Steps(Segments.of(Indices.wrap(nodes), nodes()), Segments.of(Indices.wrap(slots), nodes()),
        Indices.wrap(offsets), Indices.wrap(sorted));
  }

  @Override
  public String toString() {
    return "Sequences[" + sequences.count() + (sequences.count() == 1 ? " sequence, " : " sequences, ") + nodes()
        + " nodes"
        + (isReversed() ? ", backward]" : "]");
  }
}
