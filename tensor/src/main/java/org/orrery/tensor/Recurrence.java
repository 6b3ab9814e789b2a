package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.RecurrentCell;
import org.orrery.tensor.backend.RecurrentKernels;
import org.orrery.tensor.backend.Storage;

/// The states of a recurrent cell after each step of many sequences: the same update in the order of the steps, over all
/// sequences that are still alive at once.
///
/// SequenceGraphs are sorted by length, longest first. In step t sequence k stands in row `offsets[t] + k`, for k below
/// `offsets[t + 1] - offsets[t]`. The result is `[planes, rows, width]`; an LSTM has two planes, h and c, the others one.
///
/// Where somebody will ask for gradients, use [#states()], which notes on the way what they need.
///
/// @param cell what a step does
/// @param gates what the inputs give, `[rows, gates width]`, one row for each sequence and step
/// @param offsets where each step starts; `steps + 1` entries
/// @param weight W, `[gates width, width]`
/// @param bias b, `[gates width]`; null for 0
/// @param start the state before the first step, `[planes, sequences, width]`, empty sequences included
public record Recurrence(RecurrentCell cell, Tensor gates, Indices offsets, Tensor weight, @Nullable Tensor bias,
    Tensor start) implements Op {
  /// Checks the shapes.
  ///
  /// @throws IllegalArgumentException where they do not fit, or a step has more sequences than the one before
  public Recurrence {
    Require.that(weight.rank() == 2 && weight.rows() == cell.gates() * weight.columns(), "recurrence", weight.shape(),
        "W is [" + cell.gates() + " width, width]");
    Require.that(gates.rank() == 2 && gates.columns() == weight.rows(), "recurrence", gates.shape(), weight.shape(),
        "gates have one column for each row of W");
    Require.that(bias == null || bias.shape().equals(Shape.of(weight.rows())), "recurrence", weight.shape(),
        "the bias has one number for each row of W");
    Require.that(
        start.rank() == 3 && start.size(0) == cell.planes() && start.columns() == weight.columns(), "recurrence",
        start.shape(), weight.shape(), "the start is [" + cell.planes() + ", sequences, width]");
    Require.that(offsets.size() >= 1 && offsets.at(0) == 0 && offsets.at(offsets.size() - 1) == gates.rows(),
        "recurrence", gates.shape(), "offsets run from 0 to the number of rows");
    int alive = start.size(1);
    for (int t = 0; t < offsets.size() - 1; t++) {
      int here = offsets.at(t + 1) - offsets.at(t);
      if (here < 0 || here > alive) {
        throw new IllegalArgumentException("recurrence: step " + t + " has " + here + " sequences of " + alive
            + " that are alive; sequences are sorted by length, longest first");
      }
      alive = here;
    }
  }

  @Override
  public String name() {
    return "recurrence";
  }

  @Override
  public List<Tensor> operands() {
    List<Tensor> all = new ArrayList<>(List.of(gates, weight, start));
    if (bias != null) {
      all.add(bias);
    }
    return all;
  }

  @Override
  public Shape shape() {
    return Shape.of(cell.planes(), gates.rows(), weight.columns());
  }

  /// The states, with what gradients need noted on the way where somebody can ask for them.
  public Tensor states() {
    boolean wanted = Tensor.isRecording() && operands().stream().anyMatch(Tensor::isTracked);
    if (!wanted || !gates.backend().has(RecurrentKernels.class)) {
      return Tensor.of(this);
    }
    return Tensor.of(new Traced(this));
  }

  private RecurrentKernels.Run run() {
    return new RecurrentKernels.Run(cell, offsets, start.size(1), weight.columns(), gates.data(), weight.data(),
        bias == null ? null : bias.data(), start.data());
  }

  @Override
  public Storage forward(Backend backend) {
    RecurrentKernels kernels = backend.kernels(RecurrentKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.recurrence(run());
  }

  @Override
  public Tensor definition() {
    int steps = offsets.size() - 1;
    int[] sizes = new int[steps];
    for (int t = 0; t < steps; t++) {
      sizes[t] = offsets.at(t + 1) - offsets.at(t);
    }
    List<Tensor> each = gates.split(0, sizes);
    List<List<Tensor>> planes = List.of(new ArrayList<>(), new ArrayList<>());
    Tensor h = start.select(0, 0);
    Tensor c = start.select(0, -1);
    for (int t = 0; t < steps; t++) {
      Tensor before = h.slice(0, 0, sizes[t]);
      Tensor u = before.affine(weight, bias);
      Tensor x = each.get(t);
      switch (cell) {
        case TANH -> h = x.add(u).tanh();
        case RELU -> h = x.add(u).relu();
        case GRU -> h = gru(x, u, before);
        case LSTM -> {
          Tensor sum = x.add(u);
          c = gate(sum, 1).sigmoid().multiply(c.slice(0, 0, sizes[t]))
              .add(gate(sum, 0).sigmoid().multiply(gate(sum, 2).tanh()));
          h = gate(sum, 3).sigmoid().multiply(c.tanh());
          planes.get(1).add(c);
        }
      }
      planes.get(0).add(h);
    }
    if (gates.rows() == 0) {
      return Tensor.full(shape(), 0, gates.backend());
    }
    return Tensor.stack(0, planes.subList(0, cell.planes()).stream().map(plane -> Tensor.concat(0, plane)).toList());
  }

  private Tensor gru(Tensor x, Tensor u, Tensor before) {
    Tensor r = gate(x, 0).add(gate(u, 0)).sigmoid();
    Tensor z = gate(x, 1).add(gate(u, 1)).sigmoid();
    Tensor n = gate(x, 2).add(r.multiply(gate(u, 2))).tanh();
    return n.add(z.multiply(before.subtract(n)));
  }

  private Tensor gate(Tensor all, int number) {
    return all.slice(1, number * weight.columns(), (number + 1) * weight.columns());
  }

  @Override
  public Cost cost() {
    return cost(shape().elements(), 1);
  }

  private Cost cost(long written, long products) {
    long read = (long) gates.shape().elements() + weight.shape().elements() + start.shape().elements();
    long rows = gates.rows();
    return Cost.ofNumbers(read, written, products * (2 * rows * weight.shape().elements() + 10 * rows * weight.rows()),
        2L * weight.shape().elements() + 2L * Math.min(start.size(1), rows) * weight.rows());
  }

  /// h' for every row: the state of the step before, or the start.
  private Tensor before(Tensor states) {
    int sequences = start.size(1);
    int[] rows = new int[gates.rows()];
    for (int t = 0; t < offsets.size() - 1; t++) {
      int from = t == 0 ? 0 : sequences + offsets.at(t - 1);
      for (int row = offsets.at(t); row < offsets.at(t + 1); row++) {
        rows[row] = from + row - offsets.at(t);
      }
    }
    return Tensor.concat(0, start.select(0, 0), states.select(0, 0)).gatherRows(Indices.wrap(rows));
  }

  private static RecurrentKernels kernels(Backend backend) {
    RecurrentKernels kernels = backend.kernels(RecurrentKernels.class);
    if (kernels != null) {
      return kernels;
    }
    throw new IllegalStateException("recurrence: a gradient on " + backend.name() + ", which has no kernel for it");
  }

  /// The states, and what their gradients need.
  private record Traced(Recurrence of) implements Op {
    @Override
    public String name() {
      return of.name();
    }

    @Override
    public List<Tensor> operands() {
      return of.operands();
    }

    @Override
    public Shape shape() {
      return of.shape();
    }

    @Override
    public List<Shape> shapes() {
      return List.of(of.shape(), Shape.of(of.gates.rows(), of.cell.traced() * of.weight.columns()));
    }

    @Override
    public List<Storage> forwardAll(Backend backend) {
      RecurrentKernels.Traced traced = kernels(backend).recurrenceTraced(of.run());
      return List.of(traced.states(), traced.trace());
    }

    @Override
    public Tensor definition() {
      return of.definition();
    }

    @Override
    public void backward(Tensor states, Tensor upstream, Gradients sink) {
      if (Tensor.isRecording()) {
        Op.super.backward(states, upstream, sink);
        return;
      }
      List<Tensor> shares = Tensor.allOf(new Shares(of, states, states.besides(0), upstream));
      Tensor byState = of.cell == RecurrentCell.GRU ? shares.get(2) : shares.get(0);
      sink.add(of.gates, () -> shares.get(0));
      sink.add(of.weight, () -> byState.transposedMatmul(of.before(states)));
      sink.add(of.start, () -> shares.get(1));
      if (of.bias != null) {
        sink.add(of.bias, () -> byState.sum(0));
      }
    }

    @Override
    public Cost cost() {
      return of.cost(shapes().stream().mapToLong(Shape::elements).sum(), 1);
    }
  }

  /// The gradients by the gates, by the start and, of a GRU, by what the state gives; what they are is defined by
  /// [Recurrence#definition()].
  private record Shares(Recurrence of, Tensor states, Tensor trace, Tensor upstream) implements Op {
    @Override
    public String name() {
      return "recurrence gradient";
    }

    @Override
    public List<Tensor> operands() {
      List<Tensor> all = new ArrayList<>(of.operands());
      all.addAll(List.of(states, trace, upstream));
      return all;
    }

    @Override
    public Shape shape() {
      return of.gates.shape();
    }

    @Override
    public List<Shape> shapes() {
      return of.cell == RecurrentCell.GRU
          ? List.of(of.gates.shape(), of.start.shape(), of.gates.shape())
          : List.of(of.gates.shape(), of.start.shape());
    }

    @Override
    public List<Storage> forwardAll(Backend backend) {
      return kernels(backend).recurrenceGradient(of.run(), new RecurrentKernels.Traced(states.data(), trace.data()),
          upstream.data());
    }

    @Override
    public Cost cost() {
      return of.cost(shapes().stream().mapToLong(Shape::elements).sum(), 1);
    }
  }
}
