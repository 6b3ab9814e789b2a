// The merger tree of a halo, drawn at random, and a recurrence that climbs it from the leaves to the root.
//
//   ./orrery run examples/scripts/MergerHistory.java

import org.orrery.compat.TreeLstm;
import org.orrery.cosmology.Cosmology;
import org.orrery.cosmology.LinearPower;
import org.orrery.cosmology.MergerTree;
import org.orrery.cosmology.MergerTrees;
import org.orrery.graph.Forest;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

void main() {
  // Parkinson, Cole & Helly 2008: progenitors of 1e13 M_sun/h, down to 1e10.5, back to redshift 4.
  LinearPower power = new LinearPower(Cosmology.of(0.3, 0.8));
  MergerTrees trees = MergerTrees.of(power, 3e10, 1e14);
  double[] redshifts = {0, 0.5, 1, 1.5, 2, 3, 4};
  MergerTree tree = trees.grow(1e13, redshifts, Key.of(3));

  IO.println(tree.size() + " halos; the main branch:");
  double half = Double.NaN;
  for (int node : tree.mainBranch()) {
    double mass = tree.masses()[node];
    double redshift = redshifts[tree.snapshots()[node]];
    IO.println("  z = " + redshift + "  " + String.format(Locale.ROOT, "%.2e", mass) + " M_sun/h");
    half = mass >= 5e12 ? redshift : half;
  }
  IO.println("half of the mass was in one halo by z = " + half);

  // A forest passes messages from progenitors to descendants; mergers have any number of children.
  Forest forest = tree.forest();
  double[] features = new double[2 * tree.size()];
  for (int node = 0; node < tree.size(); node++) {
    features[2 * node] = Math.log10(tree.masses()[node]) - 12;
    features[2 * node + 1] = redshifts[tree.snapshots()[node]];
  }
  TreeLstm cell = TreeLstm.create(2, 4, Key.of(0));
  Tensor states = cell.apply(forest, Tensor.of(features, tree.size(), 2)).h();
  IO.println("what an untrained tree-LSTM of 4 numbers says at the root: " + states.slice(0, 0, 1));
}
