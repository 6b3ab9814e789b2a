package org.orrery.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.backend.Unary;

class ScopeTest {
  @Test
  void aTensorOfAClosedScopeCannotBeRead() {
    Tensor leaked = Scope.within(scope -> Tensor.ones(4).multiply(2));
    Exception refused = assertThrows(IllegalStateException.class, leaked::toArray);
    assertTrue(String.valueOf(refused.getMessage()).contains("scope of this tensor [4] has closed"),
        refused.toString());
    assertThrows(IllegalStateException.class, () -> leaked.add(1));
    assertEquals("released [4]", leaked.toString());
  }

  @Test
  void whatIsKeptOutlivesItsScopeAndEndsItsHistory() {
    Tensor x = Tensor.ones(4).tracked();
    Tensor kept = Scope.within(scope -> scope.keep(x.multiply(2)));
    assertArrayEquals(new float[] {2, 2, 2, 2}, kept.toArray());
    assertFalse(kept.isTracked());
  }

  @Test
  void whatIsKeptOfAnInnerScopeBelongsToTheOuterOne() {
    List<Tensor> seen = new ArrayList<>();
    Scope.run(outer -> {
      seen.add(Scope.within(inner -> inner.keep(Tensor.ones(3).add(1))));
      assertArrayEquals(new float[] {2, 2, 2}, seen.getFirst().toArray());
    });
    assertThrows(IllegalStateException.class, () -> seen.getFirst().toArray());
  }

  @Test
  void anOuterScopeKeepsWhatAnInnerOneMade() {
    Tensor[] kept = new Tensor[1];
    Scope.run(outer -> Scope.run(inner -> kept[0] = outer.keep(Tensor.ones(3).add(1))));
    assertArrayEquals(new float[] {2, 2, 2}, kept[0].toArray());
  }

  @Test
  void aScopeDoesNotTakeWhatADefinitionOnlyCaptured() {
    Tensor captured = Tensor.ones(2).add(4);
    Scope.run(
        scope -> assertArrayEquals(new float[] {5, 5}, Tensor.of(new Constant(Tensor.ones(2), captured)).toArray()));
    assertArrayEquals(new float[] {5, 5}, captured.toArray());
  }

  private record Constant(Tensor x, Tensor value) implements Op {
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
      return value;
    }
  }

  @Test
  void whatIsMadeOutsideEveryScopeStays() {
    Tensor cached = Scope.within(scope -> Scope.outside(() -> Tensor.ones(2).multiply(3)));
    assertArrayEquals(new float[] {3, 3}, cached.toArray());
  }

  @Test
  void parametersAreNotOwnedByAScope() {
    Variable weight = Scope.within(scope -> new Variable("weight", Tensor.ones(2), true));
    assertArrayEquals(new float[] {1, 1}, weight.value().toArray());
  }

  private static Tensor chain(Tensor x) {
    Tensor y = x;
    for (int i = 0; i < 50; i++) {
      y = y.sigmoid();
    }
    return y;
  }

  @Test
  void aSweepGivesBackWhatNobodyCanHold() {
    Tensor x = Tensor.ones(1000).tracked();
    Scope.run(scope -> {
      Tensor loss = chain(x).sum();
      long forward = scope.liveBytes();
      Tensor gradient = Gradients.of(loss, x).withRespectTo(x);
      assertEquals(1000, gradient.shape().elements());
      // what stays is the gradient itself and a few numbers, and at no time were many gradients held
      assertTrue(scope.liveBytes() - forward <= 4100, "live " + (scope.liveBytes() - forward));
      assertTrue(scope.peakBytes() - forward <= 5 * 4000, "peak " + (scope.peakBytes() - forward));
    });
  }

  @Test
  void gradientsInAScopeEqualThoseOutside() {
    Key key = Key.of(7);
    Tensor x = Tensor.normal(key, 6, 5).tracked();
    Tensor w = Tensor.normal(key.fold(1), 4, 5).tracked();
    Gradients free = Gradients.of(loss(x, w), x, w);
    Scope.run(scope -> {
      Gradients scoped = Gradients.of(loss(x, w), x, w);
      assertArrayEquals(free.withRespectTo(x).toArray(), scoped.withRespectTo(x).toArray());
      assertArrayEquals(free.withRespectTo(w).toArray(), scoped.withRespectTo(w).toArray());
      Gradients twice = Gradients.of(Gradients.differentiable(loss(x, w), x).withRespectTo(x).square().sum(), w);
      assertTrue(twice.reaches(w));
    });
  }

  @Test
  void aConsumingSweepGivesTheHistoryBack() {
    Tensor x = Tensor.normal(Key.of(3), 50, 20).tracked();
    Tensor w = Tensor.normal(Key.of(4), 20, 20).tracked();
    Scope.run(scope -> {
      Tensor h = x.affine(w, null).relu();
      Tensor folded = h.reshape(25, 40);
      Tensor asked = folded.square();
      Tensor kept = scope.keep(asked.multiply(2));
      Tensor loss = asked.multiply(2).sum();
      Gradients gradients = Gradients.releasingHistory(loss, List.of(w, asked));
      assertEquals(400, gradients.withRespectTo(w).toArray().length);
      assertEquals(2 * asked.sum().item(), loss.item(), 1e-3 * loss.item());
      assertEquals(1000, kept.toArray().length);
      assertEquals(1000, x.toArray().length);
      assertTrue(String.valueOf(assertThrows(IllegalStateException.class, h::toArray).getMessage())
          .contains("a sweep consumed it"));
      assertThrows(IllegalStateException.class, folded::toArray);
      assertThrows(IllegalStateException.class, () -> Gradients.of(loss, w), "its history is gone");
    });
  }

  @Test
  void aConsumingSweepHoldsLess() {
    Tensor x = Tensor.ones(1000).tracked();
    Scope.run(scope -> {
      Tensor loss = chain(x).sum();
      long forward = scope.liveBytes();
      Gradients.releasingHistory(loss, List.of(x));
      assertTrue(scope.liveBytes() <= 4100, "live " + scope.liveBytes());
      assertTrue(scope.peakBytes() - forward <= 4100, "peak " + (scope.peakBytes() - forward));
    });
  }

  @Test
  void gradientsOfLayersGrowWhereTheirResultsWere() {
    Tensor x = Tensor.normal(Key.of(5), 100, 10);
    Tensor w = Tensor.normal(Key.of(6), 10, 10).tracked();
    Scope.run(scope -> {
      Tensor h = x.affine(w, null, Unary.RELU, 0);
      Tensor kept = scope.keep(h.affine(w, null));
      Tensor last = h.affine(w, null, Unary.LEAKY_RELU, 0.1).affine(w, null, Unary.RELU, 0);
      Tensor loss = last.matmul(Tensor.ones(10, 1)).sum();
      long forward = scope.liveBytes();
      Gradients.releasingHistory(loss, List.of(w)); // results have 4000 bytes, gradients of w 400
      assertTrue(scope.peakBytes() - forward <= 500, "peak " + (scope.peakBytes() - forward));
      assertEquals(1000, kept.toArray().length);
      assertTrue(String.valueOf(assertThrows(IllegalStateException.class, h::toArray).getMessage())
          .contains("a sweep consumed it"));
    });
  }

  @Test
  void aNaNOfASlopeInPlaceIsNamed() {
    Tensor x = Tensor.of(0).tracked();
    Exception found = assertThrows(ArithmeticException.class, () -> Scope
        .run(scope -> Tensor.checkingForNaN(
            () -> Gradients.releasingHistory(x.multiply(1).sqrt().multiply(0).sum(), List.of(x)))));
    assertTrue(String.valueOf(found.getMessage()).startsWith("sqrt gradient: NaN in the result"), found.toString());
  }

  @Test
  void aLossAndWhatIsWantedStayInEveryShape() {
    Tensor x = Tensor.ones(3).tracked();
    Scope.run(scope -> {
      Tensor squares = x.square();
      Tensor asked = squares.reshape(3, 1);
      Tensor loss = asked.sum().reshape(1);
      Gradients.releasingHistory(loss, List.of(x, asked));
      assertArrayEquals(new float[] {3}, loss.toArray());
      assertArrayEquals(new float[] {1, 1, 1}, asked.toArray());
    });
  }

  @Test
  void withoutAScopeNothingIsConsumed() {
    Tensor x = Tensor.ones(3).tracked();
    Tensor y = x.square();
    Gradients.releasingHistory(y.sum(), List.of(x));
    assertArrayEquals(new float[] {1, 1, 1}, y.toArray());
  }

  /// Operations on operands that others use too, functions whose gradient may be written over its upstream, and results that are read
  /// once, over which a gradient may be written.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void everySweepGivesTheSameBits(int seed) {
    Tensor x = Tensor.normal(Key.of(seed), 6, 5).tracked();
    Tensor w = Tensor.normal(Key.of(seed).fold(1), 5, 5).tracked();
    Tensor b = Tensor.normal(Key.of(seed).fold(2), 5).tracked();
    List<Tensor> wanted = List.of(x, w, b);
    Gradients free = Gradients.of(tangle(seed, x, w, b), wanted);
    Scope.run(scope -> {
      Gradients scoped = Gradients.of(tangle(seed, x, w, b), wanted);
      Gradients consumed = Gradients.releasingHistory(tangle(seed, x, w, b), wanted);
      for (Tensor each : wanted) {
        assertArrayEquals(free.withRespectTo(each).toArray(), scoped.withRespectTo(each).toArray());
        assertArrayEquals(free.withRespectTo(each).toArray(), consumed.withRespectTo(each).toArray());
      }
    });
  }

  private static Tensor tangle(int seed, Tensor x, Tensor w, Tensor b) {
    RandomGenerator random = new SplittableRandom(seed);
    List<Tensor> made = new ArrayList<>(List.of(x, x.affine(w, b)));
    for (int i = 0; i < 40; i++) {
      Tensor one = made.get(random.nextInt(made.size()));
      Tensor other = made.get(random.nextInt(made.size()));
      made.add(switch (random.nextInt(16)) {
        case 0 -> one.relu();
        case 1 -> one.tanh();
        case 2 -> one.gelu();
        case 3 -> one.add(other).multiply(0.5);
        case 4 -> one.multiply(other).tanh();
        case 5 -> one.affine(w, b).multiply(0.3);
        case 6 -> one.affine(w, b).sigmoid();
        case 7 -> Tensor.affine(List.of(one, other), List.of(w, w), b).tanh();
        case 8 -> one.reshape(5, 6).reshape(6, 5);
        case 9 -> one.matmul(w).multiply(0.3);
        case 10 -> one.add(one);
        case 11 -> one.affine(w, b, Unary.RELU, 0).affine(w, b, Unary.TANH, 0).matmul(w).multiply(0.3);
        case 12 -> Tensor.affine(List.of(one, other.affine(w, b, Unary.LEAKY_RELU, 0.1)), List.of(w, w), b).tanh();
        case 13 -> twice(one.affine(w, b, Unary.SIGMOID, 0), w);
        case 14 -> one.affine(w, b, Unary.TANH, 0).reshape(5, 6).reshape(6, 5).matmul(w).multiply(0.3);
        default -> one.exp().log1p();
      });
    }
    return Tensor.concat(0, seed % 2 == 0 ? made : made.subList(made.size() - 3, made.size())).square().mean();
  }

  /// Users of one result, the oldest of which reads it twice, and one of which has it without its history.
  private static Tensor twice(Tensor h, Tensor w) {
    Tensor squares = h.transposedMatmul(h);
    return h.matmul(squares).multiply(0.1).add(h.matmul(w)).add(h.detach().matmul(w).multiply(h)).tanh();
  }

  private static Tensor loss(Tensor x, Tensor w) {
    Tensor h = x.affine(w, null).tanh();
    return h.add(h).multiply(h.softmax(1)).add(h.reshape(4, 6).transpose()).square().mean();
  }
}
