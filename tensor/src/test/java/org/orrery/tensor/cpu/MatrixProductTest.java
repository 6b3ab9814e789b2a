package org.orrery.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.Product;

/// Matrix products against the sum in double, for sizes that fill no tile.
class MatrixProductTest {
  private static final int[] SIZES = {0, 1, 2, 3, 5, 7, 15, 16, 17, 20, 33, 64, 65, 100, 130};

  static IntStream seeds() {
    return IntStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyCombinationAgreesWithTheSum(int seed) {
    int[] choice = Key.of(seed).integers(8, 1 << 20);
    int batch = 1 + choice[0] % 3;
    Product sizes = new Product(batch, batch == 1 || choice[1] % 2 == 0, batch == 1 || choice[2] % 2 == 0,
        SIZES[choice[3] % SIZES.length], SIZES[choice[4] % SIZES.length], SIZES[choice[5] % SIZES.length],
        choice[6] % 2 == 0, choice[6] / 2 % 2 == 0);
    check(sizes, choice[7] % 2 == 0, seed);
  }

  static Product[] large() {
    return new Product[] {one(2, 5000, 3, true, false), one(64, 9000, 64, true, false), one(17, 5000, 20, true, true),
      one(100, 9000, 100, true, false), one(30, 4500, 90, true, false),
      one(3, 6000, 5, false, true), one(1500, 64, 64, false, false), one(1100, 7, 100, false, true),
      one(1000, 64, 7, false, false), one(1000, 20, 3, true, false), one(1, 3000, 300, false, false),
      one(5, 2100, 300, false, true), one(300, 1100, 80, false, false), one(40, 1030, 1100, true, true),
      new Product(40, true, true, 33, 17, 29, false, true), new Product(2, true, false, 700, 65, 66, true, false)};
  }

  private static Product one(int rows, int inner, int columns, boolean transposeA, boolean transposeB) {
    return new Product(1, false, false, rows, inner, columns, transposeA, transposeB);
  }

  @ParameterizedTest
  @MethodSource("large")
  void largeProductsAgreeWithTheSum(Product sizes) {
    check(sizes, true, 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 17, 64})
  void aRowOfNotANumberStaysARow(int columns) {
    CpuBackend backend = Twins.fastest(1);
    float[] a = Twins.normal(1, 40 * 16);
    a[5 * 16 + 3] = Float.NaN;
    float[] c = backend.download(backend.matmul(one(40, 16, columns, false, false), backend.upload(a),
        backend.upload(Twins.normal(2, 16 * columns)), null));
    for (int i = 0; i < 40; i++) {
      for (int j = 0; j < columns; j++) {
        assertEquals(i == 5, Float.isNaN(c[i * columns + j]), "row " + i);
      }
    }
  }

  private static void check(Product sizes, boolean withBias, long seed) {
    float[] a = Twins.normal(seed, (sizes.aBatched() ? sizes.batch() : 1) * sizes.rows() * sizes.inner());
    float[] b = Twins.normal(seed + 1000, (sizes.bBatched() ? sizes.batch() : 1) * sizes.inner() * sizes.columns());
    float[] bias = withBias ? Twins.normal(seed + 2000, sizes.columns()) : null;
    float[] scalar = product(Twins.scalar(), sizes, a, b, bias);
    float[] one = product(Twins.fastest(1), sizes, a, b, bias);
    for (int threads = 2; threads < 4; threads++) {
      Twins.assertSameBits(one, product(Twins.fastest(threads), sizes, a, b, bias), sizes + ", threads " + threads);
    }
    int at = 0;
    for (int n = 0; n < sizes.batch(); n++) {
      for (int i = 0; i < sizes.rows(); i++) {
        for (int j = 0; j < sizes.columns(); j++, at++) {
          double sum = bias == null ? 0 : bias[j];
          double size = Math.abs(sum);
          for (int k = 0; k < sizes.inner(); k++) {
            double term = a[aPlace(sizes, n, i, k)] * (double) b[bPlace(sizes, n, k, j)];
            sum += term;
            size += Math.abs(term);
          }
          Twins.assertClose(sum, size, one[at], 1e-6, sizes + " at " + at);
          Twins.assertClose(sum, size, scalar[at], 1e-6, "scalar " + sizes + " at " + at);
        }
      }
    }
  }

  private static float[] product(CpuBackend backend, Product sizes, float[] a, float[] b, float @Nullable [] bias) {
    return backend.download(backend.matmul(sizes, backend.upload(a), backend.upload(b),
        bias == null ? null : backend.upload(bias)));
  }

  private static int aPlace(Product sizes, int n, int i, int k) {
    int start = sizes.aBatched() ? n * sizes.rows() * sizes.inner() : 0;
    return start + (sizes.transposeA() ? k * sizes.rows() + i : i * sizes.inner() + k);
  }

  private static int bPlace(Product sizes, int n, int k, int j) {
    int start = sizes.bBatched() ? n * sizes.inner() * sizes.columns() : 0;
    return start + (sizes.transposeB() ? j * sizes.inner() + k : k * sizes.columns() + j);
  }
}
