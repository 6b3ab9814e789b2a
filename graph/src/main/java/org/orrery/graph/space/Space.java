package org.orrery.graph.space;

import java.util.Arrays;
import org.orrery.graph.Sparse;
import org.orrery.tensor.Indices;
import org.orrery.tensor.cpu.Parallel;

/// Where points are and how far apart: open, periodic along the axes, or periodic along lattice vectors; in 1 to 3
/// dimensions.
///
/// Positions are `[points, dimensions]`, row-major, in the unit of the periods. In a periodic space two points are as
/// far apart as their nearest images. A displacement a -> b is b - a for those images, so that the one of b -> a is its
/// exact negative. Coordinates may be as large as 1e150: beyond, squares overflow.
public abstract sealed class Space permits Rectangular, Triclinic {
  static final double LARGEST = 1e150;

  private final int dimensions;

  Space(int dimensions) {
    this.dimensions = requireDimensions(dimensions);
  }

  private static int requireDimensions(int dimensions) {
    if (dimensions < 1 || dimensions > 3) {
      throw new IllegalArgumentException("space: " + dimensions + " dimensions; 1 to 3 are required");
    }
    return dimensions;
  }

  /// Space without end.
  ///
  /// @throws IllegalArgumentException unless there are 1 to 3 dimensions
  public static Space open(int dimensions) {
    double[] periods = new double[requireDimensions(dimensions)];
    Arrays.fill(periods, Double.POSITIVE_INFINITY);
    return new Rectangular(periods);
  }

  /// The box [0, L_0) x [0, L_1) x ..., which repeats along each axis. An axis whose period is infinite is open.
  ///
  /// @throws IllegalArgumentException unless there are 1 to 3 periods, all positive and not above 1e150 or infinite
  public static Space periodic(double... periods) {
    return new Rectangular(periods.clone());
  }

  /// The cell of points f_0 a_0 + f_1 a_1 + ... with 0 <= f < 1, which repeats along each lattice vector a. Any cell will
  /// do, however skewed: the nearest image is sought with an obtuse superbase of the lattice (Selling's reduction),
  /// among all images.
  ///
  /// @param vectors one a dimension
  /// @throws IllegalArgumentException unless there are 1 to 3 vectors of as many finite components, whose volume is at
  ///   least a thousandth of the product of their lengths
  public static Space triclinic(double[]... vectors) {
    return new Triclinic(vectors);
  }

  /// This space without its period along some axes of a box, or some lattice vectors of a cell, counted from 0: a slab is
  /// open in one direction, a wire in two. Positions along open directions are unbounded. The lattice vectors that are left
  /// keep their numbers, and those of open directions must be there, but only say what the fractions along the others are.
  ///
  /// @throws IllegalArgumentException where there is no such direction
  public final Space openAlong(int... directions) {
    for (int direction : directions) {
      if (direction < 0 || direction >= dimensions) {
        throw new IllegalArgumentException(
            "space: direction " + direction + " of " + dimensions + "; 0 to " + (dimensions - 1) + " is required");
      }
    }
    return opened(directions);
  }

  /// How many coordinates a point has.
  public final int dimensions() {
    return dimensions;
  }

  /// The radius up to which no point sees two images of another: half the shortest vector that the space repeats along;
  /// infinite in open space. In a box that is half the shortest period. At exactly this radius the two images of a
  /// point opposite are equally near and count as one.
  public abstract double largestRadius();

  /// The vectors along which the space repeats, `[dimensions][dimensions]`, one a row; 0 along an open axis. The image
  /// of a point that belongs to a shift n, one integer a row, stands at x + n_0 a_0 + n_1 a_1 + ...
  public abstract double[][] lattice();

  /// The shifts n of the nearest images, `[edges, dimensions]`, row-major, such that x_s + n . lattice - x_r is as short
  /// as it can be. Points may lie outside the box. Of images equally near it is the one that
  /// [#displacement(double[], double[])] takes.
  ///
  /// @param senders positions `[senders, dimensions]`, row-major
  /// @param receivers positions `[receivers, dimensions]`; the same array where edges join points of one set
  /// @throws IllegalArgumentException where there is not one position a node, or a coordinate is not finite
  /// @throws ArithmeticException where a shift leaves the range of int, or there are more than an array holds
  public final Indices nearestShifts(Sparse edges, double[] senders, double[] receivers) {
    requirePositions("image shifts", "senders", senders, edges.senders());
    requirePositions("image shifts", "receivers", receivers, edges.receivers());
    int[] shifts = new int[NeighborList.capacity((long) edges.edges() * dimensions)];
    Parallel.current().forChunks(edges.edges(), NeighborList.BLOCK, (from, to) -> {
      double[] apart = new double[3];
      double[] d = new double[3];
      for (int e = from; e < to; e++) {
        int sender = edges.senderOf().at(e) * dimensions;
        int receiver = edges.receiverOf().at(e) * dimensions;
        for (int axis = 0; axis < dimensions; axis++) {
          apart[axis] = senders[sender + axis] - receivers[receiver + axis];
          d[axis] = apart[axis];
        }
        shorten(d);
        writeShift(apart, d, shifts, e * dimensions);
      }
    });
    return Indices.wrap(shifts);
  }

  private void requirePositions(String operation, String who, double[] positions, int points) {
    requireFinite(operation, positions);
    if (positions.length / dimensions != points) {
      throw new IllegalArgumentException(operation + ": " + positions.length / dimensions + " positions for " + points
          + " " + who);
    }
  }

  /// x_to - x_from for the nearest images; either point may lie outside the box.
  ///
  /// @throws IllegalArgumentException where a point has not one finite coordinate a dimension
  public final double[] displacement(double[] from, double[] to) {
    requireFinite("displacement", from);
    requireFinite("displacement", to);
    requireOne("displacement", from);
    requireOne("displacement", to);
    double[] d = new double[3];
    for (int axis = 0; axis < dimensions; axis++) {
      d[axis] = to[axis] - from[axis];
    }
    shorten(d);
    return Arrays.copyOf(d, dimensions);
  }

  /// The length of the displacement.
  ///
  /// @throws IllegalArgumentException where a point has not one finite coordinate a dimension
  public final double distance(double[] a, double[] b) {
    return length(displacement(a, b));
  }

  /// The images of these points that lie in the box. Points that lie in it stay as they are, to the bit. In a box of
  /// periods the result is exact but for the last addition; in a triclinic cell the rounding grows with the distance
  /// from it.
  ///
  /// @throws IllegalArgumentException where a coordinate is not finite, or the length no multiple of the dimensions
  public final double[] wrap(double[] positions) {
    requireFinite("wrap", positions);
    double[] wrapped = positions.clone();
    for (int at = 0; at < wrapped.length; at += dimensions) {
      wrapPoint(wrapped, at);
    }
    return wrapped;
  }

  /// The mean of points, all of one weight; see [#centroid(double[], double[])].
  ///
  /// @throws IllegalArgumentException as there
  public final double[] centroid(double[] positions) {
    double[] weights = new double[positions.length / dimensions];
    Arrays.fill(weights, 1);
    return centroid(positions, weights);
  }

  /// The weighted mean of points, `[dimensions]`. Along a period L it is circular: with the mean (c, s) of
  /// (cos(2 pi x / L), sin(2 pi x / L)) it is L atan2(s, c) / 2 pi, in the box, wherever the box is cut. In a
  /// triclinic cell the same holds of the fractions along the lattice vectors. Bai and Breen 2008.
  ///
  /// For points close together it is their mean; it is not the point of least squared distance in general.
  ///
  /// @throws IllegalArgumentException where there is no point, not one weight a point, a weight that is negative or not
  ///   finite, weights that sum to 0, or points spread so evenly round a period that no centroid is defined
  public final double[] centroid(double[] positions, double[] weights) {
    requireFinite("centroid", positions);
    int points = positions.length / dimensions;
    if (points == 0 || weights.length != points) {
      throw new IllegalArgumentException(
          "centroid: " + points + " points and " + weights.length
              + " weights; one each, and at least one, is required");
    }
    double total = 0;
    for (int i = 0; i < points; i++) {
      if (!(weights[i] >= 0 && weights[i] <= LARGEST)) {
        throw new IllegalArgumentException(
            "centroid: weight " + i + " is " + weights[i] + "; finite weights of 0 and up are required");
      }
      total += weights[i];
    }
    if (total == 0) {
      throw new IllegalArgumentException("centroid: the weights sum to 0");
    }
    return weightedMean(positions, weights, total);
  }

  // ---- what neighbor searches need ----

  abstract Space opened(int[] directions);

  /// Makes `d`, of three components, the shortest of its images. Odd: -d becomes the exact negative.
  abstract void shorten(double[] d);

  /// Writes the shift n, from `at` on, for which `apart + n . lattice` is `moved`, within rounding.
  ///
  /// @throws ArithmeticException where it leaves the range of int
  abstract void writeShift(double[] apart, double[] moved, int[] shifts, int at);

  /// The integer nearest to a number of periods.
  ///
  /// @throws ArithmeticException where it leaves the range of int
  static int turns(double turns) {
    if (!(Math.abs(turns) <= Integer.MAX_VALUE)) {
      throw new ArithmeticException("image shift: " + turns + " periods; at most 2^31 - 1 can be held");
    }
    return (int) Math.rint(turns);
  }

  /// Moves the point whose coordinates start at `at` into the box.
  abstract void wrapPoint(double[] positions, int at);

  /// The centroid of points whose weights sum to `total`.
  abstract double[] weightedMean(double[] positions, double[] weights, double total);

  /// Whether the point whose coordinates start at `at` lies in the box.
  abstract boolean holds(double[] positions, int at);

  /// The box, for messages.
  abstract String box();

  /// The periods of [#planes]; infinite where open.
  abstract double[] planePeriods();

  /// The periods of the [#planes], and infinity for axes that the space has not.
  final double[] threePlanePeriods() {
    double[] three = Arrays.copyOf(planePeriods(), 3);
    Arrays.fill(three, dimensions, 3, Double.POSITIVE_INFINITY);
    return three;
  }

  /// Coordinates across the lattice planes, `[3][count]`, for the points from `first` on: along no axis do two images
  /// differ by more than they are apart. In a box they are the positions themselves.
  abstract double[][] planes(double[] positions, int first, int count);

  /// By how much one period along each axis of [#planes] moves a point, `[3][3]`; 0 where open.
  abstract double[][] planeVectors();

  /// The coordinates along the axes, `[3][count]`, of those images of the points from `first` on that [#planes] measures.
  abstract double[][] homes(double[] positions, int first, int count);

  /// Adds the shift n that stands from `at` on to a displacement of three components: d + n . lattice.
  static void move(double[] d, double[][] lattice, int[] shifts, int at) {
    for (int axis = 0; axis < lattice.length; axis++) {
      double along = 0;
      for (int i = 0; i < lattice.length; i++) {
        along += shifts[at + i] * lattice[i][axis];
      }
      d[axis] += along;
    }
  }

  /// The coordinates of the points from `first` on, axis by axis, `[3][count]`; 0 along axes that the space has not.
  final double[][] axes(double[] positions, int first, int count) {
    double[][] axes = new double[3][count];
    for (int axis = 0; axis < dimensions; axis++) {
      for (int i = 0; i < count; i++) {
        axes[axis][i] = positions[(first + i) * dimensions + axis];
      }
    }
    return axes;
  }

  /// The positions, checked: finite and in the box.
  final double[] requireInBox(String operation, double[] positions) {
    requireFinite(operation, positions);
    for (int at = 0; at < positions.length; at += dimensions) {
      if (!holds(positions, at)) {
        throw new IllegalArgumentException(operation + ": position " + at / dimensions + " is " + point(positions, at)
            + ", outside the box " + box() + "; Space.wrap gives its image inside");
      }
    }
    return positions;
  }

  private void requireFinite(String operation, double[] positions) {
    if (positions.length % dimensions != 0) {
      throw new IllegalArgumentException(operation + ": " + positions.length + " coordinates in " + dimensions
          + " dimensions; a multiple is required");
    }
    for (int i = 0; i < positions.length; i++) {
      if (!(Math.abs(positions[i]) <= LARGEST)) {
        throw new IllegalArgumentException(operation + ": position " + i / dimensions + " is "
            + point(positions, i - i % dimensions) + "; finite coordinates up to 1e150 are required");
      }
    }
  }

  private void requireOne(String operation, double[] point) {
    if (point.length != dimensions) {
      throw new IllegalArgumentException(
          operation + ": a point of " + point.length + " coordinates in " + dimensions + " dimensions");
    }
  }

  private String point(double[] positions, int at) {
    return Arrays.toString(Arrays.copyOfRange(positions, at, at + dimensions));
  }

  static double length(double[] d) {
    double squares = 0;
    for (double component : d) {
      squares += component * component;
    }
    return Math.sqrt(squares);
  }

  /// The mean angle of `turns` (1 is once round) in turns, 0 up to, not including, 1.
  ///
  /// @throws IllegalArgumentException where the mean of the unit vectors is 0 within rounding
  static double circularMean(double[] turns, double[] weights, double total, int axis) {
    double cosine = 0;
    double sine = 0;
    for (int i = 0; i < turns.length; i++) {
      double angle = 2 * Math.PI * (turns[i] - Math.rint(turns[i]));
      cosine += weights[i] / total * Math.cos(angle);
      sine += weights[i] / total * Math.sin(angle);
    }
    if (Math.hypot(cosine, sine) < 1e-12) {
      throw new IllegalArgumentException(
          "centroid: the points are spread evenly round the period of axis " + axis + ", which leaves no centroid");
    }
    double mean = Math.atan2(sine, cosine) / (2 * Math.PI);
    double positive = mean < 0 ? mean + 1 : mean;
    return positive < 1 ? positive : 0;
  }
}
