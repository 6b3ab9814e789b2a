package org.orrery.compat;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parts;
import org.orrery.nn.ScaleShift;
import org.orrery.tensor.Tensor;

/// y = w (x - mean) / sqrt(variance + epsilon) + b, with mean and variance over all cells and the channels of a group, image by
/// image. Wu & He 2018. With one group it is the layer norm of whole images, with a group a channel instance norm.
///
/// Shape: `[batch, cells..., channels]` to the same.
///
/// @param groups how many, of neighboring channels
/// @param channels of x
/// @param epsilon keeps what has no variance finite
/// @param rescale w and b, channel by channel; null for 1 and 0
public record GroupNorm(int groups, int channels, double epsilon, @Nullable ScaleShift rescale) implements Layer {
  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where the channels do not divide by the groups, or w has another width
  public GroupNorm {
    if (groups < 1 || channels < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "GroupNorm: " + channels + " channels in " + groups + " groups; the groups must divide them");
    }
    if (rescale != null && rescale.width() != channels) {
      throw new IllegalArgumentException(
          "GroupNorm: weight of " + rescale.width() + " for " + channels + " channels; they must agree");
    }
  }

  /// With w and b.
  ///
  /// @throws IllegalArgumentException where the channels do not divide by the groups
  public static GroupNorm create(int groups, int channels) {
    return new GroupNorm(groups, channels, 1e-5, channels > 0 ? ScaleShift.create(channels) : null);
  }

  /// The result. There is no noise, so no mode is needed.
  public Tensor apply(Tensor x) {
    return apply(x, Mode.inference());
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return result(x);
  }

  private Tensor result(Tensor x) {
    if (x.rank() < 2 || x.columns() != channels) {
      throw new IllegalArgumentException(
          "GroupNorm: " + x.shape() + "; [batch, cells..., " + channels + "] is required");
    }
    int cells = Images.of(x).count();
    int each = channels / groups;
    Tensor together = x.reshape(x.rows(), cells, groups, each).transpose(1, 2);
    Tensor normalized = together.reshape(x.rows() * groups, cells * each).normalizeLast(epsilon);
    Tensor y = normalized.reshape(x.rows(), groups, cells, each).transpose(1, 2).reshape(x.shape());
    return rescale == null ? y : rescale.apply(y);
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(channels);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return inputWidth();
  }

  @Override
  public void describe(Parts parts) {
    parts.inline(rescale);
  }
}
