package org.orrery.examples.galaxyzoo;

import java.util.ArrayList;
import java.util.List;
import org.orrery.compat.Convolution;
import org.orrery.compat.Kernel;
import org.orrery.compat.MaxPool;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Dropout;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Stages of a 3 x 3 convolution, batch norm, rectifier and maxima over 2 x 2 cells; then mean and maximum of each channel over the
/// picture, and a linear map to the classes.
///
/// Shape: `[batch, side, side, 3]` to logits `[batch, classes]`.
///
/// @param convolutions one a stage
/// @param norms one a stage
/// @param dropout before the linear map
/// @param head the linear map
public record MorphologyNetwork(List<Convolution> convolutions, List<BatchNorm> norms, Dropout dropout, Linear head)
    implements
      Layer {
  private static final MaxPool POOL = MaxPool.of(2, 2);

  /// Copies the lists.
  public MorphologyNetwork {
    convolutions = List.copyOf(convolutions);
    norms = List.copyOf(norms);
  }

  /// A network with these channels, stage by stage.
  public static MorphologyNetwork create(int classes, double dropout, Key key, int... channels) {
    List<Convolution> convolutions = new ArrayList<>();
    List<BatchNorm> norms = new ArrayList<>();
    int in = 3;
    for (int stage = 0; stage < channels.length; stage++) {
      convolutions.add(Convolution.withoutBias(in, channels[stage], Kernel.of(3, 3).padding(1), 1, key.fold(stage)));
      norms.add(BatchNorm.create(channels[stage]));
      in = channels[stage];
    }
    return new MorphologyNetwork(convolutions, norms, new Dropout(dropout),
        Linear.create(2 * in, classes, key.fold("head")));
  }

  /// What each stage sees, `[batch, cells, cells, channels]`, before its maxima.
  public List<Tensor> stages(Tensor images, Mode mode) {
    List<Tensor> seen = new ArrayList<>();
    Tensor x = images;
    for (int stage = 0; stage < convolutions.size(); stage++) {
      x = norms.get(stage).apply(convolutions.get(stage).apply(x), mode).relu();
      seen.add(x);
      x = stage + 1 < convolutions.size() ? POOL.apply(x) : x;
    }
    return seen;
  }

  @Override
  public Tensor forward(Tensor images, Mode mode) {
    Tensor x = stages(images, mode).getLast();
    Tensor cells = x.reshape(x.rows(), x.size(1) * x.size(2), x.columns());
    Tensor pooled = Tensor.concat(1, cells.mean(1), cells.max(1));
    return head.apply(dropout.apply(pooled, mode));
  }
}
