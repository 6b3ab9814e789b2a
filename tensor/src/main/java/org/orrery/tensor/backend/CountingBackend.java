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

  private static final class Sized extends Buffer {
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
  public Buffer standIn(Buffer original) {
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
  private Buffer source(String name, int size) {
    count(new Step(name, Shape.of(size), Cost.ofNumbers(0, size, 0, 0)));
    return result(size);
  }

  private synchronized Buffer result(int size) {
    liveBytes += (long) Float.BYTES * size;
    peakBytes = Math.max(peakBytes, liveBytes);
    return new Sized(size);
  }

  @Override
  public synchronized void release(Buffer x) {
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
  public Buffer upload(float[] values) {
    return source("upload", values.length);
  }

  @Override
  public Buffer upload(double[] values) {
    return source("upload", values.length);
  }

  @Override
  public float[] download(Buffer x) {
    throw valueWasRead();
  }

  @Override
  public double[] downloadDouble(Buffer x) {
    throw valueWasRead();
  }

  @Override
  public Buffer fill(int size, double value) {
    return source("fill", size);
  }

  @Override
  public Buffer uniform(Key key, int size) {
    return source("uniform", size);
  }

  @Override
  public Buffer normal(Key key, int size) {
    return source("normal", size);
  }

  @Override
  public Buffer unary(Unary kind, double alpha, Buffer x) {
    return result(x.size());
  }

  @Override
  public Buffer binary(Binary kind, Buffer a, Shape aShape, Buffer b, Shape bShape, Shape result) {
    return result(result.elements());
  }

  @Override
  public Buffer select(Buffer condition, Buffer whenTrue, Buffer whenFalse) {
    return result(condition.size());
  }

  @Override
  public Buffer reduce(Reduction kind, Buffer x, int outer, int length, int inner) {
    return result(Math.multiplyExact(outer, inner));
  }

  @Override
  public Indices argReduce(Reduction kind, Buffer x, int outer, int length, int inner) {
    throw valueWasRead();
  }

  @Override
  public Buffer matmul(Product sizes, Buffer a, Buffer b, @Nullable Buffer bias) {
    return result(Math.multiplyExact(Math.multiplyExact(sizes.batch(), sizes.rows()), sizes.columns()));
  }

  @Override
  public Buffer copyStrided(Buffer x, int offset, int[] strides, int[] sizes) {
    return result(Shape.of(sizes).elements());
  }

  @Override
  public Buffer placeStrided(Buffer x, int[] sizes, int resultSize, int offset, int[] strides) {
    return result(resultSize);
  }

  @Override
  public Buffer concat(List<Buffer> parts, int outer, int[] lengths) {
    int size = 0;
    for (Buffer part : parts) {
      size = Math.addExact(size, part.size());
    }
    return result(size);
  }

  @Override
  public Buffer gatherRows(Buffer x, int width, Indices rows) {
    return result(Math.multiplyExact(rows.size(), width));
  }

  @Override
  public Buffer segmentReduce(Reduction kind, Buffer x, int width, Indices offsets, @Nullable Indices order) {
    return rows(offsets, width);
  }

  @Override
  public Indices sort(Buffer x, int outer, int length, boolean descending) {
    throw valueWasRead();
  }

  @Override
  public Buffer prefixSum(Buffer x, int outer, int length, int inner, boolean reversed) {
    return result(x.size());
  }

  @Override
  public int firstNonFinite(Buffer x) {
    return -1;
  }

  @Override
  public void refill(Buffer target, Buffer source) {
    target.countRefill();
  }

  @Override
  public Buffer unaryGradient(Unary kind, double alpha, Buffer x, Buffer y, Buffer upstream) {
    return result(x.size());
  }

  @Override
  public void applySlope(Unary kind, double alpha, Buffer x, Buffer y, Buffer upstream) {
    long size = x.size();
    count(new Step(kind.name().toLowerCase(Locale.ROOT) + " gradient", Shape.of(x.size()),
        Cost.ofNumbers(3 * size, size, size, 0)));
  }

  @Override
  public void accumulate(Buffer sum, Product sizes, Buffer a, Buffer b) {
    long results = sum.size();
    count(new Step("accumulated matmul", Shape.of(sizes.rows(), sizes.columns()),
        Cost.ofNumbers(a.size() + b.size() + results,
            results, 2 * results * sizes.inner(), sizes.scratch())));
  }

  @Override
  public void accumulate(Buffer sum, Buffer share) {
    long size = sum.size();
    count(new Step("accumulate", Shape.of(sum.size()), Cost.ofNumbers(2 * size, size, size, 0)));
  }

  @Override
  public Buffer softmax(Buffer x, int rows, int width) {
    return result(x.size());
  }

  @Override
  public Buffer logSoftmax(Buffer x, int rows, int width) {
    return result(x.size());
  }

  @Override
  public Buffer softmaxGradient(Buffer y, Buffer upstream, int rows, int width) {
    return result(y.size());
  }

  @Override
  public Buffer logSoftmaxGradient(Buffer y, Buffer upstream, int rows, int width) {
    return result(y.size());
  }

  @Override
  public Buffer normalizeRows(Buffer x, int rows, int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Buffer matmul(Product sizes, Buffer a, Buffer b, @Nullable Buffer bias, Unary function, double alpha) {
    return matmul(sizes, a, b, bias);
  }

  @Override
  public Buffer matmulSum(List<Product> sizes, List<Buffer> a, List<Buffer> b, @Nullable Buffer bias,
      @Nullable Unary function, double alpha) {
    return matmul(sizes.getFirst(), a.getFirst(), b.getFirst(), bias);
  }

  @Override
  public Buffer slopedMatmul(Product sizes, Buffer a, Buffer b, Unary function, double alpha, Buffer y) {
    release(y);
    return matmul(sizes, a, b, null);
  }

  @Override
  public Buffer crossEntropy(Buffer x, Indices labels, int rows, int width) {
    return result(rows);
  }

  @Override
  public Buffer crossEntropyGradient(Buffer x, Indices labels, Buffer each, Buffer upstream, int rows, int width) {
    return result(x.size());
  }

  @Override
  public Buffer layerNorm(Buffer x, Buffer weight, Buffer bias, int rows, int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Buffer layerNormGradient(Buffer x, Buffer weight, Buffer upstream, int rows, int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Buffer layerNormScaleGradient(Buffer x, Buffer upstream, int rows, int width, double epsilon) {
    return result(width);
  }

  @Override
  public Buffer weightedSum(Indices offsets, Indices columns, @Nullable Indices edges, @Nullable Buffer weights,
      int heads, Buffer x, int width, @Nullable Buffer start) {
    return rows(offsets, width);
  }

  @Override
  public Buffer neighborMean(Indices offsets, Indices columns, Buffer x, int width, @Nullable Buffer start) {
    return rows(offsets, width);
  }

  @Override
  public Buffer edgeDot(Indices offsets, Indices columns, @Nullable Indices edges, Buffer a, Buffer b, int heads,
      int width) {
    return result(Math.multiplyExact(columns.size(), heads));
  }

  @Override
  public Buffer segmentExtremeGradient(Buffer x, Buffer y, Buffer upstream, int width, Indices offsets,
      @Nullable Indices order) {
    return result(x.size());
  }

  @Override
  public Buffer segmentVariance(Buffer x, int width, Indices offsets, @Nullable Indices order) {
    return result(Math.multiplyExact(offsets.size() - 1, width));
  }

  @Override
  public Buffer segmentVarianceGradient(Buffer x, Buffer upstream, int width, Indices offsets,
      @Nullable Indices order) {
    return result(x.size());
  }

  @Override
  public Buffer gatheredSum(@Nullable Buffer own, List<Buffer> tables, List<Indices> rows, int width) {
    return result(Math.multiplyExact(rows.getFirst().size(), width));
  }

  @Override
  public Buffer edgeNetwork(Indices offsets, Network network, List<Reduction> kinds) {
    return result(Math.multiplyExact(offsets.size() - 1, kinds.size() * network.width()));
  }

  @Override
  public Buffer edgeNetworkGradient(Indices offsets, Network network, List<Reduction> kinds, Buffer y,
      Buffer upstream, boolean byFeatures) {
    return result(network.gradientSize(offsets.at(offsets.size() - 1), byFeatures));
  }

  @Override
  public Buffer columnDot(Buffer a, Buffer b, int rows, int width) {
    return result(width);
  }

  @Override
  public Buffer columnMoments(Buffer x, int rows, int width) {
    return result(2 * width);
  }

  @Override
  public Buffer batchNorm(Buffer x, Buffer moments, Buffer weight, Buffer bias, int rows, int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Buffer batchNormSums(Buffer x, Buffer moments, Buffer upstream, int rows, int width, double epsilon) {
    return result(2 * width);
  }

  @Override
  public Buffer batchNormGradient(Buffer x, Buffer moments, Buffer weight, Buffer upstream, Buffer sums, int rows,
      int width, double epsilon) {
    return result(x.size());
  }

  @Override
  public Buffer attention(Pairing pairing, Buffer queries, Buffer keys, Buffer values, @Nullable Buffer bias, int width,
      int channels) {
    return result(Math.multiplyExact(pairing.queryOffsets().at(pairing.sequences()), channels));
  }

  @Override
  public Buffer attentionGradient(Pairing pairing, Buffer queries, Buffer keys, Buffer values, @Nullable Buffer bias,
      Buffer upstream, int width, int channels) {
    return result(Math.addExact(Math.addExact(queries.size(), keys.size()), values.size()));
  }

  @Override
  public Buffer convolve(Filter filter, Buffer x, Buffer weight, @Nullable Buffer bias, @Nullable Unary function,
      double alpha) {
    return result(Math.multiplyExact(filter.batch(), filter.window().outputs() * filter.out()));
  }

  @Override
  public Buffer convolveTransposed(Filter filter, Buffer y, Buffer weight) {
    return result(Math.multiplyExact(filter.batch(), filter.window().cells() * filter.in()));
  }

  @Override
  public Buffer convolutionWeights(Filter filter, Buffer x, Buffer y) {
    return result(filter.window().taps() * filter.groupIn() * filter.out());
  }

  @Override
  public Buffer windowMaximum(Window window, int batch, int channels, Buffer x) {
    return result(Math.multiplyExact(batch, window.outputs() * channels));
  }

  @Override
  public Buffer windowMaximumGradient(Window window, int batch, int channels, Buffer x, Buffer y, Buffer upstream) {
    return result(x.size());
  }

  @Override
  public Indices windowMaximumCells(Window window, int batch, int channels, Buffer x) {
    throw valueWasRead();
  }

  @Override
  public Buffer windowSum(Window window, int batch, int channels, Buffer x) {
    return result(Math.multiplyExact(batch, window.outputs() * channels));
  }

  @Override
  public Buffer windowSpread(Window window, int batch, int channels, Buffer y) {
    return result(Math.multiplyExact(batch, window.cells() * channels));
  }

  @Override
  public Buffer resample(Buffer x, int outer, int inner, AxisMap map) {
    return result(Math.multiplyExact(outer, map.rows() * inner));
  }

  @Override
  public Buffer recurrence(Run run) {
    return result(run.states());
  }

  @Override
  public Buffer recurrenceTrace(Run run) {
    return result(run.traced());
  }

  @Override
  public Buffer recurrenceGradient(Run run, Buffer trace, Buffer upstream) {
    return result(run.gradients());
  }

  @Override
  public Buffer neighborExtreme(Reduction kind, Indices offsets, Indices columns, Buffer x, int width) {
    return result(Math.multiplyExact(offsets.size() - 1, width));
  }

  @Override
  public Buffer neighborExtremeGradient(Indices offsets, Indices columns, Indices reversedOffsets,
      Indices reversedColumns, Buffer x, Buffer y, Buffer upstream, int width) {
    return result(x.size());
  }

  @Override
  public Buffer dropout(Buffer x, Key key, double rate, @Nullable Buffer residual) {
    return result(x.size());
  }

  @Override
  public Attended edgeAttention(Indices offsets, Indices columns, @Nullable Indices edges, EdgeScore score,
      @Nullable Buffer factors, int heads, Buffer values, int width) {
    int rows = offsets.size() - 1;
    return new Attended(result(Math.multiplyExact(rows, width)), result(Math.multiplyExact(rows, 2 * heads)));
  }

  @Override
  public Shares edgeAttentionGradient(Indices offsets, Indices rows, @Nullable Indices edges, EdgeScore score,
      @Nullable Buffer factors, int heads, Buffer values, Attended attended, Buffer upstream, int width) {
    int columns = offsets.size() - 1;
    return new Shares(result(Math.multiplyExact(columns, width)),
        result(score.column().size()), result(Math.multiplyExact(rows.size(), heads)));
  }

  @Override
  public Buffer slopedSum(Indices offsets, Indices columns, @Nullable Indices edges, Buffer weights, int heads,
      Buffer own, Buffer other, int width, double slope) {
    return result(Math.multiplyExact(offsets.size() - 1, width));
  }

  @Override
  public Buffer segmentSoftmax(Buffer x, int width, Indices offsets, @Nullable Indices order) {
    return result(x.size());
  }

  @Override
  public Buffer segmentSoftmaxGradient(Buffer y, Buffer upstream, int width, Indices offsets,
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

  private Buffer rows(Indices offsets, int width) {
    return result(Math.multiplyExact(Math.max(0, offsets.size() - 1), width));
  }
}
