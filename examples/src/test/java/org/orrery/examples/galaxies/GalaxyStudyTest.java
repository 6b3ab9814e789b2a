package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.orrery.report.GalaxyResult;
import org.orrery.training.TrainingRun;

/// The whole job on boxes small enough for a test: two seeds, and positions alone beside them.
class GalaxyStudyTest {
  private static final GalaxyStudy.Options OPTIONS = new GalaxyStudy.Options(
      new SimulationSet.Recipe(30, 100, 16, 20, 4), Set.of(Feature.VELOCITIES), 30, new HaloModel.Options(1, 4), 8, 10,
      10).withSeeds(2).with(GalaxyStudy.Beside.POSITIONS_ALONE);
  private static SimulationSet set;
  private static GalaxyStudy.Outcome outcome;

  @BeforeAll
  static void run() {
    set = SimulationSet.simulate(OPTIONS.recipe(), done -> {});
    outcome = new GalaxyStudy(OPTIONS, new PrintWriter(Writer.nullWriter())).run(set,
        Collections.nCopies(OPTIONS.trainings().size(), TrainingRun.silent()), List.of());
  }

  /// A design that needs a feature is not trained without it after hours of work.
  @Test
  void positionsAloneAreLeftOutWhereTheDesignNeedsMore() {
    GalaxyStudy.Options deSanti = new GalaxyStudy.Options(OPTIONS.recipe(), Set.of(Feature.LINE_OF_SIGHT_VELOCITIES),
        30,
        new HaloModel.Options(1, 4, HaloDesign.DE_SANTI, PosteriorForm.NORMAL), 8, 10, 10)
        .with(GalaxyStudy.Beside.POSITIONS_ALONE);
    assertEquals(List.of("network", "without links"), deSanti.trainings());
    assertTrue(OPTIONS.trainings().contains("positions alone"));
  }

  @Test
  void theResultTellsWhichSymmetriesTheTrainedModelKeeps() {
    GalaxyResult result = outcome.result();
    assertEquals(List.of("permutation", "rotation", "reflection", "periodic translation"),
        result.symmetries().stream().map(GalaxyResult.Claim::group).toList());
    for (GalaxyResult.Claim claim : result.symmetries()) {
      assertTrue(claim.holds() && claim.brokenBy() == null, claim.toString());
    }
  }

  @Test
  void eachTrainingHasATitle() {
    assertEquals(List.of("network 1 of 2", "network 2 of 2", "without links", "positions alone"), OPTIONS.trainings());
    assertEquals(List.of("network", "without links"), GalaxyStudy.Options.of(100, 1).trainings());
    assertThrows(IllegalArgumentException.class,
        () -> new GalaxyStudy(OPTIONS, new PrintWriter(Writer.nullWriter())).run(set, List.of(TrainingRun.silent()),
            List.of()));
  }

  @Test
  void seedsHaveAScoreEachAndTheTableTheirSpread() {
    GalaxyResult result = outcome.result();
    GalaxyResult.Seeds seeds = Objects.requireNonNull(result.seeds());
    assertEquals(2, seeds.each().size());
    double first = seeds.each().get(0).rmse().get(1);
    double second = seeds.each().get(1).rmse().get(1);
    assertTrue(first != second, "two seeds gave " + first);
    Double spread = result.method("network").scores().get(1).seedSpread();
    assertEquals(Math.abs(first - second) / Math.sqrt(2), Objects.requireNonNull(spread), 1e-12);
    assertNotNull(result.method("two-point").scores().get(0).seedSpread());
  }

  /// The second comparison is among methods that see positions, which the page needs for its sentence on positions alone.
  @Test
  void positionsAloneAreComparedAmongThemselves() {
    GalaxyResult result = outcome.result();
    assertEquals(2, result.comparisons().size());
    GalaxyResult.Comparison places = result.comparisons().get(1);
    assertEquals("network-positions", places.method());
    assertEquals(GalaxyResult.Sees.POSITIONS, result.method(places.baseline()).sees());
    assertFalse(result.comparisons().getFirst().baseline().endsWith("-positions"));
  }

  @Test
  void thePlanOfAStepIsTheMemoryThatItTakes() {
    GalaxyResult.Memory memory = Objects.requireNonNull(outcome.result().memory());
    assertEquals(memory.planned(), memory.measured());
    assertTrue(outcome.result().stages().stream()
        .filter(stage -> stage.name().startsWith("train the network")).allMatch(stage -> stage.planned() != null));
  }

  @Test
  void theProvenanceNamesTheBoxesTheKernelsAndTheSeed() {
    GalaxyResult.Provenance provenance = outcome.result().provenance();
    assertEquals(4, provenance.seed());
    assertEquals(Origins.hash(set.boxes()), provenance.hashes().get("boxes, SHA-256"));
    assertTrue(provenance.versions().keySet().containsAll(List.of("Orrery", "Java", "backend")));
  }
}
