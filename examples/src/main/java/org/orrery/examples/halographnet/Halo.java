package org.orrery.examples.halographnet;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.orrery.graph.Graph;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.NeighborRule;
import org.orrery.tensor.Tensor;

/// A halo with its galaxies.
///
/// @param name of the halo
/// @param galaxies at least one
public record Halo(String name, List<Galaxy> galaxies) {
  /// Of the simulations and of the published numbers: H_0 = 100 h km/s/Mpc.
  public static final double LITTLE_H = 0.7;
  private static final double BOX_KPC_H = 25_000;
  private static final double MASS_UNIT = 1e10;
  private static final double RADIUS_UNIT_KPC_H = 8;
  private static final double SPEED_UNIT = 100;

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException where it is empty, or two galaxies have one name
  public Halo {
    galaxies = List.copyOf(galaxies);
    if (galaxies.isEmpty()) {
      throw new IllegalArgumentException("halo " + name + ": no galaxy; one at least is required");
    }
    Set<String> names = new HashSet<>();
    for (Galaxy galaxy : galaxies) {
      if (!names.add(galaxy.name())) {
        throw new IllegalArgumentException("halo " + name + ": galaxy " + galaxy.name() + " comes twice");
      }
    }
  }

  /// The galaxy of the largest stellar mass, which positions are relative to.
  public Galaxy central() {
    return galaxies.stream().max(Comparator.comparingDouble(Galaxy::stellarMass)).orElseThrow();
  }

  /// The positions relative to the central galaxy in units of the simulations' box of 25 Mpc/h, `[galaxies, 3]`.
  public double[] positions() {
    Galaxy central = central();
    double[] positions = new double[3 * galaxies.size()];
    for (int i = 0; i < galaxies.size(); i++) {
      Galaxy galaxy = galaxies.get(i);
      positions[3 * i] = (galaxy.x() - central.x()) * LITTLE_H / BOX_KPC_H;
      positions[3 * i + 1] = (galaxy.y() - central.y()) * LITTLE_H / BOX_KPC_H;
      positions[3 * i + 2] = (galaxy.z() - central.z()) * LITTLE_H / BOX_KPC_H;
    }
    return positions;
  }

  /// The halo as it stands: see [#graph(double[], NeighborRule)].
  public Graph graph(NeighborRule rule) {
    return graph(positions(), rule);
  }

  /// The halo as the network reads it: nodes (position, log10 stellar mass / (1e10 / h), half-light radius / (8 kpc / h),
  /// log10(1 + speed / (100 km/s))), globals (number of galaxies, log10 of the summed stellar mass).
  ///
  /// @param positions `[galaxies, 3]`, as [#positions()] or turned
  /// @param rule who is a neighbor, in units of the box
  public Graph graph(double[] positions, NeighborRule rule) {
    NeighborList near = rule.apply(positions);
    int count = galaxies.size();
    double[] nodes = new double[6 * count];
    double total = 0;
    for (int i = 0; i < count; i++) {
      Galaxy galaxy = galaxies.get(i);
      double mass = galaxy.stellarMass() / MASS_UNIT * LITTLE_H;
      System.arraycopy(positions, 3 * i, nodes, 6 * i, 3);
      nodes[6 * i + 3] = Math.log10(mass);
      nodes[6 * i + 4] = galaxy.halfLightRadius() * LITTLE_H / RADIUS_UNIT_KPC_H;
      nodes[6 * i + 5] = Math.log10(1 + galaxy.speed() / SPEED_UNIT);
      total += mass;
    }
    return Graph.builder(near.edges()).nodes(Tensor.of(nodes, count, 6))
        .globals(Tensor.of(new double[] {count, Math.log10(total)}, 1, 2)).build();
  }
}
