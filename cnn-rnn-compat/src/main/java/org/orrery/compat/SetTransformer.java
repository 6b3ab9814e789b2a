package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import org.orrery.nn.Block;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// A network of sets: members are embedded, hear of each other by [InducedAttention], and become one row by [AttentionPooling]. Lee et al. 2019,
/// "Set Transformer". Neither the order of the members nor that of the sets matters.
///
/// Shape: x `[members, in]` of all sets, one after the other, to `[sets, seeds width]`.
///
/// @param embedding of each member
/// @param encoder attention, one after the other
/// @param pooling to a row
public record SetTransformer(Linear embedding, List<InducedAttention> encoder, AttentionPooling pooling)
    implements
      Block {
  /// The sizes.
  ///
  /// @param width of members inside, which the heads divide
  /// @param heads of every attention
  /// @param points of every induced attention
  /// @param layers of induced attention
  /// @param seeds of the pooling
  public record Options(int width, int heads, int points, int layers, int seeds) {
    /// Two layers of 16 points and 4 heads over 64 columns, one seed.
    public static final Options USUAL = new Options(64, 4, 16, 2, 1);
  }

  /// Copies the list.
  public SetTransformer {
    encoder = List.copyOf(encoder);
  }

  /// A network of these sizes.
  ///
  /// @param in columns of a member
  /// @throws IllegalArgumentException where the heads do not divide the width, or a number is not positive
  public static SetTransformer create(int in, Options options, Key key) {
    SetAttention.requirePoints("SetTransformer", options.layers());
    int width = options.width();
    List<InducedAttention> layers = new ArrayList<>();
    for (int layer = 0; layer < options.layers(); layer++) {
      layers.add(InducedAttention.create(width, options.heads(), 2 * width, options.points(), key.fold(layer)));
    }
    return new SetTransformer(Linear.create(in, width, key.fold("embedding")), layers,
        AttentionPooling.create(width, options.heads(), 2 * width, options.seeds(), key.fold("pooling")));
  }

  /// A row for each set.
  ///
  /// @param sets which members belong together, in their order
  public Tensor apply(Segments sets, Tensor x, Mode mode) {
    Tensor members = embedding.apply(x);
    for (InducedAttention layer : encoder) {
      members = layer.apply(sets, members, mode);
    }
    return pooling.apply(sets, members, mode);
  }
}
