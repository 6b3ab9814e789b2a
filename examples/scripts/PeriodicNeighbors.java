// Neighbors in a crystal: exact, through the faces of the cell, at any radius, in any cell.
//
//   ./orrery run examples/scripts/PeriodicNeighbors.java

import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.NeighborRule;
import org.orrery.graph.space.Space;

void main() {
  // Copper: a face-centered cubic crystal as its primitive cell, one atom and three lattice vectors (angstrom).
  double half = 3.615 / 2;
  Space cell = Space.triclinic(new double[] {0, half, half}, new double[] {half, 0, half},
      new double[] {half, half, 0});
  double[] atom = {0, 0, 0};

  // The radius is larger than the cell: each image of the atom is a neighbor of its own. Shells hold 12, 6, 24, 12.
  for (double radius : new double[] {2.6, 3.7, 4.5, 5.2}) {
    NeighborList near = NeighborRule.within(cell, radius).apply(atom);
    IO.println("within " + radius + " angstrom: " + near.edges().edges() + " neighbors");
  }

  // Which image an edge means stands in its shift: displacement = x_sender - x_receiver + shift . lattice.
  NeighborList nearest = NeighborRule.within(cell, 2.6).apply(atom);
  IO.println(
      "the first neighbor: displacement " + Arrays.toString(Arrays.copyOf(nearest.displacements(), 3)) + ", shift ["
          + nearest.shifts().at(0) + ", " + nearest.shifts().at(1) + ", " + nearest.shifts().at(2) + "]");

  // A slab: two axes are periodic, one is open. The nearest of each point, with its distance.
  Space slab = Space.periodic(10, 10, Double.POSITIVE_INFINITY);
  NeighborList one = NeighborRule.nearest(slab, 1).apply(new double[] {0.1, 5, 0, 9.9, 5, 0, 5, 5, 40, 5, 4, -40});
  IO.println("distances in a slab: " + Arrays.toString(one.distances()));
}
