package org.orrery.testkit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
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

/// The reference that other backends are compared with: every primitive as the plain loop that its contract describes,
/// in double precision. It has no kernel families, so every fused operation runs its definition; gradient checks and
/// symmetry checks on it see errors of 1e-10 where float32 sees 1e-4.
///
/// Random numbers are those of the [Key] in float32, widened. Reading a released buffer throws [IllegalStateException].
public class Float64Backend implements Backend {
  private static final class Doubles extends Storage {
    private final double[] values;

    private Doubles(double[] values) {
      super(values.length);
      this.values = values;
    }

    private void release() {
      Arrays.fill(values, Double.NaN);
      markReleased();
    }
  }

  /// A backend.
  public Float64Backend() {
  }

  /// A buffer of these numbers, which are not copied.
  static Storage wrap(double[] values) {
    return new Doubles(values);
  }

  /// The numbers of a buffer, not a copy.
  static double[] values(Storage x) {
    if (x.isReleased()) {
      throw new IllegalStateException("float64 backend: a released buffer of " + x.size() + " values was read");
    }
    return ((Doubles) x).values;
  }

  @Override
  public String name() {
    return "float64";
  }

  @Override
  public Storage upload(float[] values) {
    return wrap(widen(values));
  }

  @Override
  public Storage upload(double[] values) {
    return wrap(values.clone());
  }

  @Override
  public float[] download(Storage x) {
    double[] values = values(x);
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  @Override
  public double[] downloadDouble(Storage x) {
    return values(x).clone();
  }

  @Override
  public Storage fill(int size, double value) {
    double[] y = new double[size];
    Arrays.fill(y, value);
    return wrap(y);
  }

  @Override
  public Storage uniform(Key key, int size) {
    return wrap(widen(key.uniform(size)));
  }

  @Override
  public Storage normal(Key key, int size) {
    return wrap(widen(key.normal(size)));
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  @Override
  public Storage unary(Unary kind, double alpha, Storage x) {
    double[] from = values(x);
    double[] y = new double[from.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = kind.apply(from[i], alpha);
    }
    return wrap(y);
  }

  @Override
  public Storage binary(Binary kind, Storage a, Shape aShape, Storage b, Shape bShape, Shape result) {
    double[] left = values(a);
    double[] right = values(b);
    int[] aSteps = repeatingStrides(aShape, result.rank());
    int[] bSteps = repeatingStrides(bShape, result.rank());
    int[] sizes = result.toArray();
    double[] y = new double[result.elements()];
    for (int p = 0; p < y.length; p++) {
      y[p] = kind.apply(left[place(p, sizes, aSteps)], right[place(p, sizes, bSteps)]);
    }
    return wrap(y);
  }

  /// Steps of an operand along the axes of the result: 0 where it is repeated.
  private static int[] repeatingStrides(Shape operand, int rank) {
    int[] strides = operand.strides();
    int[] steps = new int[rank];
    for (int d = 1; d <= operand.rank(); d++) {
      steps[rank - d] = operand.size(-d) == 1 ? 0 : strides[operand.rank() - d];
    }
    return steps;
  }

  /// sum_d i_d strides_d, where i are the coordinates of position p in a row-major array of these sizes.
  private static int place(int p, int[] sizes, int[] strides) {
    int place = 0;
    int rest = p;
    for (int d = sizes.length - 1; d >= 0; d--) {
      place += rest % sizes[d] * strides[d];
      rest /= sizes[d];
    }
    return place;
  }

  @Override
  public Storage select(Storage condition, Storage whenTrue, Storage whenFalse) {
    double[] choice = values(condition);
    double[] y = new double[choice.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = choice[i] != 0 ? values(whenTrue)[i] : values(whenFalse)[i];
    }
    return wrap(y);
  }

  @Override
  public Storage reduce(Reduction kind, Storage x, int outer, int length, int inner) {
    DoubleBinaryOperator join = join(kind);
    double[] from = values(x);
    double[] y = new double[outer * inner];
    for (int o = 0; o < outer; o++) {
      for (int n = 0; n < inner; n++) {
        double result = neutral(kind);
        for (int i = 0; i < length; i++) {
          result = join.applyAsDouble(result, from[(o * length + i) * inner + n]);
        }
        y[o * inner + n] = result;
      }
    }
    return wrap(y);
  }

  private static DoubleBinaryOperator join(Reduction kind) {
    return switch (kind) {
      case SUM -> (a, b) -> a + b;
      case PRODUCT -> (a, b) -> a * b;
      case MAXIMUM -> Math::max;
      case MINIMUM -> Math::min;
    };
  }

  private static double neutral(Reduction kind) {
    return switch (kind) {
      case SUM -> 0;
      case PRODUCT -> 1;
      case MAXIMUM -> Double.NEGATIVE_INFINITY;
      case MINIMUM -> Double.POSITIVE_INFINITY;
    };
  }

  @Override
  public Indices argReduce(Reduction kind, Storage x, int outer, int length, int inner) {
    if (kind != Reduction.MAXIMUM && kind != Reduction.MINIMUM) {
      throw new IllegalArgumentException("argReduce: " + kind + "; MAXIMUM or MINIMUM is required");
    }
    double sign = kind == Reduction.MAXIMUM ? 1 : -1;
    double[] from = values(x);
    int[] places = new int[outer * inner];
    for (int o = 0; o < outer; o++) {
      for (int n = 0; n < inner; n++) {
        int best = 0;
        for (int i = 1; i < length; i++) {
          double held = sign * from[(o * length + best) * inner + n];
          double offered = sign * from[(o * length + i) * inner + n];
          if (!Double.isNaN(held) && (offered > held || Double.isNaN(offered))) {
            best = i;
          }
        }
        places[o * inner + n] = best;
      }
    }
    return Indices.wrap(places);
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias) {
    int rows = sizes.rows();
    int inner = sizes.inner();
    int columns = sizes.columns();
    double[] left = values(a);
    double[] right = values(b);
    double[] y = new double[sizes.batch() * rows * columns];
    for (int n = 0; n < sizes.batch(); n++) {
      int aStart = sizes.aBatched() ? n * rows * inner : 0;
      int bStart = sizes.bBatched() ? n * inner * columns : 0;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double sum = bias == null ? 0 : values(bias)[j];
          for (int k = 0; k < inner; k++) {
            sum += left[aStart + (sizes.transposeA() ? k * rows + i : i * inner + k)]
                * right[bStart + (sizes.transposeB() ? j * inner + k : k * columns + j)];
          }
          y[(n * rows + i) * columns + j] = sum;
        }
      }
    }
    return wrap(y);
  }

  @Override
  public Storage copyStrided(Storage x, int offset, int[] strides, int[] sizes) {
    double[] y = new double[Shape.of(sizes).elements()];
    for (int p = 0; p < y.length; p++) {
      y[p] = values(x)[offset + place(p, sizes, strides)];
    }
    return wrap(y);
  }

  @Override
  public Storage placeStrided(Storage x, int[] sizes, int resultSize, int offset, int[] strides) {
    double[] y = new double[resultSize];
    for (int p = 0; p < x.size(); p++) {
      y[offset + place(p, sizes, strides)] = values(x)[p];
    }
    return wrap(y);
  }

  @Override
  public Storage concat(List<Storage> parts, int outer, int[] lengths) {
    int total = Arrays.stream(lengths).sum();
    double[] y = new double[outer * total];
    int start = 0;
    for (int part = 0; part < lengths.length; part++) {
      for (int o = 0; o < outer; o++) {
        System.arraycopy(values(parts.get(part)), o * lengths[part], y, o * total + start, lengths[part]);
      }
      start += lengths[part];
    }
    return wrap(y);
  }

  @Override
  public Storage gatherRows(Storage x, int width, Indices rows) {
    double[] y = new double[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(values(x), rows.at(i) * width, y, i * width, width);
    }
    return wrap(y);
  }

  @Override
  public Storage segmentReduce(Reduction kind, Storage x, int width, Indices offsets, @Nullable Indices order) {
    DoubleBinaryOperator join = join(kind);
    int segments = offsets.size() - 1;
    double[] y = new double[segments * width];
    for (int s = 0; s < segments; s++) {
      boolean empty = offsets.at(s) == offsets.at(s + 1);
      boolean extreme = kind == Reduction.MAXIMUM || kind == Reduction.MINIMUM;
      for (int n = 0; n < width; n++) {
        double result = empty && extreme ? 0 : neutral(kind);
        for (int p = offsets.at(s); p < offsets.at(s + 1); p++) {
          int row = order == null ? p : order.at(p);
          result = join.applyAsDouble(result, values(x)[row * width + n]);
        }
        y[s * width + n] = result;
      }
    }
    return wrap(y);
  }

  @Override
  public Indices sort(Storage x, int outer, int length, boolean descending) {
    double[] from = values(x);
    int[] positions = new int[outer * length];
    for (int o = 0; o < outer; o++) {
      int start = o * length;
      // adding 0 makes -0 equal to 0; Double.compare takes NaN for the largest; sorted() is stable
      Comparator<Integer> ascending = (i, j) -> Double.compare(from[start + i] + 0.0, from[start + j] + 0.0);
      int[] row = IntStream.range(0, length).boxed().sorted(descending ? ascending.reversed() : ascending)
          .mapToInt(Integer::intValue).toArray();
      System.arraycopy(row, 0, positions, start, length);
    }
    return Indices.wrap(positions);
  }

  @Override
  public Storage prefixSum(Storage x, int outer, int length, int inner, boolean reversed) {
    double[] from = values(x);
    double[] y = new double[from.length];
    for (int o = 0; o < outer; o++) {
      for (int n = 0; n < inner; n++) {
        double sum = 0;
        for (int step = 0; step < length; step++) {
          int place = (o * length + (reversed ? length - 1 - step : step)) * inner + n;
          sum += from[place];
          y[place] = sum;
        }
      }
    }
    return wrap(y);
  }

  @Override
  public int firstNonFinite(Storage x) {
    double[] values = values(x);
    return IntStream.range(0, values.length).filter(i -> !Double.isFinite(values[i])).findFirst().orElse(-1);
  }

  @Override
  public void refill(Storage target, Storage source) {
    System.arraycopy(values(source), 0, values(target), 0, target.size());
    target.countRefill();
  }

  @Override
  public void release(Storage x) {
    values(x);
    ((Doubles) x).release();
  }
}
