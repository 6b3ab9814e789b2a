// Learns a potential from forces alone, with an energy model of one's own (org.orrery.examples.energy.EnergyModel). Then the
// forces of a known energy in a periodic box.
//
//   ./orrery run examples/scripts/Forces.java [STEPS]

import java.util.List;
import org.orrery.examples.energy.EnergyModel;
import org.orrery.examples.energy.LennardJones;
import org.orrery.geometry.Centers;
import org.orrery.geometry.GaussianBasis;
import org.orrery.graph.Graph;
import org.orrery.losses.SquaredError;
import org.orrery.metrics.Metrics;
import org.orrery.nn.Mode;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.Batches;
import org.orrery.training.Trainer;

void main(String[] arguments) {
  int steps = arguments.length == 0 ? 300 : Integer.parseInt(arguments[0]);
  Key key = Key.of(0);
  Graph train = Graph.batch(LennardJones.clusters(64, key.fold("train")));
  Graph test = Graph.batch(LennardJones.clusters(64, key.fold("test")));
  EnergyModel model = EnergyModel.create(new GaussianBasis(Centers.spanning(0.7, 2.7, 24)), 32, key.fold("model"));

  SquaredError loss = new SquaredError();
  Trainer
      .of(model, (EnergyModel m, Graph g, Mode mode) -> loss.mean(m.forces(g, mode), g.target(LennardJones.FORCES)),
          new Adam().on(model))
      .rate(Schedule.cosine(1e-2, steps, 0))
      .train(Batches.fullBatch(train), steps);

  Tensor forces = test.target(LennardJones.FORCES);
  double error = Metrics.rootMeanSquaredError(model.forces(test, Mode.inference()), forces);
  double nothing = Metrics.rootMeanSquaredError(Tensor.zeros(forces.shape()), forces);
  IO.println("root mean square error of the forces on clusters never seen: %.3f".formatted(error));
  IO.println("of a model that says 0:                                      %.3f".formatted(nothing));

  Graph crystal = LennardJones.crystal(5, key.fold("crystal"));
  Tensor x = crystal.positions().tracked();
  Tensor energy = LennardJones.energy(crystal.withPositions(x)).sum();
  Tensor pull = Gradients.of(energy, List.of(x)).withRespectTo(x).negate();
  IO.println("root mean square force in a periodic crystal of %d atoms: %.3f, sum of the forces: %.1e"
      .formatted(crystal.nodeCount(), Math.sqrt(pull.square().mean().item()), pull.sum(0).abs().max().item()));
}
