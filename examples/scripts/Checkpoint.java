import java.nio.file.Path;
import org.orrery.examples.SharedData;
import org.orrery.examples.halographnet.GalaxyFile;
import org.orrery.graph.Graph;
import org.orrery.graph.space.NeighborRule;
import org.orrery.io.PyTorchFile;
import org.orrery.layers.EdgeConv;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.Pooling;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.State;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Runs a published PyTorch network, HaloGraphNet, with its own weights:
/// `./orrery run examples/scripts/Checkpoint.java [FOLDER]`, the folder with the checkpoint and the galaxies.
void main(String[] arguments) throws Exception {
  Path folder = arguments.length > 0 ? Path.of(arguments[0]) : SharedData.folder("halographnet").orElseThrow();
  Graph galaxies = GalaxyFile.read(folder.resolve("local_group.csv")).getFirst()
      .graph(NeighborRule.of("within 0.14233421449747316 open 3"));

  // A PyTorch checkpoint in ten lines: the layers it was trained with, and its weights by name.
  PyTorchFile checkpoint = PyTorchFile.read(folder.resolve("halomass_IllustrisTNG_CV.pt"));
  Mlp message = Mlp.create(Key.of(0), 12, 300, 300, 100);
  Mlp readout = Mlp.create(Key.of(0), 302, 100, 100, 2);
  State.load(message, checkpoint.tensors("layers.0.mlp."));
  State.load(readout, checkpoint.tensors("lin."));
  Tensor h = EdgeConv.create(message).apply(galaxies.adjacency(), galaxies.nodes(), Mode.inference()).relu();
  Aggregation pooling = Aggregation.several(Aggregation.sum(), Aggregation.mean(), Aggregation.max());
  Tensor pooled = new Pooling(pooling).apply(galaxies.withNodes(h));
  Tensor mass = readout.apply(Tensor.concat(1, pooled, galaxies.globals()), Mode.inference());

  IO.println("log10 of the Milky Way's halo mass in 1e10 solar masses / h, and its uncertainty: " + mass);
}
