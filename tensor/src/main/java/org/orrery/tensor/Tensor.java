package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
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
///
/// Here stand what makes tensors, their history and their values. What is computed from one stands in a file for each
/// group: [TensorArithmetic], [TensorFunctions], [TensorReductions], [TensorOrdering], [TensorProducts], [TensorLayers],
/// [TensorShapes] and [TensorRows].
@SuppressWarnings("ReferenceEquality") // buffers and backends are compared by identity
public final class Tensor
    implements
      TensorArithmetic,
      TensorFunctions,
      TensorReductions,
      TensorOrdering,
      TensorProducts,
      TensorLayers,
      TensorShapes,
      TensorRows {
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
  private final List<Tensor> besides;

  private Tensor(Shape shape, Storage buffer, Backend backend, boolean tracked, @Nullable Op origin,
      @Nullable String label, List<Tensor> besides) {
    this.shape = shape;
    this.buffer = buffer;
    this.backend = backend;
    this.version = buffer.version();
    this.tracked = tracked;
    this.origin = origin;
    this.label = label;
    this.besides = besides;
  }

  // ---- making ----

  /// The result of an operation, or the first of several: the only place where results are made.
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
    List<Shape> shapes = op.shapes(); // before any work: one may be too large
    List<Storage> buffers = backend.run(op);
    for (int i = 0; i < buffers.size(); i++) {
      Scope.register(buffers.get(i), backend);
      if (isChecking()) {
        NotANumber.check(op.name(), operands, shapes.get(i), buffers.get(i), backend);
      }
    }
    List<Tensor> besides = buffers.size() == 1 ? List.of() : new ArrayList<>();
    for (int i = 1; i < buffers.size(); i++) {
      besides.add(new Tensor(shapes.get(i), buffers.get(i), backend, false, null, null, List.of()));
    }
    return new Tensor(shapes.getFirst(), buffers.getFirst(), backend, tracked, tracked ? op : null, null, besides);
  }

  /// All results of an operation. The first has the history.
  ///
  /// @throws IllegalArgumentException where operands live on different backends
  public static List<Tensor> allOf(Op op) {
    Tensor first = of(op);
    List<Tensor> all = new ArrayList<>(first.besides);
    all.addFirst(first);
    return all;
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
    return uploaded(shape, Backends.current().upload(values));
  }

  /// These values in this shape, `[]` included, rounded to what the backend holds.
  ///
  /// @throws IllegalArgumentException where their number is not the shape's
  public static Tensor of(Shape shape, double[] values) {
    requireCount(values.length, shape);
    return uploaded(shape, Backends.current().upload(values));
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
    return new Tensor(shape, data(), backend, true, null, null, List.of());
  }

  /// The same values without a history: a constant to later operations.
  public Tensor detach() {
    return tracked ? new Tensor(shape, data(), backend, false, null, null, List.of()) : this;
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

  /// Where it lives, or what stands in for that ([Backends#working(Backend)]).
  public Backend backend() {
    return Backends.working(backend);
  }

  /// Its numbers on the device, for kernels.
  ///
  /// @throws IllegalStateException where its scope has closed, or it is a parameter's value from before a refill
  public Storage data() {
    requireCurrent("tensor " + shape);
    return buffer;
  }

  /// What the operation that made this one made besides, from 0 on. It has no history.
  public Tensor besides(int number) {
    return besides.get(number);
  }

  /// Whether its numbers came from the host, possibly in another shape: data, which may be checked there once. Results of
  /// operations and the values of parameters are not, and to read them back in every pass costs a wait for the device.
  public boolean isData() { return buffer.isUploaded(); }

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

  // ---- in one pass ----

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

  /// `own[i]` plus, for each table, the row of i's segment: `[members, width]`. The sum of gathered rows without an array
  /// for each table.
  ///
  /// @param own `[members, width]`; null for 0
  /// @param tables `[segments, width]` each; at least one
  /// @param owners the segments of each table, all of the same members
  public static Tensor gatheredSum(@Nullable Tensor own, List<Tensor> tables, List<Segments> owners) {
    return of(new GatheredSum(own, tables, owners));
  }

  // ---- inside the package ----

  static Tensor leaf(Shape shape, Storage buffer, Backend backend, boolean tracked, String label) {
    buffer.adopt();
    return new Tensor(shape, buffer, backend, tracked, null, label, List.of());
  }

  static Tensor zeros(Shape shape, Backend backend) {
    return full(shape, 0, backend);
  }

  static Tensor full(Shape shape, double value, Backend backend) {
    Storage buffer = backend.fill(shape.elements(), value);
    Scope.register(buffer, backend);
    return new Tensor(shape, buffer, backend, false, null, null, List.of());
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

  /// Whether it is the value of a [Variable].
  boolean isOfVariable() { return label != null; }

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

  boolean sharesStorageWith(Tensor other) {
    return buffer == other.buffer;
  }

  /// Its memory, which may have been released.
  Storage storage() { return buffer; }

  private static Tensor uploaded(Shape shape, Storage buffer) {
    buffer.markUploaded();
    return made(shape, buffer);
  }

  private static Tensor made(Shape shape, Storage buffer) {
    Backend backend = Backends.current();
    Scope.register(buffer, backend);
    return new Tensor(shape, buffer, backend, false, null, null, List.of());
  }

  private static void requireCount(int count, Shape shape) {
    if (count != shape.elements()) {
      throw new IllegalArgumentException(
          "tensor: " + count + " values for shape " + shape + ", which holds " + shape.elements());
    }
  }
}
