package org.orrery.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.ElementwiseKernels;
import org.orrery.tensor.backend.Storage;
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
  private final boolean stopAtWanted;
  private final boolean consumes;
  private final Tensor output;
  private final Set<Tensor> needed = new HashSet<>();
  private final Map<Tensor, Tensor> pending = new HashMap<>();
  /// The result of the operation whose backward call runs.
  private @Nullable Tensor visited;
  /// The upstream gradient of the running operation where nobody else will read it.
  private @Nullable Tensor spare;
  private final @Nullable Scope home = Scope.current();
  private final IdentityHashMap<Storage, Integer> holders = new IdentityHashMap<>();
  private final List<Storage> touched = new ArrayList<>();
  /// The result of the oldest operation that reads each buffer, which is the last that the sweep comes to.
  private final IdentityHashMap<Storage, Tensor> oldestReaders = new IdentityHashMap<>();
  /// Gradients that are multiplied by the slope of what they belong to.
  private final Set<Tensor> slopedAlready = new HashSet<>();
  private final Set<Storage> made = Collections.newSetFromMap(new IdentityHashMap<>());

  private Gradients(Tensor output, Collection<Tensor> wanted, boolean stopAtWanted, boolean consumes) {
    this.output = output;
    this.wanted = new HashSet<>(wanted);
    this.stopAtWanted = stopAtWanted;
    this.consumes = consumes;
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
    if (!needed.contains(operand)) {
      return;
    }
    Tensor part = share.get();
    if (!part.shape().equals(operand.shape())) {
      Op running = visited == null ? null : visited.origin();
      throw new IllegalStateException((running == null ? "gradients" : running.name()) + ": a gradient of shape "
          + part.shape() + " for an operand of shape " + operand.shape());
    }
    Tensor before = pending.get(operand);
    if (before != null && isOwn(before) && before.accumulate(part)) {
      return;
    }
    Tensor sum = before == null ? part : before.add(part);
    hold(sum, 1);
    pending.put(operand, sum);
    if (before != null) {
      drop(before);
    }
  }

  /// Adds a share that is a product of two matrices, by a backward call that doesn't read the operand any more. Where nobody else does either and it
  /// is a function of each number whose slope is next, the product times that slope is written over it.
  void addLastProduct(Tensor operand, Supplier<MatMul> product) {
    Op origin = originOf(operand);
    if (home == null || origin == null || pending.containsKey(operand) || !needs(operand)
        || !isReadForTheLastTime(operand)) {
      add(operand, () -> Tensor.of(product.get()));
      return;
    }
    MatMul share = product.get();
    Unary function = origin instanceof Activated activated ? activated.function() : null;
    if (function != null && share.isOfRows() && share.operands().stream().noneMatch(operand::sharesBufferWith)) {
      home.disown(operand.data()); // its memory becomes the share's
      Tensor sloped = Tensor.of(new MatMulTimesDerivative(share, function, ((Activated) origin).alpha(), operand));
      slopedAlready.add(sloped);
      add(operand, () -> sloped);
    } else {
      add(operand, () -> Tensor.of(share));
    }
  }

  /// Whether every other operation that reads the memory of this operand has been visited, and the sweep may give it back.
  private boolean isReadForTheLastTime(Tensor operand) {
    Op running = visited == null ? null : visited.origin();
    return running != null && home != null && !Tensor.isChecking() && mayConsume(operand)
        && home.owns(operand.data()) && oldestReaders.get(operand.data()) == visited
        && running.operands().stream().filter(operand::sharesBufferWith).count() == 1;
  }

  /// upstream f'(x; alpha), where y = f(x; alpha); in place of the upstream gradient of the running operation, where nobody else
  /// will read that. To be called once in a backward call, which must not read upstream afterward.
  Tensor slope(Unary kind, double alpha, Tensor x, Tensor y, Tensor upstream) {
    if (slopedAlready.remove(upstream)) {
      return upstream;
    }
    if (upstream == spare && upstream.backend() instanceof ElementwiseKernels kernels) {
      kernels.timesDerivative(kind, alpha, x.data(), y.data(), upstream.data());
      return upstream;
    }
    return Tensor.of(new MappedGradient(kind, alpha, x, y, upstream));
  }

  /// Whether an earlier operation's backward call made this gradient and nothing else uses it, so that it may be added to. Where
  /// results are checked for NaN each has a buffer and an operation of its own, which the check can name.
  private boolean isOwn(Tensor gradient) {
    return home != null && !Tensor.isRecording() && !Tensor.isChecking() && made.contains(gradient.data())
        && holders.getOrDefault(gradient.data(), 0) == 1;
  }

  /// Whether a share of this operand would be computed: for operations that make several gradients at once.
  public boolean needs(Tensor operand) {
    return needed.contains(operand);
  }

  /// Differentiates an operation through its definition.
  void addThrough(Op op, Tensor upstream) {
    List<Tensor> reached = op.operands().stream().filter(needed::contains).distinct().toList();
    if (reached.isEmpty()) {
      return;
    }
    Tensor definition = Tensor.recorded(op::definition);
    Gradients inner = sweep(definition, upstream, reached, true, true);
    for (Tensor operand : reached) {
      if (inner.reaches(operand)) {
        add(operand, () -> inner.withRespectTo(operand));
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
      boolean consumes) {
    for (Tensor x : wanted) {
      if (!x.isTracked()) {
        throw new IllegalArgumentException(
            "gradients: a wanted tensor " + x.shape() + " is not tracked; call tracked() before it is used");
      }
    }
    Gradients gradients = new Gradients(output, wanted, stopAtWanted, consumes);
    List<Tensor> history = gradients.history(output);
    gradients.markNeeded(history);
    gradients.noteReaders(history);
    if (gradients.needed.contains(output)) {
      gradients.pending.put(output, upstream);
    }
    for (int i = history.size() - 1; i >= 0; i--) {
      gradients.visit(history.get(i));
      gradients.consume(history.get(i));
    }
    return gradients;
  }

  /// Gives back a result whose users and whose own operation have been visited. Where an operand has the same buffer, as
  /// before a reshape, the buffer stays until that one's turn.
  private void consume(Tensor tensor) {
    if (home != null && mayConsume(tensor)) {
      home.release(tensor.data());
    }
  }

  private boolean mayConsume(Tensor tensor) {
    Op origin = originOf(tensor);
    return consumes && home != null && origin != null && !Tensor.isRecording() && tensor != output
        && !wanted.contains(tensor) && !tensor.isReleased()
        && origin.operands().stream().noneMatch(tensor::sharesBufferWith) && !holders.containsKey(tensor.data());
  }

  /// Every tracked tensor that the output was made from, oldest first.
  private List<Tensor> history(Tensor output) {
    List<Tensor> found = new ArrayList<>();
    Set<Tensor> seen = new HashSet<>();
    Deque<Tensor> open = new ArrayDeque<>();
    if (output.isTracked()) {
      open.push(output);
      seen.add(output);
    }
    while (!open.isEmpty()) {
      Tensor tensor = open.pop();
      found.add(tensor);
      Op origin = originOf(tensor);
      if (origin != null) {
        for (Tensor operand : origin.operands()) {
          if (operand.isTracked() && seen.add(operand)) {
            open.push(operand);
          }
        }
      }
    }
    found.sort(Comparator.comparingLong(Tensor::id));
    return found;
  }

  private void markNeeded(List<Tensor> history) {
    for (Tensor tensor : history) {
      Op origin = originOf(tensor);
      boolean leads = wanted.contains(tensor);
      if (origin != null) {
        for (Tensor operand : origin.operands()) {
          leads |= needed.contains(operand);
        }
      }
      if (leads) {
        needed.add(tensor);
      }
    }
  }

  private void noteReaders(List<Tensor> history) {
    if (!consumes || home == null || Tensor.isRecording()) {
      return;
    }
    for (Tensor tensor : history) {
      Op origin = originOf(tensor);
      if (origin != null) {
        for (Tensor operand : origin.operands()) {
          if (!operand.isReleased()) {
            oldestReaders.putIfAbsent(operand.data(), tensor);
          }
        }
      }
    }
  }

  private void visit(Tensor tensor) {
    Tensor upstream = pending.get(tensor);
    Op origin = originOf(tensor);
    if (upstream == null || !needed.contains(tensor) || origin == null) {
      return;
    }
    if (!wanted.contains(tensor)) {
      pending.remove(tensor);
    }
    origin.operands().forEach(operand -> operand.requireCurrent(origin.name()));
    visited = tensor;
    spare = !wanted.contains(tensor) && isOwn(upstream) ? upstream : null;
    if (home == null || Tensor.isRecording()) {
      origin.backward(tensor, upstream, this);
    } else {
      runAndTidy(origin, tensor, upstream);
    }
    visited = null;
    spare = null;
  }

  /// Inside a scope, what one backward call made goes back at once, save the gradients that are still to be used.
  private void runAndTidy(Op origin, Tensor tensor, Tensor upstream) {
    Scope.run(scope -> {
      origin.backward(tensor, upstream, this);
      for (Storage buffer : touched) {
        if (holders.containsKey(buffer) && scope.owns(buffer)) {
          made.add(buffer);
          scope.promote(buffer);
        }
      }
      touched.clear();
    });
    if (!wanted.contains(tensor)) {
      drop(upstream);
    }
  }

  private void hold(Tensor gradient, int count) {
    if (home != null) {
      holders.merge(gradient.data(), count, Integer::sum);
      touched.add(gradient.data());
    }
  }

  /// One fewer pending gradient uses this buffer; the last gives it back if the sweep itself made it.
  private void drop(Tensor gradient) {
    if (home == null) {
      return;
    }
    Storage buffer = gradient.data();
    Integer left = holders.computeIfPresent(buffer, (b, held) -> held == 1 ? null : Integer.valueOf(held - 1));
    if (left == null && made.remove(buffer)) {
      home.release(buffer);
    }
  }

  private @Nullable Op originOf(Tensor tensor) {
    return stopAtWanted && wanted.contains(tensor) ? null : tensor.origin();
  }
}
