package org.orrery.compat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.AxisMap.Term;
import org.orrery.tensor.Resampled;
import org.orrery.tensor.Tensor;

/// Images with more cells (or fewer), interpolated axis by axis. PyTorch's Upsample with the modes nearest, linear, bilinear and
/// trilinear.
///
/// Shape: `[batch, cells..., channels]` to `[batch, factors times cells..., channels]`, sizes rounded down.
///
/// @param factors of each axis
/// @param interpolation between cells
public record Upsample(List<Double> factors, Interpolation interpolation) implements Layer {
  /// What stands between cells.
  public enum Interpolation {
    /// cell floor(o / factor)
    NEAREST,
    /// the cells around (o + 1/2) / factor - 1/2 by their distance: cells are squares
    LINEAR,
    /// the cells around o (n - 1) / (outputs - 1) by their distance: corners fall on corners
    LINEAR_CORNERS
  }

  /// Checks the factors.
  ///
  /// @throws IllegalArgumentException where there are none or more than three, or one is not positive
  public Upsample {
    factors = List.copyOf(factors);
    if (factors.isEmpty() || factors.size() > 3 || factors.stream().anyMatch(f -> !(f > 0 && f < Integer.MAX_VALUE))) {
      throw new IllegalArgumentException("Upsample: factors " + factors + "; one to three positive ones are required");
    }
  }

  /// Each cell repeated.
  public static Upsample nearest(double... factors) {
    return new Upsample(Arrays.stream(factors).boxed().toList(), Interpolation.NEAREST);
  }

  /// Linear between the centers of cells.
  public static Upsample linear(double... factors) {
    return new Upsample(Arrays.stream(factors).boxed().toList(), Interpolation.LINEAR);
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    Images images = Images.of(x, factors.size(), "Upsample");
    Tensor y = x;
    for (int d = 0; d < factors.size(); d++) {
      y = Tensor.of(new Resampled(y, d + 1, map(images.cells().get(d), factors.get(d))));
    }
    return y;
  }

  private AxisMap map(int cells, double factor) {
    int outputs = (int) Math.floor(cells * factor);
    List<List<Term>> rows = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      double at = switch (interpolation) {
        case NEAREST -> Math.min(cells - 1, Math.floor(o / factor));
        case LINEAR -> Math.max(0, (o + 0.5) / factor - 0.5);
        case LINEAR_CORNERS -> outputs > 1 ? o * (cells - 1.0) / (outputs - 1) : 0;
      };
      int low = Math.min(cells - 1, (int) at);
      int high = Math.min(cells - 1, low + 1);
      double share = at - low;
      rows.add(share == 0 ? List.of(new Term(low, 1)) : List.of(new Term(low, 1 - share), new Term(high, share)));
    }
    return AxisMap.of(cells, rows);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
