package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Unary;
import org.orrery.testkit.Float64Backend;
import org.orrery.testkit.GradientCheck;
import org.orrery.testkit.GradientCheck.Subject;

/// First and second derivatives of every operation are those of central differences.
class OperationGradientsTest {
  private static final Key KEY = Key.of(2024);

  private static DynamicTest law(String name, Supplier<Subject> subject) {
    return dynamicTest(name, () -> GradientCheck.of(subject).check());
  }

  private static DynamicTest law(String name, UnaryOperator<Tensor> f, int... sizes) {
    return law(name, () -> Subject.of(x -> f.apply(x.getFirst()), normal(name, sizes)));
  }

  private static Tensor normal(String name, int... sizes) {
    return Tensor.normal(KEY.fold(name), sizes);
  }

  /// Between 0.3 and 1.8.
  private static Tensor positive(String name, int... sizes) {
    return Tensor.uniform(KEY.fold(name), sizes).multiply(1.5).add(0.3);
  }

  // ---- element by element ----

  @TestFactory
  Stream<DynamicTest> functionsOfOneArgument() {
    return Arrays.stream(Unary.values()).map(kind -> law(kind.name(), () -> Subject.of(
        x -> x.getFirst().map(kind, 0.7),
        kind.least() == Double.NEGATIVE_INFINITY
            ? normal(kind.name(), 4, 5).multiply(2)
            : positive(kind.name(), 4, 5).add(kind.least()))));
  }

  @TestFactory
  Stream<DynamicTest> powersOfAnyNumber() {
    return Stream.of(
        law("x^3 of negative numbers", x -> x.pow(3), 3, 4),
        law("x^-2 of negative numbers", x -> x.pow(-2), 3, 4),
        law("x^2 at 0", () -> Subject.of(x -> x.getFirst().pow(2), Tensor.of(new double[] {0, 1, -1}))),
        law("x^1 at 0", () -> Subject.of(x -> x.getFirst().pow(1), Tensor.of(new double[] {0, 1, -1}))),
        law("x^0 at 0", () -> Subject.of(x -> x.getFirst().pow(0), Tensor.of(new double[] {0, 1, -1}))),
        law("x^3 at 0", () -> Subject.of(x -> x.getFirst().pow(3), Tensor.of(new double[] {0, 1, -1}))));
  }

  @TestFactory
  Stream<DynamicTest> functionsOfTwoArguments() {
    Map<String, int[][]> shapes = Map.of("equal shapes", new int[][] {{3, 4}, {3, 4}},
        "a row for each", new int[][] {{3, 4}, {4}}, "a column for each", new int[][] {{3, 1}, {3, 4}},
        "both repeated", new int[][] {{3, 1, 2}, {4, 1}}, "a scalar", new int[][] {{}, {2, 3}});
    return Arrays.stream(Binary.values()).flatMap(kind -> shapes.entrySet().stream()
        .map(entry -> law(kind + ", " + entry.getKey(), () -> Subject.of(x -> x.get(0).binary(kind, x.get(1)),
            positive(kind + "a", entry.getValue()[0]), positive(kind + "b", entry.getValue()[1])))));
  }

  @TestFactory
  Stream<DynamicTest> elementwiseCompositions() {
    return Stream.of(
        law("clamp", x -> x.clamp(-0.5, 0.8), 4, 5),
        law("an operand used twice", x -> x.multiply(x).divide(x.square().add(1)), 3, 4),
        law("quotient by a number", x -> x.divide(3).subtract(2).negate(), 3),
        law("where", () -> Subject.of(x -> Tensor.where(normal("condition", 3, 4).greater(0), x.get(0).exp(), x.get(1)),
            normal("true", 3, 4), normal("false", 4))),
        law("where, condition repeated", () -> Subject.of(
            x -> Tensor.where(Tensor.of(new double[] {1, 0, 1}, 3, 1), x.get(0).square(), x.get(1).square()),
            normal("true", 4), normal("false", 3, 4))));
  }

  // ---- reductions ----

  @TestFactory
  Stream<DynamicTest> reductions() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Reduction kind : Reduction.values()) {
      tests.add(law(kind + " over everything", x -> x.reduce(kind), 2, 3, 2));
      for (int axis = -1; axis < 3; axis++) {
        int along = axis;
        tests.add(law(kind + " along axis " + axis, x -> x.reduce(kind, along), 2, 3, 4));
      }
      tests.add(law(kind + " of one", x -> x.reduce(kind, 1), 3, 1, 2));
    }
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      tests.add(law("mean along " + axis, x -> x.mean(along), 2, 3, 4));
      tests.add(law("variance along " + axis, x -> x.variance(along), 2, 3, 4));
      tests.add(law("norm along " + axis, x -> x.norm(along), 2, 3, 4));
      tests.add(law("norm of small numbers along " + axis, x -> x.multiply(1e-20).norm(along).multiply(1e20), 2, 3, 4));
      tests.add(law("standard deviation along " + axis, x -> x.standardDeviation(along), 2, 3, 4));
      tests.add(law("log sum exp along " + axis, x -> x.logSumExp(along), 2, 3, 4));
      tests.add(law("softmax along " + axis, x -> x.softmax(along), 2, 3, 4));
      tests.add(law("log softmax along " + axis, x -> x.logSoftmax(along), 2, 3, 4));
      tests.add(law("cumulative sum along " + axis, x -> x.cumulativeSum(along).square(), 2, 3, 4));
    }
    tests.add(law("mean", Tensor::mean, 2, 3));
    tests.add(law("normalize last", x -> x.normalizeLast(1e-3), 3, 2, 5));
    tests.add(law("layer norm", () -> Subject.of(x -> x.get(0).layerNorm(x.get(1), x.get(2), 1e-3),
        normal("x", 3, 2, 5), normal("w", 5), normal("b", 5))));
    tests.add(
        law("column dot", () -> Subject.of(x -> x.get(0).columnDot(x.get(1)), normal("x", 6, 5), normal("y", 6, 5))));
    tests.add(law("cross entropy", x -> x.crossEntropy(Indices.of(1, 0, 2, 2)), 4, 3));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> productsWithZeros() {
    double[] zeros = {0, 2, 3, 0, 0, 3, 2, 0, 5, 1, 2, 3, 0, 0, 0}; // one, two, one, none and three in the rows
    return Stream.of(
        law("product along the last axis", () -> Subject.of(x -> x.getFirst().product(1), Tensor.of(zeros, 5, 3))),
        law("product along the first axis",
            () -> Subject.of(x -> x.getFirst().product(0), Tensor.of(zeros, 5, 3).transpose())),
        law("product of a middle axis", () -> Subject.of(x -> x.getFirst().product(1), Tensor.of(zeros, 1, 5, 3))),
        law("product of segments", () -> Subject.of(
            x -> x.getFirst().segmentReduce(Reduction.PRODUCT, Segments.of(Indices.of(2, 0, 2, 0, 0), 4)),
            Tensor.of(zeros, 5, 3))));
  }

  /// Of two equal entries moved by h the maximum moves by h up and not at all down: the difference quotient is 1/2.
  @Test
  void twoEqualExtremesShareTheGradient() {
    double[] ties = {1, 3, 3, 2, 2, 0};
    for (Reduction kind : List.of(Reduction.MAXIMUM, Reduction.MINIMUM)) {
      GradientCheck.of(() -> Subject.of(x -> x.getFirst().reduce(kind, 1), Tensor.of(ties, 2, 3))).checkFirst();
      GradientCheck.of(() -> Subject.of(x -> x.getFirst().reduce(kind, 0), Tensor.of(ties, 2, 3).transpose()))
          .checkFirst();
      GradientCheck.of(() -> Subject.of(
          x -> x.getFirst().segmentReduce(kind, Segments.of(Indices.of(0, 1, 1, 0, 0, 3), 4)), Tensor.of(ties, 6, 1)))
          .checkFirst();
    }
    GradientCheck.of(() -> Subject.of(x -> x.get(0).maximum(x.get(1)), Tensor.of(ties), Tensor.of(3))).checkFirst();
    GradientCheck.of(() -> Subject.of(x -> x.get(0).minimum(x.get(1)), Tensor.of(ties), Tensor.of(3))).checkFirst();
  }

  @Test
  void threeEqualExtremesShareTheGradient() {
    Tensor x = Tensor.of(new float[] {4, 1, 4, 4}).tracked();
    float third = 1f / 3;
    assertArrayEquals(new float[] {third, 0, third, third}, gradient(x.max(0), x), 1e-7f);
    assertArrayEquals(new float[] {third, 0, third, third},
        gradient(x.unsqueeze(1).segmentMax(Segments.of(Indices.of(0, 0, 0, 0), 1)), x), 1e-7f);
  }

  /// The share is a constant where there are ties: max(x, y)^2 / 2 at x = y has gradient x / 2 each, and what is
  /// differentiated again is d(x/2)/dx by the same shares, 1/4.
  @Test
  void sharesOfTiesAreConstantsToSecondDerivatives() {
    Tensor x = Tensor.of(new float[] {3, 3}).tracked();
    Tensor loss = x.max(0).square().multiply(0.5);
    Tensor first = Gradients.differentiable(loss, x).withRespectTo(x);
    assertArrayEquals(new float[] {1.5f, 1.5f}, first.toArray());
    assertArrayEquals(new float[] {0.25f, 0.25f}, gradient(first.slice(0, 0, 1), x));
  }

  // ---- products ----

  @TestFactory
  Stream<DynamicTest> matrixProducts() {
    List<DynamicTest> tests = new ArrayList<>();
    int[][][] leading = {{{}, {}}, {{2}, {2}}, {{2}, {}}, {{}, {2}}, {{3, 2}, {3, 2}}};
    for (int[][] batch : leading) {
      String name = Shape.of(batch[0]) + " and " + Shape.of(batch[1]) + " batches";
      tests.add(law("a b, " + name, product(Tensor::matmul, batch, 3, 4, 4, 2)));
      tests.add(law("a b^T, " + name, product(Tensor::matmulTransposed, batch, 3, 4, 2, 4)));
      tests.add(law("a^T b, " + name, product(Tensor::transposedMatmul, batch, 4, 3, 4, 2)));
    }
    tests.add(law("affine", () -> Subject.of(x -> x.get(0).affine(x.get(1), x.get(2)), normal("x", 5, 3),
        normal("w", 2, 3), normal("b", 2))));
    for (Unary f : List.of(Unary.RELU, Unary.LEAKY_RELU, Unary.TANH, Unary.SIGMOID, Unary.SILU, Unary.ELU)) {
      tests.add(law("affine then " + f, () -> Subject.of(x -> x.get(0).affine(x.get(1), x.get(2), f, 0.3),
          normal("x", 5, 3), normal("w", 2, 3), normal("b", 2))));
      tests.add(law("affine without bias then " + f, () -> Subject.of(x -> x.get(0).affine(x.get(1), null, f, 0.3),
          normal("x", 2, 2, 3), normal("w", 4, 3))));
    }
    tests.add(law("affine without bias", () -> Subject.of(x -> x.get(0).affine(x.get(1), null), normal("x", 5, 3),
        normal("w", 2, 3))));
    tests.add(law("sum of affine maps", () -> Subject.of(
        x -> Tensor.affine(List.of(x.get(0), x.get(2)), List.of(x.get(1), x.get(3)), x.get(4)), normal("x", 5, 3),
        normal("w", 2, 3), normal("y", 5, 4), normal("v", 2, 4), normal("b", 2))));
    tests.add(law("sum of affine maps without bias", () -> Subject.of(
        x -> Tensor.affine(List.of(x.get(0), x.get(0)), List.of(x.get(1), x.get(1)), null), normal("x", 5, 3),
        normal("w", 2, 3))));
    tests.add(law("affine of three axes", () -> Subject.of(x -> x.get(0).affine(x.get(1), x.get(2)),
        normal("x", 2, 4, 3), normal("w", 2, 3), normal("b", 2))));
    tests.add(law("affine of a vector", () -> Subject.of(x -> x.get(0).affine(x.get(1), x.get(2)), normal("x", 3),
        normal("w", 2, 3), normal("b", 2))));
    return tests.stream();
  }

  @FunctionalInterface
  private interface Product {
    Tensor of(Tensor a, Tensor b);
  }

  private static Supplier<Subject> product(Product product, int[][] batch, int aRows, int aColumns, int bRows,
      int bColumns) {
    return () -> Subject.of(x -> product.of(x.get(0), x.get(1)), normal("a", followed(batch[0], aRows, aColumns)),
        normal("b", followed(batch[1], bRows, bColumns)));
  }

  private static int[] followed(int[] leading, int rows, int columns) {
    int[] sizes = Arrays.copyOf(leading, leading.length + 2);
    sizes[leading.length] = rows;
    sizes[leading.length + 1] = columns;
    return sizes;
  }

  // ---- movement ----

  @TestFactory
  Stream<DynamicTest> movements() {
    return Stream.of(
        moved("reshape", x -> x.reshape(4, -1), 2, 3, 4),
        moved("flatten", Tensor::flatten, 2, 3),
        moved("unsqueeze and squeeze", x -> x.unsqueeze(1).squeeze(1), 2, 3),
        moved("transpose", Tensor::transpose, 2, 3),
        moved("transpose of two axes", x -> x.transpose(0, 2), 2, 3, 4),
        moved("permute", x -> x.permute(2, 0, 1), 2, 3, 4),
        moved("expand", x -> x.expand(Shape.of(5, 3, 4)), 3, 1),
        moved("slice", x -> x.slice(1, 1, 3), 2, 4, 2),
        moved("slice with a step", x -> x.slice(0, 1, 7, 3), 7, 2),
        moved("slice backwards", x -> x.slice(1, 5, 0, -2), 2, 6),
        moved("select", x -> x.select(1, -1), 2, 3, 2),
        moved("flip", x -> x.flip(1), 2, 3),
        moved("pad", x -> x.pad(1, 2, 1), 2, 3, 2),
        moved("flip of two axes", x -> x.flip(0, 1), 2, 3),
        moved("roll", x -> x.roll(1, 2), 2, 3),
        moved("pad with a value", x -> x.pad(1, 2, 1, 3), 2, 3, 2),
        moved("sum over two axes", x -> x.sum(0, 2).square(), 2, 3, 2),
        moved("mean over two axes, kept", x -> x.meanKeeping(0, 2).square(), 2, 3, 2),
        moved("variance with a correction", x -> x.variance(1, 1), 2, 4),
        moved("split", x -> {
          List<Tensor> parts = x.split(1, 1, 3);
          return parts.get(0).multiply(parts.get(1));
        }, 2, 4),
        law("concat", () -> Subject.of(x -> Tensor.concat(1, x.get(0), x.get(1).exp(), x.get(0)).square(),
            normal("a", 2, 3, 2), normal("b", 2, 1, 2))),
        law("stack", () -> Subject.of(x -> Tensor.stack(-1, List.of(x.get(0), x.get(1))).square(),
            normal("a", 2, 3), normal("b", 2, 3))));
  }

  /// Movements are linear; squared, their second derivatives are not all 0.
  private static DynamicTest moved(String name, UnaryOperator<Tensor> movement, int... sizes) {
    return law(name, x -> movement.apply(x).square(), sizes);
  }

  // ---- rows and segments ----

  @TestFactory
  Stream<DynamicTest> rowsAndSegments() {
    Indices choice = Indices.of(3, 0, 3, 1, 3);
    Function<Integer, Segments> unsorted = count -> Segments.of(Indices.of(2, 0, 2, 4, 0, 2), count);
    Function<Integer, Segments> sorted = count -> Segments.ofOffsets(Indices.of(0, 2, 2, 5, 6));
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(moved("gather rows", x -> x.gatherRows(choice), 4, 3));
    tests.add(moved("gather rows of three axes", x -> x.gatherRows(choice), 4, 2, 2));
    tests.add(moved("elementPerRow", x -> x.elementPerRow(Indices.of(2, 0, 2)), 3, 4));
    tests.add(law("sort", x -> x.sort().multiply(Tensor.of(new double[] {1, -2, 3, 4})).square(), 3, 4));
    tests.add(law("dropout", x -> x.dropout(Key.of(5), 0.4).square(), 3, 4));
    tests.add(law("dropout and residual",
        () -> Subject.of(x -> x.get(0).dropout(Key.of(5), 0.4, x.get(1)).square(), normal("dropped", 3, 4),
            normal("residual", 3, 4))));
    tests.add(law("top k", x -> x.topK(2).values().multiply(Tensor.of(new double[] {1, -2})).square(), 3, 4));
    Map.of("sorted", sorted, "unsorted", unsorted).forEach((name, segments) -> {
      for (Reduction kind : Reduction.values()) {
        tests.add(law(kind + " of " + name + " segments",
            x -> x.segmentReduce(kind, segments.apply(5)).square(), 6, 2));
      }
      tests.add(law("variance of " + name + " segments", x -> x.segmentVariance(segments.apply(5)), 6, 2, 2));
      tests.add(law("sum of rows of " + name + " segments and others", () -> Subject.of(
          x -> Tensor.gatheredSum(x.get(1), List.of(x.get(0), x.get(2)),
              List.of(segments.apply(5), Segments.of(Indices.of(0, 1, 0, 1, 0, 1), 2))).square(),
          normal("tables", name.equals("sorted") ? 4 : 5, 3), normal("own", 6, 3), normal("others", 2, 3))));
      tests.add(law("mean of " + name + " segments", x -> x.segmentMean(segments.apply(5)).square(), 6, 2, 2));
      tests.add(law("softmax of " + name + " segments", x -> x.segmentSoftmax(segments.apply(5)), 6, 2));
      tests.add(law("softmax of " + name + " segments of vectors", x -> x.segmentSoftmax(segments.apply(5)), 6));
      tests.add(law("rows of " + name + " segments", x -> {
        Segments owner = segments.apply(5);
        return x.gatherRows(owner).square().segmentSum(owner);
      }, name.equals("sorted") ? 4 : 5, 2));
    });
    return tests.stream();
  }

  // ---- the smallest of tensors ----

  @Test
  void gradientsOfNothingAreNothing() {
    Supplier<Boolean> body = () -> {
      Tensor none = Tensor.zeros(0, 3).tracked();
      Segments noRows = Segments.of(Indices.of(), 2);
      for (Tensor y : List.of(none.exp(), none.sum(0), none.softmax(1), none.normalizeLast(1e-5),
          none.affine(Tensor.ones(2, 3), null), none.segmentMax(noRows), none.segmentSoftmax(noRows),
          none.product(0), none.cumulativeSum(0), none.sort(), none.transposedMatmul(none))) {
        assertEquals(Shape.of(0, 3), Gradients.of(y.sum(), none).withRespectTo(none).shape());
      }
      return true;
    };
    assertTrue(body.get() && Backends.with(new Float64Backend(), body));
  }

  private static float[] gradient(Tensor loss, Tensor x) {
    return Gradients.of(loss, x).withRespectTo(x).toArray();
  }
}
