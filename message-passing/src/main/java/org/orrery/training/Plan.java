package org.orrery.training;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.nn.Block;
import org.orrery.nn.BlockObserver;
import org.orrery.nn.Observed;
import org.orrery.nn.Require;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.CountingBackend;

/// What a run of a model will need, found without running it: memory, work, and the least time. The same code runs on a
/// backend that counts ([CountingBackend]) and makes no array, so that a plan for ten million edges takes as long as one
/// for ten; the model is left as it is.
///
/// ```java
/// Plan plan = Plan.training(model, () -> loss.mean(model.apply(graph, Mode.training(key)), labels));
/// plan.requireFits(Runtime.getRuntime().maxMemory());
/// ```
/// Memory is that of the tensors which the run makes, as [Scope#peakBytes()] measures it: inputs, parameters and an
/// optimizer's own arrays were there before and are not counted.
public final class Plan {
  /// The part of a step that an operation belongs to.
  public enum Phase {
    /// from inputs to the result
    FORWARD,
    /// from the loss to the gradients of the parameters
    BACKWARD
  }

  /// An operation.
  ///
  /// @param phase when it runs
  /// @param module the dotted name of the module that runs it; empty for the model itself and in the backward phase
  /// @param operation what messages call it
  /// @param shape of its result
  /// @param cost its work
  public record Step(Phase phase, String module, String operation, Shape shape, Cost cost) {
  }

  private final List<Step> steps;
  private final long forwardPeak;
  private final long peak;

  private Plan(List<Step> steps, long forwardPeak, long peak) {
    this.steps = List.copyOf(steps);
    this.forwardPeak = forwardPeak;
    this.peak = peak;
  }

  /// Plans a run without gradients, as at inference.
  ///
  /// @param model whose modules the plan names
  /// @param run what gives the result
  public static Plan inference(Block model, Supplier<Tensor> run) {
    return Tensor.unrecorded(() -> of(model, run, false));
  }

  /// Plans a step of training: the loss and its gradients with respect to the parameters of the model, by a sweep that
  /// consumes the history of the loss, as in [Trainer].
  ///
  /// @param model whose modules the plan names
  /// @param loss what gives the loss
  /// @throws IllegalArgumentException where the loss is not one number
  public static Plan training(Block model, Supplier<Tensor> loss) {
    return of(model, loss, true);
  }

  private static Plan of(Block model, Supplier<Tensor> run, boolean backward) {
    Recorder recorder = new Recorder();
    CountingBackend counting = new CountingBackend(recorder::add);
    Supplier<Plan> planned = () -> Scope.within(scope -> {
      Tensor result = Observed.with(recorder, model, run);
      long forwardPeak = scope.peakBytes();
      if (backward) {
        recorder.phase = Phase.BACKWARD;
        Gradients.releasingHistory(result, model.trainable().stream().map(parameter -> parameter.value()).toList());
      }
      return new Plan(recorder.steps, forwardPeak, scope.peakBytes());
    });
    return Backends.with(counting, planned);
  }

  /// Writes down each step and the module that it belongs to.
  private static final class Recorder implements BlockObserver {
    private final List<Step> steps = new ArrayList<>();
    private final Deque<String> open = new ArrayDeque<>();
    private Phase phase = Phase.FORWARD;

    void add(CountingBackend.Step step) {
      String module = open.peek();
      steps.add(new Step(phase, module == null ? "" : module, step.name(), step.shape(), step.cost()));
    }

    @Override
    public void entered(String name, int use, Block module) {
      open.push(name);
    }

    @Override
    public void applied(Application application) {
      // what counts is known before it has run
    }

    @Override
    public void left(String name, int use, Block module) {
      open.pop();
    }

    @Override
    public boolean wantsEveryPart() {
      return false;
    }
  }

  /// Every operation, in the order in which they run.
  public List<Step> steps() {
    return steps;
  }

  /// The most bytes that the forward phase holds at once.
  public long forwardPeakBytes() {
    return forwardPeak;
  }

  /// The most bytes that are held at once.
  public long peakBytes() {
    return peak;
  }

  /// The most scratch memory that any one operation needs beside that, in bytes.
  public long scratchBytes() {
    return steps.stream().mapToLong(step -> step.cost().scratch()).max().orElse(0);
  }

  /// Bytes read and written.
  public long bytes() {
    return steps.stream().mapToLong(step -> step.cost().bytes()).sum();
  }

  /// Floating-point operations.
  public long flops() {
    return steps.stream().mapToLong(step -> step.cost().flops()).sum();
  }

  /// The least time in seconds that a machine of these rates allows: for each operation that of moving its bytes or of its
  /// arithmetic, whichever is longer.
  public double seconds(MachineRates rates) {
    return steps.stream().mapToDouble(step -> rates.seconds(step.cost().bytes(), step.cost().flops())).sum();
  }

  /// Checks that the run fits into this much memory.
  ///
  /// @throws IllegalArgumentException saying what is needed and what the largest results are, where it does not
  public void requireFits(long available) {
    long needed = peakBytes() + scratchBytes();
    Require.that(needed <= available, "plan", size(needed) + " are needed at once, " + size(available)
        + " are there; the largest results are " + largest(3));
  }

  /// The largest results as text.
  private String largest(int count) {
    return String.join(", ", steps.stream()
        .sorted(Comparator.comparingLong((Step step) -> -(long) step.shape().elements())).limit(count)
        .map(step -> step.operation() + " " + step.shape() + (step.module().isEmpty() ? "" : " of " + step.module()))
        .toList());
  }

  private record Sum(long operations, long bytes, long flops) {
    private Sum plus(@Nullable Sum other) {
      return other == null
          ? this
          : new Sum(operations + other.operations, bytes + other.bytes, flops + other.flops);
    }
  }

  /// A line for each module in the order in which they run first, one for the backward phase, and the totals.
  @Override
  public String toString() {
    Map<String, Sum> sums = new LinkedHashMap<>();
    for (Step step : steps) {
      String row = step.phase() == Phase.BACKWARD ? "(backward)" : step.module().isEmpty() ? "(model)" : step.module();
      sums.put(row, new Sum(1, step.cost().bytes(), step.cost().flops()).plus(sums.get(row)));
    }
    int width = sums.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    sums.forEach((name, sum) -> text.append(String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s  %4d operations  "
        + "%10s  %10.4f GFLOP%n", name, sum.operations(), size(sum.bytes()), sum.flops() * 1e-9)));
    return text
        .append(String.format(Locale.ROOT, "total %s moved, %.4f GFLOP; at most %s held, %s of them forward, and %s "
            + "of scratch%n", size(bytes()), flops() * 1e-9, size(peak), size(forwardPeak), size(scratchBytes())))
        .append("largest ").append(largest(3)).append(System.lineSeparator()).toString();
  }

  private static String size(long bytes) {
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024));
  }
}
