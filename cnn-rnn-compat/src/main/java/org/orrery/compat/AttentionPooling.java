package org.orrery.compat;

import org.orrery.graph.Complete;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Initializer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// One row for each set: learned seeds attend to its members, PMA(Z) = MAB(S, rFF(Z)). Lee et al. 2019, "Set Transformer", eq. 11. Several seeds
/// stand side by side in the row. The sum of attention is a mean: the row does not know how many members there are.
///
/// Shape: x `[members, width]` of all sets, one after the other, to `[sets, seeds width]`. The order of a set's members does not matter.
///
/// @param network rFF, on each member alone
/// @param attention of the seeds to the members
/// @param seeds S, `[seeds, width]`
public record AttentionPooling(Linear network, TransformerEncoderLayer attention, Parameter seeds) implements Block {
  /// Checks that the widths fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public AttentionPooling {
    SetAttention.require("AttentionPooling", attention, seeds);
  }

  /// A layer with these widths, and seeds as Glorot & Bengio start weights.
  ///
  /// @param hidden width of the network behind the attention
  /// @throws IllegalArgumentException where the heads do not divide the width, or there is no seed
  public static AttentionPooling create(int width, int heads, int hidden, int seeds, Key key) {
    SetAttention.requirePoints("AttentionPooling", seeds);
    return new AttentionPooling(Linear.create(width, width, key.fold("network")),
        SetAttention.layer(width, heads, hidden, key.fold("attention")),
        Parameter.of(Initializer.glorotUniform(1).values(Shape.of(seeds, width), key.fold("seeds"))));
  }

  /// How many numbers a set becomes.
  public int width() {
    return seeds.shape().size(0) * seeds.shape().size(1);
  }

  /// A row for each set.
  ///
  /// @param sets which members belong together, in their order
  public Tensor apply(Segments sets, Tensor x, Mode mode) {
    int count = sets.count();
    Complete structure = Complete.ofSizes(SetAttention.sizes(sets),
        SetAttention.repeated(seeds.shape().size(0), count), Complete.Order.ALL);
    Tensor members = network.apply(x, Activation.RELU, mode);
    return attention.apply(structure, members, SetAttention.repeated(seeds, count), null, mode).reshape(count, width());
  }
}
