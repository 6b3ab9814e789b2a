// A universe in a box: a linear field, halos with velocities, the graph of who is near whom, and what it says of gravity.
//
//   ./orrery run examples/scripts/GalaxyBox.java

import org.orrery.cosmology.Catalog;
import org.orrery.cosmology.Cosmology;
import org.orrery.cosmology.LinearField;
import org.orrery.cosmology.LinearPower;
import org.orrery.cosmology.PeakPatches;
import org.orrery.graph.Graph;
import org.orrery.graph.space.NeighborList;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.Message;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

void main() {
  for (double sigma8 : new double[] {0.6, 1.0}) {
    // Omega_m = 0.3 in a periodic box of 200 Mpc/h; the 300 heaviest halos of second-order perturbation theory.
    LinearPower power = new LinearPower(Cosmology.of(0.3, sigma8));
    LinearField field = LinearField.draw(power, 200, 64, Key.of(1));
    Catalog halos = PeakPatches.of(field).halos(field, 300);

    // Halos within 40 Mpc/h are linked, through the faces of the box too.
    NeighborList near = NeighborList.within(halos.space(), halos.positions(), 40);
    Graph graph = Graph.builder(near).nodes(Tensor.of(halos.velocities(), halos.size(), 3))
        .edges(near.displacementFeatures()).build();

    // A message of its own: how fast a neighbor comes closer, (v_j - v_i) . d / |d|; the mean over neighbors.
    Message infall = Message.of((own, neighbor, d) -> neighbor.subtract(own).multiply(d).sum(1)
        .divide(d.norm(1)).unsqueeze(1));
    Tensor mean = new MessagePassing(infall, Aggregation.mean(), Update.replace()).apply(graph, Mode.inference())
        .nodes();

    IO.println("sigma_8 = " + sigma8 + ": " + graph.edgeCount() + " links of " + halos.size()
        + " halos; neighbors approach by " + Math.round(-mean.mean().item()) + " km/s");
  }
}
