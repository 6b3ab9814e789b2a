package org.orrery.examples.halographnet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.graph.Graph;
import org.orrery.graph.space.NeighborRule;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.ModelFormat;
import org.orrery.training.Settings;

/// Weighs halos: the network and the rule by which galaxies become a graph.
///
/// @param network the published network
/// @param rule who is a neighbor, in units of the simulations' box of 25 Mpc/h
public record HaloWeigher(HaloGraphNet network, NeighborRule rule) implements Block {
  private static final int DIMENSIONS = 3;

  /// Checks the space.
  ///
  /// @throws IllegalArgumentException unless it has three dimensions
  public HaloWeigher {
    if (rule.space().dimensions() != DIMENSIONS) {
      throw new IllegalArgumentException("halo weigher: neighbors '" + rule + "' in " + rule.space().dimensions()
          + " dimensions; " + DIMENSIONS + " are required");
    }
  }

  /// How a weigher is kept in a file.
  public static final ModelFormat<HaloWeigher> BLUEPRINT = new ModelFormat<>() {
    @Override
    public String kind() {
      return "halographnet 1";
    }

    @Override
    public Settings settings(HaloWeigher model) {
      return Settings.none().with("neighbors", model.rule());
    }

    @Override
    public HaloWeigher create(Settings settings) {
      return new HaloWeigher(HaloGraphNet.create(Key.of(0)), NeighborRule.of(settings.text("neighbors")));
    }
  };

  /// What the network says of a halo.
  ///
  /// @param logMass log10 of M_200c in 1e10 solar masses / h
  /// @param dex the standard deviation of that
  public record Mass(double logMass, double dex) {
    /// In 1e12 solar masses, for h = 0.7.
    public double in1e12() {
      return Math.pow(10, logMass) / Halo.LITTLE_H / 100;
    }
  }

  /// A halo weighed.
  ///
  /// @param halo the halo
  /// @param edges how many its graph has
  /// @param mass as it stands
  /// @param turned after each random rotation
  public record Weighing(Halo halo, int edges, Mass mass, List<Mass> turned) {
    /// Copies the list.
    public Weighing {
      turned = List.copyOf(turned);
    }

    /// The mean over the rotations of log10 mass.
    public double meanLogMass() {
      return turned.stream().mapToDouble(Mass::logMass).average().orElse(mass.logMass());
    }

    /// The standard deviation over the rotations of log10 mass, in dex: what the network's lack of rotational symmetry
    /// costs.
    public double spread() {
      double mean = meanLogMass();
      return Math
          .sqrt(turned.stream().mapToDouble(m -> (m.logMass() - mean) * (m.logMass() - mean)).average().orElse(0));
    }
  }

  /// Weighs a halo as it stands and after random rotations about its central galaxy.
  ///
  /// @param rotations how many
  /// @param key of the rotations
  /// @throws IllegalArgumentException where the network's result is not finite, as from weights that are not
  public Weighing weigh(Halo halo, int rotations, Key key) {
    double[] positions = halo.positions();
    List<Graph> graphs = new ArrayList<>();
    graphs.add(halo.graph(positions, rule));
    for (int r = 0; r < rotations; r++) {
      graphs.add(halo.graph(turned(positions, rotation(key.fold(r))), rule));
    }
    double[] out = Tensor.unrecorded(() -> network.apply(Graph.batch(graphs), Mode.inference())).toDoubles();
    if (!Arrays.stream(out).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("halo " + halo.name() + ": the network gives " + out[0] + " and " + out[1]
          + " or the like under a rotation; finite numbers are required; are its weights finite?");
    }
    List<Mass> masses = new ArrayList<>();
    for (int g = 0; g < graphs.size(); g++) {
      masses.add(new Mass(out[2 * g], Math.abs(out[2 * g + 1])));
    }
    return new Weighing(halo, graphs.getFirst().edgeCount(), masses.getFirst(), masses.subList(1, masses.size()));
  }

  /// A rotation matrix, row-major, uniform over all rotations: that of a quaternion of four normal numbers. Shoemake 1992.
  static double[] rotation(Key key) {
    float[] normal = key.normal(4);
    double square = 0;
    for (double each : normal) {
      square += each * each;
    }
    double length = Math.sqrt(square);
    double w = normal[0] / length;
    double x = normal[1] / length;
    double y = normal[2] / length;
    double z = normal[3] / length;
    return new double[] {
      1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
      2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
      2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)};
  }

  private static double[] turned(double[] positions, double[] matrix) {
    double[] turned = new double[positions.length];
    Arrays.setAll(turned, at -> {
      int point = at / 3 * 3;
      int row = at % 3 * 3;
      return matrix[row] * positions[point] + matrix[row + 1] * positions[point + 1]
          + matrix[row + 2] * positions[point + 2];
    });
    return turned;
  }

  @Override
  public void describe(Parts parts) {
    parts.inline(network);
  }
}
