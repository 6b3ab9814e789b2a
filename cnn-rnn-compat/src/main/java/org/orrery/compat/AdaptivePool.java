package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.AxisMap.Term;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Resampled;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;
import org.orrery.tensor.WindowMaximum;

/// Pooling to a given number of outputs, whatever the image's size: output o of an axis of n cells reduces the cells from
/// floor(o n / outputs) up to, not including, ceil((o + 1) n / outputs). PyTorch's AdaptiveAvgPool and AdaptiveMaxPool.
///
/// Shape: `[batch, cells..., channels]` to `[batch, outputs..., channels]`.
///
/// @param outputs of each axis; 0 leaves an axis as it is
/// @param reduction mean or maximum; the gradient of a maximum goes to the first of equal entries
public record AdaptivePool(List<Integer> outputs, Reduction reduction) implements Layer {
  /// What becomes of the cells of an output.
  public enum Reduction {
    /// their mean
    MEAN,
    /// the largest
    MAXIMUM
  }

  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException where there are none or more than three, or one is negative
  public AdaptivePool {
    outputs = List.copyOf(outputs);
    if (outputs.isEmpty() || outputs.size() > 3 || outputs.stream().anyMatch(size -> size < 0)) {
      throw new IllegalArgumentException("AdaptivePool: outputs " + outputs + "; one to three sizes are required");
    }
  }

  /// The mean.
  public static AdaptivePool average(Integer... outputs) {
    return new AdaptivePool(List.of(outputs), Reduction.MEAN);
  }

  /// The largest.
  public static AdaptivePool maximum(Integer... outputs) {
    return new AdaptivePool(List.of(outputs), Reduction.MAXIMUM);
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return reduced(x);
  }

  private Tensor reduced(Tensor x) {
    Images images = Images.of(x, outputs.size(), "AdaptivePool");
    Tensor y = x;
    List<Axis> axes = new ArrayList<>();
    for (int d = 0; d < outputs.size(); d++) {
      int cells = images.cells().get(d);
      int count = outputs.get(d) == 0 ? cells : outputs.get(d);
      if (cells == 0) {
        throw new IllegalArgumentException("AdaptivePool: " + x.shape() + "; images with cells are required");
      }
      if (reduction == Reduction.MEAN) {
        y = Tensor.of(new Resampled(y, d + 1, means(cells, count)));
      } else {
        int longest = longest(cells, count);
        y = Tensor.of(new Resampled(y, d + 1, AxisMap.taking(cells, repeated(cells, count, longest))));
        axes.add(new Axis(count * longest, longest, longest, 1, 0, 0));
      }
    }
    return reduction == Reduction.MEAN ? y : Tensor.of(new WindowMaximum(new Window(axes), y));
  }

  private static int first(int output, int cells, int count) {
    return (int) ((long) output * cells / count);
  }

  private static int end(int output, int cells, int count) {
    return (int) (((output + 1L) * cells + count - 1) / count);
  }

  private static int longest(int cells, int count) {
    int longest = 0;
    for (int o = 0; o < count; o++) {
      longest = Math.max(longest, end(o, cells, count) - first(o, cells, count));
    }
    return longest;
  }

  private static AxisMap means(int cells, int count) {
    List<List<Term>> rows = new ArrayList<>();
    for (int o = 0; o < count; o++) {
      int size = end(o, cells, count) - first(o, cells, count);
      List<Term> row = new ArrayList<>();
      for (int c = first(o, cells, count); c < end(o, cells, count); c++) {
        row.add(new Term(c, 1.0 / size));
      }
      rows.add(row);
    }
    return AxisMap.of(cells, rows);
  }

  /// The cells of each output, the last repeated until all have as many: it never comes before the first of its equals.
  private static Indices repeated(int cells, int count, int longest) {
    int[] taken = new int[count * longest];
    for (int o = 0; o < count; o++) {
      for (int i = 0; i < longest; i++) {
        taken[o * longest + i] = Math.min(first(o, cells, count) + i, end(o, cells, count) - 1);
      }
    }
    return Indices.of(taken);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }
}
