package org.orrery.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.orrery.examples.cosmographnet.CosmoGraphNet;
import org.orrery.graph.Graph;
import org.orrery.graph.Normalization;
import org.orrery.graph.Sparse;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.NeighborRule;
import org.orrery.graph.space.Pairs;
import org.orrery.graph.space.Space;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.DegreeScaling;
import org.orrery.layers.EdgeConv;
import org.orrery.layers.Gat;
import org.orrery.layers.GatV2;
import org.orrery.layers.Gcn;
import org.orrery.layers.Gin;
import org.orrery.layers.GraphSage;
import org.orrery.layers.Pna;
import org.orrery.layers.TransformerConv;
import org.orrery.losses.CrossEntropy;
import org.orrery.losses.MomentNetwork;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.GraphSequential;
import org.orrery.messagepassing.NeighborSum;
import org.orrery.messagepassing.SenderFeatures;
import org.orrery.nn.Activation;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The workloads by name: the same shapes, graphs and steps as those that the peers are timed on.
final class Workloads {
  private static final int NODES = 100_000;
  private static final int EDGES = 1_000_000;
  private static final int CLASSES = 16;
  private static final int CATALOGS = 16;
  private static final Key KEY = Key.of(0);
  private static final Map<String, Entry> ALL = new LinkedHashMap<>();

  /// @param ratio of our time to the peer's that is aimed at; 0 for none
  /// @param afresh whether a step makes large arrays that the next does not use again
  record Entry(double ratio, Supplier<Workload> make, boolean afresh) {
    Entry(double ratio, Supplier<Workload> make) {
      this(ratio, make, false);
    }
  }

  private Workloads() {
  }

  static {
    layers("gcn_100k_1m_d64", 0.10, NODES, EDGES, 64, () -> List.of(Gcn.create(64, 64, KEY), Gcn.create(64, 16, KEY)));
    layers("sage_100k_1m_d64", 0.10, NODES, EDGES, 64,
        () -> List.of(GraphSage.create(64, 64, KEY), GraphSage.create(64, 16, KEY)));
    layers("gat_100k_1m_h4x16", 0.10, NODES, EDGES, 64,
        () -> List.of(Gat.create(64, 16, AttentionOptions.heads(4), KEY),
            Gat.create(64, 16, AttentionOptions.heads(1), KEY)));
    layers("gatv2_100k_1m_h4x16", 0.08, NODES, EDGES, 64,
        () -> List.of(GatV2.create(64, 16, AttentionOptions.heads(4), KEY),
            GatV2.create(64, 16, AttentionOptions.heads(1), KEY)));
    layers("gin_100k_1m_d64", 0.12, NODES, EDGES, 64, Workloads::gin);
    merged("gcn_sparse_100k_1m_d64", 0.20, () -> {
      Gcn.Options plain = Gcn.Options.standard().withNormalization(Normalization.NONE).withoutLoops();
      return List.of(Gcn.create(64, 64, plain, KEY), Gcn.create(64, 16, plain, KEY));
    });
    merged("sage_sparse_100k_1m_d64", 0.18,
        () -> List.of(GraphSage.create(64, 64, KEY), GraphSage.create(64, 16, KEY)));
    merged("gin_sparse_100k_1m_d64", 0.20, Workloads::gin);
    layers("transformer_conv_50k_500k_h4x16", 0.12, 50_000, 500_000, 64,
        () -> List.of(TransformerConv.create(64, 16, TransformerConv.Options.heads(4), KEY),
            TransformerConv.create(64, 16, TransformerConv.Options.heads(1), KEY)));
    layers("edge_conv_20k_200k_d64", 0.15, 20_000, 200_000, 64,
        () -> List.of(EdgeConv.create(Mlp.create(KEY, 128, 64, 64)), EdgeConv.create(Mlp.create(KEY, 128, 64, 16))));
    layers("pna_20k_200k_d32", 0.15, 20_000, 200_000, 32, () -> {
      long[] degrees = new long[30];
      Arrays.fill(degrees, 1);
      return List.of(Pna.create(32, 16, Pna.Options.standard(), DegreeScaling.of(degrees), KEY));
    });
    ALL.put("galaxy_field_graph_network_16x1000_r", new Entry(0.20, () -> galaxies(1000)));
    ALL.put("radius_graph_periodic_1m_12nbr", new Entry(0.15, () -> {
      double[] x = points(1_000_000);
      double radius = Math.cbrt(12 / 1e6 * 3 / (4 * Math.PI));
      return Workload.other(() -> Pairs.within(Space.periodic(1, 1, 1), x, radius));
    }, true));
    ALL.put("knn_graph_1m_k16", new Entry(0.20, () -> {
      double[] x = points(1_000_000);
      return Workload.other(() -> NeighborList.nearest(Space.open(3), x, 16));
    }, true));
    ALL.put("spmm_fwd_100k_1m_d64", new Entry(0.30, Workloads::weightedSum));
    ALL.put("gather_scatter_fwd_100k_1m_d64", new Entry(0.10, Workloads::weightedSum));
    CompatWorkloads.register(ALL);
  }

  static Map<String, Entry> all() {
    return ALL;
  }

  private static List<GraphLayer> gin() {
    return List.of(Gin.create(Mlp.create(KEY, 64, 64, 64), 0), Gin.create(Mlp.create(KEY, 64, 64, 16), 0));
  }

  private static void layers(String name, double ratio, int nodes, int edges, int width,
      Supplier<List<GraphLayer>> layers) {
    ALL.put(name, new Entry(ratio, () -> model(layers.get(), uniform(nodes, edges), width, false)));
  }

  /// Repeated edges merged, as in the peer's matrix.
  private static void merged(String name, double ratio, Supplier<List<GraphLayer>> layers) {
    ALL.put(name,
        new Entry(ratio,
            () -> model(layers.get(), uniform(NODES, EDGES).coalesced().edges(), 64, name.contains("gcn"))));
  }

  /// GCN with so many nodes, ten edges each.
  static Workload gcn(int nodes) {
    return model(List.of(Gcn.create(64, 64, KEY), Gcn.create(64, 16, KEY)), uniform(nodes, 10 * nodes), 64, false);
  }

  /// Uniformly random ends, sorted by receiver.
  static Sparse uniform(int nodes, int edges) {
    Sparse any = Sparse.of(nodes, Indices.wrap(KEY.fold("senders").integers(edges, nodes)),
        Indices.wrap(KEY.fold("receivers").integers(edges, nodes)));
    Indices order = any.byReceiver().order();
    return order == null ? any : Sparse.of(nodes, any.senderOf().at(order), any.receiverOf().at(order));
  }

  private static Workload model(List<GraphLayer> layers, Sparse edges, int width, boolean weighted) {
    GraphSequential model = GraphSequential.of(layers.getFirst());
    for (GraphLayer next : layers.subList(1, layers.size())) {
      model = model.then(Activation.RELU).then(next);
    }
    GraphSequential stack = model;
    Tensor x = Tensor.normal(KEY.fold("x"), edges.receivers(), width);
    Indices labels = Indices.wrap(KEY.fold("labels").integers(edges.receivers(), CLASSES));
    CrossEntropy loss = new CrossEntropy();
    Tensor weights = weighted ? Tensor.ones(edges.edges(), 1) : null;
    return Workload.training(stack, () -> loss.mean(stack.apply(edges, x, weights, Mode.inference()), labels));
  }

  private static Indices catalogs(int points) {
    return Indices.wrap(IntStream.rangeClosed(0, CATALOGS).map(c -> c * points).toArray());
  }

  /// Who is near whom in sixteen catalogs of so many points in a periodic box, about four neighbors each.
  static Sparse galaxyEdges(int points) {
    double radius = 0.1 * Math.cbrt(1000.0 / points);
    return NeighborRule.within(Space.periodic(1, 1, 1), radius).apply(points(CATALOGS * points), catalogs(points))
        .edges();
  }

  /// A network of galaxies on them.
  static Workload galaxies(int points) {
    Indices offsets = catalogs(points);
    Sparse edges = galaxyEdges(points);
    Graph graph = Graph.builder(edges).nodes(Tensor.normal(KEY.fold(1), CATALOGS * points, 4))
        .edges(Tensor.normal(KEY.fold(2), edges.edges(), 3)).globals(Tensor.full(Shape.of(CATALOGS, 1), 3))
        .offsets(offsets).build();
    Tensor y = Tensor.uniform(KEY.fold(3), CATALOGS, 1);
    CosmoGraphNet network = CosmoGraphNet.create(2, 64, KEY);
    return Workload.training(network, () -> {
      Tensor out = network.apply(graph, Mode.inference());
      return MomentNetwork.loss(out.slice(1, 0, 1), out.slice(1, 1, 2), y);
    });
  }

  private static double[] points(int count) {
    float[] uniform = KEY.fold("points").uniform(6 * count);
    double[] x = new double[3 * count];
    Arrays.setAll(x, i -> uniform[2 * i] + uniform[2 * i + 1] * 0x1p-24);
    return x;
  }

  private static Workload weightedSum() {
    Sparse edges = uniform(NODES, EDGES);
    Tensor x = Tensor.normal(KEY.fold("x"), NODES, 64);
    Tensor weights = Tensor.uniform(KEY.fold("w"), EDGES, 1);
    return Workload.forward(new SenderFeatures(), () -> NeighborSum.of(edges, x, weights));
  }
}
