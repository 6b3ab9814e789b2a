package org.orrery.graph.space;

import org.orrery.graph.EdgeMemory;
import org.orrery.tensor.Indices;

/// How points become a graph: the space that they are in, who counts as near, and how many of them. A model that was
/// trained on such graphs keeps the rule with its weights; as text it is exact.
///
/// ```java
/// NeighborRule.within(cell, 5).apply(positions)                            // all images up to 5 away
/// NeighborRule.within(box, 0.1).atMost(32).apply(positions, offsets)       // of several sets, 32 nearest each
/// NeighborRule.nearest(box, 12).orFewer().between(galaxies, halos)         // from galaxies to halos
/// ```
public sealed interface NeighborRule {
  /// All points up to a distance.
  ///
  /// @throws IllegalArgumentException unless the radius is positive and finite
  static Within within(Space space, double radius) {
    return new Within(space, radius, Itself.EXCLUDED, Integer.MAX_VALUE);
  }

  /// The k nearest of each point.
  ///
  /// @throws IllegalArgumentException where k is below 1
  static Nearest nearest(Space space, int k) {
    return new Nearest(space, k, Itself.EXCLUDED, Shortage.REFUSED, Images.NEAREST);
  }

  /// The space.
  Space space();

  /// Whether a point is a neighbor of itself, where it is sought in its own set. Images of it are others.
  Itself itself();

  /// The edges of sets of points, checked.
  private NeighborList find(PointSets points) {
    return switch (this) {
      case Within within -> RadiusSearch.of(points, within);
      case Nearest nearest -> nearest.search(points);
    };
  }

  private String operation() {
    return switch (this) {
      case Within within -> "radius graph";
      case Nearest nearest -> "k-nearest graph";
    };
  }

  /// The graph of several sets of points, one after the other, `[points, dimensions]`, row-major. No edge runs between two
  /// sets.
  ///
  /// @param offsets `[sets + 1]`, where each set starts
  /// @throws IllegalArgumentException as [NeighborList] says, or where the offsets do not ascend from 0 to the number of
  ///   points
  /// @throws ArithmeticException where there are more edges than memory holds
  default NeighborList apply(double[] positions, Indices offsets) {
    return find(PointSets.of(operation(), space(), positions, offsets));
  }

  /// The graph of one set of points.
  ///
  /// @throws IllegalArgumentException as [NeighborList] says
  /// @throws ArithmeticException where there are more edges than memory holds
  default NeighborList apply(double[] positions) {
    return apply(positions, PointSets.oneSet(space(), positions));
  }

  /// Edges from the points of one set to those of another, which they are near to. No point is in both: what is at the
  /// same place is near.
  ///
  /// @param senders `[senders, dimensions]`, row-major
  /// @param receivers `[receivers, dimensions]`
  /// @throws IllegalArgumentException as [NeighborList] says
  /// @throws ArithmeticException where there are more edges than memory holds
  default NeighborList between(double[] senders, double[] receivers) {
    return between(senders, PointSets.oneSet(space(), senders), receivers, PointSets.oneSet(space(), receivers));
  }

  /// The same for several sets of each: senders of a set are sought for the receivers of the same set.
  ///
  /// @param senderOffsets `[sets + 1]`, where each set of senders starts
  /// @param receiverOffsets `[sets + 1]`, where each set of receivers starts
  /// @throws IllegalArgumentException as [NeighborList] says, or where offsets do not ascend from 0 to the number of points
  ///   or are not as many
  /// @throws ArithmeticException where there are more edges than memory holds
  default NeighborList between(double[] senders, Indices senderOffsets, double[] receivers, Indices receiverOffsets) {
    return find(PointSets.between(operation(), space(), senders, senderOffsets, receivers, receiverOffsets));
  }

  /// What is done where there are fewer than k.
  enum Shortage {
    /// It is an error.
    REFUSED,
    /// Those that there are become neighbors.
    ACCEPTED
  }

  /// Which images of a point of a periodic space count among the k nearest.
  enum Images {
    /// The nearest one of each other point.
    NEAREST,
    /// Each by itself, and images of the point whose neighbors are sought too.
    EACH
  }

  /// All points up to a distance, by sender, or at most so many of them, nearest first. Where the radius reaches half the box
  /// or further, each image of a point counts by itself.
  ///
  /// @param space the space
  /// @param radius the largest distance
  /// @param itself whether a point is a neighbor of itself
  /// @param most how many neighbors a point may have, the nearest ones; [Integer#MAX_VALUE] for all
  record Within(Space space, double radius, Itself itself, int most) implements NeighborRule {
    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException unless the radius is positive and finite, and `most` at least 1
    public Within {
      NeighborList.requireRadius("radius graph", radius);
      if (most < 1) {
        throw new IllegalArgumentException("radius graph: at most " + most + " neighbors; at least 1 is required");
      }
    }

    /// The same, and whether a point is a neighbor of itself.
    public Within itself(Itself choice) {
      return new Within(space, radius, choice, most);
    }

    /// Only the nearest of them, nearest first: equally far ones by sender, then by shift. The graph is then no longer
    /// symmetric.
    ///
    /// @throws IllegalArgumentException where it is below 1
    public Within atMost(int neighbors) {
      return new Within(space, radius, itself, neighbors);
    }

    @Override
    public String toString() {
      return "within " + radius + (most == Integer.MAX_VALUE ? "" : " most " + most)
          + (itself == Itself.INCLUDED ? " itself" : "") + " " + RuleText.of(space);
    }
  }

  /// The k nearest of each point, nearest first; equally far ones by sender, then by shift.
  ///
  /// @param space the space
  /// @param k how many
  /// @param itself whether a point is a neighbor of itself, at distance 0: then it may be one of the k, and is not if k points
  ///   of lower index are at the same place
  /// @param shortage what is done where there are fewer
  /// @param images which images of a point count
  record Nearest(Space space, int k, Itself itself, Shortage shortage, Images images) implements NeighborRule {
    /// Checks k.
    ///
    /// @throws IllegalArgumentException where it is below 1
    public Nearest {
      if (k < 1) {
        throw new IllegalArgumentException("k-nearest graph: k is " + k + "; at least 1 is required");
      }
    }

    /// The same, and whether a point is a neighbor of itself.
    public Nearest itself(Itself choice) {
      return new Nearest(space, k, choice, shortage, images);
    }

    /// Where a set has fewer than k others, those there are.
    public Nearest orFewer() {
      return new Nearest(space, k, itself, Shortage.ACCEPTED, images);
    }

    /// Each image of a point counts by itself, images of the receiver too: the neighbors of a point of a crystal, however
    /// small its cell.
    public Nearest overImages() {
      return new Nearest(space, k, itself, shortage, Images.EACH);
    }

    NeighborList search(PointSets points) {
      boolean each = images == Images.EACH && !Double.isInfinite(space.largestRadius());
      for (int set = 0; set < points.sets(); set++) {
        int most = most(points, set, each);
        if (k > most && points.receiverCount(set) > 0 && shortage == Shortage.REFUSED) {
          throw new IllegalArgumentException(
              "k-nearest graph: k is " + k + " for " + points.senderCount(set) + " points"
                  + (points.sets() == 1 ? "" : " of set " + set) + "; 1 to " + most + " is required");
        }
      }
      double edges = 0;
      for (int set = 0; set < points.sets(); set++) {
        edges += (double) points.receiverCount(set) * Math.max(0, Math.min(k, most(points, set, each)));
      }
      EdgeMemory.require("k-nearest graph", "edges", edges, "a smaller k needs less");
      return points.search(each, set -> {
        int found = Math.max(0, Math.min(k, most(points, set, each)));
        return each && found > 0
            ? ImageSearch.nearest(points, set, found, itself)
            : new NearestSearch(points, set, found, itself);
      });
    }

    /// How many neighbors a point of a set can have.
    private int most(PointSets points, int set, boolean each) {
      int count = points.senderCount(set);
      return each && count > 0
          ? Integer.MAX_VALUE
          : points.areTheSame() && itself == Itself.EXCLUDED ? count - 1 : count;
    }

    @Override
    public String toString() {
      return "nearest " + k + (shortage == Shortage.ACCEPTED ? " fewer" : "") + (images == Images.EACH ? " images" : "")
          + (itself == Itself.INCLUDED ? " itself" : "") + " " + RuleText.of(space);
    }
  }

  /// The rule of this text: `within R OPTIONS SPACE` or `nearest K OPTIONS SPACE`. Options are `most N` and `itself`, or
  /// `fewer`, `images` and `itself`. SPACE is `open DIMENSIONS`, `periodic L_0 L_1 ...` or `triclinic` and the components
  /// of the lattice vectors, where `open` and numbers may follow: the vectors along which it is open.
  ///
  /// @throws IllegalArgumentException where it is no such text
  static NeighborRule of(String text) {
    return RuleText.rule(text);
  }
}
