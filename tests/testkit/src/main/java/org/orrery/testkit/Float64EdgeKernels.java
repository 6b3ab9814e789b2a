package org.orrery.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.EdgeAttentionKernels;
import org.orrery.tensor.backend.EdgeNetworkKernels;
import org.orrery.tensor.backend.EdgeScore;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.SumTimesDerivativeKernels;

/// [EdgeAttentionKernels] and [EdgeNetworkKernels] in double precision, slot by slot.
class Float64EdgeKernels extends Float64AttentionKernels
    implements
      EdgeAttentionKernels,
      EdgeNetworkKernels,
      SumTimesDerivativeKernels {
  // ---- attention ----

  /// What is rectified or scaled to give the score of a slot.
  private static double raw(EdgeScore score, int heads, int head, int row, int column, int edge) {
    return switch (score) {
      case EdgeScore.Sum sum -> values(sum.column())[column * heads + head] + values(sum.row())[row * heads + head]
          + (sum.edge() == null ? 0 : values(sum.edge())[edge * heads + head]);
      case EdgeScore.RectifiedSum sum -> {
        double total = 0;
        int channels = sum.width() / heads;
        for (int k = head * channels; k < (head + 1) * channels; k++) {
          double z = values(sum.column())[column * sum.width() + k] + values(sum.row())[row * sum.width() + k];
          total += values(sum.vector())[k] * z * rectified(z, sum.slope());
        }
        yield total;
      }
      case EdgeScore.Product product -> {
        double total = 0;
        int channels = product.width() / heads;
        for (int k = head * channels; k < (head + 1) * channels; k++) {
          total += values(product.column())[column * product.width() + k]
              * values(product.row())[row * product.width() + k];
        }
        yield total;
      }
    };
  }

  private static double rectified(double z, double slope) {
    return z > 0 ? 1 : slope;
  }

  /// The derivative of the score by what [#raw] gives, which times that is the score.
  private static double slope(EdgeScore score, double raw) {
    return switch (score) {
      case EdgeScore.Sum sum -> rectified(raw, sum.slope());
      case EdgeScore.RectifiedSum sum -> 1;
      case EdgeScore.Product product -> product.scale();
    };
  }

  private static int edge(@Nullable Indices edges, int slot) {
    return edges == null ? slot : edges.at(slot);
  }

  private static double factor(@Nullable Storage factors, int at) {
    return factors == null ? 1 : values(factors)[at];
  }

  @Override
  public Attended edgeAttention(Indices offsets, Indices columns, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, int width) {
    int rows = offsets.size() - 1;
    int channels = width / heads;
    double[] y = new double[rows * width];
    double[] softmax = new double[rows * 2 * heads];
    for (int r = 0; r < rows; r++) {
      for (int h = 0; h < heads && offsets.at(r) < offsets.at(r + 1); h++) {
        double[] weights = new double[offsets.at(r + 1) - offsets.at(r)];
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
          int s = offsets.at(r) + i;
          double raw = raw(score, heads, h, r, columns.at(s), edge(edges, s));
          weights[i] = raw * slope(score, raw);
          most = Math.max(most, weights[i]);
        }
        double sum = 0;
        for (double weight : weights) {
          sum += Math.exp(weight - most);
        }
        softmax[r * 2 * heads + h] = most;
        softmax[r * 2 * heads + heads + h] = 1 / sum;
        for (int i = 0; i < weights.length; i++) {
          int s = offsets.at(r) + i;
          double weight = factor(factors, edge(edges, s) * heads + h) * Math.exp(weights[i] - most) / sum;
          for (int k = h * channels; k < (h + 1) * channels; k++) {
            y[r * width + k] += weight * values(values)[columns.at(s) * width + k];
          }
        }
      }
    }
    return new Attended(wrap(y), wrap(softmax));
  }

  @Override
  public Shares edgeAttentionGradient(Indices offsets, Indices rows, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, Attended attended, Storage upstream, int width) {
    double[] byValues = new double[values(values).length];
    double[] byColumn = new double[values(score.column()).length];
    double[] byEdges = new double[rows.size() * heads];
    for (int column = 0; column + 1 < offsets.size(); column++) {
      for (int s = offsets.at(column); s < offsets.at(column + 1); s++) {
        for (int h = 0; h < heads; h++) {
          int row = rows.at(s);
          int at = edge(edges, s) * heads + h;
          double raw = raw(score, heads, h, row, column, edge(edges, s));
          double[] kept = values(attended.softmax());
          double weight = Math.exp(raw * slope(score, raw) - kept[row * 2 * heads + h])
              * kept[row * 2 * heads + heads + h];
          double product = 0;
          double mean = 0;
          for (int k = h * (width / heads); k < (h + 1) * (width / heads); k++) {
            double up = values(upstream)[row * width + k];
            product += up * factor(factors, at) * values(values)[column * width + k];
            mean += up * values(attended.y())[row * width + k];
            byValues[column * width + k] += up * factor(factors, at) * weight;
          }
          byEdges[at] = weight * (product - mean) * slope(score, raw);
          addColumn(score, heads, h, row, column, byEdges[at], byColumn);
        }
      }
    }
    return new Shares(wrap(byValues), wrap(byColumn), wrap(byEdges));
  }

  private static void addColumn(EdgeScore score, int heads, int head, int row, int column, double share,
      double[] byColumn) {
    switch (score) {
      case EdgeScore.Sum sum -> byColumn[column * heads + head] += share;
      case EdgeScore.RectifiedSum sum -> {
        int channels = sum.width() / heads;
        for (int k = head * channels; k < (head + 1) * channels; k++) {
          int at = column * sum.width() + k;
          byColumn[at] += share
              * rectified(values(sum.column())[at] + values(sum.row())[row * sum.width() + k], sum.slope());
        }
      }
      case EdgeScore.Product product -> {
        int channels = product.width() / heads;
        for (int k = head * channels; k < (head + 1) * channels; k++) {
          byColumn[column * product.width() + k] += share * values(product.row())[row * product.width() + k];
        }
      }
    }
  }

  @Override
  public Storage sumTimesDerivative(Indices offsets, Indices columns, @Nullable Indices edges, Storage weights,
      int heads,
      Storage own, Storage other, int width, double slope) {
    double[] y = new double[(offsets.size() - 1) * width];
    for (int r = 0; r + 1 < offsets.size(); r++) {
      for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
        for (int k = 0; k < width; k++) {
          y[r * width + k] += values(weights)[edge(edges, s) * heads + k / (width / heads)]
              * rectified(values(own)[r * width + k] + values(other)[columns.at(s) * width + k], slope);
        }
      }
    }
    return wrap(y);
  }

  // ---- networks ----

  private static double[] inputs(Network network, int slot) {
    double[] z = new double[network.hidden()];
    for (int i = 0; i < z.length; i++) {
      for (int t = 0; t < network.tables().size(); t++) {
        z[i] += values(network.tables().get(t))[network.rows().get(t).at(slot) * z.length + i];
      }
      if (network.features() != null && network.featureWeight() != null) {
        for (int k = 0; k < network.featureWidth(); k++) {
          z[i] += values(network.featureWeight())[i * network.featureWidth() + k]
              * values(network.features())[slot * network.featureWidth() + k];
        }
      }
    }
    return z;
  }

  private static double[] message(Network network, int slot) {
    double[] z = inputs(network, slot);
    double[] m = network.bias() == null ? new double[network.width()] : values(network.bias()).clone();
    for (int c = 0; c < m.length; c++) {
      for (int i = 0; i < z.length; i++) {
        m[c] += values(network.weight())[c * z.length + i] * network.function().apply(z[i], network.alpha());
      }
    }
    return m;
  }

  @Override
  public Storage edgeNetwork(Indices offsets, Network network, List<Reduction> kinds) {
    int width = network.width();
    double[] y = new double[(offsets.size() - 1) * kinds.size() * width];
    for (int r = 0; r + 1 < offsets.size(); r++) {
      for (int s = offsets.at(r); s < offsets.at(r + 1); s++) {
        double[] m = message(network, s);
        for (int at = 0; at < kinds.size() * width; at++) {
          int place = r * kinds.size() * width + at;
          double next = m[at % width];
          y[place] = switch (kinds.get(at / width)) {
            case SUM -> y[place] + next;
            case MAXIMUM -> s == offsets.at(r) ? next : Math.max(y[place], next);
            case MINIMUM -> s == offsets.at(r) ? next : Math.min(y[place], next);
            case PRODUCT -> throw new IllegalArgumentException("a product in an edge network");
          };
        }
      }
    }
    return wrap(y);
  }

  @Override
  public List<Storage> edgeNetworkGradient(Indices offsets, Network network, List<Reduction> kinds, Storage y,
      Storage upstream, boolean byFeatures) {
    double[][] shares = network.gradientSizes(byFeatures).stream().map(double[]::new).toArray(double[][]::new);
    for (int r = 0; r + 1 < offsets.size(); r++) {
      double[][] m = new double[offsets.at(r + 1) - offsets.at(r)][];
      for (int i = 0; i < m.length; i++) {
        m[i] = message(network, offsets.at(r) + i);
      }
      for (int i = 0; i < m.length; i++) {
        double[] dm = new double[network.width()];
        for (int at = 0; at < kinds.size() * dm.length; at++) {
          int c = at % dm.length;
          int place = r * kinds.size() * dm.length + at;
          boolean sums = kinds.get(at / dm.length) == Reduction.SUM;
          dm[c] += sums || m[i][c] == values(y)[place] ? values(upstream)[place] / (sums ? 1 : ties(m, c, i)) : 0;
        }
        addSlot(network, offsets.at(r) + i, dm, byFeatures, shares);
      }
    }
    return Stream.of(shares).map(Float64Backend::wrap).toList();
  }

  private static int ties(double[][] m, int column, int row) {
    int ties = 0;
    for (double[] other : m) {
      ties += other[column] == m[row][column] ? 1 : 0;
    }
    return ties;
  }

  /// @param shares the gradients by the tables, the features where they are wanted, U where there is one, W and b
  private static void addSlot(Network network, int slot, double[] dm, boolean byFeatures, double[][] shares) {
    int hidden = network.hidden();
    int in = network.featureWidth();
    double[] byBias = shares[shares.length - 1];
    double[] byWeight = shares[shares.length - 2];
    double[] z = inputs(network, slot);
    for (int i = 0; i < hidden; i++) {
      double dh = 0;
      for (int c = 0; c < dm.length; c++) {
        dh += dm[c] * values(network.weight())[c * hidden + i];
        byWeight[c * hidden + i] += dm[c] * network.function().apply(z[i], network.alpha());
      }
      double dz = dh * network.function().slope(network.alpha())
          .evaluate(z[i], network.function().apply(z[i], network.alpha()));
      for (int t = 0; t < network.tables().size(); t++) {
        shares[t][network.rows().get(t).at(slot) * hidden + i] += dz;
      }
      for (int k = 0; k < in && network.features() != null && network.featureWeight() != null; k++) {
        shares[shares.length - 3][i * in + k] += dz * values(network.features())[slot * in + k];
        if (byFeatures) {
          shares[network.tables().size()][slot * in + k] += dz * values(network.featureWeight())[i * in + k];
        }
      }
    }
    for (int c = 0; c < dm.length; c++) {
      byBias[c] += dm[c];
    }
  }
}
