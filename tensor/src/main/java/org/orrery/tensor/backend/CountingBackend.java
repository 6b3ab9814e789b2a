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
import org.orrery.tensor.Cost;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Op;
import org.orrery.tensor.Shape;

/// A backend that computes nothing and adds up what would be computed: run a model on it to learn its work and memory
/// before anything is allocated. Every result is a buffer with a size and no numbers.
///
/// Work is the sum of [Op#cost()] over the operations observed, and the writing of what is filled or drawn. Memory is counted in float32 from each result until its
/// release, so a plan has the peak of a real run only if it uses scopes as the real run does. Scratch memory is counted
/// apart: a run needs at most [#peakBytes()] + [#largestScratch()]. The plan is that of a backend with all fast kernels.
///
/// What depends on values ([#download], [#sort], [#argReduce]) throws [IllegalStateException]. [#firstNonFinite] finds
/// nothing: it guards what is then used unchanged, and a graph or a loss that checks its numbers can be planned.
///
/// While it is current ([Backends#with]) tensors of other backends may be operands, for only their sizes are read; they
/// are not counted. So an existing model and graph can be planned as they are, and stay as they are.
public final class CountingBackend implements Backend, AdamKernels, InPlaceKernels {

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

  @Override
  public boolean has(Class<?> contract) {
    return true;
  }

  @Override
  public boolean standsInForAll() { return true; }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // one key is used with one type
  public synchronized <T> T kept(Map<Object, Object> values, Object key, Supplier<T> compute) {
    Map<Object, Object> known = kept.computeIfAbsent(values, owner -> new HashMap<>());
    Object value = values.containsKey(key) ? values.get(key) : known.get(key);
    if (value == null) {
      value = compute.get();
      known.put(key, value);
    }
    return (T) value;
  }

  /// A buffer of the same size that is counted nowhere, unless it is one of this backend's own.
  @Override
  public Storage changeable(Storage x) {
    return x instanceof Sized ? x : new Sized(x.size());
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

  /// Counts the operation, and gives each result its size. A definition that runs in the place of a kernel counts operation by
  /// operation.
  @Override
  public List<Storage> run(Op op) {
    if (!op.isWithinLimits()) {
      return op.forwardAll(this);
    }
    List<Shape> shapes = op.shapes();
    Shape shape = shapes.size() == 1
        ? shapes.getFirst()
        : Shape.of(shapes.stream().mapToInt(Shape::elements).reduce(0, Math::addExact));
    count(new Step(op.name(), shape, op.cost()));
    return op.ownsResults() ? shapes.stream().map(each -> result(each.elements())).toList() : op.forwardAll(this);
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

  private static IllegalStateException ranOutside() {
    return new IllegalStateException("counting backend: a primitive was called outside of an operation");
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
    throw ranOutside();
  }

  @Override
  public Storage binary(Binary kind, Storage a, Shape aShape, Storage b, Shape bShape, Shape result) {
    throw ranOutside();
  }

  @Override
  public Storage select(Storage condition, Storage whenTrue, Storage whenFalse) {
    throw ranOutside();
  }

  @Override
  public Storage reduce(Reduction kind, Storage x, int outer, int length, int inner) {
    throw ranOutside();
  }

  @Override
  public Indices argReduce(Reduction kind, Storage x, int outer, int length, int inner) {
    throw valueWasRead();
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias) {
    throw ranOutside();
  }

  @Override
  public Storage copyStrided(Storage x, int offset, int[] strides, int[] sizes) {
    throw ranOutside();
  }

  @Override
  public Storage placeStrided(Storage x, int[] sizes, int resultSize, int offset, int[] strides) {
    throw ranOutside();
  }

  @Override
  public Storage concat(List<Storage> parts, int outer, int[] lengths) {
    throw ranOutside();
  }

  @Override
  public Storage gatherRows(Storage x, int width, Indices rows) {
    throw ranOutside();
  }

  @Override
  public Storage segmentReduce(Reduction kind, Storage x, int width, Indices offsets, @Nullable Indices order) {
    throw ranOutside();
  }

  @Override
  public Indices sort(Storage x, int outer, int length, boolean descending) {
    throw valueWasRead();
  }

  @Override
  public Storage prefixSum(Storage x, int outer, int length, int inner, boolean reversed) {
    throw ranOutside();
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
  public Storage matmulTimesDerivative(Product sizes, Storage a, Storage b, Unary function, double alpha, Storage y) {
    release(y);
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
}
