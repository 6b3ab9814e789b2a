package org.orrery.tensor.backend;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.AxisMap;
import org.orrery.tensor.Cost;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Window;

/// A backend that computes nothing and adds up what would be computed: run a model on it to learn its work and memory
/// before anything is allocated. Every result is a buffer with a size and no numbers.
///
/// Work is the sum of [Op#cost()] over the operations observed, and the writing of what is filled or drawn. Memory is counted in float32 from each result until its
/// release, so a plan has the peak of a real run only if it uses scopes as the real run does. Scratch memory is counted
/// apart: a run needs at most [#peakBytes()] + [#largestScratch()]. It has every kernel family, for the plan is that of
/// a backend with all fast kernels.
///
/// What depends on values ([#download], [#sort], [#argReduce]) throws [IllegalStateException]. [#firstNonFinite] finds
/// nothing: it guards what is then used unchanged, and a graph or a loss that checks its numbers can be planned.
///
/// While it is current ([Backends#with]) tensors of other backends may be operands, for only their sizes are read; they
/// are not counted. So an existing model and graph can be planned as they are, and stay as they are.
public final class CountingBackend
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

  /// The work of all operations of one name.
  ///
  /// @param operations how many ran
  /// @param bytes read and written by them
  /// @param flops floating-point operations
  public record Work(long operations, long bytes, long flops) {
    private Work plus(Work other) {
      return new Work(operations + other.operations, bytes + other.bytes, flops + other.flops);
    }
  }

  /// One operation, or what makes a tensor from nothing.
  ///
  /// @param name what messages call it
  /// @param shape of the result
  /// @param cost its work
  public record Step(String name, Shape shape, Cost cost) {
  }

  private static final class Sized extends Storage {
    private Sized(int size) {
      super(size);
    }

    private void release() {
      if (isReleased()) {
        throw new IllegalStateException("counting backend: a buffer of " + size() + " values was released twice");
      }
      markReleased();
    }
  }

  private final Map<String, Work> table = new TreeMap<>();
  private final IdentityHashMap<Object, Map<Object, Object>> kept = new IdentityHashMap<>();
  private final Consumer<Step> listener;
  private long largestScratch;
  private long liveBytes;
  private long peakBytes;

  /// A backend that has counted nothing so far.
  public CountingBackend() {
    this(step -> {
    });
  }

  /// A backend that has counted nothing so far, and tells of each step.
  public CountingBackend(Consumer<Step> listener) {
    this.listener = listener;
  }

  /// The counting backend that is current, or null.
  public static @Nullable CountingBackend current() {
    return Backends.chosen() instanceof CountingBackend counting ? counting : null;
  }

  /// What was computed for this owner under this key, or what the supplier computes now: for what depends on a structure
  /// alone and would be kept with it.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // one key is used with one type
  public synchronized <T> T kept(Object owner, Object key, Supplier<T> compute) {
    Map<Object, Object> known = kept.computeIfAbsent(owner, o -> new HashMap<>());
    Object value = known.get(key);
    if (value == null) {
      value = compute.get();
      known.put(key, value);
    }
    return (T) value;
  }

  /// A buffer of the same size that is counted nowhere: what a kernel may refill in place of one that is to stay.
  public Storage standIn(Storage original) {
    return new Sized(original.size());
  }

  /// The work of each operation, by its name in alphabetical order.
  public synchronized Map<String, Work> byOperation() {
    return new TreeMap<>(table);
  }

  /// All work so far.
  public synchronized Work total() {
    return table.values().stream().reduce(new Work(0, 0, 0), Work::plus);
  }

  /// The most scratch memory that any one operation needs, in bytes.
  public synchronized long largestScratch() {
    return largestScratch;
  }

  /// Bytes of the buffers that are not released.
  public synchronized long liveBytes() {
    return liveBytes;
  }

  /// The most that [#liveBytes()] ever was.
  public synchronized long peakBytes() {
    return peakBytes;
  }

  @Override
  public void observe(String name, Shape shape, Supplier<Cost> cost) {
    count(new Step(name, shape, cost.get()));
  }

  private synchronized void count(Step step) {
    Cost cost = step.cost();
    table.merge(step.name(), new Work(1, cost.bytes(), cost.flops()), Work::plus);
    largestScratch = Math.max(largestScratch, cost.scratch());
    listener.accept(step);
  }

  /// A buffer that no operation made.
  private Storage source(String name, int size) {
    count(new Step(name, Shape.of(size), Cost.ofNumbers(0, size, 0, 0)));
    return result(size);
  }

  private synchronized Storage result(int size) {
    liveBytes += (long) Float.BYTES * size;
    peakBytes = Math.max(peakBytes, liveBytes);
    return new Sized(size);
  }

  @Override
  public synchronized void release(Storage x) {
    ((Sized) x).release();
    liveBytes -= (long) Float.BYTES * x.size();
  }

  private static IllegalStateException valueWasRead() {
    return new IllegalStateException("counting backend: a value was read; it computes nothing");
  }

  @Override
  public String name() {
    return "counting";
  }

  @Override
  public Storage upload(float[] values) {
    return source("upload", values.length);
  }

  @Override
  public Storage upload(double[] values) {
    return source("upload", values.length);
  }

  @Override
  public float[] download(Storage x) {
    throw valueWasRead();
  }

  @Override
  public double[] downloadDouble(Storage x) {
    throw valueWasRead();
  }

  @Override
  public Storage fill(int size, double value) {
    return source("fill", size);
  }

  @Override
  public Storage uniform(Key key, int size) {
    return source("uniform", size);
  }

  @Override
  public Storage normal(Key key, int size) {
    return source("normal", size);
  }

  @Override
  public Storage unary(Unary kind, double alpha, Storage x) {
    return result(x.size());
  }

  @Override
  public Storage binary(Binary kind, Storage a, Shape aShape, Storage b, Shape bShape, Shape result) {
    return result(result.elements());
  }

  @Override
  public Storage select(Storage condition, Storage whenTrue, Storage whenFalse) {
    return result(condition.size());
  }

  @Override
  public Storage reduce(Reduction kind, Storage x, int outer, int length, int inner) {
    return result(Math.multiplyExact(outer, inner));
  }

  @Override
  public Indices argReduce(Reduction kind, Storage x, int outer, int length, int inner) {
    throw valueWasRead();
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias) {
    return result(Math.multiplyExact(Math.multiplyExact(sizes.batch(), sizes.rows()), sizes.columns()));
  }

  @Override
  public Storage copyStrided(Storage x, int offset, int[] strides, int[] sizes) {
    return result(Shape.of(sizes).elements());
  }

  @Override
  public Storage placeStrided(Storage x, int[] sizes, int resultSize, int offset, int[] strides) {
    return result(resultSize);
  }

  @Override
  public Storage concat(List<Storage> parts, int outer, int[] lengths) {
    int size = 0;
    for (Storage part : parts) {
      size = Math.addExact(size, part.size());
    }
    return result(size);
  }

  @Override
  public Storage gatherRows(Storage x, int width, Indices rows) {
    return result(Math.multiplyExact(rows.size(), width));
  }

  @Override
  public Storage segmentReduce(Reduction kind, Storage x, int width, Indices offsets, @Nullable Indices order) {
    return rows(offsets, width);
  }

  @Override
  public Indices sort(Storage x, int outer, int length, boolean descending) {
    throw valueWasRead();
  }

  @Override
  public Storage prefixSum(Storage x, int outer, int length, int inner, boolean reversed) {
    return result(x.size());
  }

  @Override
  public int firstNonFinite(Storage x) {
    return -1;
  }

  @Override
  public void refill(Storage target, Storage source) {
    target.countRefill();
  }

  @Override
  public Storage unaryGradient(Unary kind, double alpha, Storage x, Storage y, Storage upstream) {
    return result(x.size());
  }

  @Override
  public void timesDerivative(Unary kind, double alpha, Storage x, Storage y, Storage upstream) {
    long size = x.size();
    count(new Step(kind.name().toLowerCase(Locale.ROOT) + " gradient", Shape.of(x.size()),
        Cost.ofNumbers(3 * size, size, size, 0)));
  }

  @Override
  public void accumulate(Storage sum, Storage share) {
    long size = sum.size();
    count(new Step("accumulate", Shape.of(sum.size()), Cost.ofNumbers(2 * size, size, size, 0)));
  }

  @Override
  public Storage softmax(Storage x, int rows, int width) {
    return result(x.size());
  }

  @Override
  public Storage logSoftmax(Storage x, int rows, int width) {
    return result(x.size());
  }

  @Override
  public Storage softmaxGradient(Storage y, Storage upstream, int rows, int width) {
    return result(y.size());
  }

  @Override
  public Storage logSoftmaxGradient(Storage y, Storage upstream, int rows, int width) {
    return result(y.size());
  }

  @Override
  public Storage normalizeRows(Storage x, int rows, int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias, Unary function, double alpha) {
    return matmul(sizes, a, b, bias);
  }

  @Override
  public Storage matmulSum(List<Product> sizes, List<Storage> a, List<Storage> b, @Nullable Storage bias,
      @Nullable Unary function, double alpha) {
    return matmul(sizes.getFirst(), a.getFirst(), b.getFirst(), bias);
  }

  @Override
  public Storage matmulTimesDerivative(Product sizes, Storage a, Storage b, Unary function, double alpha, Storage y) {
    release(y);
    return matmul(sizes, a, b, null);
  }

  @Override
  public Storage crossEntropy(Storage x, Indices labels, int rows, int width) {
    return result(rows);
  }

  @Override
  public Storage crossEntropyGradient(Storage x, Indices labels, Storage each, Storage upstream, int rows, int width) {
    return result(x.size());
  }

  @Override
  public Storage layerNorm(Storage x, Storage weight, Storage bias, int rows, int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Storage layerNormGradient(Storage x, Storage weight, Storage upstream, int rows, int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Storage layerNormScaleGradient(Storage x, Storage upstream, int rows, int width, double epsilon) {
    return result(width);
  }

  @Override
  public Storage weightedSum(Indices offsets, Indices columns, @Nullable Indices edges, @Nullable Storage weights,
      int heads, Storage x, int width, @Nullable Storage start) {
    return rows(offsets, width);
  }

  @Override
  public Storage neighborMean(Indices offsets, Indices columns, Storage x, int width, @Nullable Storage start) {
    return rows(offsets, width);
  }

  @Override
  public Storage edgeDot(Indices offsets, Indices columns, @Nullable Indices edges, Storage a, Storage b, int heads,
      int width) {
    return result(Math.multiplyExact(columns.size(), heads));
  }

  @Override
  public Storage segmentExtremeGradient(Storage x, Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    return result(x.size());
  }

  @Override
  public Storage segmentVariance(Storage x, int width, Indices offsets, @Nullable Indices order) {
    return result(Math.multiplyExact(offsets.size() - 1, width));
  }

  @Override
  public Storage segmentVarianceGradient(Storage x, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    return result(x.size());
  }

  @Override
  public Storage gatheredSum(@Nullable Storage own, List<Storage> tables, List<Indices> rows, int width) {
    return result(Math.multiplyExact(rows.getFirst().size(), width));
  }

  @Override
  public Storage edgeNetwork(Indices offsets, Network network, List<Reduction> kinds) {
    return result(Math.multiplyExact(offsets.size() - 1, kinds.size() * network.width()));
  }

  @Override
  public Storage edgeNetworkGradient(Indices offsets, Network network, List<Reduction> kinds, Storage y,
      Storage upstream, boolean byFeatures) {
    return result(network.gradientSize(offsets.at(offsets.size() - 1), byFeatures));
  }

  @Override
  public Storage columnDot(Storage a, Storage b, int rows, int width) {
    return result(width);
  }

  @Override
  public Storage columnMoments(Storage x, int rows, int width) {
    return result(2 * width);
  }

  @Override
  public Storage batchNorm(Storage x, Storage moments, Storage weight, Storage bias, int rows, int width,
      double epsilon) {
    return result(x.size());
  }

  @Override
  public Storage batchNormSums(Storage x, Storage moments, Storage upstream, int rows, int width, double epsilon) {
    return result(2 * width);
  }

  @Override
  public Storage batchNormGradient(Storage x, Storage moments, Storage weight, Storage upstream, Storage sums, int rows,
      int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Storage attention(Pairing pairing, Storage queries, Storage keys, Storage values, @Nullable Storage bias,
      int width,
      int channels) {
    return result(Math.multiplyExact(pairing.queryOffsets().at(pairing.sequences()), channels));
  }

  @Override
  public Storage attentionGradient(Pairing pairing, Storage queries, Storage keys, Storage values,
      @Nullable Storage bias,
      Storage upstream, int width, int channels) {
    return result(Math.addExact(Math.addExact(queries.size(), keys.size()), values.size()));
  }

  @Override
  public Storage convolve(Filter filter, Storage x, Storage weight, @Nullable Storage bias, @Nullable Unary function,
      double alpha) {
    return result(Math.multiplyExact(filter.batch(), filter.window().outputs() * filter.out()));
  }

  @Override
  public Storage convolveTransposed(Filter filter, Storage y, Storage weight) {
    return result(Math.multiplyExact(filter.batch(), filter.window().cells() * filter.in()));
  }

  @Override
  public Storage convolutionWeights(Filter filter, Storage x, Storage y) {
    return result(filter.window().taps() * filter.groupIn() * filter.out());
  }

  @Override
  public Storage windowMaximum(Window window, int batch, int channels, Storage x) {
    return result(Math.multiplyExact(batch, window.outputs() * channels));
  }

  @Override
  public Storage windowMaximumGradient(Window window, int batch, int channels, Storage x, Storage y, Storage upstream) {
    return result(x.size());
  }

  @Override
  public Indices windowMaximumCells(Window window, int batch, int channels, Storage x) {
    throw valueWasRead();
  }

  @Override
  public Storage windowSum(Window window, int batch, int channels, Storage x) {
    return result(Math.multiplyExact(batch, window.outputs() * channels));
  }

  @Override
  public Storage windowSpread(Window window, int batch, int channels, Storage y) {
    return result(Math.multiplyExact(batch, window.cells() * channels));
  }

  @Override
  public Storage resample(Storage x, int outer, int inner, AxisMap map) {
    return result(Math.multiplyExact(outer, map.rows() * inner));
  }

  @Override
  public Storage recurrence(Run run) {
    return result(run.states());
  }

  @Override
  public Storage recurrenceTrace(Run run) {
    return result(run.traced());
  }

  @Override
  public Storage recurrenceGradient(Run run, Storage trace, Storage upstream) {
    return result(run.gradients());
  }

  @Override
  public Storage neighborExtreme(Reduction kind, Indices offsets, Indices columns, Storage x, int width) {
    return result(Math.multiplyExact(offsets.size() - 1, width));
  }

  @Override
  public Storage neighborExtremeGradient(Indices offsets, Indices columns, Indices reversedOffsets,
      Indices reversedColumns, Storage x, Storage y, Storage upstream, int width) {
    return result(x.size());
  }

  @Override
  public Storage dropout(Storage x, Key key, double rate, @Nullable Storage residual) {
    return result(x.size());
  }

  @Override
  public Attended edgeAttention(Indices offsets, Indices columns, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, int width) {
    int rows = offsets.size() - 1;
    return new Attended(result(Math.multiplyExact(rows, width)), result(Math.multiplyExact(rows, 2 * heads)));
  }

  @Override
  public Shares edgeAttentionGradient(Indices offsets, Indices rows, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, Attended attended, Storage upstream, int width) {
    int columns = offsets.size() - 1;
    return new Shares(result(Math.multiplyExact(columns, width)),
        result(score.column().size()), result(Math.multiplyExact(rows.size(), heads)));
  }

  @Override
  public Storage slopedSum(Indices offsets, Indices columns, @Nullable Indices edges, Storage weights, int heads,
      Storage own, Storage other, int width, double slope) {
    return result(Math.multiplyExact(offsets.size() - 1, width));
  }

  @Override
  public Storage segmentSoftmax(Storage x, int width, Indices offsets, @Nullable Indices order) {
    return result(x.size());
  }

  @Override
  public Storage segmentSoftmaxGradient(Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    return result(y.size());
  }

  @Override
  public void adam(List<Moments> all, double rate, double beta1, double beta2, double epsilon, double weightDecay,
      boolean decoupled, double correction1, double correction2) {
    for (Moments each : all) {
      long size = each.parameter().size();
      count(new Step("adam", Shape.of(each.parameter().size()), Cost.ofNumbers(4 * size, 3 * size, 15 * size, 0)));
      each.parameter().countRefill();
      each.m().countRefill();
      each.v().countRefill();
    }
  }

  private Storage rows(Indices offsets, int width) {
    return result(Math.multiplyExact(Math.max(0, offsets.size() - 1), width));
  }
}
