package org.orrery.tensor;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Storage;

/// What a sweep of gradients may do with the memory that it meets in the scope around it. A call that breaks a rule throws
/// [IllegalStateException].
///
/// | memory of | is given back | is written |
/// |---|---|---|
/// | a leaf, the output, what is wanted, another scope | never | never |
/// | a result in a history that is released | when every operation that reads or made it has been visited, unless a pending gradient lies in it | by its own gradient, in the visit of its last reader ([#takeOver]) |
/// | a gradient that a visit made | when no pending gradient lies in it any more | by later visits, while one pending gradient lies in it ([#toWrite]) |
///
/// Without a scope, and where gradients have a history themselves, nothing is given back or written.
final class SweepMemory {
  private final @Nullable Scope home = Tensor.isRecording() ? null : Scope.current();
  private final IdentityHashMap<Storage, Use> uses = new IdentityHashMap<>();
  /// Where the running visit put gradients.
  private final List<Storage> touched = new ArrayList<>();
  private boolean releasesHistory;

  /// What is known of one storage.
  private static final class Use {
    /// How often the operations that have not been visited read it, and whether one of them made it.
    private int visitsLeft;
    /// How many pending gradients lie in it.
    private int gradients;
    /// Whether an earlier visit made it, for a gradient.
    private boolean isMade;
    /// Whether it stays although it is in the history.
    private boolean isKept;
  }

  /// Lets the history go as the sweep passes it.
  ///
  /// @param kept tensors that stay
  void releaseHistory(SweepHistory history, Iterable<Tensor> kept) {
    if (home == null) {
      return;
    }
    releasesHistory = true;
    for (Tensor tensor : history.tensors()) {
      List<Tensor> operands = history.operandsOf(tensor);
      expectVisit(tensor);
      operands.forEach(this::expectVisit);
      boolean isLeaf = operands.isEmpty();
      boolean liesInConstant = operands.stream()
          .anyMatch(operand -> operand.sharesStorageWith(tensor) && history.originOf(operand) == null);
      if (isLeaf || liesInConstant) {
        keep(tensor);
      }
    }
    kept.forEach(this::keep);
  }

  private void expectVisit(Tensor tensor) {
    useOf(tensor).visitsLeft++;
  }

  private void keep(Tensor tensor) {
    useOf(tensor).isKept = true;
  }

  /// Runs one operation's backward call in a scope of its own: what it makes goes back at once, save pending gradients.
  void visit(Runnable backward) {
    if (home == null) {
      backward.run();
      return;
    }
    Scope.run(scope -> {
      backward.run();
      for (Storage storage : touched) {
        Use use = uses.get(storage);
        if (use != null && use.gradients > 0 && scope.owns(storage)) {
          use.isMade = true;
          scope.promote(storage);
        }
      }
      touched.clear();
    });
  }

  /// Counts the visit of the operation that made a result, and gives the result back where that was the last.
  ///
  /// @param operands that the operation read; none for a leaf
  /// @throws IllegalStateException where it was visited before, or isn't in the history
  void passed(Tensor result, List<Tensor> operands) {
    if (!releasesHistory) {
      return;
    }
    countVisit(result);
    operands.forEach(this::countVisit);
    Use use = useOf(result);
    if (!use.isKept && use.visitsLeft == 0 && use.gradients == 0) {
      giveBack(result);
    }
  }

  private void countVisit(Tensor tensor) {
    Use use = useOf(tensor);
    require(use.visitsLeft > 0, tensor, "was visited more often than the history says");
    use.visitsLeft--;
  }

  /// Says that a pending gradient lies in this tensor.
  void hold(Tensor gradient) {
    if (home != null) {
      useOf(gradient).gradients++;
      touched.add(gradient.storage());
    }
  }

  /// Says that one pending gradient fewer lies in this tensor; the last gives it back if the sweep made it.
  ///
  /// @throws IllegalStateException where none does
  void drop(Tensor gradient) {
    if (home == null) {
      return;
    }
    Use use = useOf(gradient);
    require(use.gradients > 0, gradient, "is no pending gradient");
    use.gradients--;
    if (use.gradients == 0 && use.isMade) {
      giveBack(gradient);
    }
  }

  /// Whether an earlier visit made this gradient and nobody else uses it. Where results are checked for NaN each has memory and an
  /// operation of its own, which the check can name.
  boolean isWritable(Tensor gradient) {
    Use use = home == null || Tensor.isChecking() ? null : uses.get(gradient.storage());
    return use != null && use.isMade && use.gradients == 1;
  }

  /// The memory of a gradient, to be written.
  ///
  /// @throws IllegalStateException where it is not writable
  Storage toWrite(Tensor gradient) {
    require(isWritable(gradient), gradient, "is not the sweep's alone to write");
    return gradient.data();
  }

  /// Whether the running visit is the last that reads this result, reads it as one operand, and the sweep may give it back.
  boolean isReadForTheLastTime(Tensor result) {
    if (home == null || !releasesHistory || Tensor.isChecking()) {
      return false;
    }
    Use use = useOf(result);
    boolean areReaderAndMakerLeft = use.visitsLeft == 2;
    return areReaderAndMakerLeft && use.gradients == 0 && !use.isKept && home.owns(result.storage());
  }

  /// Hands over the memory of a result, which counts as released.
  ///
  /// @throws IllegalStateException where somebody else may read it
  void takeOver(Tensor result) {
    require(isReadForTheLastTime(result), result, "is not read for the last time");
    if (home != null) {
      home.disown(result.storage());
    }
  }

  private void giveBack(Tensor tensor) {
    uses.remove(tensor.storage());
    if (home != null) {
      home.release(tensor.storage());
    }
  }

  private Use useOf(Tensor tensor) {
    return uses.computeIfAbsent(tensor.storage(), storage -> new Use());
  }

  private static void require(boolean holds, Tensor tensor, String rule) {
    if (!holds) {
      throw new IllegalStateException("gradients: " + tensor.shape() + " " + rule);
    }
  }
}
