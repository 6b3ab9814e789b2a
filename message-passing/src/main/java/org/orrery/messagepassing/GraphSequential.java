package org.orrery.messagepassing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.orrery.graph.Graph;
import org.orrery.nn.Activation;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Observed;
import org.orrery.nn.Parts;
import org.orrery.tensor.Tensor;

/// Graph layers one after the other on the same edges, with activations and other layers of each node between them.
///
/// ```java
/// GraphSequential model = GraphSequential.of(Gcn.create(1433, 16, key.fold(0))).then(Activation.RELU)
///     .then(new Dropout(0.5)).then(Gcn.create(16, 7, key.fold(1)));
/// Tensor classes = model.apply(adjacency, x, Mode.inference());
/// ```
///
/// Parts are named `0`, `1`, ..., layers without parameters counted. Edge features go to the layers that
/// read them.
///
/// @param layers in the order they are applied
public record GraphSequential(List<GraphLayer> layers) implements GraphLayer {
  /// Checks that each layer takes the width that the one before it gives, as far as they know.
  ///
  /// @throws IllegalArgumentException naming the first two that do not fit
  public GraphSequential {
    layers = List.copyOf(layers);
    OptionalInt width = OptionalInt.empty();
    for (int i = 0; i < layers.size(); i++) {
      OptionalInt required = layers.get(i).inputWidth();
      if (width.isPresent() && required.isPresent() && width.getAsInt() != required.getAsInt()) {
        throw new IllegalArgumentException("GraphSequential: layer " + i + " (" + kind(layers.get(i)) + ") takes width "
            + required.getAsInt() + ", what comes before it gives " + width.getAsInt());
      }
      width = layers.get(i).outputWidth(width.isPresent() ? width : required);
    }
  }

  /// These layers one after the other.
  ///
  /// @throws IllegalArgumentException where widths do not fit
  public static GraphSequential of(GraphLayer... layers) {
    return new GraphSequential(List.of(layers));
  }

  /// These and another after them.
  ///
  /// @throws IllegalArgumentException where its width does not fit
  @SuppressWarnings("overloads") // a lambda of this kind needs a type, of which there are two
  public GraphSequential then(GraphLayer next) {
    List<GraphLayer> more = new ArrayList<>(layers);
    more.add(next);
    return new GraphSequential(more);
  }

  /// These and after them a layer that takes each node by itself.
  ///
  /// @throws IllegalArgumentException where its width does not fit
  @SuppressWarnings("overloads")
  public GraphSequential then(Layer next) {
    return then(new OfNodes(next));
  }

  /// A layer that takes each node by itself, without the edges.
  ///
  /// @param layer whose parts are its own
  public record OfNodes(Layer layer) implements GraphLayer {
    @Override
    public Tensor update(Inputs in, Mode mode) {
      return update(in, Activation.IDENTITY, mode);
    }

    @Override
    public Tensor update(Inputs in, Activation after, Mode mode) {
      return layer.apply(in.receiverRows(), after, mode);
    }

    @Override
    public EdgeUse edgeUse() {
      return EdgeUse.NONE;
    }

    @Override
    public OptionalInt inputWidth() {
      return layer.inputWidth();
    }

    @Override
    public OptionalInt outputWidth(OptionalInt input) {
      return layer.outputWidth(input);
    }

    @Override
    public void describe(Parts parts) {
      parts.inline(layer);
    }
  }

  /// @throws IllegalArgumentException where senders and receivers are not one tensor: a second layer would have no
  ///         senders
  @Override
  public Tensor update(Inputs in, Mode mode) {
    return update(in, Activation.IDENTITY, mode);
  }

  @Override
  public Tensor update(Inputs in, Activation after, Mode mode) {
    return update(in.graph("GraphSequential"), after, mode).nodes();
  }

  @Override
  public Graph update(Graph graph, Activation after, Mode mode) {
    Graph now = graph;
    Activation left = after;
    for (int i = 0; i < layers.size(); i++) {
      GraphLayer layer = layers.get(i);
      if (i + 1 < layers.size() && layers.get(i + 1) instanceof OfNodes(Activation activation)
          && !Observed.wantsEveryPart()) {
        now = updated(layer, now, activation, mode);
        i++; // both are done
      } else if (i + 1 < layers.size()) {
        now = updated(layer, now, Activation.IDENTITY, mode);
      } else {
        now = updated(layer, now, after, mode);
        left = Activation.IDENTITY;
      }
    }
    return left.function() == null ? now : now.withNodes(left.of(now.nodes()));
  }

  /// Edge features go to the layers that read them, past the others.
  private static Graph updated(GraphLayer layer, Graph graph, Activation after, Mode mode) {
    return layer.edgeUse() == EdgeUse.NONE && graph.edges() != null
        ? layer.apply(graph.withoutEdges(), after, mode).withEdges(graph.edges())
        : layer.apply(graph, after, mode);
  }

  /// That of the layer that asks for most.
  @Override
  public EdgeUse edgeUse() {
    return layers.stream().map(GraphLayer::edgeUse).max(Comparator.naturalOrder()).orElse(EdgeUse.NONE);
  }

  @Override
  public OptionalInt inputWidth() {
    return layers.isEmpty() ? OptionalInt.empty() : layers.getFirst().inputWidth();
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    OptionalInt width = input;
    for (GraphLayer layer : layers) {
      width = layer.outputWidth(width);
    }
    return width;
  }

  @Override
  public void describe(Parts parts) {
    for (int i = 0; i < layers.size(); i++) {
      parts.block(Integer.toString(i), layers.get(i));
    }
  }

  private static String kind(GraphLayer layer) {
    return layer instanceof OfNodes(Layer inner) ? inner.getClass().getSimpleName() : layer.getClass().getSimpleName();
  }
}
