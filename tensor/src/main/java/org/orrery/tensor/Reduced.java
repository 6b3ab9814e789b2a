package org.orrery.tensor;

import java.util.List;
import java.util.Locale;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;

/// The axes from `from` up to, not including, `to` reduced to one number each.
record Reduced(Reduction kind, Tensor x, int from, int to) implements Op {
  /// Refuses an extreme of nothing.
  Reduced {
    boolean isOfNothing = x.shape().extent(from, to) == 0 && x.shape().extent(0, from) > 0
        && x.shape().extent(to, x.rank()) > 0;
    Require.that(!isOfNothing || kind == Reduction.SUM || kind == Reduction.PRODUCT,
        kind == Reduction.MAXIMUM ? "max" : "min", x.shape(), (to - from == x.rank() ? "" : "along axis " + from + ", ")
            + "at least one value is required");
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Tensor> operands() {
    return List.of(x);
  }

  @Override
  public Shape shape() {
    return shape(0, 0);
  }

  @Override
  public Storage forward(Backend backend) {
    Shape shape = x.shape();
    return backend.reduce(kind, x.data(), shape.extent(0, from), shape.extent(from, to),
        shape.extent(to, shape.rank()));
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    Shape kept = shape(to - from, 1);
    sink.add(x, () -> switch (kind) {
      case SUM -> upstream.reshape(kept).expand(x.shape());
      case MAXIMUM, MINIMUM -> {
        Tensor holds = x.equalTo(y.detach().reshape(kept));
        Tensor each = upstream.divide(new Reduced(Reduction.SUM, holds, from, to).result());
        yield holds.multiply(each.reshape(kept));
      }
      case PRODUCT -> {
        Shape flat = Shape.of(x.shape().extent(0, from), x.shape().extent(from, to),
            x.shape().extent(to, x.rank()));
        Tensor others = productOfOthers(x.reshape(flat)).reshape(x.shape());
        yield others.multiply(upstream.reshape(kept));
      }
    });
  }

  private Tensor result() {
    return Tensor.of(this);
  }

  /// x's shape with the reduced axes replaced by `count` axes of one size.
  private Shape shape(int count, int size) {
    int[] sizes = new int[x.rank() - (to - from) + count];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = d < from ? x.size(d) : d < from + count ? size : x.size(d - count + to - from);
    }
    return Shape.of(sizes);
  }

  /// The product of all entries of the middle axis but the own one, exact where entries are 0: products before times
  /// products after, each by doubling steps.
  private static Tensor productOfOthers(Tensor x) {
    Tensor before = running(shifted(x, 1, false), false);
    Tensor after = running(shifted(x, 1, true), true);
    return before.multiply(after);
  }

  private static Tensor running(Tensor x, boolean reversed) {
    for (int step = 1; step < x.size(1); step *= 2) {
      x = x.multiply(shifted(x, step, reversed));
    }
    return x;
  }

  /// y[:, i] = x[:, i - step], 1 before the start; `reversed` the other way round.
  private static Tensor shifted(Tensor x, int step, boolean reversed) {
    int length = x.size(1);
    int gap = Math.min(step, length);
    Tensor ones = Tensor.full(x.shape().with(1, gap), 1, x.backend());
    return reversed
        ? Tensor.concat(1, x.slice(1, gap, length), ones)
        : Tensor.concat(1, ones, x.slice(1, 0, length - gap));
  }

  /// Beside: sums of blocks in double for one long run, else rows of pieces as in a segment sum.
  @Override
  public Cost cost() {
    long numbers = x.shape().elements();
    long results = shape().elements();
    long perRun = numbers / Math.max(1, results);
    long scratch = 2 * (numbers / 512 + results);
    if (x.shape().extent(to, x.rank()) != 1) {
      scratch = perRun > 64 ? 2 * (numbers / 64 + results) : 0;
    }
    return Cost.ofNumbers(numbers, results, numbers, perRun > 64 ? scratch : 0);
  }
}
