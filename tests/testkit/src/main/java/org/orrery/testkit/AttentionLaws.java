package org.orrery.testkit;

import static org.orrery.testkit.Inputs.law;
import static org.orrery.testkit.Inputs.normal;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.AttentionKernels;
import org.orrery.tensor.backend.AttentionKernels.Pairing;
import org.orrery.tensor.backend.AttentionKernels.Reach;

/// Attention agrees with its formula: many short sequences and few long ones, of equal and of different lengths, without queries, without
/// keys, with more queries than keys under a causal order, with a bias, with dropout.
final class AttentionLaws {
  private final SideBySide both;

  AttentionLaws(SideBySide both) {
    this.both = both;
  }

  /// What attention is tried on.
  private record Trial(List<Integer> queries, List<Integer> keys, int heads, int width, int channels) {
    int queryRows() {
      return queries.stream().mapToInt(Integer::intValue).sum();
    }

    int keyRows() {
      return keys.stream().mapToInt(Integer::intValue).sum();
    }

    int most(List<Integer> lengths) {
      return lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
    }
  }

  private static Indices offsets(List<Integer> lengths) {
    int[] offsets = new int[lengths.size() + 1];
    for (int s = 0; s < lengths.size(); s++) {
      offsets[s + 1] = offsets[s] + lengths.get(s);
    }
    return Indices.of(offsets);
  }

  Stream<DynamicTest> laws() {
    return Stream.of(new Trial(List.of(), List.of(), 2, 4, 4), new Trial(List.of(1), List.of(1), 1, 1, 1),
        new Trial(List.of(5, 3), List.of(5, 3), 2, 6, 8), new Trial(List.of(4, 0, 7), List.of(9, 2, 0), 2, 8, 4),
        new Trial(List.of(70), List.of(70), 1, 16, 16), new Trial(List.of(300), List.of(130), 2, 64, 64),
        new Trial(List.of(33, 64, 65, 1), List.of(65, 64, 33, 200), 4, 68, 20),
        new Trial(List.of(600), List.of(600), 1, 16, 24),
        new Trial(List.of(64, 64, 64), List.of(64, 64, 64), 4, 128, 128))
        .flatMap(trial -> Stream.of(Reach.values()).flatMap(reach -> Stream.of(false, true)
            .flatMap(noisy -> Stream.of(attention(trial, reach, noisy), attentionGradient(trial, reach, noisy)))));
  }

  private DynamicTest attention(Trial trial, Reach reach, boolean noisy) {
    return law("attention " + trial + " " + reach + (noisy ? " with dropout" : ""), key -> {
      Pairing pairing = new Pairing(offsets(trial.queries()), offsets(trial.keys()), reach, trial.heads(),
          1 / Math.sqrt(trial.width() / (double) trial.heads()), noisy ? 0.3 : 0, noisy ? key.fold("noise") : null);
      float[] q = normal(key.fold(1), trial.queryRows() * trial.width(), 2);
      float[] k = normal(key.fold(2), trial.keyRows() * trial.width(), 2);
      float[] v = normal(key.fold(3), trial.keyRows() * trial.channels(), 1);
      float[] bias = normal(key.fold(5),
          trial.heads() * trial.most(trial.queries()) * trial.most(trial.keys()), 1);
      both.agree(AttentionKernels.class, (device, a) -> device.attention(pairing, a[0], a[1], a[2], null,
          trial.width(), trial.channels()), 10, q, k, v);
      both.agree(AttentionKernels.class, (device, a) -> device.attention(pairing, a[0], a[1], a[2], a[3],
          trial.width(), trial.channels()), 10, q, k, v, bias);
    });
  }

  private DynamicTest attentionGradient(Trial trial, Reach reach, boolean noisy) {
    return law("attentionGradient " + trial + " " + reach + (noisy ? " with dropout" : ""), key -> {
      Pairing pairing = new Pairing(offsets(trial.queries()), offsets(trial.keys()), reach, trial.heads(),
          1 / Math.sqrt(trial.width() / (double) trial.heads()), noisy ? 0.3 : 0, noisy ? key.fold("noise") : null);
      float[] q = normal(key.fold(1), trial.queryRows() * trial.width(), 2);
      float[] k = normal(key.fold(2), trial.keyRows() * trial.width(), 2);
      float[] v = normal(key.fold(3), trial.keyRows() * trial.channels(), 1);
      float[] u = normal(key.fold(4), trial.queryRows() * trial.channels(), 1);
      float[] bias = normal(key.fold(5),
          trial.heads() * trial.most(trial.queries()) * trial.most(trial.keys()), 1);
      double scale = 10 * Math.sqrt(1 + trial.most(trial.queries()));
      both.agreeOnAll(AttentionKernels.class,
          (device, a) -> device.attentionGradient(pairing, a[0], a[1], a[2], null, a[3],
              trial.width(), trial.channels()),
          scale, q, k, v, u);
      both.agreeOnAll(AttentionKernels.class,
          (device, a) -> device.attentionGradient(pairing, a[0], a[1], a[2], a[4], a[3],
              trial.width(), trial.channels()),
          scale, q, k, v, u, bias);
    });
  }
}
