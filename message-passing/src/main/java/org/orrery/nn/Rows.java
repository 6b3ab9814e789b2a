package org.orrery.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Tensor;

/// The rows that a linear map reads, in a form that need not be one array: dense rows, a concatenation that is never made
/// ([ConcatenatedRows]), or the values that are not zero.
///
/// [#dense()] is the meaning; [#affine] agrees with it and does less work.
public interface Rows {
  /// The rows of a tensor, `[..., width]`.
  static Rows of(Tensor x) {
    return new Dense(x);
  }

  /// The rows themselves, `[..., width]`.
  Tensor dense();

  /// f(x W^T + b) for each row x.
  ///
  /// @param weight W, `[out, width]`
  /// @param bias b, `[out]`; null for 0
  /// @param after f
  /// @return `[..., out]`
  /// @throws IllegalArgumentException where the widths differ
  Tensor affine(Tensor weight, @Nullable Tensor bias, Activation after);

  /// The tensors that stand behind, in the order of their columns: what an observer sees.
  List<Tensor> tensors();

  /// How many rows.
  int count();

  /// How many columns.
  int width();

  /// Rows that are one tensor.
  ///
  /// @param x `[..., width]`
  record Dense(Tensor x) implements Rows {
    @Override
    public Tensor dense() {
      return x;
    }

    @Override
    public Tensor affine(Tensor weight, @Nullable Tensor bias, Activation after) {
      return after.function() == null
          ? x.affine(weight, bias)
          : x.affine(weight, bias, after.function(), after.alpha());
    }

    @Override
    public List<Tensor> tensors() {
      return List.of(x);
    }

    @Override
    public int count() {
      return x.rows();
    }

    @Override
    public int width() {
      return x.columns();
    }
  }
}
