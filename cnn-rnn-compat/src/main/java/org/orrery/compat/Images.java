package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The sizes of images `[batch, cells..., channels]`.
///
/// @param batch how many images
/// @param cells the box of each
/// @param channels numbers at each cell
record Images(int batch, List<Integer> cells, int channels) {
  /// Those of x.
  ///
  /// @throws IllegalArgumentException where x has not so many axes
  static Images of(Tensor x, int axes, String layer) {
    if (x.rank() != axes + 2) {
      throw new IllegalArgumentException(layer + ": " + x.shape() + "; images [batch, "
          + String.join(", ", List.of("depth", "height", "width").subList(3 - axes, 3)) + ", channels] are required");
    }
    return of(x);
  }

  /// Those of x, whatever its axes.
  static Images of(Tensor x) {
    List<Integer> cells = new ArrayList<>();
    for (int d = 1; d < x.rank() - 1; d++) {
      cells.add(x.size(d));
    }
    return new Images(x.rows(), cells, x.columns());
  }

  static Images of(Tensor x, int axes, int channels, String layer) {
    Images images = of(x, axes, layer);
    if (images.channels != channels) {
      throw new IllegalArgumentException(
          layer + ": " + x.shape() + "; " + channels + " channels, the last axis, are required");
    }
    return images;
  }

  Shape shape() {
    int[] all = new int[cells.size() + 2];
    all[0] = batch;
    for (int d = 0; d < cells.size(); d++) {
      all[d + 1] = cells.get(d);
    }
    all[all.length - 1] = channels;
    return Shape.of(all);
  }

  Images with(List<Integer> otherCells, int otherChannels) {
    return new Images(batch, otherCells, otherChannels);
  }

  /// Cells of one image.
  int count() {
    return cells.stream().reduce(1, Math::multiplyExact);
  }
}
