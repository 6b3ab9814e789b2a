package org.orrery.testkit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.graph.Adjacency;
import org.orrery.layers.GraphwiseNorm;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.nn.Block;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// The laws that every layer keeps, whatever it computes: one line for a new layer gives a test for each.
/// ```java
/// @TestFactory
/// Stream<DynamicTest> graphConvolution() {
///   return LayerLaws.ofGraphLayer(key -> GraphConvolution.create(4, 3, key), 4).tests();
/// }
/// ```
/// What a layer cannot keep is left out by name, in the open: `.without(Law.TWINS)`.
///
/// @param <L> the kind of layer
public final class LayerLaws<L extends Block> {
  /// A law of layers.
  public enum Law {
    /// gradients of inputs and parameters are those of central differences, in double precision
    GRADIENT,
    /// so are second derivatives
    SECOND_DERIVATIVE,
    /// nodes in another order give the same results in that order
    NODE_PERMUTATION,
    /// edges in another order give the same results; those of edges follow
    EDGE_PERMUTATION,
    /// several graphs, one of them a single node, side by side give what each gives alone
    BATCH,
    /// one more node without edges changes nothing for the others, and gets finite results and gradients
    ISOLATED_NODE,
    /// no nodes and no edges give no rows, of the same width, and gradients of 0
    EMPTY_GRAPH,
    /// nodes without edges give finite results and the gradients of central differences
    NO_EDGES,
    /// repeated edges are edges: two from one sender give what two from twins, equal in all they receive, give
    TWINS,
    /// the results and gradients of two runs are equal to the bit
    SAME_BITS,
    /// so are those of one, two and three threads
    THREADS,
    /// fast kernels in single precision agree with the plain operations in double precision
    FAST_KERNELS,
    /// a device that has the required primitives and nothing else gives the numbers of the fast one
    PRIMITIVES
  }

  /// What a layer is given.
  ///
  /// @param adjacency the edges of all graphs
  /// @param graphs the graph of each node
  /// @param nodes `[nodes, width]`
  /// @param edges `[edges, width]`; null where edges have no features
  /// @param mode the mode under test
  public record Input(Adjacency adjacency, Segments graphs, Tensor nodes, @Nullable Tensor edges, Mode mode) {
  }

  /// What it gives: results with a row for each node, each edge and each graph.
  ///
  /// @param nodes `[nodes, ...]`
  /// @param edges `[edges, ...]`, in the caller's edge order
  /// @param graphs `[graphs, ...]`
  public record Output(List<Tensor> nodes, List<Tensor> edges, List<Tensor> graphs) {
    /// A result for each node.
    public static Output ofNodes(Tensor y) {
      return new Output(List.of(y), List.of(), List.of());
    }

    List<Tensor> all() {
      return Stream.of(nodes, edges, graphs).flatMap(List::stream).toList();
    }
  }

  /// How a layer is applied.
  ///
  /// @param <L> the kind of layer
  @FunctionalInterface
  public interface Application<L> {
    /// The layer's results.
    Output apply(L layer, Input input);
  }

  private final Function<Key, L> factory;
  private final Application<L> application;
  private final GraphSample.Widths widths;
  private final Mode mode;
  private final Set<Law> laws;

  private LayerLaws(Function<Key, L> factory, Application<L> application, GraphSample.Widths widths, Mode mode,
      Set<Law> laws) {
    this.factory = factory;
    this.application = application;
    this.widths = widths;
    this.mode = mode;
    this.laws = laws;
  }

  /// All laws, for a layer that is applied in this way to nodes of a width, in inference.
  ///
  /// @param factory makes the layer with everything in it, on the backend of the moment; equal parameters for an equal
  /// key
  /// @param nodeWidth columns of the nodes
  public static <L extends Block> LayerLaws<L> of(Function<Key, L> factory, int nodeWidth,
      Application<L> application) {
    return new LayerLaws<>(factory, application, new GraphSample.Widths(nodeWidth, 0), Mode.inference(),
        EnumSet.allOf(Law.class));
  }

  /// All laws for a layer on graphs.
  public static <L extends GraphLayer> LayerLaws<L> ofGraphLayer(Function<Key, L> factory, int nodeWidth) {
    return of(factory, nodeWidth, (layer, input) -> Output
        .ofNodes(layer.apply(input.adjacency(), input.nodes(), input.edges(), input.mode())));
  }

  /// All laws for a layer that treats each row by itself.
  public static <L extends Layer> LayerLaws<L> ofLayer(Function<Key, L> factory, int width) {
    return of(factory, width, (layer, input) -> Output.ofNodes(layer.apply(input.nodes(), input.mode())));
  }

  /// The laws for a layer that treats each graph by itself; the nodes of one graph may depend on each other.
  public static <L extends GraphwiseNorm> LayerLaws<L> ofGraphwise(Function<Key, L> factory, int width) {
    return of(factory, width, (L layer, Input input) -> Output
        .ofNodes(layer.apply(input.nodes(), input.graphs(), input.mode())))
        .without(Law.ISOLATED_NODE, Law.TWINS);
  }

  /// The same with features of edges.
  public LayerLaws<L> withEdges(int edgeWidth) {
    return new LayerLaws<>(factory, application, new GraphSample.Widths(widths.nodes(), edgeWidth), mode, laws);
  }

  /// The same in another mode. Noise depends on the key and on places in a tensor: with it leave out what moves rows.
  public LayerLaws<L> in(Mode other) {
    return new LayerLaws<>(factory, application, widths, other, laws);
  }

  /// The same without these laws.
  public LayerLaws<L> without(Law... left) {
    Set<Law> kept = EnumSet.copyOf(laws);
    kept.removeAll(List.of(left));
    return new LayerLaws<>(factory, application, widths, mode, kept);
  }

  /// A test for each law.
  public Stream<DynamicTest> tests() {
    LayerTrial<L> trial = new LayerTrial<>(this);
    return laws.stream().map(law -> Inputs.law(law.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        key -> trial.run(law, key)));
  }

  // ---- for the trials ----

  GraphSample.Widths widths() {
    return widths;
  }

  L layer(Key key) {
    return factory.apply(key);
  }

  /// The results on the present backend.
  Output apply(L layer, GraphSample sample) {
    return apply(layer, sample, sample.sparse());
  }

  Output apply(L layer, GraphSample sample, Adjacency adjacency) {
    return application.apply(layer, new Input(adjacency, sample.graphs(), sample.nodeTensor(widths.nodes()),
        sample.edgeTensor(widths.edges()), mode.fromStart()));
  }

  /// What a gradient check differentiates. Made on the present backend.
  GradientCheck.Subject subject(Key key, GraphSample sample) {
    L layer = factory.apply(key);
    Adjacency adjacency = sample.sparse();
    Segments graphs = sample.graphs();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("nodes", sample.nodeTensor(widths.nodes()));
    Tensor edges = sample.edgeTensor(widths.edges());
    if (edges != null) {
      inputs.put("edges", edges);
    }
    return new GradientCheck.Subject(inputs, Map.of(), x -> application
        .apply(layer, new Input(adjacency, graphs, x.getFirst(), x.size() > 1 ? x.get(1) : null, mode.fromStart()))
        .all())
        .with(layer);
  }

  /// The results on the present backend and the gradient of the sum of their squares, parameter by parameter.
  List<float[]> resultsAndGradients(Key key, GraphSample sample) {
    return resultsAndGradients(key, sample, Gradients::of);
  }

  /// Likewise by a sweep that gives the history back, as training has it.
  List<float[]> resultsAndGradientsOfTraining(Key key, GraphSample sample) {
    return Scope.within(scope -> resultsAndGradients(key, sample, Gradients::releasingHistory));
  }

  private List<float[]> resultsAndGradients(Key key, GraphSample sample,
      BiFunction<Tensor, List<Tensor>, Gradients> sweep) {
    GradientCheck.Subject subject = subject(key, sample);
    List<Tensor> wanted = new ArrayList<>(subject.inputs().values().stream().map(Tensor::tracked).toList());
    List<Tensor> results = subject.function().apply(List.copyOf(wanted));
    subject.parameters().values().forEach(parameter -> wanted.add(parameter.value()));
    Tensor loss = results.stream().map(y -> y.square().sum()).reduce(Tensor.of(0), Tensor::add);
    List<float[]> numbers = new ArrayList<>(results.stream().map(Tensor::toArray).toList());
    Gradients gradients = sweep.apply(loss, wanted);
    wanted.forEach(x -> numbers.add(gradients.withRespectTo(x).toArray()));
    return numbers;
  }
}
