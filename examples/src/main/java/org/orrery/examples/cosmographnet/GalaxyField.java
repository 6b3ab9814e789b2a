package org.orrery.examples.cosmographnet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.geometry.PointCloud;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Space;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// Galaxies or haloes in a periodic box, as CosmoGraphNet reads them.
public final class GalaxyField {
  private static final Space BOX = Space.periodic(1, 1, 1);
  /// The box in which the published code seeks pairs: a little larger than that in which it measures them.
  private static final Space SEARCHED = Space.periodic(1.0001, 1.0001, 1.0001);

  private static final String FEATURES = "features";

  private final double[][] positions;
  private final double[][] features;

  /// A field of copies of both.
  ///
  /// @param positions `[galaxies, 3]` in units of the box, 0 up to, not including, 1
  /// @param features `[galaxies, 4]`: log10(1 + M / 1e10), log10(1 + R), log10(1 + Z), log10(1 + V_max)
  /// @throws IllegalArgumentException where there are none, or not three coordinates and four features each
  public GalaxyField(double[][] positions, double[][] features) {
    this.positions = copied(positions, 3, "positions");
    this.features = copied(features, 4, "features");
    if (positions.length == 0 || positions.length != features.length) {
      throw new IllegalArgumentException("galaxy field: " + positions.length + " positions and " + features.length
          + " rows of features; one of each a galaxy is required");
    }
  }

  private static double[][] copied(double[][] rows, int width, String what) {
    double[][] copy = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != width) {
        throw new IllegalArgumentException(
            "galaxy field: row " + i + " of the " + what + " has " + rows[i].length + " values; " + width
                + " are required");
      }
      copy[i] = rows[i].clone();
    }
    return copy;
  }

  /// The positions, `[galaxies, 3]`, in units of the box; a copy.
  public double[][] positions() {
    return copied(positions, 3, "positions");
  }

  /// The features, `[galaxies, 4]`; a copy.
  public double[][] features() {
    return copied(features, 4, "features");
  }

  /// The field as points in a periodic box of length 1, with the scalars `features`, `[galaxies, 4]`.
  public PointCloud cloud() {
    return PointCloud.of(BOX, flat(positions)).withScalars(FEATURES, flat(features));
  }

  /// The field of points as [#cloud()] makes them.
  ///
  /// @throws IllegalArgumentException where they have no features, or not three coordinates and four features each
  public static GalaxyField of(PointCloud cloud) {
    return new GalaxyField(rows(cloud.positions(), cloud.size()), rows(cloud.scalars(FEATURES), cloud.size()));
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[][] rows(double[] flat, int count) {
    int width = flat.length / count;
    double[][] rows = new double[count][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width));
    return rows;
  }

  /// The graph: each pair within the linking radius as two edges, first all pairs i < j, then all back, then a loop for
  /// each galaxy. An edge i -> j has (|d| / radius, cos(c_i, c_j), cos(c_i, d)), d the shortest x_i - x_j and c the
  /// position from the mean position; a loop has (0, 1, 0). The global is log10 of the number of galaxies. As in the published
  /// code the mean is that of the coordinates as they are: it depends on where the box is cut, so the graph changes when the
  /// field is moved.
  ///
  /// @param linkingRadius in units of the box
  /// @throws IllegalArgumentException where the radius or a position does not fit the box
  public Graph graph(double linkingRadius) {
    int count = positions.length;
    double[] flat = new double[3 * count];
    double[] mean = new double[3];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = positions[i / 3][i % 3];
      mean[i % 3] += flat[i] / count;
    }
    BOX.wrap(flat); // refuses what is not finite
    Sparse near = NeighborList.within(SEARCHED, flat, linkingRadius).edges();
    List<int[]> pairs = new ArrayList<>();
    for (int e = 0; e < near.edges(); e++) { // by receiver, then by sender: i < j come in order
      if (near.receiverOf().at(e) < near.senderOf().at(e)) {
        pairs.add(new int[] {near.receiverOf().at(e), near.senderOf().at(e)});
      }
    }
    int edges = 2 * pairs.size() + count;
    int[] senders = new int[edges];
    int[] receivers = new int[edges];
    double[] attributes = new double[3 * edges];
    for (int e = 0; e < 2 * pairs.size(); e++) {
      int[] pair = pairs.get(e % pairs.size());
      senders[e] = e < pairs.size() ? pair[0] : pair[1];
      receivers[e] = e < pairs.size() ? pair[1] : pair[0];
      double[] d = BOX.displacement(positions[receivers[e]], positions[senders[e]]);
      double[] from = BOX.displacement(mean, positions[senders[e]]);
      double[] to = BOX.displacement(mean, positions[receivers[e]]);
      attributes[3 * e] = length(d) / linkingRadius;
      attributes[3 * e + 1] = cosine(from, to);
      attributes[3 * e + 2] = cosine(from, d);
    }
    for (int i = 0; i < count; i++) {
      int e = 2 * pairs.size() + i;
      senders[e] = i;
      receivers[e] = i;
      attributes[3 * e + 1] = 1;
    }
    return Graph.builder(Sparse.of(count, Indices.of(senders), Indices.of(receivers)))
        .nodes(nodes()).edges(Tensor.of(attributes, edges, 3))
        .globals(Tensor.of(new double[] {Math.log10(count)}, 1, 1)).build();
  }

  private Tensor nodes() {
    return Tensor.of(flat(features), features.length, 4);
  }

  private static double length(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  /// 0 where a vector has no direction.
  private static double cosine(double[] a, double[] b) {
    double lengths = length(a) * length(b);
    return lengths == 0 ? 0 : dot(a, b) / lengths;
  }
}
