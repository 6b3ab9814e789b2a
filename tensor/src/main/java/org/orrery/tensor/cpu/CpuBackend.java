package org.orrery.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Window;
import org.orrery.tensor.backend.AttentionKernels;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.EdgeAttentionKernels;
import org.orrery.tensor.backend.EdgeNetworkKernels;
import org.orrery.tensor.backend.EdgeScore;
import org.orrery.tensor.backend.ElementwiseKernels;
import org.orrery.tensor.backend.GridKernels;
import org.orrery.tensor.backend.InPlaceKernels;
import org.orrery.tensor.backend.LossKernels;
import org.orrery.tensor.backend.NormKernels;
import org.orrery.tensor.backend.OptimizerKernels;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.ProductKernels;
import org.orrery.tensor.backend.RecurrentCell;
import org.orrery.tensor.backend.RecurrentKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.RowKernels;
import org.orrery.tensor.backend.SegmentKernels;
import org.orrery.tensor.backend.SparseKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.Loops;
import org.orrery.tensor.cpu.loops.SegmentLoops;
import org.orrery.tensor.cpu.loops.Slots;
import org.orrery.tensor.cpu.loops.VectorLoops;

/// The CPU: float arrays on the heap, vector kernels where the module `jdk.incubator.vector` is present and their scalar
/// twins elsewhere.
///
/// Work is shared out in chunks whose sizes follow from shapes alone and partial results are combined in chunk order,
/// so a result has the same bits for every number of threads. The arrays of released buffers are used again for later
/// results.
public final class CpuBackend
    implements
      Backend,
      AttentionKernels,
      EdgeAttentionKernels,
      EdgeNetworkKernels,
      ElementwiseKernels,
      GridKernels,
      InPlaceKernels,
      LossKernels,
      NormKernels,
      OptimizerKernels,
      ProductKernels,
      RecurrentKernels,
      RowKernels,
      SegmentKernels,
      SparseKernels {
  private static final int CHUNK = 1 << 16;

  private final Loops kernels;
  private final Parallel parallel;
  private final ArrayPool pool;
  private final Machine machine;

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

  /// What the kernels run on.
  Machine machine() {
    return machine;
  }

  private static float[] values(Storage x) {
    return CpuStorage.valuesOf(x);
  }

  private CpuStorage fresh(int size) {
    return new CpuStorage(pool.take(size), size);
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
  public Storage unaryGradient(Unary kind, double alpha, Storage x, Storage y, Storage upstream) {
    float[] in = values(x);
    float[] results = values(y);
    float[] above = values(upstream);
    CpuStorage share = fresh(x.size());
    float[] out = values(share);
    parallel.forChunks(x.size(), CHUNK, (from, to) -> kernels.elementwise().unaryGradient(kind, (float) alpha, in,
        results, above, out, from, to));
    return share;
  }

  @Override
  public void timesDerivative(Unary kind, double alpha, Storage x, Storage y, Storage upstream) {
    float[] in = values(x);
    float[] results = values(y);
    float[] gradient = values(upstream);
    parallel.forChunks(x.size(), CHUNK, (from, to) -> kernels.elementwise().unaryGradient(kind, (float) alpha, in,
        results, gradient, gradient, from, to));
  }

  @Override
  public void accumulate(Storage sum, Storage share) {
    float[] out = values(sum);
    float[] added = values(share);
    parallel.forChunks(sum.size(), CHUNK,
        (from, to) -> kernels.elementwise().binary(Binary.ADD, out, from, added, from, out, from, to - from));
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
    return matmul(sizes, a, b, Epilogue.of(bias == null ? null : values(bias), null, 0));
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias, Unary function, double alpha) {
    return matmul(sizes, a, b, Epilogue.of(bias == null ? null : values(bias), function, alpha));
  }

  @Override
  public Storage matmulSum(List<Product> sizes, List<Storage> a, List<Storage> b, @Nullable Storage bias,
      @Nullable Unary function, double alpha) {
    Epilogue activated = Epilogue.of(null, function, alpha);
    int last = sizes.size() - 1;
    Epilogue first = Epilogue.of(bias == null ? null : values(bias), last == 0 ? function : null, alpha);
    Storage c = matmul(sizes.getFirst(), a.getFirst(), b.getFirst(), first);
    for (int i = 1; i <= last; i++) {
      MatrixProduct.add(machine, sizes.get(i), values(a.get(i)), values(b.get(i)),
          i == last ? activated : Epilogue.NONE,
          values(c));
    }
    return c;
  }

  @Override
  public Storage matmulTimesDerivative(Product sizes, Storage a, Storage b, Unary function, double alpha, Storage y) {
    float[] left = values(a);
    float[] right = values(b);
    float[] results = values(y);
    ((CpuStorage) y).release();
    MatrixProduct.timesSlope(machine, sizes, left, right, function, (float) alpha, results);
    return new CpuStorage(results, y.size());
  }

  private Storage matmul(Product sizes, Storage a, Storage b, Epilogue ending) {
    CpuStorage c = fresh(sizes.batch() * sizes.rows() * sizes.columns());
    MatrixProduct.run(machine, sizes, values(a), values(b), ending, values(c));
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

  private static Slots slots(Indices offsets, @Nullable Indices columns, @Nullable Indices edges) {
    return new Slots(offsets.raw(), columns == null ? null : columns.raw(), edges == null ? null : edges.raw());
  }

  @Override
  public Storage segmentReduce(Reduction kind, Storage x, int width, Indices offsets, @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage y = fresh(slots.rows() * width);
    float empty = kind == Reduction.PRODUCT ? 1f : 0f;
    new Segments(machine).reduce(kind, slots, empty, values(x), width, values(y), Segments.PIECE);
    return y;
  }

  @Override
  public Storage weightedSum(Indices offsets, Indices columns, @Nullable Indices edges, @Nullable Storage weights,
      int heads, Storage x, int width, @Nullable Storage start) {
    Slots slots = slots(offsets, columns, edges);
    CpuStorage y = fresh(slots.rows() * width);
    new Segments(machine).sum(slots, weights == null ? null : values(weights), heads, values(x), width, values(y),
        Segments.PIECE, start == null ? null : values(start));
    return y;
  }

  @Override
  public Storage neighborMean(Indices offsets, Indices columns, Storage x, int width, @Nullable Storage start) {
    Slots slots = slots(offsets, columns, null);
    CpuStorage y = fresh(slots.rows() * width);
    new Segments(machine).mean(slots, values(x), width, values(y), Segments.PIECE,
        start == null ? null : values(start));
    return y;
  }

  @Override
  public Storage edgeDot(Indices offsets, Indices columns, @Nullable Indices edges, Storage a, Storage b, int heads,
      int width) {
    CpuStorage y = fresh(columns.size() * heads);
    new Segments(machine).dots(slots(offsets, columns, edges), values(a), values(b), heads, width, values(y));
    return y;
  }

  @Override
  public Storage segmentExtremeGradient(Storage x, Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage share = fresh(x.size());
    Segments.clearUncovered(slots, x.size() / Math.max(1, width), width, values(share));
    new Segments(machine).extremeGradient(slots, values(x), values(y), values(upstream), width, values(share));
    return share;
  }

  @Override
  public Storage segmentVariance(Storage x, int width, Indices offsets, @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage y = fresh(slots.rows() * width);
    new Segments(machine).variance(slots, values(x), width, values(y));
    return y;
  }

  @Override
  public Storage segmentVarianceGradient(Storage x, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage share = fresh(x.size());
    Segments.clearUncovered(slots, x.size() / Math.max(1, width), width, values(share));
    new Segments(machine).varianceGradient(slots, values(x), values(upstream), width, values(share));
    return share;
  }

  @Override
  public Storage gatheredSum(@Nullable Storage own, List<Storage> tables, List<Indices> rows, int width) {
    int members = rows.getFirst().size();
    CpuStorage y = fresh(Math.multiplyExact(members, width));
    float[][] values = tables.stream().map(CpuBackend::values).toArray(float[][]::new);
    int[][] taken = rows.stream().map(Indices::raw).toArray(int[][]::new);
    float[] start = own == null ? null : values(own);
    SegmentLoops loops = machine.kernels().segments();
    parallel.forChunks(members, Math.max(1, CHUNK / Math.max(1, width)),
        (from, to) -> loops.gatheredSum(start, values, taken, width, values(y), 0, from, to));
    return y;
  }

  @Override
  public Storage edgeNetwork(Indices offsets, Network network, List<Reduction> kinds) {
    CpuStorage y = fresh(Math.multiplyExact(offsets.size() - 1, kinds.size() * network.width()));
    new EdgeNetworks(machine, offsets, network, kinds).reduce(values(y));
    return y;
  }

  @Override
  public List<Storage> edgeNetworkGradient(Indices offsets, Network network, List<Reduction> kinds, Storage y,
      Storage upstream, boolean byFeatures) {
    List<Storage> shares = network.gradientSizes(byFeatures).stream().<Storage>map(this::fresh).toList();
    new EdgeNetworks(machine, offsets, network, kinds).gradient(values(y), values(upstream), byFeatures,
        shares.stream().map(CpuBackend::values).toArray(float[][]::new));
    return shares;
  }

  @Override
  public Storage columnDot(Storage a, Storage b, int rows, int width) {
    CpuStorage y = fresh(width);
    new Columns(machine, rows, width).dot(values(a), values(b), values(y));
    return y;
  }

  @Override
  public Storage columnMoments(Storage x, int rows, int width) {
    CpuStorage moments = fresh(2 * width);
    new Columns(machine, rows, width).moments(values(x), values(moments));
    return moments;
  }

  @Override
  public Storage batchNorm(Storage x, Storage moments, Storage weight, Storage bias, int rows, int width,
      double epsilon) {
    CpuStorage y = fresh(x.size());
    new Columns(machine, rows, width).normalize(values(x), values(moments), values(weight), values(bias), epsilon,
        values(y));
    return y;
  }

  @Override
  public Storage recurrence(Run run) {
    CpuStorage y = fresh(run.states());
    new Recurrences(machine, run).run(values(y), null);
    return y;
  }

  @Override
  public Storage batchNormSums(Storage x, Storage moments, Storage upstream, int rows, int width, double epsilon) {
    CpuStorage sums = fresh(2 * width);
    new Columns(machine, rows, width).sums(values(x), values(moments), values(upstream), epsilon, values(sums));
    return sums;
  }

  @Override
  public Storage batchNormGradient(Storage x, Storage moments, Storage weight, Storage upstream, Storage sums, int rows,
      int width, double epsilon) {
    CpuStorage share = fresh(x.size());
    new Columns(machine, rows, width).gradient(values(x), values(moments), values(weight), values(upstream),
        values(sums), epsilon, values(share));
    return share;
  }

  @Override
  public Storage attention(Pairing pairing, Storage queries, Storage keys, Storage values, @Nullable Storage bias,
      int width,
      int channels) {
    int rows = pairing.queryOffsets().at(pairing.sequences());
    CpuStorage y = fresh(Math.multiplyExact(rows, channels));
    attentions(pairing, queries, keys, values, bias, width, channels).forward(values(y));
    return y;
  }

  private Attentions attentions(Pairing pairing, Storage queries, Storage keys, Storage values, @Nullable Storage bias,
      int width, int channels) {
    return new Attentions(machine, pairing, values(queries), values(keys), values(values),
        bias == null ? null : values(bias), bias == null ? 0 : bias.size(), width, channels);
  }

  @Override
  public List<Storage> attentionGradient(Pairing pairing, Storage queries, Storage keys, Storage values,
      @Nullable Storage bias, Storage upstream, int width, int channels) {
    CpuStorage byQueries = fresh(queries.size());
    CpuStorage byKeys = fresh(keys.size());
    CpuStorage byValues = fresh(values.size());
    attentions(pairing, queries, keys, values, bias, width, channels).gradient(values(upstream), values(byQueries),
        values(byKeys), values(byValues));
    return List.of(byQueries, byKeys, byValues);
  }

  @Override
  public Traced recurrenceTraced(Run run) {
    CpuStorage y = fresh(run.states());
    CpuStorage trace = fresh(run.traced());
    new Recurrences(machine, run).run(values(y), values(trace));
    return new Traced(y, trace);
  }

  @Override
  public List<Storage> recurrenceGradient(Run run, Traced traced, Storage upstream) {
    CpuStorage byInputs = fresh(run.gates().size());
    CpuStorage byStart = fresh(run.start().size());
    CpuStorage byState = run.cell() == RecurrentCell.GRU ? fresh(run.gates().size()) : byInputs;
    new RecurrenceGradients(machine, run).run(values(traced.states()), values(traced.trace()), values(upstream),
        values(byInputs), values(byState), values(byStart));
    return run.cell() == RecurrentCell.GRU ? List.of(byInputs, byStart, byState) : List.of(byInputs, byStart);
  }

  @Override
  public Storage convolve(Filter filter, Storage x, Storage weight, @Nullable Storage bias, @Nullable Unary function,
      double alpha) {
    CpuStorage y = fresh(Math.multiplyExact(filter.batch(), filter.window().outputs() * filter.out()));
    Epilogue ending = Epilogue.of(bias == null ? null : values(bias), function, alpha);
    new Convolutions(machine, filter).forward(values(x), values(weight), ending, values(y));
    return y;
  }

  @Override
  public Storage convolveTransposed(Filter filter, Storage y, Storage weight) {
    CpuStorage x = fresh(Math.multiplyExact(filter.batch(), filter.window().cells() * filter.in()));
    new Convolutions(machine, filter).transposed(values(y), values(weight), values(x));
    return x;
  }

  @Override
  public Storage convolutionWeights(Filter filter, Storage x, Storage y) {
    CpuStorage w = fresh(filter.window().taps() * filter.groupIn() * filter.out());
    new Convolutions(machine, filter).weights(values(x), values(y), values(w));
    return w;
  }

  @Override
  public Storage windowMaximum(Window window, int batch, int channels, Storage x) {
    CpuStorage y = fresh(Math.multiplyExact(batch, window.outputs() * channels));
    new Windows(machine, window, batch, channels).maximum(values(x), values(y));
    return y;
  }

  @Override
  public Storage windowMaximumGradient(Window window, int batch, int channels, Storage x, Storage y, Storage upstream) {
    CpuStorage share = fresh(x.size());
    new Windows(machine, window, batch, channels).maximumGradient(values(x), values(y), values(upstream),
        values(share));
    return share;
  }

  @Override
  public Indices windowMaximumCells(Window window, int batch, int channels, Storage x) {
    return Indices.wrap(new Windows(machine, window, batch, channels).maximumCells(values(x)));
  }

  @Override
  public Storage windowSum(Window window, int batch, int channels, Storage x) {
    CpuStorage y = fresh(Math.multiplyExact(batch, window.outputs() * channels));
    new Windows(machine, window, batch, channels).sum(values(x), values(y));
    return y;
  }

  @Override
  public Storage windowSpread(Window window, int batch, int channels, Storage y) {
    CpuStorage x = fresh(Math.multiplyExact(batch, window.cells() * channels));
    new Windows(machine, window, batch, channels).spread(values(y), values(x));
    return x;
  }

  @Override
  public Storage resample(Storage x, int outer, int inner, AxisMap map) {
    CpuStorage y = fresh(Math.multiplyExact(outer, map.rows() * inner));
    Windows.resample(machine, values(x), outer, inner, map, values(y));
    return y;
  }

  @Override
  public Storage neighborExtreme(Reduction kind, Indices offsets, Indices columns, Storage x, int width) {
    Slots slots = slots(offsets, columns, null);
    CpuStorage y = fresh(slots.rows() * width);
    new Segments(machine).reduce(kind, slots, 0f, values(x), width, values(y), Segments.PIECE);
    return y;
  }

  @Override
  public Storage neighborExtremeGradient(Indices offsets, Indices columns, Indices reversedOffsets,
      Indices reversedColumns, Storage x, Storage y, Storage upstream, int width) {
    CpuStorage share = fresh(x.size());
    float[] each = pool.take(upstream.size());
    Segments segments = new Segments(machine);
    segments.tieShares(slots(offsets, columns, null), values(x), values(y), values(upstream), width, each);
    segments.tiedSum(slots(reversedOffsets, reversedColumns, null), values(x), values(y), each, width, values(share));
    pool.give(each);
    return share;
  }

  @Override
  public Storage dropout(Storage x, Key key, double rate, @Nullable Storage residual) {
    CpuStorage y = fresh(x.size());
    float[] in = values(x);
    float[] out = values(y);
    float[] added = residual == null ? null : values(residual);
    float least = (float) rate;
    float factor = (float) (1 / (1 - rate));
    parallel.forChunks(x.size(), CHUNK >> 3, (from, to) -> {
      float[] drawn = pool.take(to - from);
      key.uniform(drawn, 0, from, to);
      for (int i = from; i < to; i++) {
        out[i] = in[i] * (drawn[i - from] >= least ? factor : 0f);
      }
      for (int i = from; i < to && added != null; i++) {
        out[i] += added[i];
      }
      pool.give(drawn);
    });
    return y;
  }

  @Override
  public Attended edgeAttention(Indices offsets, Indices columns, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, int width) {
    Slots slots = slots(offsets, columns, edges);
    CpuStorage y = fresh(slots.rows() * width);
    CpuStorage softmax = fresh(slots.rows() * 2 * heads);
    new EdgeAttentions(machine, slots, heads, width).attend(score, factors == null ? null : values(factors),
        values(values), values(y), values(softmax));
    return new Attended(y, softmax);
  }

  @Override
  public Shares edgeAttentionGradient(Indices offsets, Indices rows, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, Attended attended, Storage upstream, int width) {
    Slots slots = slots(offsets, rows, edges);
    CpuStorage byValues = fresh(slots.rows() * width);
    CpuStorage byColumn = fresh(score.column().size());
    CpuStorage byEdges = fresh(rows.size() * heads);
    int receivers = attended.softmax().size() / (2 * heads);
    new EdgeAttentions(machine, slots, heads, width).shares(score, factors == null ? null : values(factors),
        values(values), values(attended.y()), values(attended.softmax()), values(upstream), receivers,
        values(byValues), values(byColumn), values(byEdges));
    return new Shares(byValues, byColumn, byEdges);
  }

  @Override
  public Storage slopedSum(Indices offsets, Indices columns, @Nullable Indices edges, Storage weights, int heads,
      Storage own, Storage other, int width, double slope) {
    Slots slots = slots(offsets, columns, edges);
    CpuStorage y = fresh(slots.rows() * width);
    new EdgeAttentions(machine, slots, heads, width).slopedSum(values(weights), values(own), values(other),
        (float) slope, values(y));
    return y;
  }

  @Override
  public Storage segmentSoftmax(Storage x, int width, Indices offsets, @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage y = fresh(x.size());
    Segments.clearUncovered(slots, x.size() / Math.max(1, width), width, values(y));
    new Segments(machine).softmax(slots, values(x), width, values(y));
    return y;
  }

  @Override
  public Storage segmentSoftmaxGradient(Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage share = fresh(y.size());
    Segments.clearUncovered(slots, y.size() / Math.max(1, width), width, values(share));
    new Segments(machine).softmaxGradient(slots, values(y), values(upstream), width, values(share));
    return share;
  }

  @Override
  public Storage softmax(Storage x, int rows, int width) {
    CpuStorage y = fresh(x.size());
    new Rows(machine, rows, width).softmax(values(x), values(y));
    return y;
  }

  @Override
  public Storage logSoftmax(Storage x, int rows, int width) {
    CpuStorage y = fresh(x.size());
    new Rows(machine, rows, width).logSoftmax(values(x), values(y));
    return y;
  }

  @Override
  public Storage softmaxGradient(Storage y, Storage upstream, int rows, int width) {
    CpuStorage share = fresh(y.size());
    new Rows(machine, rows, width).softmaxGradient(values(y), values(upstream), values(share));
    return share;
  }

  @Override
  public Storage logSoftmaxGradient(Storage y, Storage upstream, int rows, int width) {
    CpuStorage share = fresh(y.size());
    new Rows(machine, rows, width).logSoftmaxGradient(values(y), values(upstream), values(share));
    return share;
  }

  @Override
  public Storage normalizeRows(Storage x, int rows, int width, double epsilon) {
    CpuStorage y = fresh(x.size());
    new Rows(machine, rows, width).normalize(values(x), epsilon, values(y));
    return y;
  }

  @Override
  public Storage crossEntropy(Storage x, Indices labels, int rows, int width) {
    CpuStorage y = fresh(rows);
    new Rows(machine, rows, width).crossEntropy(values(x), labels.raw(), values(y));
    return y;
  }

  @Override
  public Storage crossEntropyGradient(Storage x, Indices labels, Storage each, Storage upstream, int rows, int width) {
    CpuStorage share = fresh(x.size());
    new Rows(machine, rows, width).crossEntropyGradient(values(x), labels.raw(), values(each), values(upstream),
        values(share));
    return share;
  }

  @Override
  public Storage layerNorm(Storage x, Storage weight, Storage bias, int rows, int width, double epsilon) {
    CpuStorage y = fresh(x.size());
    new Rows(machine, rows, width).layerNorm(values(x), values(weight), values(bias), epsilon, values(y));
    return y;
  }

  @Override
  public Storage layerNormGradient(Storage x, Storage weight, Storage upstream, int rows, int width, double epsilon) {
    CpuStorage share = fresh(x.size());
    new Rows(machine, rows, width).layerNormGradient(values(x), values(weight), values(upstream), epsilon,
        values(share));
    return share;
  }

  @Override
  public Storage layerNormScaleGradient(Storage x, Storage upstream, int rows, int width, double epsilon) {
    CpuStorage share = fresh(width);
    new Rows(machine, rows, width).layerNormScaleGradient(values(x), values(upstream), epsilon, values(share));
    return share;
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
  public void adam(List<Moments> all, double rate, double beta1, double beta2, double epsilon, double weightDecay,
      boolean decoupled, double correction1, double correction2) {
    AdamStep step = AdamStep.of(rate, beta1, beta2, epsilon, weightDecay, decoupled, correction1, correction2);
    step.run(parallel, all);
    for (Moments each : all) {
      each.parameter().countRefill();
      each.m().countRefill();
      each.v().countRefill();
    }
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
