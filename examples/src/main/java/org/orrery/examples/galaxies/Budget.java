package org.orrery.examples.galaxies;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.orrery.io.FormatException;
import org.orrery.io.WholeFile;

/// What a number of minutes buys on this machine.
///
/// | minutes | side | cells | halos | test boxes |
/// |---|---|---|---|---|
/// | below 12 | 200 Mpc/h | 64 | 300 | a tenth |
/// | 12 and more | 300 Mpc/h | 96 | 1,000 | a sixth, at most 1,000 |
///
/// As many boxes as four fifths of the time allow, by what [Trial] measures: each is simulated, looked at by the two-point statistics, and a
/// training box goes through every network in every epoch.
///
/// @param minutes by the clock, from the start to the page
public record Budget(double minutes) {
  private static final double LARGE = 12;
  private static final double SHARE = 0.8;
  private static final int LEAST = 100;
  private static final int MOST = 20_000;
  private static final int MOST_TESTS = 1000;
  private static final double TRAINED = 0.8;

  /// Checks the number.
  ///
  /// @throws IllegalArgumentException unless it is positive and finite
  public Budget {
    if (!(minutes > 0 && minutes < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("budget: " + minutes + " minutes; a positive number is required");
    }
  }

  private boolean isLarge() { return minutes >= LARGE; }

  /// What is asked for with the boxes of the table, still as many as before.
  GalaxyStudy.Options sized(GalaxyStudy.Options asked) {
    SimulationSet.Recipe old = asked.recipe();
    return asked.with(isLarge()
        ? new SimulationSet.Recipe(old.boxes(), 300, 96, 1000, old.seed())
        : new SimulationSet.Recipe(old.boxes(), 200, 64, 300, old.seed()), asked.validation(), asked.test());
  }

  /// The same with as many boxes as the time allows.
  ///
  /// @throws IllegalArgumentException where that is fewer than a study needs
  GalaxyStudy.Options filled(GalaxyStudy.Options sized, Trial trial) {
    int networks = sized.trainings().size() - 1; // that without links takes next to nothing
    int looks = sized.trainings().getLast().equals("positions alone") ? 2 : 1;
    double fixed = trial.simulation().wall() + looks * trial.statistics().wall();
    double once = TRAINED * trial.linking().wall() * networks;
    double epochs = TRAINED * sized.epochs() * networks;
    double seconds = 60 * minutes * SHARE - (isLarge() ? 90 : 30); // baselines, audit and influence
    int boxes = (int) Math.min(MOST, seconds / (fixed + once + epochs * trial.training().wall()));
    if (boxes >= 1 && !HaloTraining.keeps((int) (TRAINED * boxes), trial.graphBytes())) {
      boxes = (int) Math.min(MOST, seconds / (fixed + epochs * (trial.training().wall() + trial.linking().wall())));
    }
    if (boxes < LEAST) {
      throw new IllegalArgumentException(String.format(Locale.ROOT,
          "budget: %s minutes are enough for %d boxes of %s Mpc/h on this machine; at least %d are required", minutes,
          Math.max(0, boxes), sized.recipe().side(), LEAST));
    }
    int test = isLarge() ? Math.min(MOST_TESTS, boxes / 6) : boxes / 10;
    SimulationSet.Recipe old = sized.recipe();
    return sized.with(new SimulationSet.Recipe(boxes, old.side(), old.cells(), old.halos(), old.seed()), boxes / 10,
        test);
  }

  /// Writes what was chosen, so that the same command chooses it again.
  ///
  /// @throws IOException where that fails
  void write(Path file, GalaxyStudy.Options chosen) throws IOException {
    SimulationSet.Recipe recipe = chosen.recipe();
    String text = String.format(Locale.ROOT, "minutes=%s%nboxes=%d%nside=%s%ncells=%d%nhalos=%d%nvalidation=%d%n"
        + "test=%d%n", minutes, recipe.boxes(), recipe.side(), recipe.cells(), recipe.halos(), chosen.validation(),
        chosen.test());
    WholeFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// What was chosen before, as [#write] keeps it.
  ///
  /// @throws FormatException naming the file, where it is not one of these or of another number of minutes
  /// @throws IOException where it cannot be read
  GalaxyStudy.Options read(Path file, GalaxyStudy.Options asked) throws IOException {
    Properties kept = new Properties();
    try {
      kept.load(new StringReader(Files.readString(file)));
      if (Double.parseDouble(kept.getProperty("minutes", "")) != minutes) {
        throw new FormatException(file + ": chosen for " + kept.getProperty("minutes") + " minutes, and " + minutes
            + " are asked for; another folder is required");
      }
      double side = Double.parseDouble(kept.getProperty("side", ""));
      SimulationSet.Recipe recipe = new SimulationSet.Recipe(number(kept, "boxes"), side, number(kept, "cells"),
          number(kept, "halos"), asked.recipe().seed());
      return asked.with(recipe, number(kept, "validation"), number(kept, "test"));
    } catch (IllegalArgumentException wrong) {
      throw new FormatException(file + ": not what a budget chose: " + wrong.getMessage(), wrong);
    }
  }

  private static int number(Properties kept, String name) {
    return Integer.parseInt(kept.getProperty(name, ""));
  }
}
