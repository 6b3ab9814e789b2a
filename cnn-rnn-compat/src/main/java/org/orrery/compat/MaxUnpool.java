package org.orrery.compat;

import java.util.List;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// The partial inverse of [MaxPool]: each value goes back to the cell that it came from, the others are 0. PyTorch's MaxUnpool.
/// Where windows overlapped and one cell was the largest of several, its values are added.
///
/// Shape: `[batch, outputs..., channels]` to `[batch, cells..., channels]`.
///
/// @param kernel that of the pooling
public record MaxUnpool(Kernel kernel) {
  /// Windows side by side: strides as large as the kernel.
  public static MaxUnpool of(Integer... sizes) {
    return new MaxUnpool(Kernel.of(sizes).stride(sizes));
  }

  /// The smallest images that pooling takes to the size of x, filled.
  ///
  /// @param cells of [MaxPool#applyWithCells]
  public Tensor apply(Tensor x, Indices cells) {
    Images images = Images.of(x, kernel.axes(), "MaxUnpool");
    Integer[] sizes = new Integer[kernel.axes()];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = (images.cells().get(d) - 1) * kernel.strides().get(d) + kernel.sizes().get(d) - kernel.before().get(d)
          - kernel.after().get(d);
    }
    return apply(x, cells, List.of(sizes));
  }

  /// Images of these sizes, filled.
  ///
  /// @param cells of [MaxPool#applyWithCells]
  /// @throws IllegalArgumentException where there is not one cell a value
  /// @throws IndexOutOfBoundsException where a cell is outside
  public Tensor apply(Tensor x, Indices cells, List<Integer> sizes) {
    Images images = Images.of(x, kernel.axes(), "MaxUnpool");
    if (cells.size() != x.shape().elements()) {
      throw new IllegalArgumentException(
          "MaxUnpool: " + cells.size() + " cells for " + x.shape() + "; one each is required");
    }
    Images result = images.with(sizes, images.channels());
    cells.requireBelow(result.count(), "MaxUnpool");
    int each = images.count() * images.channels();
    int[] places = new int[cells.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = (i / Math.max(1, each) * result.count() + cells.at(i)) * images.channels() + i % images.channels();
    }
    Segments placed = Segments.of(Indices.of(places), result.shape().elements());
    return x.flatten().segmentSum(placed).reshape(result.shape());
  }
}
