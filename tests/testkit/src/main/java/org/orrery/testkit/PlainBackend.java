package org.orrery.testkit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;
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

/// What a new device has to bring: the required primitives as plain loops over float32, and nothing else. Every operation
/// without a primitive of its own runs its definition, so that every layer works and trains.
///
/// A starting point for a device: a subclass that implements one optional contract gives it one fast kernel. Sums and
/// functions are computed in double precision and rounded once. Reading a released buffer throws [IllegalStateException].
public class PlainBackend implements Backend {
  private static final class Floats extends Storage {
    private final float[] values;

    private Floats(float[] values) {
      super(values.length);
      this.values = values;
    }

    private void release() {
      Arrays.fill(values, Float.NaN);
      markReleased();
    }
  }

  /// A backend.
  public PlainBackend() {
  }

  /// A buffer of these numbers, which are not copied.
  protected static Storage wrap(float[] values) {
    return new Floats(values);
  }

  /// The numbers of a buffer, not a copy.
  protected static float[] values(Storage x) {
    if (x.isReleased()) {
      throw new IllegalStateException("plain backend: a released buffer of " + x.size() + " values was read");
    }
    return ((Floats) x).values;
  }

  /// A buffer whose number i is f(i), rounded.
  private static Storage each(int size, IntToDoubleFunction f) {
    float[] y = new float[size];
    for (int i = 0; i < size; i++) {
      y[i] = (float) f.applyAsDouble(i);
    }
    return wrap(y);
  }

  @Override
  public String name() {
    return "plain";
  }

  // ---- memory ----

  @Override
  public Storage upload(float[] values) {
    return wrap(values.clone());
  }

  @Override
  public Storage upload(double[] values) {
    return each(values.length, i -> values[i]);
  }

  @Override
  public float[] download(Storage x) {
    return values(x).clone();
  }

  @Override
  public double[] downloadDouble(Storage x) {
    float[] from = values(x);
    double[] wide = new double[from.length];
    Arrays.setAll(wide, i -> from[i]);
    return wide;
  }

  @Override
  public Storage fill(int size, double value) {
    return each(size, i -> value);
  }

  @Override
  public Storage uniform(Key key, int size) {
    return wrap(key.uniform(size));
  }

  @Override
  public Storage normal(Key key, int size) {
    return wrap(key.normal(size));
  }

  @Override
  public int firstNonFinite(Storage x) {
    float[] from = values(x);
    return IntStream.range(0, from.length).filter(i -> !Float.isFinite(from[i])).findFirst().orElse(-1);
  }

  @Override
  public void refill(Storage target, Storage source) {
    System.arraycopy(values(source), 0, values(target), 0, target.size());
    target.countRefill();
  }

  @Override
  public void release(Storage x) {
    values(x);
    ((Floats) x).release();
  }

  // ---- element by element ----

  @Override
  public Storage unary(Unary kind, double alpha, Storage x) {
    float[] from = values(x);
    return each(from.length, i -> kind.apply(from[i], alpha));
  }

  @Override
  public Storage binary(Binary kind, Storage a, Shape aShape, Storage b, Shape bShape, Shape result) {
    float[] left = values(a);
    float[] right = values(b);
    int[] sizes = result.toArray();
    int[] aSteps = repeatingStrides(aShape, sizes.length);
    int[] bSteps = repeatingStrides(bShape, sizes.length);
    return each(result.elements(),
        p -> kind.apply(left[place(p, sizes, aSteps)], right[place(p, sizes, bSteps)]));
  }

  /// Strides of an operand along the axes of the result: 0 where it is repeated.
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
    float[] choice = values(condition);
    float[] yes = values(whenTrue);
    float[] no = values(whenFalse);
    return each(choice.length, i -> choice[i] != 0 ? yes[i] : no[i]);
  }

  // ---- sums, extremes and products ----

  @Override
  public Storage reduce(Reduction kind, Storage x, int outer, int length, int inner) {
    DoubleBinaryOperator join = join(kind);
    float[] from = values(x);
    return each(outer * inner, p -> {
      double result = neutral(kind);
      for (int i = 0; i < length; i++) {
        result = join.applyAsDouble(result, from[(p / inner * length + i) * inner + p % inner]);
      }
      return result;
    });
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
    float sign = kind == Reduction.MAXIMUM ? 1 : -1;
    float[] from = values(x);
    int[] places = new int[outer * inner];
    for (int o = 0; o < outer; o++) {
      for (int n = 0; n < inner; n++) {
        int best = 0;
        for (int i = 1; i < length; i++) {
          float held = sign * from[(o * length + best) * inner + n];
          float offered = sign * from[(o * length + i) * inner + n];
          if (!Float.isNaN(held) && (offered > held || Float.isNaN(offered))) {
            best = i;
          }
        }
        places[o * inner + n] = best;
      }
    }
    return Indices.wrap(places);
  }

  @Override
  public Indices sort(Storage x, int outer, int length, boolean descending) {
    float[] from = values(x);
    int[] positions = new int[outer * length];
    for (int o = 0; o < outer; o++) {
      int start = o * length;
      // adding 0 makes -0 equal to 0; Float.compare takes NaN for the largest; sorted() is stable
      Comparator<Integer> ascending = (i, j) -> Float.compare(from[start + i] + 0f, from[start + j] + 0f);
      int[] row = IntStream.range(0, length).boxed().sorted(descending ? ascending.reversed() : ascending)
          .mapToInt(Integer::intValue).toArray();
      System.arraycopy(row, 0, positions, start, length);
    }
    return Indices.wrap(positions);
  }

  @Override
  public Storage prefixSum(Storage x, int outer, int length, int inner, boolean reversed) {
    float[] from = values(x);
    float[] y = new float[from.length];
    for (int o = 0; o < outer; o++) {
      for (int n = 0; n < inner; n++) {
        double sum = 0;
        for (int step = 0; step < length; step++) {
          int place = (o * length + (reversed ? length - 1 - step : step)) * inner + n;
          sum += from[place];
          y[place] = (float) sum;
        }
      }
    }
    return wrap(y);
  }

  @Override
  public Storage matmul(Product sizes, Storage a, Storage b, @Nullable Storage bias) {
    int rows = sizes.rows();
    int inner = sizes.inner();
    int columns = sizes.columns();
    float[] left = values(a);
    float[] right = values(b);
    float[] y = new float[sizes.batch() * rows * columns];
    for (int n = 0; n < sizes.batch(); n++) {
      int aStart = sizes.aBatched() ? n * rows * inner : 0;
      int bStart = sizes.bBatched() ? n * inner * columns : 0;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double sum = bias == null ? 0 : values(bias)[j];
          for (int k = 0; k < inner; k++) {
            double factor = left[aStart + (sizes.transposeA() ? k * rows + i : i * inner + k)];
            sum += factor * right[bStart + (sizes.transposeB() ? j * inner + k : k * columns + j)];
          }
          y[(n * rows + i) * columns + j] = (float) sum;
        }
      }
    }
    return wrap(y);
  }

  // ---- moving numbers ----

  @Override
  public Storage copyStrided(Storage x, int offset, int[] strides, int[] sizes) {
    float[] from = values(x);
    return each(Shape.of(sizes).elements(), p -> from[offset + place(p, sizes, strides)]);
  }

  @Override
  public Storage placeStrided(Storage x, int[] sizes, int resultSize, int offset, int[] strides) {
    float[] from = values(x);
    float[] y = new float[resultSize];
    for (int p = 0; p < from.length; p++) {
      y[offset + place(p, sizes, strides)] = from[p];
    }
    return wrap(y);
  }

  @Override
  public Storage concat(List<Storage> parts, int outer, int[] lengths) {
    int total = Arrays.stream(lengths).sum();
    float[] y = new float[outer * total];
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
    float[] from = values(x);
    return each(rows.size() * width, i -> from[rows.at(i / width) * width + i % width]);
  }

  @Override
  public Storage segmentReduce(Reduction kind, Storage x, int width, Indices offsets, @Nullable Indices order) {
    DoubleBinaryOperator join = join(kind);
    float[] from = values(x);
    return each((offsets.size() - 1) * width, i -> {
      int end = offsets.at(i / width + 1);
      boolean extreme = kind == Reduction.MAXIMUM || kind == Reduction.MINIMUM;
      double result = extreme && offsets.at(i / width) == end ? 0 : neutral(kind);
      for (int p = offsets.at(i / width); p < end; p++) {
        result = join.applyAsDouble(result, from[(order == null ? p : order.at(p)) * width + i % width]);
      }
      return result;
    });
  }
}
