/// Physical space and who is near whom in it.
///
/// | to | use |
/// |---|---|
/// | measure in open space, in a periodic box or cell | [org.orrery.graph.space.Space] |
/// | join all points within a radius, or each with its nearest | [org.orrery.graph.space.NeighborList] |
/// | say more: at most how many, images, two sets, a text for a saved model | [org.orrery.graph.space.NeighborRule] |
///
/// ```java
/// Space box = Space.periodic(100, 100, 100);
/// NeighborList near = NeighborList.within(box, box.wrap(positions), 2.5);
/// Graph graph = Graph.builder(near).nodes(nodes).build(); // with positions, space and image shifts
/// ```
///
/// All but the graph is computed in double precision. Directions and orders are those of `docs/conventions.md`.
@NullMarked
package org.orrery.graph.space;

import org.jspecify.annotations.NullMarked;
