package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.ParameterGradients;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

class ShardsTest {
  private static final Key KEY = Key.of(21);

  private static Loader<Integer, List<Integer>> loader(int size, int batchSize) {
    return Loader.of(Dataset.of(size, i -> i), batchSize, List::copyOf).shuffled(KEY);
  }

  private static List<List<Integer>> batches(Loader<Integer, List<Integer>> loader, long epoch) {
    List<List<Integer>> batches = new ArrayList<>();
    loader.epoch(epoch).forEach(batches::add);
    return batches;
  }

  @Test
  void shardsTogetherAreTheBatchesOfTheWhole() {
    for (int size : new int[] {24, 26, 27, 30}) { // a rest of 0, 2, 3 and 6 beside batches of 3 times 4
      for (Loader.Last last : Loader.Last.values()) {
        if (size % 12 != 2 || last == Loader.Last.DROPPED) {
          List<List<Integer>> whole = batches(loader(size, 12).last(last), 5);
          List<List<Integer>> joined = new ArrayList<>();
          whole.forEach(batch -> joined.add(new ArrayList<>()));
          for (int k = 0; k < 3; k++) {
            List<List<Integer>> shard = batches(loader(size, 4).last(last).shard(k, 3), 5);
            assertEquals(whole.size(), shard.size());
            for (int b = 0; b < shard.size(); b++) {
              joined.get(b).addAll(shard.get(b));
              assertTrue(!shard.get(b).isEmpty() && Math.abs(3 * shard.get(b).size() - whole.get(b).size()) < 3);
            }
          }
          assertEquals(whole, joined);
        }
      }
    }
  }

  @Test
  void aRestThatLeavesAShardEmptyIsRefused() {
    Loader<Integer, List<Integer>> shard = loader(26, 4).shard(1, 3);
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> shard.epoch(0)).getMessage());
    assertTrue(message.contains("2 examples are left for 3 shards"), message);
    assertThrows(IllegalArgumentException.class, () -> loader(26, 4).shard(3, 3));
  }

  /// The mean over ranks in the order of ranks, in one process: each waits for the others.
  private static final class Averaging {
    private final List<List<float[]>> slots = new ArrayList<>();
    private final CyclicBarrier barrier;

    Averaging(int ranks) {
      barrier = new CyclicBarrier(ranks);
      IntStream.range(0, ranks).forEach(rank -> slots.add(List.of()));
    }

    Exchange of(int rank) {
      return (own, step) -> {
        try {
          synchronized (slots) {
            slots.set(rank, own.byParameter().values().stream().map(Tensor::toArray).toList());
          }
          barrier.await();
          Map<Parameter, Tensor> mean = new LinkedHashMap<>();
          int p = 0;
          for (Parameter parameter : own.byParameter().keySet()) {
            float[] sum = new float[parameter.shape().elements()];
            for (List<float[]> each : slots) {
              for (int i = 0; i < sum.length; i++) {
                sum[i] += each.get(p)[i] / slots.size();
              }
            }
            mean.put(parameter, Tensor.of(sum, parameter.shape().toArray()));
            p++;
          }
          barrier.await();
          return ParameterGradients.of(mean);
        } catch (Exception e) {
          throw new IllegalStateException("exchange of rank " + rank, e);
        }
      };
    }
  }

  private static Mlp trained(Loader<Integer, List<Integer>> loader, Exchange exchange) {
    Tensor x = Tensor.normal(KEY.fold("x"), 24, 3);
    Mlp mlp = Mlp.create(KEY.fold("mlp"), 3, 8, 1);
    Trainer.<Mlp, List<Integer>>of(mlp, (m, batch, mode) -> {
      Tensor rows = Tensor.concat(0, batch.stream().map(i -> x.slice(0, i, i + 1)).toList());
      return m.apply(rows, mode).subtract(rows.sum(1).unsqueeze(1)).square().mean();
    }, new Adam().on(mlp)).rate(Schedule.constant(1e-2)).clipNorm(1).exchange(exchange).train(loader, 4);
    return mlp;
  }

  private static float[] weights(Block model) {
    return Tensor.concat(0, model.trainable().stream().map(p -> p.value().detach().flatten()).toList()).toArray();
  }

  @Test
  void twoShardsWithAMeanOfTheirGradientsTakeTheStepsOfTheWholeBatch() throws InterruptedException, ExecutionException {
    float[] whole = weights(trained(loader(24, 8), Exchange.none()));
    Averaging averaging = new Averaging(2);
    List<float[]> replicas = new ArrayList<>();
    try (ExecutorService ranks = Executors.newFixedThreadPool(2)) {
      List<Future<float[]>> running = IntStream.range(0, 2)
          .mapToObj(rank -> ranks.submit(() -> weights(trained(loader(24, 4).shard(rank, 2), averaging.of(rank)))))
          .toList();
      for (Future<float[]> each : running) {
        replicas.add(each.get());
      }
    }
    assertArrayEquals(replicas.getFirst(), replicas.getLast());
    assertArrayEquals(whole, replicas.getFirst(), 1e-4f); // Adam's first steps have size 1e-2, whatever the rounding
  }
}
