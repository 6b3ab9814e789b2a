package org.orrery.compat;

import org.orrery.graph.Complete;
import org.orrery.nn.Block;
import org.orrery.nn.Initializer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The members of a set attend to a few learned points, which have attended to the members: ISAB(X) = MAB(X, MAB(I, X)). Lee et al. 2019,
/// "Set Transformer", eqs. 9 and 10. It takes time and memory of members times points, where attention of all to all takes their square.
///
/// MAB(X, Y) is a [TransformerEncoderLayer] whose receivers are X and whose senders are Y, with its norms after.
///
/// Shape: x `[members, width]` of all sets, one after the other, to the same. The order of a set's members does not matter.
///
/// @param gather the points attend to the members
/// @param spread the members attend to the points
/// @param points I, `[points, width]`
public record InducedAttention(TransformerEncoderLayer gather, TransformerEncoderLayer spread, Parameter points)
    implements
      Block {
  /// Checks that the widths fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public InducedAttention {
    SetAttention.require("InducedAttention", gather, points);
    SetAttention.require("InducedAttention", spread, points);
  }

  /// A layer with these widths, and points as Glorot & Bengio start weights.
  ///
  /// @param hidden width of the network behind each attention
  /// @throws IllegalArgumentException where the heads do not divide the width, or there is no point
  public static InducedAttention create(int width, int heads, int hidden, int points, Key key) {
    SetAttention.requirePoints("InducedAttention", points);
    return new InducedAttention(SetAttention.layer(width, heads, hidden, key.fold("gather")),
        SetAttention.layer(width, heads, hidden, key.fold("spread")),
        Parameter.of(Initializer.glorotUniform(1).values(Shape.of(points, width), key.fold("points"))));
  }

  /// The members of each set after they have heard of each other.
  ///
  /// @param sets which members belong together, in their order
  public Tensor apply(Segments sets, Tensor x, Mode mode) {
    int count = sets.count();
    Indices members = SetAttention.sizes(sets);
    Indices each = SetAttention.repeated(points.shape().size(0), count);
    Tensor heard = gather.apply(Complete.ofSizes(members, each, Complete.Order.ALL), x,
        SetAttention.repeated(points, count), null, mode);
    return spread.apply(Complete.ofSizes(each, members, Complete.Order.ALL), heard, x, null, mode);
  }
}
