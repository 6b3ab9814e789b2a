package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.RecurrentCell;
import org.orrery.tensor.cpu.CpuBackend;

class RecurrenceTest {
  private static final Key KEY = Key.of(808);

  /// A recurrence over sequences of these lengths, longest first.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Trial(RecurrentCell cell, int width, boolean bias, int... lengths) {
    private Indices offsets() {
      int[] offsets = new int[1 + Arrays.stream(lengths).max().orElse(0)];
      for (int t = 0; t < offsets.length - 1; t++) {
        int step = t;
        offsets[t + 1] = offsets[t] + (int) Arrays.stream(lengths).filter(length -> length > step).count();
      }
      return Indices.wrap(offsets);
    }

    /// Gates, weight, start, then the bias where there is one.
    private List<Tensor> inputs() {
      int across = cell.gates() * width;
      List<Tensor> all = new ArrayList<>(List.of(normal("x", Arrays.stream(lengths).sum(), across),
          normal("w", across, width).multiply(1 / Math.sqrt(width)),
          normal("h", cell.planes(), lengths.length, width)));
      if (bias) {
        all.add(normal("b", across));
      }
      return all;
    }

    private Recurrence of(List<Tensor> x) {
      return new Recurrence(cell, x.get(0), offsets(), x.get(1), bias ? x.get(3) : null, x.get(2));
    }

    @Override
    public String toString() {
      return cell + " of width " + width + (bias ? " with bias" : "") + ", " + Arrays.toString(lengths);
    }
  }

  private static Tensor normal(String name, int... sizes) {
    return Tensor.normal(KEY.fold(name), sizes);
  }

  static Stream<Trial> trials() {
    int[] many = new int[53];
    Arrays.setAll(many, k -> 9 - k / 7);
    return Arrays.stream(RecurrentCell.values()).flatMap(cell -> Stream.of(new Trial(cell, 1, true, 1),
        new Trial(cell, 5, true, 4, 2, 2, 1, 0), new Trial(cell, 16, false, 7, 7, 7), new Trial(cell, 3, true),
        new Trial(cell, 4, false, 0, 0), new Trial(cell, 37, true, many), new Trial(cell, 64, true, many)));
  }

  @ParameterizedTest
  @MethodSource("trials")
  void agreesWithItsDefinitionForwardAndBackward(Trial trial) {
    List<Tensor> plain = results(trial, Recurrence::definition);
    List<Tensor> fused = results(trial, Recurrence::states);
    for (int i = 0; i < fused.size(); i++) {
      close(plain.get(i), fused.get(i), trial + ", result " + i);
    }
    close(plain.get(0), Tensor.of(trial.of(trial.inputs())), trial + " without a trace");
  }

  /// The states and the gradients by all inputs.
  private static List<Tensor> results(Trial trial, Function<Recurrence, Tensor> run) {
    List<Tensor> tracked = trial.inputs().stream().map(Tensor::tracked).toList();
    Tensor y = run.apply(trial.of(tracked));
    List<Tensor> all = new ArrayList<>(List.of(y));
    if (y.isTracked()) {
      Gradients gradients = Gradients.of(y.multiply(normal("probe", y.shape().toArray())).sum(), tracked);
      tracked.forEach(x -> all.add(gradients.withRespectTo(x)));
    } else { // no steps: nothing depends on anything
      tracked.forEach(x -> all.add(Tensor.zeros(x.shape())));
    }
    return all;
  }

  private static void close(Tensor expected, Tensor actual, String what) {
    assertEquals(expected.shape(), actual.shape(), what);
    double[] a = expected.toDoubles();
    double[] b = actual.toDoubles();
    double scale = Arrays.stream(a).map(Math::abs).max().orElse(0) + 1;
    for (int i = 0; i < a.length; i++) {
      assertTrue(Math.abs(a[i] - b[i]) <= 2e-5 * scale, what + " at " + i + ": " + a[i] + " and " + b[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("trials")
  void hasTheSameBitsForAnyNumberOfThreads(Trial trial) {
    List<float[]> one = onThreads(1, trial);
    List<float[]> three = onThreads(3, trial);
    for (int i = 0; i < one.size(); i++) {
      assertArrayEquals(one.get(i), three.get(i), trial.toString());
    }
  }

  private static List<float[]> onThreads(int threads, Trial trial) {
    Supplier<List<float[]>> run = () -> results(trial, Recurrence::states).stream().map(Tensor::toArray).toList();
    return Backends.with(CpuBackend.withThreads(threads), run);
  }

  /// What is written nowhere and read anyway would be NaN.
  @ParameterizedTest
  @MethodSource("trials")
  void readsNothingThatItHasNotWritten(Trial trial) {
    Supplier<List<float[]>> run = () -> results(trial, Recurrence::states).stream().map(Tensor::toArray).toList();
    List<float[]> poisoned = Backends.with(CpuBackend.poisoning(), run);
    List<float[]> usual = run.get();
    for (int i = 0; i < usual.size(); i++) {
      assertArrayEquals(usual.get(i), poisoned.get(i), trial.toString());
    }
  }

  @Test
  void itsGradientCanBeDifferentiated() {
    for (RecurrentCell cell : RecurrentCell.values()) {
      Trial trial = new Trial(cell, 6, true, 4, 3, 1);
      List<Tensor> seconds = new ArrayList<>();
      for (boolean fused : new boolean[] {true, false}) {
        List<Tensor> x = trial.inputs().stream().map(Tensor::tracked).toList();
        Tensor y = fused ? trial.of(x).states() : trial.of(x).definition();
        Tensor slope = Gradients.differentiable(y.square().sum(), x.get(0)).withRespectTo(x.get(0));
        seconds.add(Gradients.of(slope.square().sum(), x.get(1)).withRespectTo(x.get(1)));
      }
      close(seconds.get(1), seconds.get(0), "second derivative of " + cell);
    }
  }

  /// c = 0.5 c' + 0.5 tanh(0) halves the cell in every step where all gates are 0; h = 0.5 tanh(c).
  @Test
  void anLstmWithoutInputForgetsHalfOfItsCellInAStep() {
    Tensor start = Tensor.of(new float[] {0, 1}, 2, 1, 1);
    float[] states = new Recurrence(RecurrentCell.LSTM, Tensor.zeros(3, 4), Indices.of(0, 1, 2, 3), Tensor.zeros(4, 1),
        null, start).states().toArray();
    assertArrayEquals(new float[] {0.5f, 0.25f, 0.125f}, Arrays.copyOfRange(states, 3, 6));
    assertEquals(0.5 * Math.tanh(0.5), states[0], 1e-6);
  }

  /// z = 1/2 and n = tanh(0) = 0 halve the state.
  @Test
  void aGruWithoutInputForgetsHalfOfItsStateInAStep() {
    float[] states = new Recurrence(RecurrentCell.GRU, Tensor.zeros(2, 3), Indices.of(0, 1, 2), Tensor.zeros(3, 1),
        null, Tensor.ones(1, 1, 1)).states().toArray();
    assertArrayEquals(new float[] {0.5f, 0.25f}, states);
  }

  @Test
  void refusesOperandsThatDoNotFit() {
    Tensor gates = Tensor.zeros(3, 8);
    Tensor weight = Tensor.zeros(8, 2);
    Tensor start = Tensor.zeros(2, 2, 2);
    refuses("W is [3 width, width]", RecurrentCell.GRU, gates, Indices.of(0, 2, 3), weight, start);
    refuses("offsets run from 0", RecurrentCell.LSTM, gates, Indices.of(0, 2), weight, start);
    refuses("one column for each row", RecurrentCell.LSTM, Tensor.zeros(3, 4), Indices.of(0, 2, 3), weight, start);
    refuses("the start is [2, sequences", RecurrentCell.LSTM, gates, Indices.of(0, 2, 3), weight,
        Tensor.zeros(1, 2, 2));
    refuses("step 1 has 2 sequences of 1 that are alive", RecurrentCell.LSTM, gates, Indices.of(0, 1, 3), weight,
        start);
  }

  private static void refuses(String required, RecurrentCell cell, Tensor gates, Indices offsets, Tensor weight,
      Tensor start) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> new Recurrence(cell, gates, offsets, weight, null, start)).getMessage());
    assertTrue(message.contains(required), message);
  }
}
