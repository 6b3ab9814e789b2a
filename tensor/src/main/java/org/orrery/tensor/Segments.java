package org.orrery.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;

/// A partition of rows into segments: edges by their receiver, nodes by their graph, words by their sentence.
///
/// Made from the segment of each row, in any order. Within a segment rows keep the order they came in, so that sums are
/// the same every time. The compressed form (offsets and order) is computed once, when a kernel first needs it.
public final class Segments {
  private final Indices index;
  private final int count;
  private final Map<Object, Object> sizes = new ConcurrentHashMap<>();
  private volatile @Nullable Compressed compressed;

  private record Compressed(Indices offsets, @Nullable Indices order) {
  }

  private Segments(Indices index, int count) {
    this.index = index;
    this.count = count;
  }

  /// Row i belongs to segment `index_i`.
  ///
  /// @throws IndexOutOfBoundsException where an entry is not below `count`
  public static Segments of(Indices index, int count) {
    return new Segments(index.requireBelow(count, "segments"), count);
  }

  /// The same for an index that was checked.
  static Segments trusted(Indices index, int count) {
    return new Segments(index, count);
  }

  /// Consecutive runs of rows: segment s holds rows `offsets[s]` up to `offsets[s + 1]`.
  ///
  /// @throws IllegalArgumentException where the offsets do not start at 0 or decrease
  public static Segments ofOffsets(Indices offsets) {
    int count = offsets.size() - 1;
    if (count < 0 || offsets.at(0) != 0) {
      throw new IllegalArgumentException("segments: offsets " + offsets + "; they start at 0");
    }
    int[] index = new int[offsets.at(count)];
    for (int s = 0; s < count; s++) {
      if (offsets.at(s + 1) < offsets.at(s)) {
        throw new IllegalArgumentException("segments: offset " + (s + 1) + " is " + offsets.at(s + 1)
            + ", below the one before it, " + offsets.at(s));
      }
      Arrays.fill(index, offsets.at(s), offsets.at(s + 1), s);
    }
    Segments segments = new Segments(Indices.wrap(index), count);
    segments.compressed = new Compressed(offsets, null);
    return segments;
  }

  /// The segment of each row.
  public Indices index() {
    return index;
  }

  /// How many segments, empty ones included.
  public int count() {
    return count;
  }

  /// How many rows.
  public int members() {
    return index.size();
  }

  /// Where each segment starts in [#order()]; `count + 1` entries.
  public Indices offsets() {
    return compressed().offsets();
  }

  /// The rows, segment by segment, in the order they came; null where they came that way.
  public @Nullable Indices order() {
    return compressed().order();
  }

  /// How many rows a segment has.
  public int size(int segment) {
    return offsets().at(segment + 1) - offsets().at(segment);
  }

  /// How many rows the largest segment has.
  public int longest() {
    int most = 0;
    for (int s = 0; s < count; s++) {
      most = Math.max(most, size(s));
    }
    return most;
  }

  /// How many indices a kernel reads that visits every row.
  public long indices() {
    return count + 1L + (order() == null ? 0 : members());
  }

  /// How many numbers a reduction of rows of this width needs beside its result: where a segment is long, the results of
  /// its pieces.
  public long scratch(int width) {
    return longest() <= 256 ? 0 : (members() / 256L + count) * width * 2;
  }

  /// The number of rows of each segment, `[count]`, 1 for an empty one: the divisor of a mean.
  public Tensor sizesAtLeastOne(Backend backend) {
    return backend.kept(sizes, backend, () -> sizes(backend));
  }

  private Tensor sizes(Backend device) {
    return Scope.outside(() -> {
      double[] values = new double[count];
      for (int s = 0; s < count; s++) {
        values[s] = Math.max(1, size(s));
      }
      Supplier<Tensor> upload = () -> Tensor.of(values, count);
      return Backends.with(device, upload);
    });
  }

  private Compressed compressed() {
    Compressed known = compressed;
    if (known == null) {
      known = compress();
      compressed = known;
    }
    return known;
  }

  /// A stable counting sort.
  private Compressed compress() {
    int[] segmentOf = index.raw();
    int[] offsets = new int[count + 1];
    boolean sorted = true;
    for (int i = 0; i < segmentOf.length; i++) {
      offsets[segmentOf[i] + 1]++;
      sorted &= i == 0 || segmentOf[i - 1] <= segmentOf[i];
    }
    for (int s = 0; s < count; s++) {
      offsets[s + 1] += offsets[s];
    }
    if (sorted) {
      return new Compressed(Indices.wrap(offsets), null);
    }
    int[] next = offsets.clone();
    int[] order = new int[segmentOf.length];
    for (int i = 0; i < segmentOf.length; i++) {
      order[next[segmentOf[i]]++] = i;
    }
    return new Compressed(Indices.wrap(offsets), Indices.wrap(order));
  }
}
