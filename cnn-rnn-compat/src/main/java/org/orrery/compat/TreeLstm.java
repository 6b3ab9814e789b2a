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
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Child-sum tree-LSTM: a memory that runs from the leaves of trees to their roots. With s = sum_k h_k over the children k,
/// i, o = sigmoid(W x + U s + b), u = tanh(W x + U s + b), `f_k` = sigmoid(`W_f x + U_f h_k + b_f`), c = i u + `sum_k f_k c_k`,
/// h = o tanh c. Tai et al. 2015, eqs. 2 to 8.
///
/// Children have no order, and any number of them is right. On a path, a tree of one child each, it is the LSTM of [Recurrent] with the
/// same numbers, whose names it has. Nodes at one distance from their roots run at once.
///
/// Shape: x `[nodes, in]` to h and c `[nodes, width]`.
///
/// @param fromInput W, `[4 width, in]`, gates i, f, u, o
/// @param fromState U, `[4 width, width]`
/// @param inputBias `[4 width]`; null for 0
/// @param stateBias `[4 width]`; null for 0
public record TreeLstm(Parameter fromInput, Parameter fromState, @Nullable Parameter inputBias,
    @Nullable Parameter stateBias) implements Block {
  private static final int GATES = 4;

  /// What each node holds.
  ///
  /// @param h `[nodes, width]`
  /// @param c `[nodes, width]`
  public record Output(Tensor h, Tensor c) {
  }

  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public TreeLstm {
    Trees.require("TreeLstm", GATES, fromInput, fromState, inputBias, stateBias);
  }

  /// All numbers uniform on +-1/sqrt(width).
  ///
  /// @throws IllegalArgumentException where a width is not positive
  public static TreeLstm create(int in, int width, Key key) {
    Trees.requirePositive("TreeLstm", in, width);
    double bound = 1 / Math.sqrt(width);
    Initializer uniform = Initializer.uniform(-bound, bound);
    return new TreeLstm(Parameter.of(uniform.values(Shape.of(GATES * width, in), key.fold("weight_ih"))),
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
  public Output apply(Forest forest, Tensor x) {
    return Observed.call(this, () -> output(forest, x), List.of(x), out -> List.of(out.h(), out.c()));
  }

  private Output output(Forest forest, Tensor x) {
    Trees.requireRows("TreeLstm", forest, x, fromInput.shape().size(1));
    int width = width();
    List<Tensor> inputs = Trees.byGeneration(forest, x, fromInput, inputBias);
    Tensor u = fromState.value();
    Tensor b = stateBias == null ? null : stateBias.value();
    List<Tensor> hs = new ArrayList<>();
    List<Tensor> cs = new ArrayList<>();
    Tensor below = Tensor.zeros(0, width);
    Tensor memory = below;
    for (int g = 0; g < inputs.size(); g++) {
      Forest.Generation generation = forest.generations().get(g);
      Tensor sum = below.segmentSum(generation.children());
      Tensor gates = inputs.get(g).add(sum.affine(u, b));
      Tensor c = gate(gates, 0).sigmoid().multiply(gate(gates, 2).tanh());
      if (below.rows() > 0) {
        Tensor forget = below.affine(u.slice(0, width, 2 * width), b == null ? null : b.slice(0, width, 2 * width))
            .add(gate(inputs.get(g), 1).gatherRows(generation.children()));
        c = c.add(forget.sigmoid().multiply(memory).segmentSum(generation.children()));
      }
      below = gate(gates, 3).sigmoid().multiply(c.tanh());
      memory = c;
      hs.add(below);
      cs.add(c);
    }
    Indices back = Trees.places(forest);
    return new Output(Trees.joined(hs, width).gatherRows(back), Trees.joined(cs, width).gatherRows(back));
  }

  private Tensor gate(Tensor all, int number) {
    return all.slice(1, number * width(), (number + 1) * width());
  }

  @Override
  public void describe(Parts parts) {
    Trees.describe(parts, fromInput, fromState, inputBias, stateBias);
  }
}
