package org.orrery.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.AttentionKernels;
import org.orrery.tensor.backend.Storage;

/// [AttentionKernels] in double precision, query by query and key by key.
class Float64AttentionKernels extends Float64GridKernels implements AttentionKernels {
  /// The weights of one query of one head before dropout, the factors of dropout, and which keys the query hears.
  @SuppressWarnings("ArrayRecordComponent") // three results, never compared
  private record Row(double[] weights, double[] factors, boolean[] heard) {
  }

  /// What happens at a query: its sequence, its head, its row, the first row of its keys and its weights.
  private interface Visit {
    void at(int head, int query, int firstKey, Row row);
  }

  private static Row row(Pairing pairing, double[] q, double[] k, double @Nullable [] bias, int width, int sequence,
      int head, int query) {
    int firstQuery = pairing.queryOffsets().at(sequence);
    int firstKey = pairing.keyOffsets().at(sequence);
    int keyCount = pairing.keyOffsets().at(sequence + 1) - firstKey;
    int reached = pairing.reach().keys(query, pairing.queryOffsets().at(sequence + 1) - firstQuery, keyCount);
    int each = width / pairing.heads();
    double[] weights = new double[keyCount];
    boolean[] heard = new boolean[keyCount];
    double most = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < reached; j++) {
      double added = bias == null ? 0 : bias[biasAt(pairing, bias.length, head, query, j)];
      heard[j] = added != Double.NEGATIVE_INFINITY;
      for (int c = 0; c < each; c++) {
        weights[j] += pairing.scale() * q[(firstQuery + query) * width + head * each + c]
            * k[(firstKey + j) * width + head * each + c];
      }
      weights[j] = heard[j] ? weights[j] + added : Double.NEGATIVE_INFINITY;
      most = Math.max(most, weights[j]);
    }
    double sum = 0;
    for (int j = 0; j < reached; j++) {
      weights[j] = heard[j] && most != Double.NEGATIVE_INFINITY ? Math.exp(weights[j] - most) : 0;
      sum += weights[j];
    }
    double[] factors = new double[keyCount];
    Key noise = pairing.noise();
    float[] drawn = noise == null
        ? new float[keyCount]
        : noise.fold((long) sequence * pairing.heads() + head).fold(query).uniform(keyCount);
    for (int j = 0; j < keyCount; j++) {
      weights[j] = heard[j] && sum != 0 ? weights[j] / sum : 0;
      factors[j] = noise == null ? 1 : drawn[j] >= (float) pairing.rate() ? 1 / (1 - pairing.rate()) : 0;
    }
    return new Row(weights, factors, heard);
  }

  private static int biasAt(Pairing pairing, int size, int head, int query, int key) {
    int mostQueries = 0;
    int mostKeys = 0;
    for (int s = 0; s < pairing.sequences(); s++) {
      mostQueries = Math.max(mostQueries, pairing.queryOffsets().at(s + 1) - pairing.queryOffsets().at(s));
      mostKeys = Math.max(mostKeys, pairing.keyOffsets().at(s + 1) - pairing.keyOffsets().at(s));
    }
    int own = size == mostQueries * mostKeys ? 0 : head;
    return (own * mostQueries + query) * mostKeys + key;
  }

  private static void visit(Pairing pairing, double[] q, double[] k, double @Nullable [] bias, int width, Visit visit) {
    for (int s = 0; s < pairing.sequences(); s++) {
      for (int head = 0; head < pairing.heads(); head++) {
        for (int i = 0; i < pairing.queryOffsets().at(s + 1) - pairing.queryOffsets().at(s); i++) {
          visit.at(head, pairing.queryOffsets().at(s) + i, pairing.keyOffsets().at(s),
              row(pairing, q, k, bias, width, s, head, i));
        }
      }
    }
  }

  @Override
  public Storage attention(Pairing pairing, Storage queries, Storage keys, Storage values, @Nullable Storage bias,
      int width,
      int channels) {
    double[] v = values(values);
    double[] y = new double[pairing.queryOffsets().at(pairing.sequences()) * channels];
    int each = channels / pairing.heads();
    visit(pairing, values(queries), values(keys), bias == null ? null : values(bias), width,
        (head, query, firstKey, row) -> {
          for (int j = 0; j < row.weights().length; j++) {
            for (int c = head * each; c < (head + 1) * each && row.heard()[j]; c++) {
              y[query * channels + c] += row.factors()[j] * row.weights()[j] * v[(firstKey + j) * channels + c];
            }
          }
        });
    return wrap(y);
  }

  @Override
  public List<Storage> attentionGradient(Pairing pairing, Storage queries, Storage keys, Storage values,
      @Nullable Storage bias,
      Storage upstream, int width, int channels) {
    double[] q = values(queries);
    double[] k = values(keys);
    double[] v = values(values);
    double[] u = values(upstream);
    double[] byQueries = new double[q.length];
    double[] byKeys = new double[k.length];
    double[] byValues = new double[v.length];
    int own = channels / pairing.heads();
    int each = width / pairing.heads();
    visit(pairing, q, k, bias == null ? null : values(bias), width, (head, query, firstKey, row) -> {
      double[] slopes = new double[row.weights().length];
      double mean = 0;
      for (int j = 0; j < slopes.length; j++) {
        for (int c = head * own; c < (head + 1) * own && row.heard()[j]; c++) {
          slopes[j] += row.factors()[j] * u[query * channels + c] * v[(firstKey + j) * channels + c];
          byValues[(firstKey + j) * channels + c] += row.factors()[j] * row.weights()[j]
              * u[query * channels + c];
        }
        mean += row.weights()[j] * slopes[j];
      }
      for (int j = 0; j < slopes.length; j++) {
        double slope = pairing.scale() * row.weights()[j] * (slopes[j] - mean);
        for (int c = head * each; c < (head + 1) * each && row.heard()[j]; c++) {
          byQueries[query * width + c] += slope * k[(firstKey + j) * width + c];
          byKeys[(firstKey + j) * width + c] += slope * q[query * width + c];
        }
      }
    });
    return List.of(wrap(byQueries), wrap(byKeys), wrap(byValues));
  }
}
