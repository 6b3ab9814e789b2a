// The Milky Way's halo is weighed by its satellites: a published network, as it stands and turned at random.
//
//   ./orrery run examples/scripts/WeighMilkyWay.java [FOLDER]

import org.orrery.examples.SharedData;
import org.orrery.examples.halographnet.GalaxyFile;
import org.orrery.examples.halographnet.Halo;
import org.orrery.examples.halographnet.HaloGraphNet;
import org.orrery.examples.halographnet.HaloWeigher;
import org.orrery.graph.space.NeighborRule;
import org.orrery.tensor.Key;

/// FOLDER holds the checkpoint and the galaxies of Villanueva-Domingo et al. 2022.
void main(String[] arguments) throws Exception {
  Path folder = arguments.length > 0 ? Path.of(arguments[0]) : SharedData.folder("halographnet").orElseThrow();
  HaloGraphNet network = HaloGraphNet.load(folder.resolve("halomass_IllustrisTNG_CV.pt"));
  HaloWeigher weigher = new HaloWeigher(network, NeighborRule.of("within 0.14233421449747316 open 3"));

  for (Halo halo : GalaxyFile.read(folder.resolve("local_group.csv"))) {
    HaloWeigher.Weighing weighing = weigher.weigh(halo, 20, Key.of(0));
    IO.println(String.format(Locale.ROOT,
        "%s: %d galaxies, %.2f x 10^12 solar masses, +- %.2f dex; turned 20 times +- %.1e dex",
        halo.name(), halo.galaxies().size(), weighing.mass().in1e12(), weighing.mass().dex(), weighing.spread()));
  }
}
