package org.orrery.messagepassing;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Adjacency;
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
/// Parts are named `0`, `1`, ..., layers without parameters counted. Every graph layer reads the same edge features.
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
  public GraphSequential then(GraphLayer next) {
    List<GraphLayer> more = new ArrayList<>(layers);
    more.add(next);
    return new GraphSequential(more);
  }

  /// These and after them a layer that takes each node by itself.
  ///
  /// @throws IllegalArgumentException where its width does not fit
  public GraphSequential then(Layer next) {
    return then(new OfNodes(next));
  }

  /// A layer that takes each node by itself, without the edges.
  ///
  /// @param layer whose parts are its own
  public record OfNodes(Layer layer) implements GraphLayer {
    @Override
    public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
      return Observed.call(this, () -> layer.apply(receivers, mode), receivers);
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
  public Tensor apply(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    return Observed.call(this, () -> updated(adjacency, senders, receivers, edges, mode), senders, receivers, edges);
  }

  private Tensor updated(Adjacency adjacency, Tensor senders, Tensor receivers, @Nullable Tensor edges, Mode mode) {
    if (!senders.equals(receivers)) {
      throw new IllegalArgumentException("GraphSequential: senders " + senders.shape() + " and receivers "
          + receivers.shape() + " of their own; one set of nodes is required");
    }
    Tensor x = receivers;
    for (int i = 0; i < layers.size(); i++) {
      if (i + 1 < layers.size() && layers.get(i) instanceof ActivatedGraphLayer layer
          && layers.get(i + 1) instanceof OfNodes(Activation activation) && !Observed.wantsEveryPart()) {
        x = layer.apply(adjacency, x, x, edges, activation, mode);
        i++; // both are done
      } else {
        x = layers.get(i).apply(adjacency, x, x, edges, mode);
      }
    }
    return x;
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
      parts.module(Integer.toString(i), layers.get(i));
    }
  }

  private static String kind(GraphLayer layer) {
    return layer instanceof OfNodes(Layer inner) ? inner.getClass().getSimpleName() : layer.getClass().getSimpleName();
  }
}
