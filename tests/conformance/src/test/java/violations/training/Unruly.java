package violations.training;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

final class Unruly {
  private Unruly() {}

  static void leave() { System.exit(3); }

  static float noise() { return new Random(1).nextFloat(); }

  static void shuffled(List<String> names) { Collections.shuffle(names); }

  static int elsewhere() { return IntStream.range(0, 9).parallel().sum(); }

  static int everywhere(List<String> names) { return (int) names.parallelStream().count(); }

  static int common() { return ForkJoinPool.commonPool().getParallelism(); }

  static CompletableFuture<Void> later() { return CompletableFuture.runAsync(() -> {}); }
}
