package org.orrery.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.Loops;
import org.orrery.tensor.cpu.loops.Slots;
import org.orrery.tensor.cpu.loops.VectorLoops;

/// The CPU: float arrays on the heap, vector kernels where the module `jdk.incubator.vector` is present and their scalar
/// twins elsewhere.
///
/// Work is shared out in chunks whose sizes follow from shapes alone and partial results are combined in chunk order,
/// so a result has the same bits for every number of threads. The arrays of released buffers are used again for later
/// results.
public final class CpuBackend implements Backend {
  private static final int CHUNK = CpuKernels.CHUNK;

  private final Loops kernels;
  private final Parallel parallel;
  private final ArrayPool pool;
  private final Machine machine;
  private final List<CpuKernels> kernelsByProblem;

  /// On the pool of the process, see [Parallel]. Where the system property `orrery.poison` is `true`, as with [#poisoning()].
  public CpuBackend() {
    this(KernelChoice.best(), Parallel.ofProcess(), Boolean.getBoolean("orrery.poison"));
  }

  /// Whether kernels run with vectors where nobody chooses otherwise: module `jdk.incubator.vector` is present and the system
  /// property `orrery.kernels` is not `scalar`. Classes that mention vectors can be loaded after that only.
  public static boolean choosesVectors() {
    return KernelChoice.best() instanceof VectorLoops;
  }

  CpuBackend(Loops kernels, int threads, boolean poisoning) {
    this(kernels, new Parallel(threads), poisoning);
  }

  private CpuBackend(Loops kernels, Parallel parallel, boolean poisoning) {
    this.kernels = kernels;
    this.parallel = parallel;
    this.pool = new ArrayPool(poisoning, Runtime.getRuntime().maxMemory() / 3);
    this.machine = new Machine(kernels, parallel, pool);
    this.kernelsByProblem = List.of(new CpuElementwise(machine), new CpuProducts(machine), new CpuRows(machine),
        new CpuSegments(machine), new CpuEdges(machine), new CpuGrids(machine), new CpuSequences(machine));
  }

  /// A backend with this number of threads, the caller's included.
  ///
  /// @throws IllegalArgumentException for fewer than 1
  public static CpuBackend withThreads(int threads) {
    return new CpuBackend(KernelChoice.best(), threads, Boolean.getBoolean("orrery.poison"));
  }

  /// A backend for tests, in which the memory of a released buffer and of a result that is not yet written is full of
  /// NaN: what reads it shows.
  public static CpuBackend poisoning() {
    return new CpuBackend(KernelChoice.best(), Parallel.ofProcess(), true);
  }

  /// Which kernels run on how many threads, as in `vector kernels, 512 bit (16 floats), 2 threads`.
  public String description() {
    int threads = parallel.threads();
    String cure = KernelChoice.vectorsPresent() ? "" : ": " + KernelChoice.CURE;
    return kernels.description() + ", " + threads + (threads == 1 ? " thread" : " threads") + cure;
  }

  /// How many threads share the work, the caller's included.
  public int threads() {
    return parallel.threads();
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public <K> @Nullable K kernels(Class<K> contract) {
    for (CpuKernels each : kernelsByProblem) {
      if (contract.isInstance(each)) {
        return contract.cast(each);
      }
    }
    return null;
  }

  /// What the kernels run on.
  Machine machine() {
    return machine;
  }

  private static float[] values(Storage x) {
    return CpuStorage.valuesOf(x);
  }

  private CpuStorage fresh(int size) {
    return machine.fresh(size);
  }

  @Override
  public Storage upload(float[] numbers) {
    CpuStorage y = fresh(numbers.length);
    System.arraycopy(numbers, 0, values(y), 0, numbers.length);
    return y;
  }

  @Override
  public Storage upload(double[] numbers) {
    CpuStorage y = fresh(numbers.length);
    float[] out = values(y);
    for (int i = 0; i < numbers.length; i++) {
      out[i] = (float) numbers[i];
    }
    return y;
  }

  @Override
  public float[] download(Storage x) {
    return Arrays.copyOf(values(x), x.size());
  }

  @Override
  public double[] downloadDouble(Storage x) {
    float[] in = values(x);
    double[] numbers = new double[x.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in[i];
    }
    return numbers;
  }

  @Override
  public Storage fill(int size, double value) {
    CpuStorage y = fresh(size);
    Arrays.fill(values(y), 0, size, (float) value);
    return y;
  }

  @Override
  public Storage uniform(Key key, int size) {
    CpuStorage y = fresh(size);
    float[] out = values(y);
    parallel.forChunks(size, CHUNK, (from, to) -> key.uniform(out, from, to));
    return y;
  }

  @Override
  public Storage normal(Key key, int size) {
    CpuStorage y = fresh(size);
    float[] out = values(y);
    parallel.forChunks(size, CHUNK, (from, to) -> key.normal(out, from, to));
    return y;
  }

  @Override
  public Storage unary(Unary kind, double alpha, Storage x) {
    float[] in = values(x);
    CpuStorage y = fresh(x.size());
    float[] out = values(y);
    parallel.forChunks(x.size(), CHUNK,
        (from, to) -> kernels.elementwise().unary(kind, (float) alpha, in, out, from, to));
    return y;
  }

  @Override
  public Storage binary(Binary kind, Storage a, Shape aShape, Storage b, Shape bShape, Shape result) {
    CpuStorage c = fresh(result.elements());
    Broadcast.run(machine, kind, values(a), aShape, values(b), bShape, values(c), result);
    return c;
  }

  @Override
  public Storage select(Storage condition, Storage whenTrue, Storage whenFalse) {
    float[] conditions = values(condition);
    float[] left = values(whenTrue);
    float[] right = values(whenFalse);
    CpuStorage y = fresh(condition.size());
    float[] out = values(y);
    parallel.forChunks(condition.size(), CHUNK,
        (from, to) -> kernels.elementwise().select(conditions, left, right, out, from, to));
    return y;
  }

  @Override
  public Storage reduce(Reduction kind, Storage x, int outer, int length, int inner) {
    CpuStorage y = fresh(outer * inner);
    new Reductions(machine).reduce(kind, values(x), outer, length, inner, values(y));
    return y;
  }

  @Override
  public Indices argReduce(Reduction kind, Storage x, int outer, int length, int inner) {
    return Indices.wrap(Ordering.argReduce(parallel, kind, values(x), outer, length, inner));
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias) {
    CpuStorage c = machine.fresh(sizes.batch() * sizes.rows() * sizes.columns());
    MatrixProduct.run(machine, sizes, values(a), values(b),
        Epilogue.of(bias == null ? null : values(bias), null, 0), values(c));
    return c;
  }

  @Override
  public Storage copyStrided(Storage x, int offset, int[] strides, int[] sizes) {
    int size = 1;
    for (int extent : sizes) {
      size *= extent;
    }
    CpuStorage y = fresh(size);
    Strided.copy(parallel, values(x), offset, strides, sizes, values(y));
    return y;
  }

  @Override
  public Storage placeStrided(Storage x, int[] sizes, int resultSize, int offset, int[] strides) {
    CpuStorage y = fresh(resultSize);
    float[] out = values(y);
    if (x.size() != resultSize) {
      parallel.forChunks(resultSize, CHUNK, (from, to) -> Arrays.fill(out, from, to, 0f));
    }
    Strided.place(parallel, values(x), sizes, out, offset, strides);
    return y;
  }

  @Override
  public Storage concat(List<Storage> parts, int outer, int[] lengths) {
    int total = Arrays.stream(lengths).sum();
    CpuStorage y = fresh(outer * total);
    float[] out = values(y);
    float[][] in = parts.stream().map(CpuBackend::values).toArray(float[][]::new);
    parallel.forChunks(outer, Math.max(1, CHUNK / Math.max(1, total)), (from, to) -> {
      for (int o = from; o < to; o++) {
        int at = o * total;
        for (int p = 0; p < in.length; p++) {
          System.arraycopy(in[p], o * lengths[p], out, at, lengths[p]);
          at += lengths[p];
        }
      }
    });
    return y;
  }

  @Override
  public Storage gatherRows(Storage x, int width, Indices rows) {
    float[] in = values(x);
    int[] taken = rows.raw();
    CpuStorage y = fresh(taken.length * width);
    float[] out = values(y);
    parallel.forChunks(taken.length, Math.max(1, CHUNK / Math.max(1, width)), (from, to) -> {
      for (int i = from; i < to; i++) {
        if (width >= 8) {
          System.arraycopy(in, taken[i] * width, out, i * width, width);
        } else {
          for (int j = 0; j < width; j++) {
            out[i * width + j] = in[taken[i] * width + j];
          }
        }
      }
    });
    return y;
  }

  @Override
  public Storage segmentReduce(Reduction kind, Storage x, int width, Indices offsets, @Nullable Indices order) {
    Slots slots = CpuKernels.slots(offsets, order, null);
    CpuStorage y = fresh(slots.rows() * width);
    float empty = kind == Reduction.PRODUCT ? 1f : 0f;
    new Segments(machine).reduce(kind, slots, empty, values(x), width, values(y), Segments.PIECE);
    return y;
  }

  @Override
  public Indices sort(Storage x, int outer, int length, boolean descending) {
    return Indices.wrap(Ordering.sort(parallel, values(x), outer, length, descending));
  }

  @Override
  public Storage prefixSum(Storage x, int outer, int length, int inner, boolean reversed) {
    CpuStorage y = fresh(x.size());
    Ordering.prefixSum(parallel, values(x), outer, length, inner, reversed, values(y));
    return y;
  }

  @Override
  public int firstNonFinite(Storage x) {
    return new Reductions(machine).firstNonFinite(values(x), x.size());
  }

  @Override
  public void refill(Storage target, Storage source) {
    System.arraycopy(values(source), 0, values(target), 0, target.size());
    target.countRefill();
  }

  @Override
  public void release(Storage x) {
    if (!(x instanceof CpuStorage own)) {
      throw new IllegalArgumentException("release: a buffer of " + x.getClass().getSimpleName());
    }
    float[] values = own.release();
    if (values != null) {
      pool.give(values);
    }
  }
}
