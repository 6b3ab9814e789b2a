package org.orrery.tensor.backend;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;

/// The contract of a device: primitives over flat, row-major, contiguous buffers.
///
/// Arguments were checked by the operation that calls: a backend may rely on sizes and ranges. Every result is a fresh
/// buffer, and is the same to the bit from run to run and for any number of threads. A backend is safe to use from
/// several threads. Scalar arguments are double, so that a double-precision backend loses nothing.
///
/// Fast kernels beyond these are contracts of one to three methods that belong together, as [SoftmaxKernels] or
/// [ConvolutionKernels], of which a device has those that it has: an operation asks for one ([#kernels(Class)]) and runs its
/// definition where there is none.
public interface Backend {
  /// What the command line calls it: `cpu`, `opencl`.
  String name();

  /// Copies host numbers to the device.
  Storage upload(float[] values);

  /// Copies host numbers to the device, rounded to what it holds.
  Storage upload(double[] values);

  /// Copies the numbers to the host.
  float[] download(Storage x);

  /// Copies the numbers to the host, without rounding.
  double[] downloadDouble(Storage x);

  /// `size` times the same value.
  Storage fill(int size, double value);

  /// Uniform on [0, 1): [Key#uniform(int)], the same bits on every backend.
  Storage uniform(Key key, int size);

  /// Standard normal: [Key#normal(int)] within 2 ulp.
  Storage normal(Key key, int size);

  /// y = f(x; alpha), element by element.
  Storage unary(Unary kind, double alpha, Storage x);

  /// c = f(a, b), element by element; a and b are repeated along axes of size 1 and missing leading axes as NumPy does.
  Storage binary(Binary kind, Storage a, Shape aShape, Storage b, Shape bShape, Shape result);

  /// `whenTrue` where the condition is not 0, else `whenFalse`; all of one size.
  Storage select(Storage condition, Storage whenTrue, Storage whenFalse);

  /// Reduces the middle axis of x `[outer, length, inner]` to `[outer, inner]`.
  Storage reduce(Reduction kind, Storage x, int outer, int length, int inner);

  /// Where along the middle axis of x `[outer, length, inner]` the first maximum (or minimum) is; length at least 1. A
  /// NaN counts as the extreme.
  Indices argReduce(Reduction kind, Storage x, int outer, int length, int inner);

  /// The matrix product, plus a bias `[columns]` for every row where there is one.
  Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias);

  /// y[i_0, i_1, ...] = x[offset + sum_d i_d strides_d] for i below `sizes`; strides may be 0 or negative.
  Storage copyStrided(Storage x, int offset, int[] strides, int[] sizes);

  /// The reverse of [#copyStrided]: `resultSize` zeros in which y[offset + sum_d i_d strides_d] = x[i_0, i_1, ...]; no
  /// two places coincide.
  Storage placeStrided(Storage x, int[] sizes, int resultSize, int offset, int[] strides);

  /// Joins parts `[outer, lengths_p]` to `[outer, sum of lengths]`.
  Storage concat(List<Storage> parts, int outer, int[] lengths);

  /// y[i, :] = x[rows_i, :] for rows of `width` numbers.
  Storage gatherRows(Storage x, int width, Indices rows);

  /// Row s of y is the reduction of the rows of x in segment s, which are `order[p]` (or p itself without an order)
  /// for p from `offsets[s]` up to `offsets[s + 1]`, in that order.
  Storage segmentReduce(Reduction kind, Storage x, int width, Indices offsets, @Nullable Indices order);

  /// For each row of x `[outer, length]` the stable order of its entries, positions 0 to length - 1. NaN is the largest.
  Indices sort(Storage x, int outer, int length, boolean descending);

  /// y[o, i, n] = sum of x[o, j, n] over j up to and including i, or from i on where `reversed`.
  Storage prefixSum(Storage x, int outer, int length, int inner, boolean reversed);

  /// The first position that holds NaN or an infinity, or -1.
  int firstNonFinite(Storage x);

  /// Overwrites the numbers of `target`, of the same size, and counts the refill.
  void refill(Storage target, Storage source);

  /// Takes the memory back for later results. Nothing may read the buffer afterward.
  void release(Storage x);

  /// The kernels of a contract, or null where this device has none: operations then run their definition.
  default <K> @Nullable K kernels(Class<K> contract) {
    return contract.isInstance(this) ? contract.cast(this) : null;
  }

  /// Whether there are kernels of a contract.
  default boolean has(Class<?> contract) {
    return kernels(contract) != null;
  }

  /// Whether, while it is current, tensors of other backends count as its own: a backend that only plans reads no numbers.
  default boolean standsInForAll() { return false; }

  /// What is kept under this key among the values of a structure, or what the supplier computes now and is kept there. A backend
  /// that only plans keeps it itself and leaves the structure as it is. Several threads may ask at once.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // one key is used with one type
  default <T> T kept(Map<Object, Object> values, Object key, Supplier<T> compute) {
    Object known = values.get(key);
    if (known == null) {
      Object fresh = compute.get();
      Object raced = values.putIfAbsent(key, fresh);
      known = raced == null ? fresh : raced;
    }
    return (T) known;
  }

  /// The buffer that kernels change where this one is to be changed: itself. A backend that only plans gives another, so that a
  /// model stays as it is.
  default Storage changeable(Storage x) {
    return x;
  }

  /// Runs an operation: the only way to its results. A backend that counts counts here.
  default List<Storage> run(Op op) {
    return op.forwardAll(this);
  }
}
