package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.FormatException;
import org.orrery.report.GalaxyResult;

/// What minutes buy.
class BudgetTest {
  private static final GalaxyStudy.Options ASKED = GalaxyStudy.Options.of(2000, 3);

  private static Trial trial(double simulation, double training, long graphBytes) {
    return new Trial(time(simulation), time(0.02), time(0.001), time(training), graphBytes,
        new GalaxyResult.Memory(1, 1));
  }

  private static Trial.Time time(double seconds) {
    return new Trial.Time(2 * seconds, seconds);
  }

  /// 0.8 of 360 s less 30 s are 258 s; a box takes 0.1 + 0.02 + 0.8 (0.001 + 25 times 0.002) = 0.1608 s.
  @Test
  void boxesFillFourFifthsOfTheTime() {
    Budget budget = new Budget(6);
    GalaxyStudy.Options chosen = budget.filled(budget.sized(ASKED), trial(0.1, 0.002, 1));
    assertEquals(new SimulationSet.Recipe((int) (258 / 0.1608), 200, 64, 300, 3), chosen.recipe());
    assertEquals(160, chosen.test());
    assertEquals(ASKED.features(), chosen.features());
  }

  @Test
  void moreNetworksLeaveTimeForFewerBoxes() {
    Budget budget = new Budget(6);
    GalaxyStudy.Options three = ASKED.withSeeds(3).with(GalaxyStudy.Beside.POSITIONS_ALONE);
    Trial trial = trial(0.1, 0.002, 1);
    assertEquals((int) (258 / (0.1 + 2 * 0.02 + 4 * 0.8 * 0.051)),
        budget.filled(budget.sized(three), trial).recipe().boxes());
  }

  /// Graphs that do not fit into the heap are made in every epoch, which takes 0.8 times 24 epochs of 1 ms more.
  @Test
  void graphsThatDoNotFitCostTime() {
    Budget budget = new Budget(6);
    assertEquals((int) (258 / (0.12 + 0.8 * 25 * 0.003)), budget.filled(budget.sized(ASKED),
        trial(0.1, 0.002, Runtime.getRuntime().maxMemory())).recipe().boxes());
  }

  @Test
  void anHourBuysLargerBoxesAndAThousandToTest() {
    Budget budget = new Budget(60);
    GalaxyStudy.Options chosen = budget.filled(budget.sized(ASKED), trial(0.2, 0.005, 1));
    assertEquals(300, chosen.recipe().side());
    assertEquals(1000, chosen.recipe().halos());
    assertEquals(1000, chosen.test());
  }

  @Test
  void whatIsTooLittleIsRefused() {
    Budget budget = new Budget(1);
    String said = String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> budget.filled(budget.sized(ASKED), trial(1, 0.002, 1))).getMessage());
    assertTrue(said.contains("at least 100 are required"), said);
    assertThrows(IllegalArgumentException.class, () -> new Budget(0));
  }

  @Test
  void whatWasChosenIsChosenAgain(@TempDir Path folder) throws IOException {
    Path kept = folder.resolve("plan.properties");
    Budget budget = new Budget(6);
    GalaxyStudy.Options chosen = budget.filled(budget.sized(ASKED), trial(0.1, 0.002, 1));
    budget.write(kept, chosen);
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    assertEquals(chosen, GalaxyStudy.within(budget, ASKED, kept, nowhere).options());
    assertThrows(FormatException.class, () -> GalaxyStudy.within(new Budget(7), ASKED, kept, nowhere));
    Files.writeString(kept, "minutes=6.0\nboxes=many\n");
    assertThrows(FormatException.class, () -> GalaxyStudy.within(budget, ASKED, kept, nowhere));
  }
}
