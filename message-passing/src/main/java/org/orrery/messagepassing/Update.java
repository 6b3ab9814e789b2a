package org.orrery.messagepassing;

import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// What a node becomes, phi(x_i, what it received).
public interface Update extends Block {
  /// The new features.
  ///
  /// @param receivers `[receivers, width]`, as they were
  /// @param received `[receivers, width]`, the aggregated messages
  /// @return `[receivers, out]`
  Tensor apply(Tensor receivers, Tensor received, Mode mode);

  /// The received sum itself.
  static Update replace() {
    return (receivers, received, mode) -> received;
  }

  /// A function that uses a network, which is trained and saved with the model.
  /// ```java
  /// Update.of(cell, (network, receivers, received, mode) -> network.apply(receivers.add(received), mode))
  /// ```
  ///
  /// @param <N> of the network
  /// @param network a layer, or a block of your own that holds several
  static <N extends Block> Update of(N network, NetworkFunction<N> function) {
    return new OfNetwork<>(network, function);
  }

  /// An update as a function of a network.
  ///
  /// @param <N> of the network
  interface NetworkFunction<N> {
    /// phi(x_i, what it received) for all nodes at once.
    ///
    /// @param network that was handed over
    /// @param receivers `[receivers, width]`, as they were
    /// @param received `[receivers, width]`, the aggregated messages
    Tensor apply(N network, Tensor receivers, Tensor received, Mode mode);
  }

  /// A function of a network, a node and what it received.
  ///
  /// @param <N> of the network
  /// @param network its parts are named `network.part`
  /// @param function phi
  record OfNetwork<N extends Block>(N network, NetworkFunction<N> function) implements Update {
    @Override
    public Tensor apply(Tensor receivers, Tensor received, Mode mode) {
      return function.apply(network, receivers, received, mode);
    }
  }
}
