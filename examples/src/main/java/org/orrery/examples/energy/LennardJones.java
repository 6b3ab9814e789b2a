package org.orrery.examples.energy;

import java.util.ArrayList;
import java.util.List;
import org.orrery.graph.Graph;
import org.orrery.graph.Level;
import org.orrery.graph.Sparse;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Clusters and crystals of atoms and the forces between them: E = sum over pairs of 4 (r^-12 - r^-6), in units of the depth and
/// the diameter. Lennard-Jones 1924.
public final class LennardJones {
  /// The name of the targets: the force on each atom, `[atoms, 3]`.
  public static final String FORCES = "forces";

  private static final double SPACING = 1.2;
  private static final double SHAKE = 0.06;

  private LennardJones() {
  }

  /// Cubes of 8 atoms, each atom shaken; every atom acts on every other.
  public static List<Graph> clusters(int count, Key key) {
    List<Graph> graphs = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      double[] shaken = new double[24];
      float[] noise = key.fold(c).normal(24);
      for (int k = 0; k < 24; k++) {
        int corner = ((k / 3) >> (k % 3)) & 1;
        shaken[k] = SPACING * corner + SHAKE * noise[k];
      }
      graphs.add(cluster(shaken));
    }
    return graphs;
  }

  /// A cube of atoms that goes on periodically, `side` along each axis, each atom shaken; atoms up to 2.5 apart act on each
  /// other.
  public static Graph crystal(int side, Key key) {
    double[] shaken = new double[3 * side * side * side];
    float[] noise = key.normal(shaken.length);
    for (int i = 0; i < shaken.length / 3; i++) {
      int[] place = {i / (side * side), i / side % side, i % side};
      for (int axis = 0; axis < 3; axis++) {
        shaken[3 * i + axis] = SPACING * place[axis] + SHAKE * noise[3 * i + axis];
      }
    }
    double period = SPACING * side;
    Space box = Space.periodic(period, period, period);
    return Graph.builder(NeighborList.within(box, box.wrap(shaken), 2.5)).build();
  }

  /// The energy of each graph, `[graphs]`, in any space: half of 4 (r^-12 - r^-6) for each edge.
  public static Tensor energy(Graph graph) {
    Tensor sixth = graph.distances().pow(-6);
    return sixth.square().subtract(sixth).multiply(2).segmentSum(graph.graphOfEdges()).squeeze(1);
  }

  /// Atoms at x_0, y_0, z_0, x_1, ..., with their forces.
  public static Graph cluster(double[] positions) {
    int atoms = positions.length / 3;
    int[] senders = new int[atoms * (atoms - 1)];
    int[] receivers = new int[senders.length];
    for (int i = 0, e = 0; i < atoms; i++) {
      for (int j = 0; j < atoms; j++) {
        if (i != j) {
          senders[e] = j;
          receivers[e++] = i;
        }
      }
    }
    return Graph.builder(Sparse.of(atoms, Indices.wrap(senders), Indices.wrap(receivers)))
        .positions(Tensor.of(positions, atoms, 3))
        .target(FORCES, Level.NODE, Tensor.of(forces(positions), atoms, 3))
        .build();
  }

  /// The energy of a cluster.
  public static double energy(double[] positions) {
    double energy = 0;
    for (int i = 0; i < positions.length / 3; i++) {
      for (int j = 0; j < i; j++) {
        double inverse = 1 / squareDistance(positions, i, j);
        double sixth = inverse * inverse * inverse;
        energy += 4 * (sixth * sixth - sixth);
      }
    }
    return energy;
  }

  /// The force on each atom: F_i = sum_j 24 (2 r^-14 - r^-8) (x_i - x_j).
  public static double[] forces(double[] positions) {
    double[] forces = new double[positions.length];
    for (int i = 0; i < positions.length / 3; i++) {
      for (int j = 0; j < positions.length / 3; j++) {
        if (i != j) {
          double inverse = 1 / squareDistance(positions, i, j);
          double sixth = inverse * inverse * inverse;
          double strength = 24 * inverse * (2 * sixth * sixth - sixth);
          for (int axis = 0; axis < 3; axis++) {
            forces[3 * i + axis] += strength * (positions[3 * i + axis] - positions[3 * j + axis]);
          }
        }
      }
    }
    return forces;
  }

  private static double squareDistance(double[] positions, int i, int j) {
    double sum = 0;
    for (int axis = 0; axis < 3; axis++) {
      double apart = positions[3 * i + axis] - positions[3 * j + axis];
      sum += apart * apart;
    }
    return sum;
  }
}
