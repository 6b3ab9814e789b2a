package org.orrery.nn;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// A block from one tensor to one tensor.
///
/// A layer states its equation in [#forward(Tensor, Mode)]; [#apply(Tensor, Mode)] is what callers use: it runs the
/// equation under observation where there is any ([Observed]).
/// ```java
/// record Scale(Parameter factor) implements Layer {
///   public Tensor forward(Tensor x, Mode mode) {
///     return x.multiply(factor.value());
///   }
/// }
/// ```
public interface Layer extends Block {
  /// The equation of the layer.
  ///
  /// @throws IllegalArgumentException where the shape of x does not fit
  Tensor forward(Tensor x, Mode mode);

  /// f of the equation for rows of any form. A layer that begins with a linear map or can apply f in its last pass says
  /// so here.
  ///
  /// @param after f
  default Tensor forward(Rows x, Activation after, Mode mode) {
    return after.of(forward(x.dense(), mode));
  }

  /// The result.
  ///
  /// @throws IllegalArgumentException where the shape of x does not fit
  default Tensor apply(Tensor x, Mode mode) {
    return apply(Rows.of(x), Activation.IDENTITY, mode);
  }

  /// The result for rows of any form.
  default Tensor apply(Rows x, Mode mode) {
    return apply(x, Activation.IDENTITY, mode);
  }

  /// f of the result.
  default Tensor apply(Tensor x, Activation after, Mode mode) {
    return apply(Rows.of(x), after, mode);
  }

  /// f of the result, in the last pass of the layer where both allow it and nobody wants to see each part.
  ///
  /// @param after f
  default Tensor apply(Rows x, Activation after, Mode mode) {
    if (after.function() != null && Observed.wantsEveryPart()) {
      return after.apply(apply(x, Activation.IDENTITY, mode), mode);
    }
    return Observed.call(this, () -> forward(x, after, mode), x);
  }

  /// Reductions of the result over segments by a kernel that makes no array of it; null where there is none.
  ///
  /// @param into segments in which the rows stand one after the other
  /// @param kinds sums, maxima and minima, side by side in the result
  default @Nullable Tensor reduced(Supplier<ConcatenatedRows> x, Segments into, List<Reduction> kinds, Mode mode) {
    return null;
  }

  /// The size that the last axis of x must have; empty where the layer takes any, or does not know.
  default OptionalInt inputWidth() {
    return OptionalInt.empty();
  }

  /// The size of the last axis of the result for an input of this width; empty where the layer does not know.
  default OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.empty();
  }
}
