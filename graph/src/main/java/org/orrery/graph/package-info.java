/// Graphs G(V, E, U): who sends to whom, with features of nodes, edges and the whole.
///
/// | to | use |
/// |---|---|
/// | say who sends to whom | [org.orrery.graph.Sparse], [org.orrery.graph.DisjointUnion] |
/// | put features, targets and masks beside it | [org.orrery.graph.Graph] |
/// | say where nodes are, and get distances that have derivatives | [org.orrery.graph.Graph#builder(org.orrery.graph.space.NeighborList)], [org.orrery.graph.Graph#distances()] |
/// | compute on several graphs at once | [org.orrery.graph.Graph#batch(java.util.List)] |
/// | add and remove edges, and let features follow | [org.orrery.graph.EdgeMap] from `sparse.withSelfLoops()`, `undirected()`, `coalesced()` |
/// | take a part | [org.orrery.graph.Graph#induced], [org.orrery.graph.Sparse#neighborhood] |
/// | normalize weights | [org.orrery.graph.Normalization], [org.orrery.graph.Laplacian] |
/// | use graph algorithms | [org.orrery.graph.JGraphT] |
///
/// ```java
/// Sparse edges = Sparse.of(3, Indices.of(0, 1), Indices.of(1, 2)).undirected().edges();
/// Graph graph = Graph.of(edges, Tensor.ones(3, 1));
/// WeightedEdges a = Normalization.SYMMETRIC.withSelfLoops(edges, null, 1);
/// Tensor messages = graph.nodes().gatherRows(a.edges().bySender()).multiply(a.weights().unsqueeze(1));
/// Tensor received = messages.segmentSum(a.edges().byReceiver()); // one step of a graph convolution
/// ```
///
/// Axes, directions and orders are those of `docs/conventions.md`.
@NullMarked
package org.orrery.graph;

import org.jspecify.annotations.NullMarked;
