package org.orrery.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.InPlaceKernels;
import org.orrery.tensor.backend.Unary;

/// The gradients dL/dx of one number L with respect to the tensors that were asked for, by one reverse sweep over the
/// operations that made L, newest first.
///
/// The sweep is iterative: histories may be as long as memory allows. Shares that nobody needs are never computed. In a
/// scope, what the sweep itself made goes back as soon as it is used up, and [#releasingHistory] gives back the history too.
/// ```java
/// Tensor x = Tensor.of(3).tracked();
/// Tensor y = x.square().add(x.multiply(5)); // x^2 + 5x
/// Gradients.of(y.sum(), x).withRespectTo(x); // 2x + 5 = 11
/// ```
public final class Gradients {
  private final Set<Tensor> wanted;
  private final SweepHistory history;
  private final SweepMemory memory = new SweepMemory();
  private final Map<Tensor, Tensor> pending = new HashMap<>();
  /// Pending gradients that were multiplied by the derivative of the activation behind their tensor when they were made.
  private final Set<Tensor> includeDerivative = new HashSet<>();
  /// The upstream gradient that the running visit may still multiply by a derivative; null for none.
  private @Nullable Tensor upstreamLeft;
  private String running = "gradients";

  private Gradients(Tensor output, Set<Tensor> wanted, boolean stopAtWanted) {
    this.wanted = wanted;
    this.history = new SweepHistory(output, wanted, stopAtWanted ? wanted : Set.of());
  }

  /// dL/dx for each wanted x. The gradients carry no history.
  ///
  /// @param loss one number
  /// @param wanted tracked tensors
  /// @throws IllegalArgumentException where the loss is not one number or has no history, or a wanted tensor is not
  ///         tracked
  /// @throws IllegalStateException where a parameter was refilled after it was used
  public static Gradients of(Tensor loss, Tensor... wanted) {
    return of(loss, List.of(wanted));
  }

  /// dL/dx for each wanted x. The gradients carry no history.
  public static Gradients of(Tensor loss, Collection<Tensor> wanted) {
    requireScalar(loss);
    return Tensor.unrecorded(() -> sweep(loss, ones(loss), wanted, false, false));
  }

  /// dL/dx for each wanted x, as [#of] gives them, and the end of the loss's history: each tensor that the current scope made
  /// on the way from x to L gives its memory back once the sweep has passed it, so that gradients grow where results were. The loss
  /// itself, wanted tensors and kept ones ([Scope#keep]) stay; reading another of them afterward throws.
  ///
  /// Without a scope this is [#of].
  public static Gradients releasingHistory(Tensor loss, Collection<Tensor> wanted) {
    requireScalar(loss);
    return Tensor.unrecorded(() -> sweep(loss, ones(loss), wanted, false, true));
  }

  /// dL/dx as tensors with a history, so that they can be part of another loss: forces, curvature.
  public static Gradients differentiable(Tensor loss, Tensor... wanted) {
    return differentiable(loss, List.of(wanted));
  }

  /// dL/dx as tensors with a history, so that they can be part of another loss: forces, curvature.
  public static Gradients differentiable(Tensor loss, Collection<Tensor> wanted) {
    requireScalar(loss);
    return Tensor.recorded(() -> sweep(loss, ones(loss), wanted, false, false));
  }

  /// The product upstream^T d output / dx of a vector with the Jacobian, without history.
  public static Gradients ofProduct(Tensor output, Tensor upstream, Collection<Tensor> wanted) {
    if (!output.shape().equals(upstream.shape())) {
      throw new IllegalArgumentException(
          "gradients: output " + output.shape() + " and upstream " + upstream.shape() + "; shapes must be equal");
    }
    requireHistory(output);
    return Tensor.unrecorded(() -> sweep(output, upstream, wanted, false, false));
  }

  /// dL/dx; zeros where L does not depend on x.
  ///
  /// @throws IllegalArgumentException where x was not asked for
  public Tensor withRespectTo(Tensor x) {
    if (!wanted.contains(x)) {
      throw new IllegalArgumentException("gradients: this tensor " + x.shape() + " was not asked for");
    }
    Tensor gradient = pending.get(x);
    return gradient != null ? gradient : Tensor.zeros(x.shape(), x.backend());
  }

  /// Whether L depends on x at all.
  public boolean reaches(Tensor x) {
    return pending.containsKey(x);
  }

  /// Called by [Op#backward]: adds a share to the gradient of an operand. The share is computed only if it is needed.
  ///
  /// @throws IllegalStateException where the share does not have the operand's shape
  public void add(Tensor operand, Supplier<Tensor> share) {
    if (needs(operand)) {
      put(operand, share.get());
    }
  }

  private void put(Tensor operand, Tensor share) {
    if (!share.shape().equals(operand.shape())) {
      throw new IllegalStateException(
          running + ": a gradient of shape " + share.shape() + " for an operand of shape " + operand.shape());
    }
    Tensor before = pending.get(operand);
    InPlaceKernels kernels = before != null && memory.isWritable(before) ? inPlace(before) : null;
    if (before != null && kernels != null) {
      kernels.accumulate(memory.toWrite(before), share.data());
      return;
    }
    Tensor sum = before == null ? share : before.add(share);
    memory.hold(sum);
    pending.put(operand, sum);
    if (before != null) {
      memory.drop(before);
    }
  }

  /// Adds a share that is a matrix product, for a backward call that does not read the operand any more. Where nobody else does either
  /// and the operand is an activation y = f(x), its memory takes the product times f'(x).
  void addLastProduct(Tensor operand, Supplier<MatMul> product) {
    if (!needs(operand)) {
      return;
    }
    MatMul share = product.get();
    if (history.originOf(operand) instanceof Activated activated && activated.function() != null && share.isOfRows()
        && !pending.containsKey(operand)
        && share.operands().stream().noneMatch(operand::sharesStorageWith)
        && operand.backend().has(InPlaceKernels.class) && memory.isReadForTheLastTime(operand)) {
      memory.takeOver(operand);
      Tensor multiplied = Tensor
          .of(new MatMulTimesDerivative(share, activated.function(), activated.alpha(), operand));
      includeDerivative.add(multiplied);
      put(operand, multiplied);
    } else {
      put(operand, Tensor.of(share));
    }
  }

  private static @Nullable InPlaceKernels inPlace(Tensor tensor) {
    return tensor.backend().kernels(InPlaceKernels.class);
  }

  /// upstream f'(x; alpha), where y = f(x; alpha); in place of the upstream gradient of the running visit, where nobody else will read that.
  /// A backward call asks once at most, and does not read upstream afterward.
  ///
  /// @throws IllegalStateException where it asks again
  Tensor timesDerivative(Unary kind, double alpha, Tensor x, Tensor y, Tensor upstream) {
    if (upstream != upstreamLeft) {
      throw new IllegalStateException(running + ": the upstream gradient was multiplied by the derivative before");
    }
    upstreamLeft = null;
    if (includeDerivative.remove(upstream)) {
      return upstream;
    }
    InPlaceKernels kernels = memory.isWritable(upstream) ? inPlace(upstream) : null;
    if (kernels != null) {
      kernels.timesDerivative(kind, alpha, x.data(), y.data(), memory.toWrite(upstream));
      return upstream;
    }
    return Tensor.of(new MappedGradient(kind, alpha, x, y, upstream));
  }

  /// Whether a share of this operand would be computed: for operations that make several gradients at once.
  public boolean needs(Tensor operand) {
    return history.needs(operand);
  }

  /// Differentiates an operation through its definition.
  void addThrough(Op op, Tensor upstream) {
    Set<Tensor> reached = new LinkedHashSet<>(op.operands());
    reached.removeIf(operand -> !needs(operand));
    if (reached.isEmpty()) {
      return;
    }
    Tensor definition = Tensor.recorded(op::definition);
    Gradients inner = sweep(definition, upstream, reached, true, true);
    for (Tensor operand : reached) {
      if (inner.reaches(operand)) {
        put(operand, inner.withRespectTo(operand));
      }
    }
  }

  private static Tensor ones(Tensor loss) {
    return Tensor.full(loss.shape(), 1, loss.backend());
  }

  private static void requireScalar(Tensor loss) {
    requireHistory(loss);
    if (loss.shape().elements() != 1) {
      throw new IllegalArgumentException("gradients: a loss of shape " + loss.shape() + "; one number is required");
    }
  }

  private static void requireHistory(Tensor output) {
    if (!output.isTracked()) {
      throw new IllegalArgumentException("gradients: a loss " + output.shape()
          + " without a history: what it was made from is not tracked, or it was detached or made unrecorded");
    }
  }

  private static Gradients sweep(Tensor output, Tensor upstream, Collection<Tensor> wanted, boolean stopAtWanted,
      boolean releasesHistory) {
    for (Tensor x : wanted) {
      if (!x.isTracked()) {
        throw new IllegalArgumentException(
            "gradients: a wanted tensor " + x.shape() + " is not tracked; call tracked() before it is used");
      }
    }
    Gradients gradients = new Gradients(output, new HashSet<>(wanted), stopAtWanted);
    gradients.run(output, upstream, releasesHistory);
    return gradients;
  }

  private void run(Tensor output, Tensor upstream, boolean releasesHistory) {
    if (releasesHistory) {
      List<Tensor> kept = new ArrayList<>(wanted);
      kept.add(output);
      memory.releaseHistory(history, kept);
    }
    if (needs(output)) {
      memory.hold(upstream);
      pending.put(output, upstream);
    }
    for (Tensor tensor : history.tensors().reversed()) {
      visit(tensor);
      memory.passed(tensor, history.operandsOf(tensor));
    }
  }

  private void visit(Tensor tensor) {
    Tensor upstream = pending.get(tensor);
    Op origin = history.originOf(tensor);
    if (upstream == null || origin == null || origin.operands().stream().noneMatch(this::needs)) {
      return;
    }
    origin.operands().forEach(operand -> operand.requireCurrent(origin.name()));
    if (wanted.contains(tensor)) {
      memory.hold(upstream); // the caller's too
    }
    running = origin.name();
    upstreamLeft = upstream;
    memory.visit(() -> origin.backward(tensor, upstream, this));
    if (includeDerivative.contains(upstream)) {
      throw new IllegalStateException(running + ": its backward call did not ask for the derivative of its function");
    }
    if (!wanted.contains(tensor)) {
      pending.remove(tensor);
      memory.drop(upstream);
    }
  }
}
