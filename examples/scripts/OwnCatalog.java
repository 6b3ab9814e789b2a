// A catalog of your own becomes a graph: a table, units that are said, a selection, neighbors.
//
//   ./orrery run examples/scripts/OwnCatalog.java [FILE.csv]

import org.orrery.formats.CatalogLayout;
import org.orrery.formats.CsvTable;
import org.orrery.formats.HaloCatalog;
import org.orrery.formats.LengthUnit;
import org.orrery.formats.MassUnit;
import org.orrery.formats.VelocityUnit;
import org.orrery.graph.Graph;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Tensor;

void main(String[] arguments) throws Exception {
  Path file = arguments.length > 0
      ? Path.of(arguments[0])
      : Files.writeString(Files.createTempFile("halos", ".csv"), """
          x,y,z,vx,vy,vz,mass
          1200,24100,700,310,-20,44,1.2e12
          900,300,24800,280,15,60,8.1e11
          12100,12900,12500,-90,110,-300,3.4e13
          12800,12300,12900,-60,150,-340,2.2e11
          """);

  // The table does not say what its columns mean; a layout does. Here: kpc and solar masses with h = 0.7, km/s.
  HaloCatalog halos = CatalogLayout.of(List.of("x", "y", "z"), LengthUnit.kpc(0.7), "mass", MassUnit.solar(0.7))
      .velocities(List.of("vx", "vy", "vz"), VelocityUnit.KM_PER_S).box(25_000).read(CsvTable.read(file)).above(1e11);
  IO.println(halos);

  // Lengths are Mpc/h now, masses M_sun/h, and the box is periodic.
  double side = halos.boxSize().orElseThrow();
  NeighborList near = NeighborList.within(Space.periodic(side, side, side), halos.positions(), 2);
  double[] logMasses = Arrays.stream(halos.masses()).map(Math::log10).toArray();
  Graph graph = Graph.builder(near).nodes(Tensor.of(logMasses, halos.size(), 1)).edges(near.distanceFeatures()).build();
  IO.println(graph.nodeCount() + " halos, " + graph.edgeCount() / 2 + " pairs within 2 Mpc/h:");
  for (int e = 0; e < near.edges().edges(); e++) {
    if (near.edges().senderOf().at(e) < near.edges().receiverOf().at(e)) {
      IO.println(String.format(Locale.ROOT, "  %d and %d, %.3f Mpc/h apart", near.edges().senderOf().at(e),
          near.edges().receiverOf().at(e), near.distances()[e]));
    }
  }
}
