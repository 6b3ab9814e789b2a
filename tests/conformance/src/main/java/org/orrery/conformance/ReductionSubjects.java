package org.orrery.conformance;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Reductions of the area `tensor`: over an axis, over several, over all.
final class ReductionSubjects {
  private ReductionSubjects() {
  }

  private interface AxisFunction {
    Tensor apply(Tensor x, int axis);
  }

  static void register(Map<String, Subject> all) {
    reduction(all, "reduce_sum", Tensor::sum);
    reduction(all, "reduce_mean", Tensor::mean);
    reduction(all, "reduce_amax", Tensor::max);
    reduction(all, "reduce_amin", Tensor::min);
    reduction(all, "reduce_prod", Tensor::product);
    reduction(all, "logsumexp", Tensor::logSumExp);
    spread(all, "reduce_var", false);
    spread(all, "reduce_std", true);
  }

  private static void reduction(Map<String, Subject> all, String op, AxisFunction function) {
    all.put(op, in -> {
      in.config().ignore("unbiased"); // the files name it for every reduction
      return Answer.of(reduced(in, function));
    });
  }

  private static void spread(Map<String, Subject> all, String op, boolean root) {
    all.put(op, in -> {
      Config c = in.config();
      double correction = c.number("correction", c.flag("unbiased", true) ? 1 : 0);
      return Answer.of(reduced(in, (x, axis) -> {
        Tensor population = x.variance(axis);
        int count = x.size(axis);
        Tensor y = correction == 0 ? population : population.multiply(count / Math.max(0, count - correction));
        return root ? y.sqrt() : y;
      }));
    });
  }

  /// Over one axis as it is; several become one, the last.
  private static Tensor reduced(Case in, AxisFunction function) {
    Tensor x = in.tensor("x");
    List<Integer> said = in.config().integers("dim");
    TreeSet<Integer> axes = new TreeSet<>(
        said.isEmpty() ? List.of() : said.stream().map(axis -> x.shape().axis(axis)).toList());
    if (axes.isEmpty()) {
      IntStream.range(0, x.rank()).forEach(axes::add);
    }
    Tensor y = axes.size() == 1 ? function.apply(x, axes.first()) : function.apply(joined(x, axes), -1);
    if (in.config().flag("keepdim", false)) {
      for (int axis : axes) {
        y = y.unsqueeze(axis);
      }
    }
    return y;
  }

  /// x with these axes behind the others and made one.
  private static Tensor joined(Tensor x, SortedSet<Integer> axes) {
    int[] order = new int[x.rank()];
    Shape shape = x.shape();
    int next = 0;
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!axes.contains(axis)) {
        order[next++] = axis;
      }
    }
    int[] sizes = new int[next + 1];
    for (int i = 0; i < next; i++) {
      sizes[i] = shape.size(order[i]);
    }
    sizes[next] = 1;
    for (int axis : axes) {
      sizes[next] *= shape.size(axis);
      order[x.rank() - axes.size() + axes.headSet(axis).size()] = axis;
    }
    return x.permute(order).reshape(sizes);
  }
}
