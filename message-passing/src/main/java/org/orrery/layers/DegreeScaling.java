package org.orrery.layers;

import org.orrery.graph.Adjacency;
import org.orrery.graph.Sparse;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;

/// Factors that tell a node how many neighbors it has, relative to the graphs of the training: with d the in-degree,
/// delta its mean and lambda the mean of log(d + 1) over the nodes of the training. Corso et al. 2020, eq. 5.
///
/// @param meanDegree delta, `[1]`
/// @param meanLogDegree lambda, `[1]`
public record DegreeScaling(Parameter meanDegree, Parameter meanLogDegree) implements Block {
  /// A factor of each node.
  public enum Scaler {
    /// 1
    IDENTITY,
    /// log(d + 1) / lambda
    AMPLIFICATION,
    /// lambda / log(max(d, 1) + 1)
    ATTENUATION,
    /// d / delta
    LINEAR,
    /// delta / max(d, 1)
    INVERSE_LINEAR
  }

  /// What is kept with the edges for one backend.
  private record Kept(Scaler scaler, Backend backend) {
  }

  /// Fixed means, of a histogram: `nodesOfDegree[d]` nodes of the training receive d edges.
  ///
  /// @throws IllegalArgumentException where a count is negative, or no node receives an edge
  public static DegreeScaling of(long... nodesOfDegree) {
    Means means = Means.of(nodesOfDegree);
    return new DegreeScaling(Parameter.statistic(Tensor.full(Shape.of(1), means.degree())),
        Parameter.statistic(Tensor.full(Shape.of(1), means.logDegree())));
  }

  /// The same, with means that are learned from there.
  ///
  /// @throws IllegalArgumentException where a count is negative, or no node receives an edge
  public static DegreeScaling learned(long... nodesOfDegree) {
    Means means = Means.of(nodesOfDegree);
    return new DegreeScaling(Parameter.of(Tensor.full(Shape.of(1), means.degree())),
        Parameter.of(Tensor.full(Shape.of(1), means.logDegree())));
  }

  private record Means(double degree, double logDegree) {
    static Means of(long[] nodesOfDegree) {
      double nodes = 0;
      double degrees = 0;
      double logs = 0;
      for (int d = 0; d < nodesOfDegree.length; d++) {
        if (nodesOfDegree[d] < 0) {
          throw new IllegalArgumentException(
              "degree scaling: " + nodesOfDegree[d] + " nodes of degree " + d + "; 0 or more is required");
        }
        nodes += nodesOfDegree[d];
        degrees += (double) nodesOfDegree[d] * d;
        logs += nodesOfDegree[d] * Math.log1p(d);
      }
      if (degrees == 0) {
        throw new IllegalArgumentException("degree scaling: no node of the histogram receives an edge");
      }
      return new Means(degrees / nodes, logs / nodes);
    }
  }

  /// How many nodes receive d edges, for d from 0 to the largest.
  public static long[] histogram(Adjacency adjacency) {
    Indices degrees = adjacency.sparse().inDegree();
    int most = 0;
    for (int i = 0; i < degrees.size(); i++) {
      most = Math.max(most, degrees.at(i));
    }
    long[] counts = new long[most + 1];
    for (int i = 0; i < degrees.size(); i++) {
      counts[degrees.at(i)]++;
    }
    return counts;
  }

  /// The factor of each receiver, `[receivers, 1]`.
  public Tensor factors(Scaler scaler, Sparse edges) {
    Tensor ofDegree = edges.kept(new Kept(scaler, Backends.current()), () -> ofDegree(scaler, edges.inDegree()));
    return switch (scaler) {
      case IDENTITY -> ofDegree;
      case AMPLIFICATION -> ofDegree.divide(meanLogDegree.value());
      case ATTENUATION -> ofDegree.multiply(meanLogDegree.value());
      case LINEAR -> ofDegree.divide(meanDegree.value());
      case INVERSE_LINEAR -> ofDegree.multiply(meanDegree.value());
    };
  }

  /// What follows from the structure alone, `[receivers, 1]`.
  private static Tensor ofDegree(Scaler scaler, Indices degrees) {
    double[] values = new double[degrees.size()];
    for (int i = 0; i < values.length; i++) {
      int d = degrees.at(i);
      values[i] = switch (scaler) {
        case IDENTITY -> 1;
        case AMPLIFICATION -> Math.log1p(d);
        case ATTENUATION -> 1 / Math.log1p(Math.max(d, 1));
        case LINEAR -> d;
        case INVERSE_LINEAR -> 1.0 / Math.max(d, 1);
      };
    }
    return Tensor.of(values, values.length, 1);
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("avg_deg_lin", meanDegree).parameter("avg_deg_log", meanLogDegree);
  }
}
