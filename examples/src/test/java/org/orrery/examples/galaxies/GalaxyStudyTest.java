package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.orrery.report.GalaxyResult;
import org.orrery.training.TrainingRun;

/// The whole job on boxes small enough for a test.
class GalaxyStudyTest {
  @Test
  void theResultTellsWhichSymmetriesTheTrainedModelKeeps() {
    GalaxyStudy.Options options = new GalaxyStudy.Options(new SimulationSet.Recipe(30, 100, 16, 20, 4),
        Set.of(Feature.VELOCITIES), 30, new HaloModel.Options(1, 4), 8, 10, 10);
    SimulationSet set = SimulationSet.simulate(options.recipe(), done -> {});
    GalaxyResult result = new GalaxyStudy(options, new PrintWriter(Writer.nullWriter()))
        .run(set, List.of(TrainingRun.silent(), TrainingRun.silent()), List.of()).result();
    assertEquals(List.of("permutation", "rotation", "reflection", "periodic translation"),
        result.symmetries().stream().map(GalaxyResult.Claim::group).toList());
    for (GalaxyResult.Claim claim : result.symmetries()) {
      assertTrue(claim.holds() && claim.brokenBy() == null, claim.toString());
    }
  }
}
