package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Sequences;
import org.orrery.nn.Dropout;
import org.orrery.nn.Initializer;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Recurrence;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.RecurrentCell;

/// A recurrence along paths: RNN, LSTM or GRU of several layers, in one or both directions, over sequences of any lengths without padding.
/// PyTorch's RNN, LSTM and GRU with their names; the cells are those of [RecurrentCell].
///
/// What the inputs give to the gates is one matrix product for all steps; the steps of all sequences run at once as far as each is long.
///
/// Shape: x `[nodes, in]` to `[nodes, directions width]`, nodes in the order of the [Sequences]; as a [Layer] `[batch, length, in]` to `[batch,
/// length, directions width]`.
///
/// @param cell what a step does
/// @param in columns of x
/// @param width of a state
/// @param runs one for each layer and direction, layer by layer, forward first
/// @param directions one or both
/// @param dropout of what a layer gives to the next
public record Recurrent(RecurrentCell cell, int in, int width, List<Run> runs, Directions directions, Dropout dropout)
    implements
      Layer {
  /// Which way sequences are read.
  public enum Directions {
    /// from the first step on
    FORWARD,
    /// also from the last step back, side by side
    BOTH;

    /// How many.
    public int count() {
      return this == BOTH ? 2 : 1;
    }
  }

  /// The parameters of a layer in a direction.
  ///
  /// @param fromInput `[gates width, in]`
  /// @param fromState `[gates width, width]`
  /// @param inputBias `[gates width]`; null for 0
  /// @param stateBias `[gates width]`; null for 0
  public record Run(Parameter fromInput, Parameter fromState, @Nullable Parameter inputBias,
      @Nullable Parameter stateBias) {
  }

  /// Options.
  ///
  /// @param layers how many
  /// @param biased whether gates have biases
  /// @param directions one or both
  /// @param dropout of what a layer gives to the next
  public record Options(int layers, boolean biased, Directions directions, double dropout) {
    /// One layer with biases, forward.
    public static Options plain() {
      return new Options(1, true, Directions.FORWARD, 0);
    }

    /// The same with so many layers.
    public Options withLayers(int count) {
      return new Options(count, biased, directions, dropout);
    }

    /// The same in both directions.
    public Options inBothDirections() {
      return new Options(layers, biased, Directions.BOTH, dropout);
    }
  }

  /// What is carried from one part of sequences to the next.
  ///
  /// @param h `[layers directions, sequences, width]`
  /// @param c the same of an LSTM; null for others
  public record State(Tensor h, @Nullable Tensor c) {
    /// The same values without a history: backpropagation through time ends here.
    public State detached() {
      return new State(h.detach(), c == null ? null : c.detach());
    }
  }

  /// What a run over sequences gives.
  ///
  /// @param states h of the last layer at each node, `[nodes, directions width]`
  /// @param last the state of each layer and direction after the last step that it makes
  public record Output(Tensor states, State last) {
  }

  /// Checks that the shapes fit.
  ///
  /// @throws IllegalArgumentException where they do not
  public Recurrent {
    runs = List.copyOf(runs);
    if (runs.isEmpty() || runs.size() % directions.count() != 0) {
      throw new IllegalArgumentException(
          "Recurrent: " + runs.size() + " runs in " + directions.count() + " directions");
    }
    for (int r = 0; r < runs.size(); r++) {
      int from = r < directions.count() ? in : directions.count() * width;
      Run run = runs.get(r);
      Shape gates = Shape.of(cell.gates() * width);
      boolean fits = run.fromInput().shape().equals(Shape.of(cell.gates() * width, from))
          && run.fromState().shape().equals(Shape.of(cell.gates() * width, width))
          && (run.inputBias() == null || run.inputBias().shape().equals(gates))
          && (run.stateBias() == null || run.stateBias().shape().equals(gates));
      if (!fits) {
        throw new IllegalArgumentException("Recurrent: run " + r + " has weights " + run.fromInput().shape() + " and "
            + run.fromState().shape() + "; [" + cell.gates() * width + ", " + from + "] and [" + cell.gates() * width
            + ", "
            + width + "] with biases [" + cell.gates() * width + "] are required");
      }
    }
  }

  /// A long short-term memory, all numbers uniform on +-1/sqrt(width).
  ///
  /// @throws IllegalArgumentException where a number is not positive
  public static Recurrent lstm(int in, int width, Options options, Key key) {
    return create(RecurrentCell.LSTM, in, width, options, key);
  }

  /// A gated recurrent unit, all numbers uniform on +-1/sqrt(width).
  ///
  /// @throws IllegalArgumentException where a number is not positive
  public static Recurrent gru(int in, int width, Options options, Key key) {
    return create(RecurrentCell.GRU, in, width, options, key);
  }

  /// A simple recurrent network, h = tanh, all numbers uniform on +-1/sqrt(width).
  ///
  /// @throws IllegalArgumentException where a number is not positive
  public static Recurrent rnn(int in, int width, Options options, Key key) {
    return create(RecurrentCell.TANH, in, width, options, key);
  }

  /// A recurrence with any cell, all numbers uniform on +-1/sqrt(width).
  ///
  /// @throws IllegalArgumentException where a number is not positive
  public static Recurrent create(RecurrentCell cell, int in, int width, Options options, Key key) {
    if (in < 1 || width < 1 || options.layers() < 1) {
      throw new IllegalArgumentException("Recurrent: from " + in + " to " + width + " in " + options.layers()
          + " layers; positive numbers are required");
    }
    double bound = 1 / Math.sqrt(width);
    Initializer uniform = Initializer.uniform(-bound, bound);
    int across = cell.gates() * width;
    int count = options.directions().count();
    List<Run> runs = new ArrayList<>();
    for (int r = 0; r < options.layers() * count; r++) {
      Key own = key.fold(r);
      int from = r < count ? in : count * width;
      runs.add(new Run(Parameter.of(uniform.values(Shape.of(across, from), own.fold("weight_ih"))),
          Parameter.of(uniform.values(Shape.of(across, width), own.fold("weight_hh"))),
          options.biased() ? Parameter.of(uniform.values(Shape.of(across), own.fold("bias_ih"))) : null,
          options.biased() ? Parameter.of(uniform.values(Shape.of(across), own.fold("bias_hh"))) : null));
    }
    return new Recurrent(cell, in, width, runs, options.directions(), new Dropout(options.dropout()));
  }

  /// How many layers.
  public int layers() {
    return runs.size() / directions.count();
  }

  /// The state before anything was read.
  public State zeros(int sequences) {
    Tensor zeros = Tensor.zeros(runs.size(), sequences, width);
    return new State(zeros, cell.planes() == 2 ? zeros : null);
  }

  /// Reads sequences from a state of zeros.
  public Output apply(Sequences path, Tensor x, Mode mode) {
    return apply(path, x, zeros(path.sequences().count()), mode);
  }

  /// Reads sequences.
  ///
  /// @param path the sequences
  /// @param x `[nodes, in]`
  /// @param start the state before them
  /// @throws IllegalArgumentException where shapes do not fit
  public Output apply(Sequences path, Tensor x, State start, Mode mode) {
    return Observed.call(this, () -> output(path, x, start, mode), List.of(x), out -> List.of(out.states()));
  }

  private Output output(Sequences path, Tensor x, State start, Mode mode) {
    require(path, x, start);
    List<Tensor> lastH = new ArrayList<>();
    List<Tensor> lastC = new ArrayList<>();
    Tensor y = x;
    for (int layer = 0; layer < layers(); layer++) {
      List<Tensor> sides = new ArrayList<>();
      for (int d = 0; d < directions.count(); d++) {
        int r = layer * directions.count() + d;
        Sequences way = d == 0 ? path : path.reversed();
        Tensor all = states(runs.get(r), way, y, start, r);
        sides.add(all.select(0, 0).gatherRows(way.steps().slots()));
        lastH.add(last(way, all, start.h(), r, 0));
        if (start.c() != null) {
          lastC.add(last(way, all, start.c(), r, 1));
        }
      }
      y = Tensor.concat(1, sides);
      y = layer + 1 < layers() ? dropout.apply(y, mode) : y;
    }
    return new Output(y, new State(Tensor.stack(0, lastH), lastC.isEmpty() ? null : Tensor.stack(0, lastC)));
  }

  private void require(Sequences path, Tensor x, State start) {
    Shape states = Shape.of(runs.size(), path.sequences().count(), width);
    if (x.rank() != 2 || x.rows() != path.nodes() || x.columns() != in) {
      throw new IllegalArgumentException(
          "Recurrent: x " + x.shape() + "; [" + path.nodes() + ", " + in + "] is required for " + path);
    }
    Tensor c = start.c();
    if (!start.h().shape().equals(states) || (c == null) != (cell.planes() == 1)
        || (c != null && !c.shape().equals(states))) {
      throw new IllegalArgumentException(
          "Recurrent: state " + start.h().shape() + (c == null ? "" : " and " + c.shape())
              + "; " + states + (cell.planes() == 2 ? " twice" : "") + " is required");
    }
  }

  /// `[planes, slots, width]` of one run.
  private Tensor states(Run run, Sequences way, Tensor x, State start, int r) {
    Sequences.Steps steps = way.steps();
    Parameter bias = run.inputBias();
    Tensor gates = x.gatherRows(steps.nodes()).affine(run.fromInput().value(), bias == null ? null : bias.value());
    List<Tensor> planes = new ArrayList<>(List.of(start.h().select(0, r).gatherRows(steps.sequences())));
    if (start.c() != null) {
      planes.add(start.c().select(0, r).gatherRows(steps.sequences()));
    }
    Parameter stateBias = run.stateBias();
    return new Recurrence(cell, gates, steps.offsets(), run.fromState().value(),
        stateBias == null ? null : stateBias.value(), Tensor.stack(0, planes)).states();
  }

  /// The state of each sequence after its last step: `[sequences, width]`; the start, where it has none.
  private static Tensor last(Sequences way, Tensor all, Tensor start, int r, int plane) {
    Sequences.Steps steps = way.steps();
    int count = way.sequences().count();
    int[] rows = new int[count];
    for (int k = 0; k < count; k++) {
      int sequence = steps.sequences().at(k);
      int length = way.length(sequence);
      rows[sequence] = length == 0 ? sequence : count + steps.offsets().at(length - 1) + k;
    }
    return Tensor.concat(0, start.select(0, r), all.select(0, plane)).gatherRows(Indices.of(rows));
  }

  /// SequenceGraphs of one length from a state of zeros: `[batch, length, in]` to `[batch, length, directions width]`.
  @Override
  public Tensor forward(Tensor x, Mode mode) {
    if (x.rank() != 3) {
      throw new IllegalArgumentException("Recurrent: " + x.shape() + "; [batch, length, " + in + "] is required");
    }
    Sequences path = Sequences.ofEqualLengths(x.rows(), x.size(1));
    Tensor y = apply(path, x.reshape(path.nodes(), x.columns()), mode).states();
    return y.reshape(x.rows(), x.size(1), y.columns());
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(in);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(directions.count() * width);
  }

  @Override
  public void describe(Parts parts) {
    for (int r = 0; r < runs.size(); r++) {
      String end = "_l" + r / directions.count() + (r % directions.count() == 1 ? "_reverse" : "");
      Run run = runs.get(r);
      parts.parameter("weight_ih" + end, run.fromInput()).parameter("weight_hh" + end, run.fromState())
          .parameter("bias_ih" + end, run.inputBias()).parameter("bias_hh" + end, run.stateBias());
    }
  }
}
