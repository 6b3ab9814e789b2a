package org.orrery.examples.galaxies;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.orrery.cosmology.Catalog;
import org.orrery.geometry.PointCloud;
import org.orrery.graph.Graph;
import org.orrery.graph.GraphBuilder;
import org.orrery.graph.Level;
import org.orrery.graph.Sparse;
import org.orrery.graph.space.NeighborList;
import org.orrery.tensor.Tensor;

/// Boxes as graphs whose features do not change when a box is moved, turned or mirrored.
///
/// Two halos within the linking radius R are joined in both directions. With the distance r and the direction n from
/// receiver to sender, an edge has `(r / R, exp(-4 r / R), log(r / R + 0.02))`; then what a [Centroid] adds; with velocities also `((v_s - v_r) . n,
/// |v_s - v_r|, v_r . n, v_s . n)`, with velocities along the line of sight `(w_s - w_r) sign(n_z)` and `n_z^2`; velocities in units of
/// 300 km/s. A node has 1; with velocities |v|; with masses log10 M less 13.8, over 0.3. The whole graph has log10 of the number of
/// halos less 2.5, or 0 where counts are hidden.
///
/// @param radius R, Mpc/h
/// @param features what is known
/// @param counts whether the number of halos is known
/// @param centroid which center of the box edges know
public record HaloGraph(double radius, Set<Feature> features, Counts counts, Centroid centroid) {
  /// Velocities are measured in this many km/s.
  private static final double VELOCITY = 300;

  /// Whether a network knows how many halos there are. A free count is nearly the answer.
  public enum Counts {
    /// the graph says it
    SEEN,
    /// it does not: pooling by mean and deviation sees the same in a box and in copies of it side by side
    HIDDEN;

    /// As a model file spells it.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The choice of this name.
    ///
    /// @throws IllegalArgumentException where it is none
    static Counts parse(String text) {
      return Arrays.stream(values()).filter(choice -> choice.toString().equals(text)).findFirst().orElseThrow(
          () -> new IllegalArgumentException("counts '" + text + "'; one of " + Arrays.toString(values())));
    }
  }

  /// A center c of the box, to which edges say how their ends lie: `(cos(c_r, c_s), cos(c_r, n))`, c_r and c_s the positions from the center.
  public enum Centroid {
    /// none
    NONE,
    /// the circular mean, which moves with the box
    CIRCULAR,
    /// the plain mean of the coordinates, which depends on where the periodic box is cut
    PLAIN_MEAN
  }

  /// A graph whose edges know no center.
  ///
  /// @throws IllegalArgumentException where the radius is not positive, or velocities are asked for in two ways
  public HaloGraph(double radius, Set<Feature> features, Counts counts) {
    this(radius, features, counts, Centroid.NONE);
  }

  /// A graph that says how many halos there are.
  ///
  /// @throws IllegalArgumentException where the radius is not positive, or velocities are asked for in two ways
  public HaloGraph(double radius, Set<Feature> features) {
    this(radius, features, Counts.SEEN);
  }

  /// Copies the set.
  ///
  /// @throws IllegalArgumentException where the radius is not positive, or velocities are asked for in two ways
  public HaloGraph {
    features = Set.copyOf(features);
    if (!(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("halo graph: radius " + radius + " Mpc/h; a positive finite one is required");
    }
    if (features.contains(Feature.VELOCITIES) && features.contains(Feature.LINE_OF_SIGHT_VELOCITIES)) {
      throw new IllegalArgumentException(
          "halo graph: velocities and those along the line of sight; one of both is required");
    }
  }

  /// How many numbers a node has.
  public int nodeWidth() {
    return 1 + (hasMotion() ? 1 : 0) + (features.contains(Feature.MASSES) ? 1 : 0);
  }

  /// How many numbers an edge has.
  public int edgeWidth() {
    return 3 + (centroid == Centroid.NONE ? 0 : 2) + (features.contains(Feature.VELOCITIES) ? 4 : 0)
        + (features.contains(Feature.LINE_OF_SIGHT_VELOCITIES) ? 2 : 0);
  }

  private boolean hasMotion() {
    return features.contains(Feature.VELOCITIES) || features.contains(Feature.LINE_OF_SIGHT_VELOCITIES);
  }

  /// The graph of a box; its parameters are the target `parameters`.
  public Graph of(Simulation box) {
    return builder(box.halos()).target("parameters", Level.GRAPH, Tensor.of(box.parameters(), 1, 2))
        .build();
  }

  /// The graph of a catalog.
  ///
  /// @throws IllegalArgumentException where the radius is above half the box
  public Graph of(Catalog halos) {
    return builder(halos).build();
  }

  /// A catalog as points with the vectors `velocities` and the scalars `masses`.
  public static PointCloud cloud(Catalog halos) {
    return PointCloud.of(halos.space(), halos.positions()).withVectors("velocities", halos.velocities())
        .withScalars("masses", halos.masses());
  }

  /// The graph of points as [#cloud(Catalog)] makes them.
  ///
  /// @throws IllegalArgumentException where the radius is above half the box, or the points have no velocities or masses
  public Graph of(PointCloud halos) {
    return of(Catalog.of(halos.space().lattice()[0][0], halos.positions(), halos.vectors("velocities"),
        halos.scalars("masses")));
  }

  private GraphBuilder builder(Catalog halos) {
    double[] x = halos.positions();
    double[] v = halos.velocities();
    NeighborList near = NeighborList.within(halos.space(), x, radius);
    return Graph.builder(near).nodes(Tensor.of(nodes(v, halos.masses()), halos.size(), nodeWidth()))
        .edges(Tensor.of(edges(near, v, fromCenter(halos)), near.edges().edges(), edgeWidth()))
        .globals(Tensor.of(new float[] {logCount(halos)}, 1, 1));
  }

  private float logCount(Catalog halos) {
    return counts == Counts.HIDDEN ? 0 : (float) (Math.log10(halos.size()) - 2.5);
  }

  private float[] nodes(double[] v, double[] masses) {
    float[] numbers = new float[masses.length * nodeWidth()];
    int at = 0;
    for (int i = 0; i < masses.length; i++) {
      numbers[at++] = 1;
      if (features.contains(Feature.VELOCITIES)) {
        numbers[at++] = (float) (length(v, 3 * i) / VELOCITY);
      } else if (hasMotion()) {
        numbers[at++] = (float) (Math.abs(v[3 * i + 2]) / VELOCITY);
      }
      if (features.contains(Feature.MASSES)) {
        numbers[at++] = (float) ((Math.log10(masses[i]) - 13.8) / 0.3);
      }
    }
    return numbers;
  }

  private static double length(double[] v, int at) {
    return Math.sqrt(v[at] * v[at] + v[at + 1] * v[at + 1] + v[at + 2] * v[at + 2]);
  }

  /// Where halos lie from the center of the box; of no length where edges know none.
  private double[] fromCenter(Catalog halos) {
    double[] x = halos.positions();
    if (centroid == Centroid.NONE) {
      return new double[0];
    }
    double[] center = new double[3];
    if (centroid == Centroid.CIRCULAR) {
      center = halos.space().centroid(x);
    } else {
      for (int i = 0; i < x.length; i++) {
        center[i % 3] += x[i] * 3 / x.length;
      }
    }
    double[] from = new double[x.length];
    for (int i = 0; i < x.length; i += 3) {
      double[] d = halos.space().displacement(center, new double[] {x[i], x[i + 1], x[i + 2]});
      System.arraycopy(d, 0, from, i, 3);
    }
    return from;
  }

  /// 0 where a vector has no length.
  private static double cosine(double[] a, int atA, double[] b, int atB) {
    double lengths = length(a, atA) * length(b, atB);
    double dot = a[atA] * b[atB] + a[atA + 1] * b[atB + 1] + a[atA + 2] * b[atB + 2];
    return lengths == 0 ? 0 : dot / lengths;
  }

  private float[] edges(NeighborList near, double[] v, double[] fromCenter) {
    Sparse edges = near.edges();
    double[] apart = near.displacements();
    float[] numbers = new float[edges.edges() * edgeWidth()];
    int at = 0;
    for (int e = 0; e < edges.edges(); e++) {
      int receiver = 3 * edges.receiverOf().at(e);
      int sender = 3 * edges.senderOf().at(e);
      double r = length(apart, 3 * e);
      double inverse = r == 0 ? 0 : 1 / (r * VELOCITY);
      numbers[at++] = (float) (r / radius);
      numbers[at++] = (float) Math.exp(-4 * r / radius);
      numbers[at++] = (float) Math.log(r / radius + 0.02);
      if (centroid != Centroid.NONE) {
        numbers[at++] = (float) cosine(fromCenter, receiver, fromCenter, sender);
        numbers[at++] = (float) cosine(fromCenter, receiver, apart, 3 * e);
      }
      if (features.contains(Feature.VELOCITIES)) {
        double relative = 0;
        double square = 0;
        double own = 0;
        double other = 0;
        for (int axis = 0; axis < 3; axis++) {
          double n = apart[3 * e + axis];
          double difference = v[sender + axis] - v[receiver + axis];
          relative += difference * n;
          square += difference * difference;
          own += v[receiver + axis] * n;
          other += v[sender + axis] * n;
        }
        numbers[at++] = (float) (relative * inverse);
        numbers[at++] = (float) (Math.sqrt(square) / VELOCITY);
        numbers[at++] = (float) (own * inverse);
        numbers[at++] = (float) (other * inverse);
      } else if (hasMotion()) {
        double along = r == 0 ? 0 : apart[3 * e + 2] / r;
        numbers[at++] = (float) ((v[sender + 2] - v[receiver + 2]) / VELOCITY * Math.signum(along));
        numbers[at++] = (float) (along * along);
      }
    }
    return numbers;
  }
}
