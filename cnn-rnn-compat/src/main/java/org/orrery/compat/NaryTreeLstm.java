package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import org.orrery.graph.Forest;
import org.orrery.nn.Block;
import org.orrery.nn.Initializer;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// N-ary tree-LSTM: children have an order, and each place weights of its own. With H the states of the children side by side (0 where
/// there is none), i, o = sigmoid(W x + U H + b), u = tanh(W x + U H + b), `f_k` = sigmoid(`W_f x + U_fk H + b_f`), c = i u +
/// `sum_k f_k c_k`, h = o tanh c. Tai et al. 2015, eqs. 9 to 14.
///
/// Siblings are ordered by their numbers. With at most one child it is the LSTM of [Recurrent].
///
/// Shape: x `[nodes, in]` to h and c `[nodes, width]`.
///
/// @param fromInput W, `[4 width, in]`, gates i, f, u, o
/// @param gates U of i, u, o: `[3 width, arity width]`
/// @param forget U of f, place by place: `[arity width, arity width]`
/// @param bias b, `[4 width]`
public record NaryTreeLstm(Parameter fromInput, Parameter gates, Parameter forget, Parameter bias) implements Block {
  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public NaryTreeLstm {
    int width = bias.shape().elements() / 4;
    Shape side = gates.shape();
    boolean fits = width > 0 && bias.shape().equals(Shape.of(4 * width)) && fromInput.shape().rank() == 2
        && fromInput.shape().size(0) == 4 * width && side.rank() == 2 && side.size(0) == 3 * width
        && side.size(1) % width == 0 && forget.shape().equals(Shape.of(side.size(1), side.size(1)));
    if (!fits) {
      throw new IllegalArgumentException("NaryTreeLstm: weights " + fromInput.shape() + ", " + side + ", "
          + forget.shape() + " and bias " + bias.shape()
          + "; [4 width, in], [3 width, arity width], [arity width, arity width] and [4 width] are required");
    }
  }

  /// All numbers uniform on +-1/sqrt(width).
  ///
  /// @param arity the most children of a node
  /// @throws IllegalArgumentException where a number is not positive
  public static NaryTreeLstm create(int in, int width, int arity, Key key) {
    Trees.requirePositive("NaryTreeLstm", in, width);
    Trees.requirePositive("NaryTreeLstm", arity, width);
    double bound = 1 / Math.sqrt(width);
    Initializer uniform = Initializer.uniform(-bound, bound);
    return new NaryTreeLstm(Parameter.of(uniform.values(Shape.of(4 * width, in), key.fold("input"))),
        Parameter.of(uniform.values(Shape.of(3 * width, arity * width), key.fold("gates"))),
        Parameter.of(uniform.values(Shape.of(arity * width, arity * width), key.fold("forget"))),
        Parameter.of(uniform.values(Shape.of(4 * width), key.fold("bias"))));
  }

  /// The width of a state.
  public int width() {
    return bias.shape().elements() / 4;
  }

  /// The most children of a node.
  public int arity() {
    return gates.shape().size(1) / width();
  }

  /// The states of all nodes, leaves first.
  ///
  /// @throws IllegalArgumentException where x has not one row a node, or a node has too many children
  public TreeLstm.Output apply(Forest forest, Tensor x) {
    return Observed.call(this, () -> output(forest, x), List.of(x), out -> List.of(out.h(), out.c()));
  }

  private TreeLstm.Output output(Forest forest, Tensor x) {
    Trees.requireRows("NaryTreeLstm", forest, x, fromInput.shape().size(1));
    int width = width();
    int across = arity() * width;
    List<Tensor> inputs = Trees.byGeneration(forest, x, fromInput, bias);
    List<Tensor> hs = new ArrayList<>();
    List<Tensor> cs = new ArrayList<>();
    Tensor below = Tensor.zeros(0, width);
    Tensor memory = below;
    for (int g = 0; g < inputs.size(); g++) {
      Tensor input = inputs.get(g);
      int nodes = input.rows();
      Segments places = places(forest.generations().get(g));
      Tensor h = below.segmentSum(places).reshape(nodes, across);
      Tensor sums = h.matmulTransposed(gates.value());
      Tensor f = h.matmulTransposed(forget.value()).reshape(nodes, arity(), width)
          .add(input.slice(1, width, 2 * width).unsqueeze(1)).sigmoid();
      Tensor kept = f.multiply(memory.segmentSum(places).reshape(nodes, arity(), width)).sum(1);
      Tensor c = part(sums, 0, input, 0).sigmoid().multiply(part(sums, 1, input, 2).tanh()).add(kept);
      below = part(sums, 2, input, 3).sigmoid().multiply(c.tanh());
      memory = c;
      hs.add(below);
      cs.add(c);
    }
    Indices back = Trees.places(forest);
    return new TreeLstm.Output(Trees.joined(hs, width).gatherRows(back), Trees.joined(cs, width).gatherRows(back));
  }

  private Tensor part(Tensor sums, int number, Tensor input, int gate) {
    int width = width();
    return sums.slice(1, number * width, (number + 1) * width).add(input.slice(1, gate * width, (gate + 1) * width));
  }

  /// The place of each child: its parent's number times the arity plus its number among its siblings.
  private Segments places(Forest.Generation generation) {
    Segments children = generation.children();
    int[] places = new int[children.members()];
    int[] seen = new int[children.count()];
    for (int k = 0; k < places.length; k++) {
      int parent = children.index().at(k);
      if (seen[parent] == arity()) {
        throw new IllegalArgumentException("NaryTreeLstm: node " + generation.nodes().at(parent) + " has "
            + children.size(parent) + " children; at most " + arity() + " are allowed");
      }
      places[k] = parent * arity() + seen[parent]++;
    }
    return Segments.of(Indices.of(places), Math.multiplyExact(children.count(), arity()));
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("weight_ih", fromInput).parameter("weight_gates", gates).parameter("weight_forget", forget)
        .parameter("bias", bias);
  }
}
