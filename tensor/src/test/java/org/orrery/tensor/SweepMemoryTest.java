package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.orrery.tensor.backend.Unary;

/// What a sweep may give back and write: each rule of [SweepMemory], and the exception where it is broken.
class SweepMemoryTest {
  private static final Tensor LEAF = Tensor.ones(4).tracked();

  /// A sweep in a scope, without a history of its gradients.
  private static void sweep(Consumer<SweepMemory> body) {
    Scope.run(scope -> Tensor.unrecorded(() -> {
      body.accept(new SweepMemory());
      return 0;
    }));
  }

  private static Tensor recorded(Supplier<Tensor> body) {
    return Tensor.recorded(body);
  }

  /// A gradient that one visit of this sweep made.
  private static Tensor made(SweepMemory memory) {
    Tensor[] gradient = new Tensor[1];
    memory.visit(() -> {
      gradient[0] = Tensor.ones(4).multiply(2);
      memory.hold(gradient[0]);
      assertFalse(memory.isWritable(gradient[0]), "not in the visit that made it");
    });
    return gradient[0];
  }

  private static void assertBroken(String rule, Runnable call) {
    Exception broken = assertThrows(IllegalStateException.class, call::run);
    assertEquals("gradients: [4] " + rule, broken.getMessage());
  }

  @Test
  void aGradientIsWrittenByLaterVisitsWhileOnePendingGradientLiesInIt() {
    sweep(memory -> {
      Tensor gradient = made(memory);
      assertTrue(memory.isWritable(gradient));
      memory.hold(gradient.reshape(2, 2));
      assertBroken("is not the sweep's alone to write", () -> memory.toWrite(gradient));
      memory.drop(gradient);
      assertEquals(gradient.data(), memory.toWrite(gradient));
      assertFalse(Tensor.checkingForNaN(() -> memory.isWritable(gradient)), "each result is checked by itself");
    });
  }

  @Test
  void whatNoVisitMadeIsNeverWritten() {
    sweep(memory -> {
      Tensor foreign = Tensor.ones(4);
      memory.hold(foreign);
      assertBroken("is not the sweep's alone to write", () -> memory.toWrite(foreign));
      memory.drop(foreign);
      assertFalse(foreign.isReleased());
    });
  }

  @Test
  void aGradientGoesBackWithTheLastThatLiesInIt() {
    sweep(memory -> {
      Tensor gradient = made(memory);
      Tensor view = gradient.reshape(2, 2);
      memory.hold(view);
      memory.drop(gradient);
      assertFalse(view.isReleased());
      memory.drop(view);
      assertTrue(view.isReleased());
    });
    sweep(memory -> {
      Tensor never = Tensor.ones(4);
      assertBroken("is no pending gradient", () -> memory.drop(never));
    });
  }

  @Test
  void whatAVisitMakesAsideGoesBackAtItsEnd() {
    sweep(memory -> {
      Tensor[] aside = new Tensor[1];
      memory.visit(() -> aside[0] = Tensor.ones(4).multiply(2));
      assertTrue(aside[0].isReleased());
    });
  }

  @Test
  void aResultGoesBackOnceItsReadersAndItsMakerHaveBeenVisited() {
    sweep(memory -> {
      Tensor y = recorded(LEAF::square);
      Tensor view = recorded(() -> y.reshape(2, 2));
      Tensor sum = recorded(() -> view.reshape(4).add(y).sum());
      SweepHistory history = new SweepHistory(sum, Set.of(LEAF), Set.of());
      memory.releaseHistory(history, List.of(sum));
      for (Tensor tensor : history.tensors().reversed()) {
        memory.passed(tensor, history.operandsOf(tensor));
        assertEquals(tensor == y || tensor == LEAF, y.isReleased(), "with the visit of its maker");
      }
      assertFalse(LEAF.isReleased() || sum.isReleased(), "what is kept stays");
    });
  }

  @Test
  void aResultInTheMemoryOfAConstantStays() {
    sweep(memory -> {
      Tensor constant = Tensor.ones(4);
      Tensor y = recorded(() -> Tensor.of(new ConstantOf(LEAF, constant)));
      memory.releaseHistory(new SweepHistory(y, Set.of(LEAF), Set.of()), List.of());
      memory.passed(y, List.of(LEAF, constant));
      assertFalse(constant.isReleased());
    });
  }

  /// The constant itself, which is said to depend on x.
  private record ConstantOf(Tensor x, Tensor constant) implements Op {
    @Override
    public List<Tensor> operands() {
      return List.of(x, constant);
    }

    @Override
    public Shape shape() {
      return constant.shape();
    }

    @Override
    public Tensor definition() {
      return constant;
    }
  }

  @Test
  void aResultStaysWhileAGradientLiesInIt() {
    sweep(memory -> {
      Tensor y = recorded(LEAF::square);
      memory.releaseHistory(new SweepHistory(y, Set.of(LEAF), Set.of()), List.of());
      memory.hold(y);
      memory.passed(y, List.of(LEAF));
      assertFalse(y.isReleased());
    });
  }

  @Test
  void noVisitCountsTwice() {
    sweep(memory -> {
      Tensor y = recorded(LEAF::square);
      memory.releaseHistory(new SweepHistory(y, Set.of(LEAF), Set.of()), List.of(y));
      memory.passed(y, List.of(LEAF));
      assertBroken("was visited more often than the history says", () -> memory.passed(y, List.of(LEAF)));
    });
  }

  @Test
  void onlyTheLastReaderTakesAResultOver() {
    sweep(memory -> {
      Tensor y = recorded(LEAF::square);
      Tensor first = recorded(y::square);
      Tensor second = recorded(() -> y.add(first));
      SweepHistory history = new SweepHistory(second, Set.of(LEAF), Set.of());
      memory.releaseHistory(history, List.of(second));
      assertBroken("is not read for the last time", () -> memory.takeOver(y));
      assertBroken("is not read for the last time", () -> memory.takeOver(LEAF));
      memory.passed(second, List.of(y, first));
      assertFalse(Tensor.checkingForNaN(() -> memory.isReadForTheLastTime(y)), "each result is checked by itself");
      memory.takeOver(y);
      assertFalse(Scope.current() == null || Scope.current().owns(y.data()), "its memory is somebody else's");
    });
  }

  @Test
  void aResultThatIsReadTwiceOrKeptIsNotTakenOver() {
    sweep(memory -> {
      Tensor y = recorded(LEAF::square);
      Tensor product = recorded(() -> y.multiply(y));
      memory.releaseHistory(new SweepHistory(product, Set.of(LEAF), Set.of()), List.of(product));
      assertFalse(memory.isReadForTheLastTime(y), "two operands");
    });
    sweep(memory -> {
      Tensor y = recorded(LEAF::square);
      Tensor twice = recorded(() -> y.multiply(2));
      memory.releaseHistory(new SweepHistory(twice, Set.of(LEAF), Set.of()), List.of(y));
      assertFalse(memory.isReadForTheLastTime(y), "the caller keeps it");
    });
    sweep(memory -> {
      Tensor y = recorded(LEAF::square);
      recorded(() -> y.multiply(2));
      assertFalse(memory.isReadForTheLastTime(y), "a history that stays");
    });
  }

  @Test
  void withoutAScopeNothingIsGivenBackOrWritten() {
    Tensor.unrecorded(() -> {
      SweepMemory memory = new SweepMemory();
      Tensor gradient = made(memory);
      assertFalse(memory.isWritable(gradient));
      memory.drop(gradient);
      assertFalse(gradient.isReleased());
      return 0;
    });
  }

  /// max(x, 0), whose backward call asks so many times for the derivative.
  private record Asking(Tensor x, int times) implements Activated {
    @Override
    public Unary function() {
      return Unary.RELU;
    }

    @Override
    public double alpha() {
      return 0;
    }

    @Override
    public List<Tensor> operands() {
      return List.of(x);
    }

    @Override
    public Shape shape() {
      return x.shape();
    }

    @Override
    public Tensor definition() {
      return x.relu();
    }

    @Override
    public void backward(Tensor y, Tensor upstream, Gradients sink) {
      Tensor share = upstream;
      for (int i = 0; i < times; i++) {
        share = sink.timesDerivative(Unary.RELU, 0, y, y, upstream);
      }
      Tensor last = share;
      sink.add(x, () -> last);
    }
  }

  private static float[] gradient(int times) {
    Tensor x = Tensor.normal(Key.of(1), 3, 2).tracked();
    return Scope.within(scope -> {
      Tensor y = Tensor.of(new Asking(x, times)).matmul(Tensor.ones(2, 2));
      return Gradients.releasingHistory(y.sum(), List.of(x)).withRespectTo(x).toArray();
    });
  }

  @Test
  void anOperationAsksOnceForTheDerivativeOfItsFunction() {
    assertEquals(6, gradient(1).length);
    Exception twice = assertThrows(IllegalStateException.class, () -> gradient(2));
    assertEquals("Asking: the upstream gradient was multiplied by the derivative before", twice.getMessage());
    Exception never = assertThrows(IllegalStateException.class, () -> gradient(0));
    assertEquals("Asking: its backward call did not ask for the derivative of its function", never.getMessage());
  }
}
