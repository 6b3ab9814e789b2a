package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Forest;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// What recurrences over trees share: nodes in the order of their generations, the one farthest from its roots first.
final class Trees {
  private Trees() {
  }

  static void require(String layer, int gates, Parameter fromInput, Parameter fromState, @Nullable Parameter inputBias,
      @Nullable Parameter stateBias) {
    Shape state = fromState.shape();
    Shape bias = Shape.of(state.size(0));
    boolean fits = state.rank() == 2 && state.size(0) == gates * state.size(1) && fromInput.shape().rank() == 2
        && fromInput.shape().size(0) == state.size(0) && (inputBias == null || inputBias.shape().equals(bias))
        && (stateBias == null || stateBias.shape().equals(bias));
    if (!fits) {
      throw new IllegalArgumentException(layer + ": weights " + fromInput.shape() + " and " + state + "; [" + gates
          + " width, in] and [" + gates + " width, width], with biases [" + gates + " width], are required");
    }
  }

  static void requirePositive(String layer, int in, int width) {
    if (in < 1 || width < 1) {
      throw new IllegalArgumentException(layer + ": from " + in + " to " + width + "; positive widths are required");
    }
  }

  static void requireRows(String layer, Forest forest, Tensor x, int in) {
    if (x.rank() != 2 || x.rows() != forest.nodes() || x.columns() != in) {
      throw new IllegalArgumentException(
          layer + ": x " + x.shape() + "; [" + forest.nodes() + ", " + in + "] is required for " + forest);
    }
  }

  /// W x + b of the nodes of each generation, from one product for all.
  static List<Tensor> byGeneration(Forest forest, Tensor x, Parameter weight, @Nullable Parameter bias) {
    List<Forest.Generation> generations = forest.generations();
    List<Integer> order = new ArrayList<>();
    int[] sizes = new int[generations.size()];
    for (int g = 0; g < sizes.length; g++) {
      Indices nodes = generations.get(g).nodes();
      sizes[g] = nodes.size();
      for (int k = 0; k < nodes.size(); k++) {
        order.add(nodes.at(k));
      }
    }
    Indices rows = Indices.of(order.stream().mapToInt(Integer::intValue).toArray());
    Tensor all = x.gatherRows(rows).affine(weight.value(), bias == null ? null : bias.value());
    return all.split(0, sizes);
  }

  /// Where each node stands in the order of the generations.
  static Indices places(Forest forest) {
    int[] places = new int[forest.nodes()];
    int next = 0;
    for (Forest.Generation generation : forest.generations()) {
      for (int k = 0; k < generation.nodes().size(); k++) {
        places[generation.nodes().at(k)] = next++;
      }
    }
    return Indices.of(places);
  }

  static Tensor joined(List<Tensor> generations, int width) {
    return generations.isEmpty() ? Tensor.zeros(0, width) : Tensor.concat(0, generations);
  }

  static void describe(Parts parts, Parameter fromInput, Parameter fromState, @Nullable Parameter inputBias,
      @Nullable Parameter stateBias) {
    parts.parameter("weight_ih_l0", fromInput).parameter("weight_hh_l0", fromState)
        .parameter("bias_ih_l0", inputBias).parameter("bias_hh_l0", stateBias);
  }
}
