package org.orrery.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.orrery.graph.Forest;
import org.orrery.io.FormatException;
import org.orrery.tensor.Indices;

/// Merger trees: which halo became part of which later one.
///
/// Nodes are in the order of the file. Identifiers are the file's, with 64 bits; descendants are places among the
/// nodes. Masses are in M_sun/h, 0 where the file has none; positions `[nodes, 3]` in comoving Mpc/h and velocities
/// `[nodes, 3]` in peculiar km/s, where the file has them. Every descendant is a node, later than its progenitors, and
/// no node is its own descendant over however many steps.
public final class MergerForest {
  private static final long NONE = -1;
  private static final int NAMED = 20;

  private final String source;
  private final OptionalDouble boxSize;
  private final StatedCosmology cosmology;
  private final long[] ids;
  private final int[] descendants;
  private final double[] masses;
  private final double[] scaleFactors;
  private final long[] snapshots;
  private final double[] positions;
  private final double[] velocities;
  private final NumberTable others;
  private final List<OutsideLink> outside;

  private MergerForest(Nodes nodes, int[] descendants, List<OutsideLink> outside) throws FormatException {
    this.source = nodes.source;
    this.boxSize = nodes.boxSize;
    this.cosmology = nodes.cosmology;
    this.ids = nodes.ids;
    this.descendants = descendants;
    this.masses = nodes.masses;
    this.scaleFactors = nodes.scaleFactors;
    this.snapshots = nodes.snapshots;
    this.positions = nodes.positions;
    this.velocities = nodes.velocities;
    this.others = NumberTable.of(nodes.source, nodes.others);
    this.outside = List.copyOf(outside);
  }

  /// What a reader found, in the forest's units. Arrays without numbers are what the file does not have.
  static final class Nodes {
    private final String source;
    private final long[] ids;
    private final long[] descendantIds;
    private final double[] masses;
    private OptionalDouble boxSize = OptionalDouble.empty();
    private StatedCosmology cosmology = StatedCosmology.NONE;
    private double[] scaleFactors = new double[0];
    private long[] snapshots = new long[0];
    private double[] positions = new double[0];
    private double[] velocities = new double[0];
    private List<Column> others = List.of();

    Nodes(String source, long[] ids, long[] descendantIds, double[] masses) {
      this.source = source;
      this.ids = ids;
      this.descendantIds = descendantIds;
      this.masses = masses;
    }

    void universe(OptionalDouble side, StatedCosmology stated) {
      this.boxSize = side;
      this.cosmology = stated;
    }

    void times(double[] factors, long[] numbers) {
      this.scaleFactors = factors;
      this.snapshots = numbers;
    }

    void motion(double[] places, double[] speeds) {
      this.positions = places;
      this.velocities = speeds;
    }

    void others(List<Column> columns) {
      this.others = columns;
    }
  }

  /// @throws FormatException naming the node where ids are not unique, a descendant is missing and not to be listed, is
  ///     not later, or where nodes are a cycle; and where numbers cannot be
  static MergerForest of(Nodes nodes, OutsideLinks policy) throws FormatException {
    String what = nodes.source;
    int size = nodes.ids.length;
    if (size == 0) {
      throw new FormatException(what + ": there is no node; at least one is required");
    }
    requireSize(what, "descendants", nodes.descendantIds.length, size);
    requireSize(what, "masses", nodes.masses.length, size);
    requireSize(what, "scale factors", nodes.scaleFactors.length, nodes.scaleFactors.length == 0 ? 0 : size);
    requireSize(what, "snapshots", nodes.snapshots.length, nodes.snapshots.length == 0 ? 0 : size);
    requireSize(what, "coordinates", nodes.positions.length, nodes.positions.length == 0 ? 0 : 3 * size);
    requireSize(what, "velocity components", nodes.velocities.length, nodes.velocities.length == 0 ? 0 : 3 * size);
    Physical.requireBox(what, nodes.boxSize);
    Physical.requireMasses(what, nodes.masses);
    for (double scaleFactor : nodes.scaleFactors) {
      Physical.requireScaleFactor(what, scaleFactor);
    }
    Physical.wrapTrees(what, nodes.positions, nodes.boxSize);
    Physical.requireVelocities(what, nodes.velocities);
    List<OutsideLink> outside = new ArrayList<>();
    int[] descendants = resolve(nodes, policy, outside);
    requireNoCycle(what, nodes.ids, descendants);
    requireLater(nodes, descendants);
    return new MergerForest(nodes, descendants, outside);
  }

  private static void requireSize(String what, String name, int came, int required) throws FormatException {
    if (came != required) {
      throw new FormatException(what + ": " + came + " " + name + "; " + required + " are required");
    }
  }

  private static int[] resolve(Nodes nodes, OutsideLinks policy, List<OutsideLink> outside) throws FormatException {
    IdentifierIndex index = IdentifierIndex.of(nodes.source, nodes.ids);
    int[] descendants = new int[nodes.ids.length];
    for (int i = 0; i < descendants.length; i++) {
      long target = nodes.descendantIds[i];
      descendants[i] = target == NONE ? -1 : index.placeOf(target);
      if (target != NONE && descendants[i] < 0) {
        if (policy == OutsideLinks.REFUSED) {
          throw new FormatException(nodes.source + ": the descendant of node " + nodes.ids[i] + " is " + target
              + ", which is not there; all descendants are required, or OutsideLinks.LISTED for a part of a forest");
        }
        outside.add(new OutsideLink(nodes.ids[i], target));
      }
    }
    return descendants;
  }

  /// Leaves first; what is never reached lies on a cycle or behind one.
  private static void requireNoCycle(String what, long[] ids, int[] descendants) throws FormatException {
    int size = ids.length;
    int[] waiting = new int[size];
    for (int descendant : descendants) {
      if (descendant >= 0) {
        waiting[descendant]++;
      }
    }
    int[] queue = new int[size];
    int end = 0;
    for (int i = 0; i < size; i++) {
      if (waiting[i] == 0) {
        queue[end++] = i;
      }
    }
    for (int next = 0; next < end; next++) {
      int descendant = descendants[queue[next]];
      if (descendant >= 0 && --waiting[descendant] == 0) {
        queue[end++] = descendant;
      }
    }
    for (int i = 0; i < size && end < size; i++) {
      if (waiting[i] > 0) {
        throw new FormatException(what + ": the nodes " + cycle(ids, descendants, i)
            + " are descendants of themselves; trees without cycles are required");
      }
    }
  }

  private static String cycle(long[] ids, int[] descendants, int start) {
    StringBuilder names = new StringBuilder().append(ids[start]);
    int node = descendants[start];
    for (int count = 1; node != start && count < NAMED; count++) {
      names.append(" -> ").append(ids[node]);
      node = descendants[node];
    }
    return names.append(" -> ").append(node == start ? Long.toString(ids[start]) : "...").toString();
  }

  private static void requireLater(Nodes nodes, int[] descendants) throws FormatException {
    for (int i = 0; i < descendants.length; i++) {
      int to = descendants[i];
      if (to < 0) {
        continue;
      }
      if (nodes.scaleFactors.length > 0 && !(nodes.scaleFactors[to] > nodes.scaleFactors[i])) {
        throw new FormatException(nodes.source + ": node " + nodes.ids[i] + " at scale factor " + nodes.scaleFactors[i]
            + " has the descendant " + nodes.ids[to] + " at " + nodes.scaleFactors[to] + "; a later one is required");
      }
      if (nodes.snapshots.length > 0 && nodes.snapshots[to] <= nodes.snapshots[i]) {
        throw new FormatException(nodes.source + ": node " + nodes.ids[i] + " of snapshot " + nodes.snapshots[i]
            + " has the descendant " + nodes.ids[to] + " of snapshot " + nodes.snapshots[to]
            + "; a later one is required");
      }
    }
  }

  /// Where the numbers come from.
  public String source() {
    return source;
  }

  /// How many nodes there are, at least one.
  public int size() {
    return ids.length;
  }

  /// The side of the periodic box in comoving Mpc/h.
  public OptionalDouble boxSize() {
    return boxSize;
  }

  /// What the file states of its universe.
  public StatedCosmology cosmology() {
    return cosmology;
  }

  /// `[nodes]`: the file's identifiers.
  public long[] ids() {
    return ids.clone();
  }

  /// `[nodes]`: the place of the node that each one became part of, -1 for a root.
  public int[] descendants() {
    return descendants.clone();
  }

  /// `[nodes]`, M_sun/h.
  public double[] masses() {
    return masses.clone();
  }

  /// Whether the file says when nodes are seen, as scale factor or redshift.
  public boolean hasScaleFactors() {
    return scaleFactors.length > 0;
  }

  /// `[nodes]`: 1 / (1 + z).
  ///
  /// @throws IllegalStateException where the file does not say
  public double[] scaleFactors() {
    return present(scaleFactors, "scale factors");
  }

  /// Whether the file has numbers of snapshots.
  public boolean hasSnapshots() {
    return snapshots.length > 0;
  }

  /// `[nodes]`: the number of the snapshot, which grows with time.
  ///
  /// @throws IllegalStateException where the file has none
  public long[] snapshots() {
    if (!hasSnapshots()) {
      throw new IllegalStateException(source + ": snapshots; a file with snapshots is required");
    }
    return snapshots.clone();
  }

  /// Whether the file has positions.
  public boolean hasPositions() {
    return positions.length > 0;
  }

  /// `[nodes, 3]`, comoving Mpc/h.
  ///
  /// @throws IllegalStateException where the file has none
  public double[] positions() {
    return present(positions, "positions");
  }

  /// Whether the file has velocities.
  public boolean hasVelocities() {
    return velocities.length > 0;
  }

  /// `[nodes, 3]`, peculiar km/s.
  ///
  /// @throws IllegalStateException where the file has none
  public double[] velocities() {
    return present(velocities, "velocities");
  }

  private double[] present(double[] values, String name) {
    if (values.length == 0) {
      throw new IllegalStateException(source + ": " + name + "; a file with " + name + " is required");
    }
    return values.clone();
  }

  /// What else was read, with its units.
  public List<Column> columns() {
    return others.columns();
  }

  /// What else was read, by the name that the file gives it.
  ///
  /// @throws FormatException naming the columns that there are, where there is none of that name
  public Column column(String name) throws FormatException {
    return others.column(name);
  }

  /// The links that lead out of what was read; their nodes are roots here. Empty unless [OutsideLinks#LISTED] was asked
  /// for.
  public List<OutsideLink> outsideLinks() {
    return outside;
  }

  /// The trees as a structure to pass messages along, from progenitors to descendants.
  public Forest forest() {
    return Forest.of(Indices.of(descendants));
  }

  /// How many nodes and trees, from where.
  @Override
  public String toString() {
    return forest() + (outside.isEmpty() ? "" : ", " + outside.size() + " links lead out") + ", from " + source;
  }
}
