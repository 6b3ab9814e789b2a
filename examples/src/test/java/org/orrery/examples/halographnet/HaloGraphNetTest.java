package org.orrery.examples.halographnet;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orrery.examples.SharedData;
import org.orrery.graph.space.NeighborRule;
import org.orrery.graph.space.Space;
import org.orrery.io.FormatException;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.SavedModel;

class HaloGraphNetTest {
  private static final String HEADER = "host,galaxy,x_kpc,y_kpc,z_kpc,speed_km_s,stellar_mass_msun,"
      + "half_light_radius_kpc\n";

  @TempDir
  private Path folder;

  private static Path data() {
    Optional<Path> found = SharedData.folder("halographnet");
    Assumptions.assumeTrue(found.isPresent(), "no folder shared/data/halographnet");
    return found.orElseThrow();
  }

  private static NeighborRule within(double radius) {
    return NeighborRule.within(Space.open(3), radius);
  }

  private static HaloWeigher weigher(String network, double radius) throws IOException {
    return new HaloWeigher(HaloGraphNet.load(data().resolve("halomass_" + network + ".pt")), within(radius));
  }

  @ParameterizedTest
  @CsvSource({"IllustrisTNG_CV,0.14233421449747316", "IllustrisTNG_LH,9.395159417206347"})
  void thePublishedNetworksWeighTheLocalGroupAsPublished(String network, double radius) throws IOException {
    JsonNode reference = new ObjectMapper().readTree(data().resolve("reference_local_group.json").toFile());
    HaloWeigher weigher = weigher(network, radius);
    for (Halo halo : GalaxyFile.read(data().resolve("local_group.csv"))) {
      JsonNode expected = reference.get(network + "/" + halo.name());
      HaloWeigher.Weighing weighing = weigher.weigh(halo, 50, Key.of(0));
      assertEquals(expected.get("edges").asInt(), weighing.edges(), halo.name());
      double mass = expected.get("mass_1e12_msun").asDouble();
      assertEquals(mass, weighing.mass().in1e12(), 5e-5 * mass, halo.name());
      assertEquals(expected.get("dex").asDouble(), weighing.mass().dex(), 5e-6, halo.name());
      assertEquals(50, weighing.turned().size());
      assertTrue(weighing.spread() > 0 && weighing.spread() < 0.01, halo.name() + " " + weighing.spread());
    }
  }

  @Test
  void rotationsKeepLengthsAndHandedness() {
    for (int r = 0; r < 20; r++) {
      double[] m = HaloWeigher.rotation(Key.of(r));
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          double dot = 0;
          for (int k = 0; k < 3; k++) {
            dot += m[3 * i + k] * m[3 * j + k];
          }
          assertEquals(i == j ? 1 : 0, dot, 1e-12, "key " + r);
        }
      }
      double determinant = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6])
          + m[2] * (m[3] * m[7] - m[4] * m[6]);
      assertEquals(1, determinant, 1e-12, "key " + r);
    }
  }

  @Test
  void oneFileHoldsNetworkAndNeighbors() throws IOException {
    HaloWeigher weigher = new HaloWeigher(HaloGraphNet.create(Key.of(7)), within(0.01));
    Halo halo = new Halo("A", List.of(new Galaxy("a", 0, 0, 0, 0, 1e10, 3), new Galaxy("b", 50, 20, -10, 90, 1e8, 1),
        new Galaxy("c", -300, 20, 400, 120, 3e8, 2)));
    Path file = folder.resolve("weigher.safetensors");
    SavedModel.write(file, HaloWeigher.BLUEPRINT, weigher);
    HaloWeigher back = SavedModel.read(file, HaloWeigher.BLUEPRINT);
    assertEquals(weigher.rule().toString(), back.rule().toString());
    assertEquals(weigher.weigh(halo, 3, Key.of(1)), back.weigh(halo, 3, Key.of(1)));
    assertEquals(2, weigher.weigh(halo, 0, Key.of(1)).edges(), "c is too far from both");
  }

  @Test
  void theTableMayHaveItsColumnsInAnyOrderAndSeveralHosts() throws IOException {
    Path file = folder.resolve("galaxies.csv");
    Files.writeString(file, """
        galaxy,host,y_kpc,x_kpc,z_kpc,speed_km_s,stellar_mass_msun,half_light_radius_kpc,note
        a,A,2,1,3,0,1e9,1,central
        b,B,0,0,0,0,1e10,2,
        c,A,5,7,9,40,1e8,1,
        """, StandardCharsets.UTF_8);
    List<Halo> halos = GalaxyFile.read(file);
    assertEquals(List.of("A", "B"), halos.stream().map(Halo::name).toList());
    assertEquals("a", halos.getFirst().central().name());
    double unit = 0.7 / 25_000;
    assertArrayEquals(new double[] {0, 0, 0, 6 * unit, 3 * unit, 6 * unit}, halos.getFirst().positions(), 1e-15);
  }

  @Test
  void aTableThatDoesNotFitIsRefusedWithFileAndLine() throws IOException {
    Path file = folder.resolve("galaxies.csv");
    for (String row : new String[] {"A,a,0,0,0,0,0,1", "A,a,0,0,0,-1,1e9,1", "A,a,0,x,0,0,1e9,1", "A,a,0,NaN,0,0,1e9,1",
      ",a,0,0,0,0,1e9,1", "A,a,0,0,0,0,1e9", "A,a,0,0,0,0,1e9,Infinity"}) {
      Files.writeString(file, HEADER + row + "\n", StandardCharsets.UTF_8);
      var error = assertThrows(FormatException.class, () -> GalaxyFile.read(file), row);
      assertTrue(String.valueOf(error.getMessage()).startsWith(file + ", line 2: "), error.getMessage());
    }
    Files.writeString(file, HEADER + "A,a,0,0,0,0,1e9,1\nA,a,1,0,0,0,1e8,1\n", StandardCharsets.UTF_8);
    var twice = assertThrows(FormatException.class, () -> GalaxyFile.read(file));
    assertEquals(file + ": halo A: galaxy a comes twice", twice.getMessage());
    Files.writeString(file, HEADER, StandardCharsets.UTF_8);
    assertThrows(FormatException.class, () -> GalaxyFile.read(file));
    Files.writeString(file, "host,galaxy\nA,a\n", StandardCharsets.UTF_8);
    var columns = assertThrows(FormatException.class, () -> GalaxyFile.read(file));
    assertTrue(String.valueOf(columns.getMessage()).contains("there is no column x_kpc"), columns.getMessage());
    var absent = assertThrows(IOException.class, () -> GalaxyFile.read(folder.resolve("none.csv")));
    assertTrue(String.valueOf(absent.getMessage()).endsWith("there is no such file"), absent.getMessage());
  }

  @Test
  void aWeigherLivesInThreeDimensionsAndGivesNumbers() {
    HaloGraphNet network = HaloGraphNet.create(Key.of(7));
    assertThrows(IllegalArgumentException.class, () -> new HaloWeigher(network, NeighborRule.of("within 1.0 open 2")));
    Parameter bias = requireNonNull(network.parameters().get("lin.4.bias"));
    bias.refill(Tensor.of(new float[] {Float.NaN, 0}, 2));
    HaloWeigher weigher = new HaloWeigher(network, within(1));
    Halo halo = new Halo("A", List.of(new Galaxy("a", 0, 0, 0, 0, 1e10, 3), new Galaxy("b", 50, 20, -10, 90, 1e8, 1)));
    var error = assertThrows(IllegalArgumentException.class, () -> weigher.weigh(halo, 1, Key.of(1)));
    assertTrue(String.valueOf(error.getMessage()).startsWith("halo A: the network gives NaN"), error.getMessage());
  }

  @Test
  void theReportSaysTheSameInJson() throws IOException {
    HaloWeigher weigher = new HaloWeigher(HaloGraphNet.create(Key.of(7)), within(1));
    Halo halo = new Halo("A", List.of(new Galaxy("a", 0, 0, 0, 0, 1e10, 3), new Galaxy("b", 50, 20, -10, 90, 1e8, 1)));
    WeighReport report = new WeighReport(List.of(weigher.weigh(halo, 4, Key.of(1))));
    Path file = folder.resolve("report.json");
    report.write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile()).get("A");
    assertEquals(report.weighings().getFirst().mass().in1e12(), json.get("mass_1e12_msun").asDouble());
    assertEquals(4, json.get("rotations").get("count").asInt());
    assertEquals(report.weighings().getFirst().spread(), json.get("rotations").get("spread_dex").asDouble());
    assertTrue(report.toString().contains("2 galaxies,   2 edges"), report.toString());
  }
}
