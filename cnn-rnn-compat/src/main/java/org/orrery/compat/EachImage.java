package org.orrery.compat;

import java.util.OptionalInt;
import org.orrery.layers.GraphwiseNorm;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// A norm of graphs on images: the cells of an image are the nodes of a graph. With [org.orrery.layers.InstanceNorm] it is PyTorch's
/// InstanceNorm1d, InstanceNorm2d and InstanceNorm3d, with [org.orrery.layers.GraphLayerNorm] the layer norm of whole images.
///
/// Shape: `[batch, cells..., channels]` to the same.
///
/// @param norm of nodes, graph by graph
public record EachImage(GraphwiseNorm norm) implements Layer {
  @Override
  public Tensor forward(Tensor x, Mode mode) {
    if (x.rank() < 2) {
      throw new IllegalArgumentException("EachImage: " + x.shape() + "; [batch, cells..., channels] is required");
    }
    int cells = Images.of(x).count();
    int[] images = new int[Math.multiplyExact(x.rows(), cells)];
    for (int i = 0; i < images.length; i++) {
      images[i] = i / cells;
    }
    Segments graphs = Segments.of(Indices.of(images), x.rows());
    return norm.apply(x.reshape(images.length, x.columns()), graphs, mode).reshape(x.shape());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return input;
  }

  @Override
  public void describe(Parts parts) {
    parts.inline(norm);
  }
}
