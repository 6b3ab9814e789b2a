package org.orrery.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.CountingBackend;
import org.orrery.tensor.backend.ElementwiseKernels;
import org.orrery.tensor.backend.ProductKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// An immutable float32 array, row-major and contiguous, that remembers the operation it came from where a gradient may
/// flow to it.
///
/// Nothing changes a tensor: each method gives a new one, and fails before any work where shapes do not fit. Axes are
/// counted from 0, or from the end with negative numbers. Two tensors are equal only if they are the same object; compare
/// values with [#toArray()].
///
/// A tensor with a history cannot be made on one backend from tensors of another.
@SuppressWarnings("ReferenceEquality") // buffers and backends are compared by identity
public final class Tensor {
  private static final AtomicLong COUNT = new AtomicLong();
  private static final ScopedValue<Boolean> RECORDING = ScopedValue.newInstance();
  private static final ScopedValue<Boolean> CHECKING = ScopedValue.newInstance();

  private final long id = COUNT.getAndIncrement();
  private final Shape shape;
  private final Backend backend;
  private final Storage buffer;
  private final int version;
  private final boolean tracked;
  private final @Nullable Op origin;
  private final @Nullable String label;

  private Tensor(Shape shape, Storage buffer, Backend backend, boolean tracked, @Nullable Op origin,
      @Nullable String label) {
    this.shape = shape;
    this.buffer = buffer;
    this.backend = backend;
    this.version = buffer.version();
    this.tracked = tracked;
    this.origin = origin;
    this.label = label;
  }

  // ---- making ----

  /// The result of an operation: the only place where results are made.
  ///
  /// @throws IllegalArgumentException where operands live on different backends
  public static Tensor of(Op op) {
    List<Tensor> operands = op.operands();
    Backend backend = operands.isEmpty() ? Backends.current() : operands.getFirst().backend();
    boolean tracked = false;
    for (Tensor operand : operands) {
      requireSameBackend(backend, operand, op.name());
      tracked |= operand.tracked;
    }
    tracked &= isRecording();
    Shape shape = op.shape(); // before any work: it may be too large
    backend.observe(op.name(), shape, op::cost);
    Storage buffer = op.forward(backend);
    Scope.register(buffer, backend);
    if (isChecking()) {
      NotANumber.check(op.name(), operands, shape, buffer, backend);
    }
    return new Tensor(shape, buffer, backend, tracked, tracked ? op : null, null);
  }

  /// The results of an operation that has several, each without a history.
  ///
  /// @throws IllegalArgumentException where operands live on different backends
  public static List<Tensor> allOf(JointOp op) {
    List<Tensor> operands = op.operands();
    Backend backend = operands.getFirst().backend();
    operands.forEach(operand -> requireSameBackend(backend, operand, op.name()));
    List<Shape> shapes = op.shapes();
    Shape together = Shape.of(shapes.stream().mapToInt(Shape::elements).reduce(0, Math::addExact));
    backend.observe(op.name(), together, op::cost);
    List<Storage> buffers = op.forward(backend);
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Scope.register(buffers.get(i), backend);
      results.add(new Tensor(shapes.get(i), buffers.get(i), backend, false, null, null));
    }
    if (isChecking()) {
      results.forEach(y -> NotANumber.check(op.name(), operands, y.shape, y.buffer, backend));
    }
    return results;
  }

  /// These values with axes of these sizes; without sizes a vector.
  ///
  /// @throws IllegalArgumentException where their number is not the product of the sizes
  public static Tensor of(float[] values, int... sizes) {
    return of(sizes.length == 0 ? Shape.of(values.length) : Shape.of(sizes), values);
  }

  /// These values with axes of these sizes, rounded to what the backend holds; without sizes a vector.
  ///
  /// @throws IllegalArgumentException where their number is not the product of the sizes
  public static Tensor of(double[] values, int... sizes) {
    return of(sizes.length == 0 ? Shape.of(values.length) : Shape.of(sizes), values);
  }

  /// These values in this shape, `[]` included.
  ///
  /// @throws IllegalArgumentException where their number is not the shape's
  public static Tensor of(Shape shape, float[] values) {
    requireCount(values.length, shape);
    return made(shape, Backends.current().upload(values));
  }

  /// These values in this shape, `[]` included, rounded to what the backend holds.
  ///
  /// @throws IllegalArgumentException where their number is not the shape's
  public static Tensor of(Shape shape, double[] values) {
    requireCount(values.length, shape);
    return made(shape, Backends.current().upload(values));
  }

  /// A scalar, shape `[]`.
  public static Tensor of(double value) {
    return full(Shape.of(), value);
  }

  /// A matrix from its rows.
  public static Tensor of(float[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    float[] values = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw new IllegalArgumentException(
            "tensor: row " + i + " has " + rows[i].length + " values, row 0 has " + columns);
      }
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return of(values, rows.length, columns);
  }

  /// The indices as numbers, shape `[size]`.
  public static Tensor of(Indices indices) {
    double[] values = new double[indices.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = indices.at(i);
    }
    return of(values, values.length);
  }

  /// The same value everywhere.
  public static Tensor full(Shape shape, double value) {
    return full(shape, value, Backends.current());
  }

  /// Zeros.
  public static Tensor zeros(int... sizes) {
    return full(Shape.of(sizes), 0);
  }

  /// Zeros.
  public static Tensor zeros(Shape shape) {
    return full(shape, 0);
  }

  /// Ones.
  public static Tensor ones(int... sizes) {
    return full(Shape.of(sizes), 1);
  }

  /// Ones.
  public static Tensor ones(Shape shape) {
    return full(shape, 1);
  }

  /// 0, 1, ..., count - 1.
  public static Tensor range(int count) {
    Shape.of(count);
    return of(Indices.range(0, count));
  }

  /// The identity matrix `[size, size]`.
  public static Tensor identity(int size) {
    float[] values = new float[Shape.of(size, size).elements()];
    for (int i = 0; i < size; i++) {
      values[i * size + i] = 1;
    }
    return of(values, size, size);
  }

  /// Uniform on [0, 1).
  public static Tensor uniform(Key key, int... sizes) {
    Shape shape = Shape.of(sizes);
    return made(shape, Backends.current().uniform(key, shape.elements()));
  }

  /// Standard normal.
  public static Tensor normal(Key key, int... sizes) {
    Shape shape = Shape.of(sizes);
    return made(shape, Backends.current().normal(key, shape.elements()));
  }

  /// Joins tensors along an axis; the other sizes must be equal.
  public static Tensor concat(int axis, List<Tensor> parts) {
    int front = Concat.axis(parts, axis);
    return parts.size() == 1 ? parts.getFirst() : of(new Concat(parts, front));
  }

  /// Joins tensors along an axis; the other sizes must be equal.
  public static Tensor concat(int axis, Tensor... parts) {
    return concat(axis, List.of(parts));
  }

  /// Puts tensors of one shape side by side along a new axis.
  public static Tensor stack(int axis, List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("stack: no tensors");
    }
    return concat(axis < 0 ? axis + parts.getFirst().rank() + 1 : axis,
        parts.stream().map(part -> part.unsqueeze(axis)).toList());
  }

  /// `whenTrue` where the condition is not 0, else `whenFalse`; all three are repeated to their joint shape.
  public static Tensor where(Tensor condition, Tensor whenTrue, Tensor whenFalse) {
    Shape joint = condition.shape.broadcast(whenTrue.shape, "where").broadcast(whenFalse.shape, "where");
    return of(new Select(condition.detach().expand(joint), whenTrue.expand(joint), whenFalse.expand(joint)));
  }

  // ---- tracking ----

  /// The same values as a place that gradients can be taken with respect to.
  public Tensor tracked() {
    return new Tensor(shape, data(), backend, true, null, null);
  }

  /// The same values without a history: a constant to later operations.
  public Tensor detach() {
    return tracked ? new Tensor(shape, data(), backend, false, null, null) : this;
  }

  /// Whether a gradient may flow to it.
  public boolean isTracked() { return tracked; }

  /// Runs the body without remembering operations: evaluation and rollouts.
  public static <T extends @Nullable Object> T unrecorded(Supplier<T> body) {
    return ScopedValue.where(RECORDING, false).call(body::get);
  }

  /// Runs the body remembering operations, whatever is around it.
  public static <T extends @Nullable Object> T recorded(Supplier<T> body) {
    return ScopedValue.where(RECORDING, true).call(body::get);
  }

  /// Runs the body and fails at the operation that makes the first NaN, naming it. Slow: every result is read.
  public static <T extends @Nullable Object> T checkingForNaN(Supplier<T> body) {
    return ScopedValue.where(CHECKING, true).call(body::get);
  }

  /// Whether the result of an operation would have a history.
  static boolean tracks(Op op) {
    return isRecording() && op.operands().stream().anyMatch(Tensor::isTracked);
  }

  static boolean isChecking() { return CHECKING.isBound() && CHECKING.get(); }

  /// Whether operations are remembered here: backward calls run so where gradients are to be differentiated again.
  public static boolean isRecording() { return !RECORDING.isBound() || RECORDING.get(); }

  // ---- looking ----

  /// The sizes of its axes.
  public Shape shape() {
    return shape;
  }

  /// How many axes.
  public int rank() {
    return shape.rank();
  }

  /// The size of an axis.
  public int size(int axis) {
    return shape.size(axis);
  }

  /// The size of the first axis of a matrix (or of any tensor with an axis).
  public int rows() {
    return shape.size(0);
  }

  /// The size of the last axis.
  public int columns() {
    return shape.size(-1);
  }

  /// Where it lives. While a [CountingBackend] is current, every tensor counts as its own.
  public Backend backend() {
    CountingBackend counting = CountingBackend.current();
    return counting == null ? backend : counting;
  }

  /// Its numbers on the device, for kernels.
  ///
  /// @throws IllegalStateException where its scope has closed, or it is a parameter's value from before a refill
  public Storage data() {
    requireCurrent("tensor " + shape);
    return buffer;
  }

  /// A copy of its numbers, row-major.
  public float[] toArray() {
    return backend.download(data());
  }

  /// A copy of its numbers, row-major, as exact as the backend holds them.
  public double[] toDoubles() {
    return backend.downloadDouble(data());
  }

  /// Its only number.
  ///
  /// @throws IllegalStateException where it holds none or several
  public float item() {
    if (shape.elements() != 1) {
      throw new IllegalStateException("item: shape " + shape + "; exactly one value is required");
    }
    return toArray()[0];
  }

  /// Up to six entries at both ends of each axis, with the shape.
  @Override
  public String toString() {
    return buffer.isReleased() ? "released " + shape : TensorText.of(this);
  }

  // ---- element by element ----

  /// f(x; alpha).
  public Tensor map(Unary kind, double alpha) {
    return of(new Mapped(kind, alpha, this));
  }

  /// f(a, b) with the smaller repeated along axes of size 1 and missing leading axes.
  public Tensor binary(Binary kind, Tensor other) {
    return of(new Combined(kind, this, other));
  }

  /// a + b.
  public Tensor add(Tensor other) {
    return binary(Binary.ADD, other);
  }

  /// x + value.
  public Tensor add(double value) {
    return map(Unary.SHIFT, value);
  }

  /// a - b.
  public Tensor subtract(Tensor other) {
    return binary(Binary.SUBTRACT, other);
  }

  /// x - value.
  public Tensor subtract(double value) {
    return map(Unary.SHIFT, -value);
  }

  /// a b, element by element.
  public Tensor multiply(Tensor other) {
    return binary(Binary.MULTIPLY, other);
  }

  /// value x.
  public Tensor multiply(double value) {
    return map(Unary.SCALE, value);
  }

  /// a / b.
  public Tensor divide(Tensor other) {
    return binary(Binary.DIVIDE, other);
  }

  /// x / value.
  public Tensor divide(double value) {
    return binary(Binary.DIVIDE, full(Shape.of(), value, backend()));
  }

  /// a^b.
  public Tensor pow(Tensor exponent) {
    return binary(Binary.POWER, exponent);
  }

  /// x^exponent.
  public Tensor pow(double exponent) {
    return map(Unary.POWER, exponent);
  }

  /// The larger of a and b; equal entries share the gradient equally.
  public Tensor maximum(Tensor other) {
    return binary(Binary.MAXIMUM, other);
  }

  /// The smaller of a and b; equal entries share the gradient equally.
  public Tensor minimum(Tensor other) {
    return binary(Binary.MINIMUM, other);
  }

  /// x limited to low <= x <= high; the gradient is 1 inside and on the limits, 0 outside.
  public Tensor clamp(double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException("clamp: low " + low + " is above high " + high);
    }
    return map(Unary.AT_LEAST, low).map(Unary.AT_MOST, high);
  }

  /// 1 where a > b, else 0.
  public Tensor greater(Tensor other) {
    return binary(Binary.GREATER, other);
  }

  /// 1 where a >= b, else 0.
  public Tensor greaterOrEqual(Tensor other) {
    return binary(Binary.GREATER_EQUAL, other);
  }

  /// 1 where a < b, else 0.
  public Tensor less(Tensor other) {
    return other.binary(Binary.GREATER, this);
  }

  /// 1 where a = b, else 0.
  public Tensor equalTo(Tensor other) {
    return binary(Binary.EQUAL, other);
  }

  /// 1 where x > value, else 0.
  public Tensor greater(double value) {
    return binary(Binary.GREATER, full(Shape.of(), value, backend()));
  }

  /// 1 where x < value, else 0.
  public Tensor less(double value) {
    return full(Shape.of(), value, backend()).binary(Binary.GREATER, this);
  }

  /// 1 where x = value, else 0.
  public Tensor equalTo(double value) {
    return binary(Binary.EQUAL, full(Shape.of(), value, backend()));
  }

  /// -x.
  public Tensor negate() {
    return map(Unary.SCALE, -1);
  }

  /// |x|.
  public Tensor abs() {
    return map(Unary.ABS, 0);
  }

  /// -1, 0 or 1.
  public Tensor sign() {
    return map(Unary.SIGN, 0);
  }

  /// The largest integer that is not above x.
  public Tensor floor() {
    return map(Unary.FLOOR, 0);
  }

  /// e^x.
  public Tensor exp() {
    return map(Unary.EXP, 0);
  }

  /// The natural logarithm.
  public Tensor log() {
    return map(Unary.LOG, 0);
  }

  /// log(1 + x).
  public Tensor log1p() {
    return map(Unary.LOG1P, 0);
  }

  /// The square root.
  public Tensor sqrt() {
    return map(Unary.SQRT, 0);
  }

  /// 1 / x.
  public Tensor reciprocal() {
    return map(Unary.RECIPROCAL, 0);
  }

  /// x^2.
  public Tensor square() {
    return map(Unary.SQUARE, 0);
  }

  /// sin x, x in radians.
  public Tensor sin() {
    return map(Unary.SIN, 0);
  }

  /// cos x, x in radians.
  public Tensor cos() {
    return map(Unary.COS, 0);
  }

  /// The hyperbolic tangent.
  public Tensor tanh() {
    return map(Unary.TANH, 0);
  }

  /// The error function.
  public Tensor erf() {
    return map(Unary.ERF, 0);
  }

  /// 1 / (1 + e^-x).
  public Tensor sigmoid() {
    return map(Unary.SIGMOID, 0);
  }

  /// max(x, 0).
  public Tensor relu() {
    return map(Unary.RELU, 0);
  }

  /// x where x > 0, else slope x.
  public Tensor leakyRelu(double slope) {
    return map(Unary.LEAKY_RELU, slope);
  }

  /// x where x > 0, else alpha (e^x - 1).
  public Tensor elu(double alpha) {
    return map(Unary.ELU, alpha);
  }

  /// The self-normalizing exponential unit, Klambauer et al. 2017.
  public Tensor selu() {
    return map(Unary.SELU, 0);
  }

  /// x / (1 + e^-x).
  public Tensor silu() {
    return map(Unary.SILU, 0);
  }

  /// x (1 + erf(x / sqrt 2)) / 2.
  public Tensor gelu() {
    return map(Unary.GELU, 0);
  }

  /// log(1 + e^x).
  public Tensor softplus() {
    return map(Unary.SOFTPLUS, 0);
  }

  /// x tanh(log(1 + e^x)).
  public Tensor mish() {
    return map(Unary.MISH, 0);
  }

  // ---- reductions ----

  /// The sum of all values, shape `[]`.
  public Tensor sum() {
    return reduce(Reduction.SUM);
  }

  /// The sum along one axis, which goes away.
  public Tensor sum(int axis) {
    return reduce(Reduction.SUM, axis);
  }

  /// The mean of all values, shape `[]`.
  public Tensor mean() {
    return sum().divide(shape.elements());
  }

  /// The mean along one axis, which goes away.
  public Tensor mean(int axis) {
    return sum(axis).divide(size(axis));
  }

  /// The largest along one axis, which goes away; equal entries share the gradient equally.
  public Tensor max(int axis) {
    return reduce(Reduction.MAXIMUM, axis);
  }

  /// The smallest along one axis, which goes away; equal entries share the gradient equally.
  public Tensor min(int axis) {
    return reduce(Reduction.MINIMUM, axis);
  }

  /// The largest of all values, shape `[]`.
  public Tensor max() {
    return reduce(Reduction.MAXIMUM);
  }

  /// The smallest of all values, shape `[]`.
  public Tensor min() {
    return reduce(Reduction.MINIMUM);
  }

  /// The product along one axis, which goes away.
  public Tensor product(int axis) {
    return reduce(Reduction.PRODUCT, axis);
  }

  /// A reduction along one axis, which goes away.
  public Tensor reduce(Reduction kind, int axis) {
    int front = shape.axis(axis);
    return of(new Reduced(kind, this, front, front + 1));
  }

  /// A reduction over all axes, shape `[]`.
  public Tensor reduce(Reduction kind) {
    return of(new Reduced(kind, this, 0, rank()));
  }

  /// The population variance along one axis, mean (x - mean x)^2.
  public Tensor variance(int axis) {
    return subtract(mean(axis).unsqueeze(shape.axis(axis))).square().mean(axis);
  }

  /// The square root of [#variance(int)]; where that is 0, no gradient flows.
  public Tensor standardDeviation(int axis) {
    Tensor variance = variance(axis);
    Tensor none = variance.detach().equalTo(0);
    return variance.add(none).sqrt().multiply(none.negate().add(1));
  }

  /// log sum e^x along one axis, without overflow.
  public Tensor logSumExp(int axis) {
    int front = shape.axis(axis);
    Tensor top = detach().max(front).clamp(-Float.MAX_VALUE, Float.MAX_VALUE);
    return subtract(top.unsqueeze(front)).exp().sum(front).log().add(top);
  }

  /// e^x / sum e^x along one axis.
  public Tensor softmax(int axis) {
    return alongLast(axis, x -> of(new Softmax(x)));
  }

  /// x - log sum e^x along one axis.
  public Tensor logSoftmax(int axis) {
    return alongLast(axis, x -> of(new LogSoftmax(x)));
  }

  /// (x - mean) / sqrt(variance + epsilon) along the last axis.
  public Tensor normalizeLast(double epsilon) {
    return of(new NormalizedRows(this, epsilon));
  }

  /// weight (x - mean) / sqrt(variance + epsilon) + bias along the last axis, weight and bias `[columns]`.
  public Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
    return of(new LayerNormalized(this, weight, bias, epsilon));
  }

  /// The sums of a b down the columns of two matrices, without an array of the products: `[rows, width]` twice to `[width]`.
  public Tensor columnDot(Tensor other) {
    return of(new ColumnDot(this, other));
  }

  /// The mean of each column of a matrix and, in the second row, its population variance: `[rows, width]` to `[2, width]`.
  public Tensor columnMoments() {
    return of(new ColumnMoments(this));
  }

  /// weight (x - mean) / sqrt(variance + epsilon) + bias down the columns of a matrix, weight and bias `[columns]`.
  ///
  /// @param moments [#columnMoments()] of this matrix
  public Tensor batchNorm(Tensor moments, Tensor weight, Tensor bias, double epsilon) {
    return of(new BatchNormalized(this, moments.detach(), weight, bias, epsilon));
  }

  /// -log softmax(x)_c at the label c of each row: `[rows, classes]` to `[rows]`.
  ///
  /// @throws IllegalArgumentException where there is not one label a row, or one is not below the classes
  public Tensor crossEntropy(Indices labels) {
    return of(new CrossEntropy(this, labels));
  }

  /// The running sum along one axis.
  public Tensor cumulativeSum(int axis) {
    return of(new PrefixSum(this, shape.axis(axis), false));
  }

  /// Where the first largest value is along an axis; the result lists the remaining axes row-major.
  public Indices argmax(int axis) {
    return Ordering.argReduce(Reduction.MAXIMUM, this, axis);
  }

  /// Where the first smallest value is along an axis; the result lists the remaining axes row-major.
  public Indices argmin(int axis) {
    return Ordering.argReduce(Reduction.MINIMUM, this, axis);
  }

  /// The `count` largest values along the last axis, largest first, with their positions.
  public TopK topK(int count) {
    return Ordering.topK(this, count);
  }

  /// The values along the last axis in ascending order; gradients follow them. NaN comes last.
  public Tensor sort() {
    return Ordering.sorted(this, false, columns()).values();
  }

  // ---- products ----

  /// The matrix product a b over the last two axes; leading axes are batches, and a matrix serves all of them.
  public Tensor matmul(Tensor other) {
    return MatMul.of(this, other, false, false);
  }

  /// a b^T; nothing is copied.
  public Tensor matmulTransposed(Tensor other) {
    return MatMul.of(this, other, false, true);
  }

  /// a^T b; nothing is copied.
  public Tensor transposedMatmul(Tensor other) {
    return MatMul.of(this, other, true, false);
  }

  /// x W^T + b for x `[..., in]`, W `[out, in]`, b `[out]`.
  public Tensor affine(Tensor weight, @Nullable Tensor bias) {
    return Affine.of(this, weight, bias);
  }

  /// f(x W^T + b; alpha) for x `[..., in]`, W `[out, in]`, b `[out]`: one pass where the slope of f follows from its result
  /// or is not needed.
  public Tensor affine(Tensor weight, @Nullable Tensor bias, Unary function, double alpha) {
    return Affine.of(this, weight, bias, function, alpha);
  }

  /// x_0 W_0^T + x_1 W_1^T + ... + b for x_i `[rows, in_i]`, W_i `[out, in_i]`, b `[out]`: the affine map of a concatenation that
  /// is not made.
  ///
  /// @throws IllegalArgumentException where there is none, or rows or widths differ
  public static Tensor affine(List<Tensor> xs, List<Tensor> weights, @Nullable Tensor bias) {
    return xs.size() == 1 && weights.size() == 1
        ? xs.getFirst().affine(weights.getFirst(), bias)
        : AffineSum.of(xs, weights, bias, null, 0);
  }

  /// f of it, in the same pass where the slope of f follows from its result or is not needed.
  ///
  /// @throws IllegalArgumentException where there is none, or rows or widths differ
  public static Tensor affine(List<Tensor> xs, List<Tensor> weights, @Nullable Tensor bias, Unary function,
      double alpha) {
    return xs.size() == 1 && weights.size() == 1
        ? xs.getFirst().affine(weights.getFirst(), bias, function, alpha)
        : AffineSum.of(xs, weights, bias, function, alpha);
  }

  // ---- shape ----

  /// The same numbers in another shape; one size may be -1 and is computed.
  public Tensor reshape(int... sizes) {
    return reshape(Reshape.complete(shape, sizes));
  }

  /// The same numbers in another shape.
  public Tensor reshape(Shape other) {
    return other.equals(shape) ? this : of(new Reshape(this, other));
  }

  /// The same numbers as a vector.
  public Tensor flatten() {
    return reshape(shape.elements());
  }

  /// One more axis, of size 1, before axis `axis`.
  public Tensor unsqueeze(int axis) {
    return reshape(shape.inserting(axis, 1));
  }

  /// Without an axis of size 1.
  public Tensor squeeze(int axis) {
    if (size(axis) != 1) {
      throw new IllegalArgumentException("squeeze: axis " + axis + " of " + shape + "; its size must be 1");
    }
    return reshape(shape.without(axis));
  }

  /// The transpose of a matrix.
  public Tensor transpose() {
    if (rank() != 2) {
      throw new IllegalArgumentException("transpose: " + shape + "; a matrix is required, or name two axes");
    }
    return transpose(0, 1);
  }

  /// Two axes exchanged.
  public Tensor transpose(int first, int second) {
    int[] order = Indices.range(0, rank()).toArray();
    int a = shape.axis(first);
    int b = shape.axis(second);
    order[a] = b;
    order[b] = a;
    return permute(order);
  }

  /// The axes in another order.
  public Tensor permute(int... order) {
    return of(new Permuted(this, Indices.of(order)));
  }

  /// Repeated along axes of size 1 and new leading axes.
  public Tensor expand(Shape target) {
    return target.equals(shape) ? this : of(new Expanded(this, target));
  }

  /// Entries `from` up to, not including, `to` of an axis.
  public Tensor slice(int axis, int from, int to) {
    return slice(axis, from, to, 1);
  }

  /// Entries from, from + step, ... before `to` of an axis; a negative step runs backwards.
  public Tensor slice(int axis, int from, int to, int step) {
    return Sliced.along(this, axis, from, to, step);
  }

  /// One entry of an axis, which goes away.
  public Tensor select(int axis, int position) {
    int at = position < 0 ? position + size(axis) : position;
    return slice(axis, at, at + 1).squeeze(axis);
  }

  /// An axis backwards.
  public Tensor flip(int axis) {
    return size(axis) == 0 ? this : slice(axis, size(axis) - 1, -1, -1);
  }

  /// Zeros before and after along an axis.
  public Tensor pad(int axis, int before, int after) {
    return Placed.padding(this, axis, before, after);
  }

  /// Slices along an axis of the given sizes, which must add up.
  public List<Tensor> split(int axis, int... sizes) {
    return Sliced.split(this, axis, sizes);
  }

  // ---- rows and segments ----

  /// The rows at these positions, repeated and reordered as they say: `[rows, ...]` to `[indices, ...]`.
  ///
  /// @throws IndexOutOfBoundsException where there is no such row
  public Tensor gatherRows(Indices positions) {
    return gatherRows(Segments.trusted(positions.requireBelow(rows(), "gather"), rows()));
  }

  /// The row of each segment, for every member: `y[i] = x[segment of i]`. Segments that are kept make the gradient cheap.
  public Tensor gatherRows(Segments segments) {
    return of(new GatheredRows(this, segments));
  }

  /// One entry of each row of a matrix: `y[i] = x[i, columns_i]`.
  public Tensor elementPerRow(Indices columns) {
    return Ordering.elementPerRow(this, columns);
  }

  /// The rows of each segment reduced to one: `[members, ...]` to `[segments, ...]`.
  public Tensor segmentReduce(Reduction kind, Segments segments) {
    return of(new SegmentReduced(kind, this, segments));
  }

  /// The sum of the rows of each segment; 0 for an empty one.
  public Tensor segmentSum(Segments segments) {
    return segmentReduce(Reduction.SUM, segments);
  }

  /// The mean of the rows of each segment; 0 for an empty one.
  public Tensor segmentMean(Segments segments) {
    int[] perSegment = new int[rank()];
    Arrays.fill(perSegment, 1);
    perSegment[0] = segments.count();
    return segmentSum(segments).divide(segments.sizesAtLeastOne(backend()).reshape(perSegment));
  }

  /// x / (1 - rate) where the key's uniform number at the same place is at least the rate, 0 elsewhere.
  ///
  /// @param rate the probability of dropping a number, 0 up to, not including, 1
  public Tensor dropout(Key key, double rate) {
    return of(new Dropped(this, key, rate, null));
  }

  /// The same plus a residual, in one pass.
  ///
  /// @param residual of this shape
  public Tensor dropout(Key key, double rate, Tensor residual) {
    return of(new Dropped(this, key, rate, residual));
  }

  /// The population variance of the rows of each segment, column by column; 0 for an empty one.
  public Tensor segmentVariance(Segments segments) {
    return of(new SegmentVariance(this, segments));
  }

  /// `own[i]` plus, for each table, the row of i's segment: `[members, width]`. The sum of gathered rows without an array
  /// for each table.
  ///
  /// @param own `[members, width]`; null for 0
  /// @param tables `[segments, width]` each; at least one
  /// @param owners the segments of each table, all of the same members
  public static Tensor gatheredSum(@Nullable Tensor own, List<Tensor> tables, List<Segments> owners) {
    return of(new GatheredSum(own, tables, owners));
  }

  /// The largest of each segment, column by column; 0 for an empty one; equal entries share the gradient equally.
  public Tensor segmentMax(Segments segments) {
    return segmentReduce(Reduction.MAXIMUM, segments);
  }

  /// The smallest of each segment, column by column; 0 for an empty one; equal entries share the gradient equally.
  public Tensor segmentMin(Segments segments) {
    return segmentReduce(Reduction.MINIMUM, segments);
  }

  /// e^x / sum e^x within each segment, column by column.
  public Tensor segmentSoftmax(Segments segments) {
    return of(new SegmentSoftmax(this, segments));
  }

  // ---- inside the package ----

  static Tensor leaf(Shape shape, Storage buffer, Backend backend, boolean tracked, String label) {
    buffer.adopt();
    return new Tensor(shape, buffer, backend, tracked, null, label);
  }

  static Tensor zeros(Shape shape, Backend backend) {
    return full(shape, 0, backend);
  }

  static Tensor full(Shape shape, double value, Backend backend) {
    Storage buffer = backend.fill(shape.elements(), value);
    Scope.register(buffer, backend);
    return new Tensor(shape, buffer, backend, false, null, null);
  }

  static void requireSameBackend(Backend backend, Tensor operand, String operation) {
    if (operand.backend() != backend) {
      throw new IllegalArgumentException(operation + ": operands live on " + backend.name() + " and "
          + operand.backend().name() + "; one backend is required");
    }
  }

  long id() {
    return id;
  }

  @Nullable
  Op origin() {
    return origin;
  }

  void requireCurrent(String user) {
    if (buffer.isReleased()) {
      throw new IllegalStateException(
          user + ": the scope of this tensor " + shape
              + " has closed, or a sweep consumed it; keep what must outlive it with scope.keep");
    }
    if (buffer.version() != version) {
      throw new IllegalStateException(user + ": " + (label == null ? "a parameter " + shape : label)
          + " was refilled after this value was taken (version " + version + ", now " + buffer.version() + ")");
    }
  }

  boolean isReleased() { return buffer.isReleased(); }

  boolean sharesBufferWith(Tensor other) {
    return buffer == other.buffer;
  }

  /// Adds a tensor of the same shape in place, where the backend can; whoever calls knows that nobody else reads it.
  boolean accumulate(Tensor share) {
    if (!(backend() instanceof ElementwiseKernels kernels)) {
      return false;
    }
    kernels.accumulate(data(), share.data());
    return true;
  }

  /// Adds a product in place, likewise.
  boolean accumulate(MatMul product) {
    if (!(backend() instanceof ProductKernels kernels) || product.rank() != 2) {
      return false;
    }
    kernels.accumulate(data(), product.sizes(), product.a().data(), product.b().data());
    return true;
  }

  private static Tensor made(Shape shape, Storage buffer) {
    Backend backend = Backends.current();
    Scope.register(buffer, backend);
    return new Tensor(shape, buffer, backend, false, null, null);
  }

  private static void requireCount(int count, Shape shape) {
    if (count != shape.elements()) {
      throw new IllegalArgumentException(
          "tensor: " + count + " values for shape " + shape + ", which holds " + shape.elements());
    }
  }

  private Tensor alongLast(int axis, UnaryOperator<Tensor> body) {
    int front = shape.axis(axis);
    int last = rank() - 1;
    return front == last ? body.apply(this) : body.apply(transpose(front, last)).transpose(front, last);
  }
}
