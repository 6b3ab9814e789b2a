package org.orrery.messagepassing;

import java.util.Arrays;
import org.orrery.nn.Initializer;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The last state of an LSTM that reads the members of a segment in the order they came, and then zeros up to the length
/// of the longest segment. Hamilton et al. 2017, section 3.3; Hochreiter & Schmidhuber 1997.
///
/// i, f, o = sigmoid, g = tanh of W_i x_t + b_i + W_h h_{t-1} + b_h; c_t = f c_{t-1} + i g; h_t = o tanh c_t.
///
/// The order counts, unlike in other aggregations, and through the zeros so does the longest segment of a batch: that is
/// how PyTorch Geometric has it, and published weights expect it.
public final class LstmAggregation implements Aggregation {
  private static final int GATES = 4;

  private final Parameter fromInput;
  private final Parameter fromState;
  private final Parameter inputBias;
  private final Parameter stateBias;

  private LstmAggregation(int in, int out, Key key) {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "lstm aggregation: from " + in + " to " + out + "; positive widths are required");
    }
    double bound = 1 / Math.sqrt(out);
    Initializer uniform = Initializer.uniform(-bound, bound);
    fromInput = Parameter.of(uniform.values(Shape.of(GATES * out, in), key.fold("weight_ih")));
    fromState = Parameter.of(uniform.values(Shape.of(GATES * out, out), key.fold("weight_hh")));
    inputBias = Parameter.of(uniform.values(Shape.of(GATES * out), key.fold("bias_ih")));
    stateBias = Parameter.of(uniform.values(Shape.of(GATES * out), key.fold("bias_hh")));
  }

  /// From width `in` to width `out`; all numbers uniform on +-1/sqrt(out).
  ///
  /// @throws IllegalArgumentException where a width is not positive
  public static LstmAggregation create(int in, int out, Key key) {
    return new LstmAggregation(in, out, key);
  }

  @Override
  public Tensor reduce(Tensor members, Segments segments) {
    if (members.rank() != 2 || members.rows() != segments.members()
        || members.columns() != fromInput.shape().size(1)) {
      throw new IllegalArgumentException("lstm aggregation: members " + members.shape() + "; ["
          + segments.members() + ", " + fromInput.shape().size(1) + "] is required");
    }
    int out = fromState.shape().size(1);
    int longest = segments.longest();
    // one row of zeros behind the members stands for what a shorter segment has not
    Tensor projected = Tensor.concat(0, members, Tensor.zeros(1, members.columns())).affine(fromInput.value(),
        inputBias.value());
    Tensor h = Tensor.zeros(segments.count(), out);
    Tensor c = h;
    for (int step = 0; step < longest; step++) {
      Tensor gates = projected.gatherRows(rows(segments, step)).add(h.affine(fromState.value(), stateBias.value()));
      Tensor input = gates.slice(1, 0, out).sigmoid();
      Tensor forget = gates.slice(1, out, 2 * out).sigmoid();
      Tensor candidate = gates.slice(1, 2 * out, 3 * out).tanh();
      c = forget.multiply(c).add(input.multiply(candidate));
      h = gates.slice(1, 3 * out, 4 * out).sigmoid().multiply(c.tanh());
    }
    return h;
  }

  /// The row of each segment that is read at a step.
  private static Indices rows(Segments segments, int step) {
    Indices order = segments.order();
    int[] rows = new int[segments.count()];
    Arrays.setAll(rows, s -> {
      if (step >= segments.size(s)) {
        return segments.members();
      }
      int slot = segments.offsets().at(s) + step;
      return order == null ? slot : order.at(slot);
    });
    return Indices.wrap(rows);
  }

  @Override
  public int width(int memberWidth) {
    return fromState.shape().size(1);
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("lstm.weight_ih_l0", fromInput).parameter("lstm.weight_hh_l0", fromState)
        .parameter("lstm.bias_ih_l0", inputBias).parameter("lstm.bias_hh_l0", stateBias);
  }
}
