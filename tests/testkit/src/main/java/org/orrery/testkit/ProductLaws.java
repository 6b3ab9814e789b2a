package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.Storage;

/// Matrix products: each storage order, batched or not, with and without bias.
final class ProductLaws {
  /// batch, rows, inner, columns
  private static final int[][] SIZES = {{1, 0, 3, 2}, {1, 3, 0, 2}, {1, 3, 2, 0}, {0, 2, 3, 4}, {1, 1, 1, 1},
    {1, 1, 37, 1}, {1, 37, 1, 19}, {1, 5, 7, 3}, {3, 5, 7, 3}, {1, 1, 64, 33}, {1, 65, 16, 1}, {2, 17, 33, 31},
    {1, 64, 64, 64}, {1, 131, 67, 70}, {1, 37, 1003, 5}, {1, 1003, 17, 8}};

  private final SideBySide both;
  private final Backend backend;

  ProductLaws(SideBySide both, Backend backend) {
    this.both = both;
    this.backend = backend;
  }

  Stream<DynamicTest> laws() {
    Stream<DynamicTest> agreement = Stream.of(SIZES).flatMap(n -> Stream.of(false, true).flatMap(
        transposeA -> Stream.of(false, true).flatMap(transposeB -> batchings(n[0]).flatMap(batched -> {
          Product sizes = new Product(n[0], batched[0], batched[1], n[1], n[2], n[3], transposeA, transposeB);
          return Stream.of(product(sizes, false), product(sizes, true));
        }))));
    return Stream.concat(agreement, Stream.of(threads()));
  }

  private static Stream<boolean[]> batchings(int batch) {
    return batch == 1
        ? Stream.of(new boolean[] {false, false})
        : Stream.of(new boolean[] {true, true}, new boolean[] {false, true}, new boolean[] {true, false},
            new boolean[] {false, false});
  }

  private DynamicTest product(Product sizes, boolean biased) {
    return law("matmul " + sizes + (biased ? " with bias" : ""), key -> both.agreeToMagnitude(Backend.class,
        (device, x) -> device.matmul(sizes, x[0], x[1], biased ? x[2] : null),
        left(sizes, key), right(sizes, key), normal(key.fold(3), sizes.columns(), 1)));
  }

  private static float[] left(Product sizes, Key key) {
    return normal(key.fold(1), (sizes.aBatched() ? sizes.batch() : 1) * sizes.rows() * sizes.inner(), 1);
  }

  private static float[] right(Product sizes, Key key) {
    return normal(key.fold(2), (sizes.bBatched() ? sizes.batch() : 1) * sizes.inner() * sizes.columns(), 1);
  }

  /// Eight threads that ask at once get the same bits as one that asks alone.
  private DynamicTest threads() {
    Product sizes = new Product(1, false, false, 301, 64, 67, false, false);
    return law("matmul from several threads " + sizes, key -> {
      Storage a = backend.upload(left(sizes, key));
      Storage b = backend.upload(right(sizes, key));
      float[] alone = backend.download(backend.matmul(sizes, a, b, null));
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        Supplier<float[]> product = () -> backend.download(backend.matmul(sizes, a, b, null));
        List<CompletableFuture<float[]>> together = IntStream.range(0, 8)
            .mapToObj(thread -> CompletableFuture.supplyAsync(product, threads)).toList();
        for (CompletableFuture<float[]> result : together) {
          assertArrayEquals(alone, result.join());
        }
      }
    });
  }
}
