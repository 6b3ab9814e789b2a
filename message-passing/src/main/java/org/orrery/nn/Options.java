package org.orrery.nn;

import java.util.function.Consumer;

/// Options of a layer: a value that starts as is usual; what differs is set in a copy. An option costs a field and a line
/// that sets it:
/// ```java
/// public static final class Options extends org.orrery.nn.Options<Options> {
///   private boolean bias = true;
///
///   /// Without b.
///   public Options withoutBias() { return with(o -> o.bias = false); }
/// }
/// ```
///
/// @param <O> the class of the options itself
public abstract class Options<O extends Options<O>> implements Cloneable {
  /// What is usual.
  protected Options() {
  }

  /// A copy with a change.
  ///
  /// @throws IllegalArgumentException where the options do not fit together
  protected final O with(Consumer<O> change) {
    O copy = copy();
    change.accept(copy);
    copy.check();
    return copy;
  }

  /// Checks what was set.
  ///
  /// @throws IllegalArgumentException where it is out of range, or does not fit together
  protected void check() {
    // anything goes, unless a layer says otherwise
  }

  @SuppressWarnings("unchecked") // O is this class, as declared
  private O copy() {
    try {
      return (O) clone();
    } catch (CloneNotSupportedException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
