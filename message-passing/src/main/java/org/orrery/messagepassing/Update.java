package org.orrery.messagepassing;

import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.tensor.Tensor;

/// What a node becomes, phi(x_i, what it received).
public interface Update extends Block {
  /// The new features.
  ///
  /// @param receivers `[receivers, width]`, as they were
  /// @param received `[receivers, width]`, the aggregated messages
  /// @return `[receivers, out]`
  Tensor apply(Tensor receivers, Tensor received, Mode mode);

  @Override
  default void describe(Parts parts) {
  }

  /// The received sum itself.
  static Update replace() {
    return (receivers, received, mode) -> received;
  }
}
