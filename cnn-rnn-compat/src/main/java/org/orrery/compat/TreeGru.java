package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Forest;
import org.orrery.nn.Block;
import org.orrery.nn.Initializer;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Child-sum tree-GRU. With s = sum_k h_k over the children k, z = sigmoid(`W_z x + U_z s + b_z`), r = sigmoid(`W_r x + U_r s + b_r`),
/// `r_k` the same with `h_k` in the place of s, n = tanh(`W_n x + b_n + sum_k r_k U_n h_k + r b'_n`), h = (1 - z) n + z s. After Tai et al.
/// 2015 for the sums and Cho et al. 2014 for the cell, with the reset behind the product as in PyTorch.
///
/// Children have no order. On a path it is the GRU of [Recurrent] with the same numbers, whose names it has.
///
/// Shape: x `[nodes, in]` to `[nodes, width]`.
///
/// @param fromInput W, `[3 width, in]`, gates r, z, n
/// @param fromState U, `[3 width, width]`
/// @param inputBias `[3 width]`; null for 0
/// @param stateBias `[3 width]`; null for 0
public record TreeGru(Parameter fromInput, Parameter fromState, @Nullable Parameter inputBias,
    @Nullable Parameter stateBias) implements Block {
  private static final int GATES = 3;

  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public TreeGru {
    Trees.require("TreeGru", GATES, fromInput, fromState, inputBias, stateBias);
  }

  /// All numbers uniform on +-1/sqrt(width).
  ///
  /// @throws IllegalArgumentException where a width is not positive
  public static TreeGru create(int in, int width, Key key) {
    Trees.requirePositive("TreeGru", in, width);
    double bound = 1 / Math.sqrt(width);
    Initializer uniform = Initializer.uniform(-bound, bound);
    return new TreeGru(Parameter.of(uniform.values(Shape.of(GATES * width, in), key.fold("weight_ih"))),
        Parameter.of(uniform.values(Shape.of(GATES * width, width), key.fold("weight_hh"))),
        Parameter.of(uniform.values(Shape.of(GATES * width), key.fold("bias_ih"))),
        Parameter.of(uniform.values(Shape.of(GATES * width), key.fold("bias_hh"))));
  }

  /// The width of a state.
  public int width() {
    return fromState.shape().size(1);
  }

  /// The states of all nodes, leaves first.
  ///
  /// @throws IllegalArgumentException where x has not one row a node
  public Tensor apply(Forest forest, Tensor x) {
    return Observed.call(this, () -> states(forest, x), x);
  }

  private Tensor states(Forest forest, Tensor x) {
    Trees.requireRows("TreeGru", forest, x, fromInput.shape().size(1));
    int width = width();
    List<Tensor> inputs = Trees.byGeneration(forest, x, fromInput, inputBias);
    Tensor u = fromState.value();
    Tensor b = stateBias == null ? Tensor.zeros(GATES * width) : stateBias.value();
    List<Tensor> hs = new ArrayList<>();
    Tensor below = Tensor.zeros(0, width);
    for (int g = 0; g < inputs.size(); g++) {
      Forest.Generation generation = forest.generations().get(g);
      Tensor input = inputs.get(g);
      Tensor sum = below.segmentSum(generation.children());
      Tensor both = sum.affine(u.slice(0, 0, 2 * width), b.slice(0, 0, 2 * width)).add(input.slice(1, 0, 2 * width))
          .sigmoid();
      Tensor candidate = input.slice(1, 2 * width, GATES * width)
          .add(both.slice(1, 0, width).multiply(b.slice(0, 2 * width, GATES * width)));
      if (below.rows() > 0) {
        Tensor reset = below.affine(u.slice(0, 0, width), b.slice(0, 0, width))
            .add(input.slice(1, 0, width).gatherRows(generation.children())).sigmoid();
        Tensor each = reset.multiply(below.matmulTransposed(u.slice(0, 2 * width, GATES * width)));
        candidate = candidate.add(each.segmentSum(generation.children()));
      }
      Tensor n = candidate.tanh();
      below = n.add(both.slice(1, width, 2 * width).multiply(sum.subtract(n)));
      hs.add(below);
    }
    return Trees.joined(hs, width).gatherRows(Trees.places(forest));
  }

  @Override
  public void describe(Parts parts) {
    Trees.describe(parts, fromInput, fromState, inputBias, stateBias);
  }
}
