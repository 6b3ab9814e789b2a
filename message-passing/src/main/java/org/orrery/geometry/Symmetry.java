package org.orrery.geometry;

import java.util.List;
import org.orrery.tensor.Key;

/// A group that acts on points in space, and of which random elements can be drawn: what a model claims that its output
/// follows. [SymmetryCheck] tries the claim.
///
/// Another group is another implementation; its elements are made of [Motion]s.
public interface Symmetry {
  /// What the group is called, such as `rotation`.
  String group();

  /// A random element, not the identity; the same for an equal key.
  ///
  /// @param cloud the points that it will act on
  /// @throws IllegalArgumentException where the group does not act on these points in their space
  Motion draw(PointCloud cloud, Key key);

  /// The order of the points, every order as likely as any other.
  static Symmetry permutation() {
    return PointGroup.PERMUTATION;
  }

  /// Rotations: about the origin and uniform on SO(d) in open space; in a box those that map the box to itself, of which
  /// a cube has 24.
  static Symmetry rotation() {
    return PointGroup.ROTATION;
  }

  /// Rotations uniform on SO(d), in a periodic space too: about the center of the points, which must lie inside a sphere
  /// that the box does not cut and whose diameter is at most half the shortest period, so that no point sees another
  /// through the border.
  static Symmetry generalRotation() {
    return PointGroup.GENERAL_ROTATION;
  }

  /// Mirrors: planes through the origin of uniform direction in open space; in a box those that map the box to itself,
  /// of which a cube has 9.
  static Symmetry reflection() {
    return PointGroup.REFLECTION;
  }

  /// Steps in open space, as far as the points are apart.
  static Symmetry translation() {
    return PointGroup.TRANSLATION;
  }

  /// Steps in a periodic space, uniform in the cell; points that leave it enter on the other side. Open axes stay.
  static Symmetry periodicTranslation() {
    return PointGroup.PERIODIC_TRANSLATION;
  }

  /// What a model in a periodic box usually claims: permutation, rotation, reflection and periodic translation.
  static List<Symmetry> ofPeriodicBox() {
    return List.of(permutation(), rotation(), reflection(), periodicTranslation());
  }

  /// What a model in open space usually claims: permutation, rotation, reflection and translation.
  static List<Symmetry> ofOpenSpace() {
    return List.of(permutation(), rotation(), reflection(), translation());
  }
}
