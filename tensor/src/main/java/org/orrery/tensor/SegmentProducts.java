package org.orrery.tensor;

import java.util.Arrays;

/// The product of all rows of a segment but the own one, exact where entries are 0, in tensor operations.
final class SegmentProducts {
  private SegmentProducts() {
  }

  /// Products of the rows before times products of the rows after, each by doubling steps within the segment.
  static Tensor ofOthers(Tensor x, Segments segments) {
    Tensor before = running(shifted(x, segments, -1), segments, -1);
    Tensor after = running(shifted(x, segments, 1), segments, 1);
    return before.multiply(after);
  }

  private static Tensor running(Tensor x, Segments segments, int direction) {
    int longest = 0;
    for (int s = 0; s < segments.count(); s++) {
      longest = Math.max(longest, segments.size(s));
    }
    for (int step = 1; step < longest; step *= 2) {
      x = x.multiply(shifted(x, segments, direction * step));
    }
    return x;
  }

  /// y[row] = x[the row `steps` further in its segment], 1 where there is none: a gather with a row of ones appended.
  private static Tensor shifted(Tensor x, Segments segments, int steps) {
    int members = segments.members();
    Indices order = segments.order();
    int[] from = new int[members];
    Arrays.fill(from, members);
    for (int s = 0; s < segments.count(); s++) {
      int start = segments.offsets().at(s);
      int end = segments.offsets().at(s + 1);
      for (int p = start; p < end; p++) {
        int q = p + steps;
        if (q >= start && q < end) {
          from[order == null ? p : order.at(p)] = order == null ? q : order.at(q);
        }
      }
    }
    Tensor ones = Tensor.full(x.shape().with(0, 1), 1, x.backend());
    return Tensor.concat(0, x, ones).gatherRows(Indices.wrap(from));
  }
}
