package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.geometry.Symmetry;
import org.orrery.geometry.SymmetryReport;
import org.orrery.graph.Graph;
import org.orrery.nn.Mode;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.Schedule;
import org.orrery.tensor.Key;
import org.orrery.training.Batches;
import org.orrery.training.SavedModel;
import org.orrery.training.Trainer;

class HaloDesignTest {
  private static List<Simulation> boxes = List.of();

  @TempDir
  private Path folder;

  @BeforeAll
  static void simulate() {
    boxes = SimulationSet.simulate(new SimulationSet.Recipe(6, 100, 24, 40, 9), done -> {}).boxes();
  }

  private static HaloModel model(HaloDesign design, PosteriorForm posterior) {
    Set<Feature> features = Set.of(design == HaloDesign.DE_SANTI
        ? Feature.LINE_OF_SIGHT_VELOCITIES
        : Feature.VELOCITIES);
    HaloGraph input = new HaloGraph(25, features, HaloGraph.Counts.SEEN, design.centroid());
    return HaloModel.create(input, new HaloModel.Options(1, 8, design, posterior), Key.of(3));
  }

  static Stream<Arguments> all() {
    return Stream.concat(
        Stream.of(HaloDesign.values()).map(design -> Arguments.of(design, PosteriorForm.NORMAL)),
        Stream.of(PosteriorForm.values()).map(form -> Arguments.of(HaloDesign.ORRERY, form)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyDesignAndPosteriorTrains(HaloDesign design, PosteriorForm posterior) {
    HaloModel model = model(design, posterior);
    Graph batch = Graph.batch(boxes.stream().map(model.input()::of).toList());
    var history = Trainer
        .of(model, (HaloModel m, Graph graphs, Mode mode) -> m.loss(graphs, mode), new Adam().on(model))
        .rate(Schedule.constant(0.003)).clipNorm(1).train(Batches.fullBatch(batch), 30);
    double first = history.rows().getFirst().trainLoss();
    double last = history.rows().stream().mapToDouble(row -> row.trainLoss()).min().orElseThrow();
    assertTrue(last < first - 0.1, design + ", " + posterior + ": loss " + first + ", least " + last);
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyDesignAndPosteriorComesBackFromAFile(HaloDesign design, PosteriorForm posterior) throws IOException {
    HaloModel model = model(design, posterior);
    Path file = folder.resolve("model.safetensors");
    SavedModel.write(file, new HaloModel.Format(), model);
    HaloModel read = SavedModel.read(file, new HaloModel.Format());
    assertEquals(model.options(), read.options());
    assertEquals(model.input(), read.input());
    assertArrayEquals(model.posterior(boxes.getFirst().halos()).mean(),
        read.posterior(boxes.getFirst().halos()).mean());
  }

  @ParameterizedTest
  @EnumSource(HaloDesign.class)
  void everyDesignKeepsTheSymmetriesThatItClaims(HaloDesign design) {
    HaloModel model = model(design, PosteriorForm.NORMAL);
    SymmetryReport report = model.check(boxes.getFirst().halos(), model.symmetries(), Key.of(4));
    for (Symmetry claim : model.symmetries()) {
      assertTrue(report.of(claim).holds(), design + ": " + report);
    }
  }

  @Test
  void theDefaultClaimsAllOfAPeriodicBoxAndThePaperModeDoesNot() {
    assertEquals(Symmetry.ofPeriodicBox(), model(HaloDesign.ORRERY, PosteriorForm.NORMAL).symmetries());
    HaloModel paper = model(HaloDesign.PAPER, PosteriorForm.NORMAL);
    assertTrue(!paper.symmetries().contains(Symmetry.periodicTranslation()));
    SymmetryReport report = paper.check(boxes.getFirst().halos(), Symmetry.ofPeriodicBox(), Key.of(4));
    assertTrue(!report.of(Symmetry.periodicTranslation()).holds(), report.toString());
    assertTrue(String.valueOf(report.of(Symmetry.periodicTranslation()).brokenBy()).contains("edges"),
        report.toString());
  }

  @Test
  void namesThatAreNoneAreAnsweredByThoseThereAre() {
    assertEquals(HaloDesign.SET_TRANSFORMER, HaloDesign.parse("set-transformer"));
    assertTrue(message(() -> HaloDesign.parse("gnn")).contains("cosmographnet"));
    assertTrue(message(() -> PosteriorForm.parse("gauss")).contains("mixture"));
    assertTrue(message(() -> HaloDesign.DE_SANTI.require(Set.of(Feature.VELOCITIES))).contains("line-of-sight"));
  }

  private static String message(Runnable work) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, work::run).getMessage());
  }
}
