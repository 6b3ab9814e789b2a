package org.orrery.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The scripts run as a newcomer runs them, and the README shows what runs.
class ScriptsTest {
  private static final Path SCRIPTS = Path.of("scripts");

  private static String run(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules", "jdk.incubator.vector", "--class-path",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        SCRIPTS.resolve(script).toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  @Test
  void firstStepsFindsBothSquares() throws IOException, InterruptedException {
    String said = run("FirstSteps.java");
    assertTrue(said.contains("squares [0, 0, 0, 0, 1, 1, 1, 1]"), said);
  }

  @Test
  void forcesSaysItsErrorAndThatOfSayingNothing() throws IOException, InterruptedException {
    String said = run("Forces.java", "3");
    assertTrue(said.contains("never seen:") && said.contains("a model that says 0:"), said);
  }

  @Test
  void checkpointWeighsTheMilkyWay() throws IOException, InterruptedException {
    Assumptions.assumeTrue(SharedData.folder("halographnet").isPresent(), "no folder shared/data/halographnet");
    String said = run("Checkpoint.java");
    assertTrue(said.contains("[[2.1394, -0.1060]]"), said); // as its authors' code computes it
  }

  @Test
  void galaxyBoxMeasuresTheInfallOfNeighbors() throws IOException, InterruptedException {
    String said = run("GalaxyBox.java");
    assertTrue(said.contains("sigma_8 = 0.6:") && said.contains("sigma_8 = 1.0:"), said);
    assertTrue(said.contains("of 300 halos; neighbors approach by"), said);
  }

  @Test
  void mergerHistoryClimbsATree() throws IOException, InterruptedException {
    String said = run("MergerHistory.java");
    assertTrue(said.contains("z = 0.0  1.00e+13 M_sun/h") && said.contains("[1, 4]"), said);
  }

  @Test
  void weighMilkyWayGivesThePublishedMass() throws IOException, InterruptedException {
    Assumptions.assumeTrue(SharedData.folder("halographnet").isPresent(), "no folder shared/data/halographnet");
    String said = run("WeighMilkyWay.java");
    assertTrue(said.contains("MW: 3 galaxies, 1.97 x 10^12 solar masses"), said);
  }

  /// The shells of a face-centered cubic crystal hold 12, 6, 24 and 12 atoms.
  @Test
  void periodicNeighborsCountsTheShellsOfCopper() throws IOException, InterruptedException {
    String said = run("PeriodicNeighbors.java");
    for (String shell : List.of("2.6 angstrom: 12 ", "3.7 angstrom: 18 ", "4.5 angstrom: 42 ", "5.2 angstrom: 54 ")) {
      assertTrue(said.contains(shell), said);
    }
  }

  @Test
  void convertCheckpointLosesNothing() throws IOException, InterruptedException {
    Assumptions.assumeTrue(SharedData.folder("halographnet").isPresent(), "no folder shared/data/halographnet");
    assertTrue(run("ConvertCheckpoint.java").contains("read back: the same bits"));
  }

  @Test
  void ownLayerLearnsAForceAndComesBack() throws IOException, InterruptedException {
    assertTrue(run("OwnLayer.java").contains("read back: the same bits"));
  }

  @Test
  void ownCatalogFindsPairs() throws IOException, InterruptedException {
    String said = run("OwnCatalog.java");
    assertTrue(said.contains("4 halos, 2 pairs within 2 Mpc/h") && said.contains("0 and 1, 1.071 Mpc/h apart"), said);
  }

  @Test
  void theReadmeShowsTheCheckpoint() throws IOException {
    String script = Files.readString(SCRIPTS.resolve("Checkpoint.java"));
    String shown = script.substring(script.indexOf("  PyTorchFile checkpoint"), script.indexOf("\n\n  IO.println"))
        .replaceAll("(?m)^  ", "");
    assertTrue(Files.readString(Path.of("..", "README.md")).contains(shown), "README.md differs from Checkpoint.java");
  }

  @Test
  void theReadmeShowsTheFirstSteps() throws IOException {
    String script = Files.readString(SCRIPTS.resolve("FirstSteps.java"));
    String shown = script.substring(script.indexOf("record Network"));
    assertTrue(Files.readString(Path.of("..", "README.md")).contains(shown), "README.md differs from FirstSteps.java");
  }
}
