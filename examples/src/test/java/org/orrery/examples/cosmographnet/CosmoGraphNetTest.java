package org.orrery.examples.cosmographnet;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.examples.SharedData;
import org.orrery.geometry.Symmetry;
import org.orrery.geometry.SymmetryCheck;
import org.orrery.geometry.SymmetryReport;
import org.orrery.graph.Graph;
import org.orrery.graph.Sparse;
import org.orrery.io.FormatException;
import org.orrery.io.NumPyArchive;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

class CosmoGraphNetTest {
  private static final String HEADER = "x_mpc_h,y_mpc_h,z_mpc_h,mass_msun_h,r50_mpc_h,vcirc_max_kms\n";

  @TempDir
  private Path folder;

  private static Path data(String name) {
    Optional<Path> found = SharedData.folder(name);
    Assumptions.assumeTrue(found.isPresent(), "no folder shared/data/" + name);
    return found.orElseThrow();
  }

  private static NumPyArchive golden() throws IOException {
    return NumPyArchive.read(data("cosmographnet").resolve("golden_IllustrisTNG_on_abacus_halos.npz"));
  }

  private static double worst(Tensor actual, double[] expected) {
    double[] values = actual.toDoubles();
    assertEquals(expected.length, values.length);
    double worst = 0;
    for (int i = 0; i < values.length; i++) {
      worst = Math.max(worst, Math.abs(values[i] - expected[i]) / Math.max(1, Math.abs(expected[i])));
    }
    return worst;
  }

  @Test
  void thePublishedNetworkGivesItsGoldenOutput() throws IOException {
    NumPyArchive golden = golden();
    long[] edges = golden.array("edge_index").longs();
    int count = edges.length / 2;
    int[] senders = new int[count];
    int[] receivers = new int[count];
    for (int e = 0; e < count; e++) {
      senders[e] = (int) edges[e];
      receivers[e] = (int) edges[count + e];
    }
    Tensor nodes = golden.array("x").tensor();
    Graph graph = Graph.builder(Sparse.of(nodes.rows(), Indices.of(senders), Indices.of(receivers))).nodes(nodes)
        .edges(golden.array("edge_attr").tensor()).globals(golden.array("u").tensor()).build();
    CosmoGraphNet network = CosmoGraphNet.load(data("cosmographnet").resolve("cosmo_IllustrisTNG_LH.pt"));
    Graph last = network.nodes(graph, Mode.inference());
    assertTrue(worst(last.nodes(), golden.array("h_final").doubles()) < 1e-4, "last features");
    assertTrue(worst(network.pooled(last), golden.array("pooled_sum_mean_max_u").doubles()) < 1e-4, "pooled");
    assertTrue(worst(network.apply(graph, Mode.inference()), golden.array("out").doubles()) < 1e-4, "output");
  }

  @Test
  void theCatalogBecomesTheGoldenGraph() throws IOException {
    NumPyArchive golden = golden();
    Graph graph = HaloTable.read(data("abacus-mini").resolve("halos_z0.csv"), 32).graph(0.06);
    long[] edges = golden.array("edge_index").longs();
    Sparse sparse = graph.adjacency().sparse();
    assertEquals(edges.length / 2, sparse.edges());
    for (int e = 0; e < sparse.edges(); e++) {
      assertEquals(edges[e], sparse.senderOf().at(e), "sender of edge " + e);
      assertEquals(edges[sparse.edges() + e], sparse.receiverOf().at(e), "receiver of edge " + e);
    }
    assertTrue(worst(graph.nodes(), golden.array("x").doubles()) < 1e-6, "nodes");
    assertTrue(worst(requireNonNull(graph.edges()), golden.array("edge_attr").doubles()) < 1e-6, "edges");
    assertTrue(worst(requireNonNull(graph.globals()), golden.array("u").doubles()) < 1e-6, "globals");
  }

  @Test
  void anEdgeIsMeasuredAcrossTheBorderOfTheBox() { // 0.95 and 0.05 are 0.1 apart, and 0.5 is the mean of both and it
    GalaxyField field = new GalaxyField(new double[][] {{0.95, 0.5, 0.5}, {0.05, 0.5, 0.5}, {0.5, 0.5, 0.5}},
        new double[3][4]);
    Graph graph = field.graph(0.2);
    assertEquals(Indices.of(0, 1, 0, 1, 2), graph.adjacency().sparse().senderOf());
    // c_0 = 0.45 and c_1 = -0.45 along x: opposite; x_0 - x_1 = -0.1 by the nearest images: opposite to c_0
    assertArrayEquals(new float[] {0.5f, -1, -1, 0.5f, -1, -1, 0, 1, 0, 0, 1, 0, 0, 1, 0},
        requireNonNull(graph.edges()).toArray(), 1e-6f);
  }

  /// The mean of the coordinates moves when the field is moved across the border; turns and mirrors of the box take it along.
  @Test
  void movingAFieldChangesThePublishedGraphAndTheEdgesAreNamed() {
    double[][] positions = new double[60][];
    double[][] features = new double[60][];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = Key.of(5).fold(i).uniformDouble(3);
      features[i] = Key.of(6).fold(i).uniformDouble(4);
    }
    CosmoGraphNet network = CosmoGraphNet.create(2, 16, Key.of(8));
    SymmetryReport report = SymmetryCheck
        .of(network, cloud -> GalaxyField.of(cloud).graph(0.2), graph -> network.apply(graph, Mode.inference()))
        .run(new GalaxyField(positions, features).cloud(), Symmetry.ofPeriodicBox(), Key.of(9));
    for (Symmetry kept : List.of(Symmetry.permutation(), Symmetry.rotation(), Symmetry.reflection())) {
      assertTrue(report.of(kept).holds(), report.toString());
    }
    assertEquals("(graph) edges", report.of(Symmetry.periodicTranslation()).brokenBy(), report.toString());
    assertTrue(report.of(Symmetry.periodicTranslation()).error() > 1e-3, report.toString());
  }

  @Test
  void parametersHaveThePublishedNames() {
    var names = CosmoGraphNet.create(2, 64, Key.of(0)).parameters();
    assertEquals(24, names.size());
    assertEquals("[64, 257]", requireNonNull(names.get("layers.1.node_model.node_mlp.0.weight")).shape().toString());
    assertEquals(79810, names.values().stream().mapToInt(p -> p.shape().elements()).sum()); // as its authors count
    assertThrows(IllegalArgumentException.class, () -> CosmoGraphNet.create(0, 64, Key.of(0)));
  }

  @Test
  void theFigureIsWrittenAsAPicture() throws IOException {
    GalaxyField field = new GalaxyField(new double[][] {{0.95, 0.5, 0.5}, {0.05, 0.5, 0.1}},
        new double[][] {{4, 0.1, 0, 2}, {1, 0.1, 0, 2}});
    Path file = folder.resolve("field.png");
    FieldFigure.write(field, field.graph(0.45), 32, "two haloes", file);
    var image = requireNonNull(ImageIO.read(file.toFile()));
    assertEquals(0xffffffff, image.getRGB(2, 2));
    long ink = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        ink += image.getRGB(x, y) == 0xffffffff ? 0 : 1;
      }
    }
    assertTrue(ink > 5000, ink + " pixels are drawn");
  }

  @Test
  void aTableThatDoesNotFitIsRefusedWithFileAndLine() throws IOException {
    Path file = folder.resolve("halos.csv");
    for (String row : new String[] {"1,2,3,x,1,1", "1,2,33,1e12,1,1", "1,NaN,3,1e12,1,1", "1,2,3,-1,1,1", "1,2"}) {
      Files.writeString(file, HEADER + row + "\n", StandardCharsets.UTF_8);
      var error = assertThrows(FormatException.class, () -> HaloTable.read(file, 32));
      assertTrue(String.valueOf(error.getMessage()).startsWith(file + ", line 2: "), error.getMessage());
    }
    Files.writeString(file, "a,b\n1,2\n", StandardCharsets.UTF_8);
    var columns = assertThrows(FormatException.class, () -> HaloTable.read(file, 32));
    assertTrue(String.valueOf(columns.getMessage()).contains("there is no column x_mpc_h"), columns.getMessage());
    Files.writeString(file, HEADER, StandardCharsets.UTF_8);
    assertThrows(FormatException.class, () -> HaloTable.read(file, 32));
  }

  @Test
  void anotherCheckpointIsRefused() {
    Path other = data("halographnet").resolve("halomass_IllustrisTNG_CV.pt");
    var error = assertThrows(FormatException.class, () -> CosmoGraphNet.load(other));
    assertTrue(String.valueOf(error.getMessage()).contains("no CosmoGraphNet"), error.getMessage());
  }
}
