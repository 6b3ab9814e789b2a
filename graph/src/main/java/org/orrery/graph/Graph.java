package org.orrery.graph;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// A graph G(V, E, U), or a batch of several side by side: who sends to whom, with features of nodes, edges and the whole
/// graphs. Battaglia et al. 2018.
///
/// Nodes V `[nodes, dv]`; edges E `[edges, de]`, in the caller's edge order, or null; globals U `[graphs, du]`, or null.
/// Targets, labels and masks ride along by name, each at its [Level]. Nothing changes a graph: each `with` method gives a
/// new one.
///
/// Where the nodes are may belong to it too: positions, the space around them, and for each edge which image of its sender
/// it means. Distances are functions of the positions, so that an energy of distances has forces:
/// ```java
/// Tensor x = graph.positions().tracked();
/// Tensor energy = model.apply(graph.withPositions(x).distances()).sum();
/// Tensor forces = Gradients.of(energy, List.of(x)).withRespectTo(x).negate();
/// ```
///
/// A graph has one set of nodes. Edges between two different sets are an [Adjacency] that is used directly.
///
/// ```java
/// Graph graph = Graph.builder(Sparse.of(3, Indices.of(0, 1), Indices.of(1, 2)))
///     .nodes(Tensor.of(new float[][]{{1, 0}, {0, 1}, {1, 1}}))
///     .labels("kind", Level.NODE, Indices.of(0, 0, 1))
///     .mask("train", Level.NODE, Indices.of(0, 2))
///     .build();
/// ```
public final class Graph {
  private final Adjacency adjacency;
  private final Tensor nodes;
  private final @Nullable Tensor edges;
  private final @Nullable Tensor globals;
  private final Partition partition;
  private final Attachments attached;
  private final @Nullable Geometry geometry;

  Graph(Adjacency adjacency, Tensor nodes, @Nullable Tensor edges, @Nullable Tensor globals, Partition partition,
      Attachments attached, @Nullable Geometry geometry) {
    this.adjacency = adjacency;
    this.nodes = nodes;
    this.edges = edges;
    this.globals = globals;
    this.partition = partition;
    this.attached = attached;
    this.geometry = geometry;
    requireRows(Level.NODE, nodes);
    requireRows(Level.EDGE, edges);
    requireRows(Level.GRAPH, globals);
    attached.requireFit(this);
  }

  /// One graph with node features alone.
  ///
  /// @throws IllegalArgumentException as [GraphBuilder#build()] says
  public static Graph of(Adjacency adjacency, Tensor nodes) {
    return builder(adjacency).nodes(nodes).build();
  }

  /// Starts a graph with these edges.
  public static GraphBuilder builder(Adjacency adjacency) {
    return new GraphBuilder(adjacency);
  }

  /// Starts the graph of a neighbor list: its edges, positions, space and image shifts.
  public static GraphBuilder builder(NeighborList near) {
    int dimensions = near.space().dimensions();
    double[] positions = near.receiverPositions();
    return builder(near.edges()).space(near.space()).shifts(near.shifts())
        .positions(Tensor.of(positions, positions.length / dimensions, dimensions));
  }

  /// The graphs side by side: features one below the other, the nodes and edges of each part after those of the part
  /// before. Masks are shifted. A part may itself be a batch.
  ///
  /// @throws IllegalArgumentException where the list is empty, or the parts do not carry the same things: features of
  ///         edges or globals in some alone, other widths, other names or levels of targets, labels and masks
  public static Graph batch(List<Graph> graphs) {
    return Batch.join(graphs);
  }

  /// The single graphs, in order: `unbatch` of a `batch` of single graphs gives them back. The entries of a mask keep
  /// their order within each graph.
  public List<Graph> unbatch() {
    return Batch.split(this);
  }

  // ---- looking ----

  /// Who sends to whom.
  public Adjacency adjacency() {
    return adjacency;
  }

  /// The node features V, `[nodes, dv]`.
  public Tensor nodes() {
    return nodes;
  }

  /// The edge features E, `[edges, de]` in the caller's edge order; null where there are none.
  public @Nullable Tensor edges() {
    return edges;
  }

  /// The features of the whole graphs U, `[graphs, du]`; null where there are none.
  public @Nullable Tensor globals() {
    return globals;
  }

  /// How many nodes, in all graphs together.
  public int nodeCount() {
    return adjacency.receivers();
  }

  /// How many edges, in all graphs together.
  public int edgeCount() {
    return adjacency.edges();
  }

  /// How many graphs.
  public int graphCount() {
    return partition.graphs();
  }

  /// How many rows a level has.
  public int count(Level level) {
    return switch (level) {
      case NODE -> nodeCount();
      case EDGE -> edgeCount();
      case GRAPH -> graphCount();
    };
  }

  /// Where the nodes of each graph start; the last entry is the number of nodes.
  public Indices offsets() {
    return partition.offsets();
  }

  /// The nodes by graph: `x.segmentSum(graph.graphOf())` sums over each graph, `u.gatherRows(graph.graphOf())` gives each
  /// node its graph's row.
  public Segments graphOf() {
    return partition.nodes();
  }

  /// The edges by graph.
  public Segments graphOfEdges() {
    return partition.edges();
  }

  /// The target of that name, one row a node, edge or graph.
  ///
  /// @throws IllegalArgumentException listing the names, where there is no such target
  public Tensor target(String name) {
    return Attachments.find(attached.targets(), name, "target").value();
  }

  /// The labels of that name, one a node, edge or graph.
  ///
  /// @throws IllegalArgumentException listing the names, where there are no such labels
  public Indices labels(String name) {
    return Attachments.find(attached.labels(), name, "labels").value();
  }

  /// The positions in the mask of that name: `output.gatherRows(graph.mask("train"))`.
  ///
  /// @throws IllegalArgumentException listing the names, where there is no such mask
  public Indices mask(String name) {
    return Attachments.find(attached.masks(), name, "mask").value();
  }

  /// What the target's rows belong to.
  public Level targetLevel(String name) {
    return Attachments.find(attached.targets(), name, "target").level();
  }

  /// What the labels belong to.
  public Level labelsLevel(String name) {
    return Attachments.find(attached.labels(), name, "labels").level();
  }

  /// What the mask chooses from.
  public Level maskLevel(String name) {
    return Attachments.find(attached.masks(), name, "mask").level();
  }

  /// The names of the targets, ascending.
  public Set<String> targetNames() {
    return attached.targets().keySet();
  }

  /// The names of the labels, ascending.
  public Set<String> labelNames() {
    return attached.labels().keySet();
  }

  /// The names of the masks, ascending.
  public Set<String> maskNames() {
    return attached.masks().keySet();
  }

  // ---- where the nodes are ----

  /// Whether the graph has positions.
  public boolean isPlaced() { return geometry != null; }

  /// Where the nodes are, `[nodes, dimensions]`.
  ///
  /// @throws IllegalStateException where the graph has no positions, as in all that follows from them
  public Tensor positions() {
    return geometry().positions();
  }

  /// The space around each graph, one a graph; as it was before any strain.
  public List<Space> spaces() {
    return geometry().spaces();
  }

  /// The lattice vectors of each graph, `[graphs, dimensions, dimensions]`, one a row, 0 along open axes.
  public Tensor cells() {
    return geometry().cells();
  }

  /// The image shift n of each edge, `[edges, dimensions]`, row-major. It is constant under differentiation.
  public Indices shifts() {
    return geometry().shifts(edgeCount());
  }

  /// x_s - x_r + n . lattice for each edge s -> r of shift n: from the receiver to that image of the sender which the edge
  /// means, `[edges, dimensions]`. It is computed at each call.
  public Tensor displacements() {
    return geometry().displacements(adjacency.sparse(), partition);
  }

  /// The length of each displacement, `[edges, 1]`. At distance 0 all its derivatives are 0.
  public Tensor distances() {
    return Geometry.lengths(displacements());
  }

  /// The volume of each graph's cell, `[graphs]`, before any strain: |det| of its lattice vectors.
  ///
  /// @throws IllegalStateException where a graph is in a space with an open axis
  public Tensor volumes() {
    return geometry().volumes();
  }

  // ---- another graph from this one ----

  /// The same graph with these node features. Shapes are checked; values, which a model may have computed, are not read.
  public Graph withNodes(Tensor features) {
    return new Graph(adjacency, features, edges, globals, partition, attached, geometry);
  }

  /// The same graph with these edge features, or without any.
  public Graph withEdges(@Nullable Tensor features) {
    return new Graph(adjacency, nodes, features, globals, partition, attached, geometry);
  }

  /// The same graph without edge features: for a layer that reads none, and refuses them.
  public Graph withoutEdges() {
    return withEdges(null);
  }

  /// The same graph with these features of the whole graphs, or without any.
  public Graph withGlobals(@Nullable Tensor features) {
    return new Graph(adjacency, nodes, edges, features, partition, attached, geometry);
  }

  /// The same graph with the nodes elsewhere. Each edge keeps its image shift, so that distances follow the positions
  /// smoothly; for edges among new neighbors build another graph.
  ///
  /// @throws IllegalArgumentException where the positions have another shape
  public Graph withPositions(Tensor positions) {
    return new Graph(adjacency, nodes, edges, globals, partition, attached, geometry().withPositions(positions));
  }

  /// The same graph in stretched space: positions x (1 + e) and lattice vectors a (1 + e), as rows, so that displacements
  /// become d (1 + e). The derivative of an energy by a strain of 0, divided by the volume, is the stress:
  /// ```java
  /// Tensor strain = Tensor.zeros(graph.cells().shape()).tracked();
  /// Tensor energy = model.energy(graph.strained(strain));
  /// Tensor stress = Gradients.of(energy.sum(), List.of(strain)).withRespectTo(strain)
  ///     .divide(graph.volumes().reshape(-1, 1, 1));
  /// ```
  ///
  /// @param strain e, `[graphs, dimensions, dimensions]`, or `[dimensions, dimensions]` for all graphs alike
  /// @throws IllegalArgumentException where it has another shape
  public Graph strained(Tensor strain) {
    return new Graph(adjacency, nodes, edges, globals, partition, attached, geometry().strained(strain, partition));
  }

  /// The same graph with one more target, or another in its place.
  public Graph withTarget(String name, Level level, Tensor target) {
    return with(attached.withTarget(name, level, target));
  }

  /// The same graph with more labels, or others in their place.
  public Graph withLabels(String name, Level level, Indices labels) {
    return with(attached.withLabels(name, level, labels));
  }

  /// The same graph with one more mask, or another in its place.
  public Graph withMask(String name, Level level, Indices positions) {
    return with(attached.withMask(name, level, positions));
  }

  /// The same nodes with other edges, such as `graph.rewired(graph.adjacency().sparse().withSelfLoops(), 0)`. Edge
  /// features follow; added edges get `fill`. Image shifts follow; added edges mean the nearest image. Edge-level targets and labels follow where each edge has an old one. Masks
  /// follow; added edges are in none.
  ///
  /// @throws IllegalArgumentException where the map is of other edges, edges were merged, or edges were added and there
  ///         are edge-level targets or labels
  public Graph rewired(EdgeMap map, double fill) {
    return Restructured.rewired(this, map, features -> map.apply(features, fill));
  }

  /// The same nodes with merged edges, such as `graph.rewired(graph.adjacency().sparse().undirected(), Merge.MEAN)`.
  ///
  /// @throws IllegalArgumentException where the map is of other edges, or there are edge-level targets, labels or masks
  public Graph rewired(EdgeMap map, Merge merge) {
    return Restructured.rewired(this, map, features -> map.apply(features, merge));
  }

  /// These nodes and all edges between them, with all that belongs to them; new node i is the old node `kept_i`, so that
  /// a permutation of all nodes renumbers the graph.
  ///
  /// @throws IllegalArgumentException where a node is named twice, or nodes of one graph of a batch come after those of a
  ///         later one
  /// @throws IndexOutOfBoundsException where there is no such node
  public Graph induced(Indices kept) {
    return Restructured.induced(this, kept);
  }

  Graph with(Attachments others) {
    return new Graph(adjacency, nodes, edges, globals, partition, others, geometry);
  }

  Geometry geometry() {
    if (geometry == null) {
      throw new IllegalStateException(
          "graph: it has no positions; Graph.builder(edges).positions(x) or Graph.builder(neighbors) gives them");
    }
    return geometry;
  }

  Partition partition() {
    return partition;
  }

  Attachments attached() {
    return attached;
  }

  private void requireRows(Level level, @Nullable Tensor features) {
    if (features != null && (features.rank() < 2 || features.rows() != count(level))) {
      String what = level == Level.GRAPH ? "globals" : Attachments.singular(level) + " features";
      throw new IllegalArgumentException("graph: " + what + " " + features.shape() + " for " + count(level) + " "
          + Attachments.plural(level) + "; [" + count(level) + ", width] is required");
    }
  }

  /// As in `Graph[3 nodes [3, 2], 2 edges, 1 graph]`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Graph[" + nodeCount() + " nodes " + nodes.shape() + ", " + edgeCount()
        + " edges" + (edges == null ? "" : " " + edges.shape()) + ", " + graphCount()
        + (graphCount() == 1 ? " graph" : " graphs") + (globals == null ? "" : " " + globals.shape())
        + (geometry == null ? "" : ", positions " + geometry.positions().shape()));
    attached.targets().forEach((name, target) -> text.append(", target ").append(name));
    attached.labels().forEach((name, labels) -> text.append(", labels ").append(name));
    attached.masks().forEach((name, mask) -> text.append(", mask ").append(name));
    return text.append("]").toString();
  }
}
