package org.orrery.examples.camels;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.inference.Score;
import org.orrery.io.FormatException;
import org.orrery.io.NumPy;
import org.orrery.io.NumericArray;
import org.orrery.report.FiniteJson;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.training.TrainingRun;

class SpectrumStudyTest {
  private static final int SIMULATIONS = 200;
  private static final int WIDTH = 12;

  @TempDir
  private Path folder;

  /// ln P = 5 + 3 sigma_8 - (1 + 2 Omega_m) ln k, and noise of 0.05: both parameters follow from amplitude and slope.
  private void write(String suite, int... snapshots) throws IOException {
    float[] uniform = Key.of(11).uniform(2 * SIMULATIONS);
    String parameters = IntStream.range(0, SIMULATIONS)
        .mapToObj(i -> String.format(Locale.ROOT, "LH_%d %.5f %.5f 1 1 1 1 %d", i, 0.1 + 0.4 * uniform[2 * i],
            0.6 + 0.4 * uniform[2 * i + 1], i))
        .collect(Collectors.joining("\n", "#Name Omega_m sigma_8 A_SN1 A_AGN1 A_SN2 A_AGN2 seed\n", "\n"));
    Files.writeString(folder.resolve("CosmoAstroSeed_" + suite + "_L25n256_LH.txt"), parameters);
    Files.writeString(folder.resolve("k_values.txt"),
        IntStream.range(0, WIDTH).mapToObj(j -> Double.toString(0.3 * Math.exp(0.3 * j)))
            .collect(Collectors.joining("\n")));
    for (int snapshot : snapshots) {
      float[] noise = Key.of(snapshot).normal(SIMULATIONS * WIDTH);
      float[] power = new float[SIMULATIONS * WIDTH];
      for (int p = 0; p < power.length; p++) {
        int i = p / WIDTH;
        double lnK = Math.log(0.3) + 0.3 * (p % WIDTH);
        power[p] = (float) Math.exp(5 + 3 * (0.6 + 0.4 * uniform[2 * i + 1])
            - (1 + 2 * (0.1 + 0.4 * uniform[2 * i])) * lnK + 0.05 * noise[p]);
      }
      NumPy.write(file(suite, snapshot), NumericArray.of(Shape.of(SIMULATIONS, WIDTH), power));
    }
  }

  private Path file(String suite, int snapshot) {
    return folder.resolve("Pk_galaxies_" + suite + "_LH_" + snapshot + "_kmax=20.0.npy");
  }

  @Test
  void everySimulationIsEstimatedOnceAndWell() throws IOException {
    write("Toy", 33, 24);
    SpectrumSet set = SpectrumSet.read(folder, "Toy");
    assertEquals(List.of(33, 24), set.snapshots());
    SpectrumStudy.Options options = new SpectrumStudy.Options(4, 1, 40, 1, 3);
    List<SpectrumStudy.Repeat> repeats = new SpectrumStudy(set, options).run(r -> TrainingRun.silent());
    SpectrumStudy.Repeat repeat = repeats.getFirst();
    assertEquals(SIMULATIONS, repeat.network().size());
    assertTrue(Score.R2.of(repeat.network(), 0) > 0.9, "Omega_m " + Score.R2.of(repeat.network(), 0));
    assertTrue(Score.R2.of(repeat.network(), 1) > 0.9, "sigma_8 " + Score.R2.of(repeat.network(), 1));
    assertTrue(Math.abs(Score.R2.of(requireNonNull(repeat.baselines().get("the mean")), 0)) < 0.1);

    SpectrumReport report = new SpectrumReport(set, repeats, "./orrery camels-pk", 3);
    SpectrumReport.Result result = report.result();
    Path page = folder.resolve("report.html");
    SpectrumReport.write(result, report, page);
    assertEquals(result,
        FiniteJson.read(Files.readString(folder.resolve("result.json")), SpectrumReport.Result.class));
    boolean beats = SpectrumReport.beatsRidge(result);
    assertTrue(Files.readString(page).contains(beats ? "The network beats" : "The network does not beat"));
  }

  @Test
  void theLatestSnapshotStandsFirst() throws IOException {
    write("Toy", 10, 33);
    SpectrumSet all = SpectrumSet.read(folder, "Toy");
    SpectrumSet latest = all.latest(1);
    assertEquals(List.of(33), latest.snapshots());
    assertEquals(all.logPower(0, 5)[3], latest.logPower(0, 5)[3]);
    assertEquals(2 * latest.bands(0).length, all.bands(0).length);
    assertThrows(IllegalArgumentException.class, () -> all.latest(3));
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    write("Toy", 33);
    assertTrue(message(() -> SpectrumSet.read(folder, "SIMBA")).contains("[Toy]"));
    assertTrue(message(() -> SpectrumSet.suites(folder.resolve("nowhere"))).contains("no folder"));
    NumPy.write(file("Toy", 24), NumericArray.of(Shape.of(2, WIDTH), new float[2 * WIDTH]));
    String sizes = message(() -> SpectrumSet.read(folder, "Toy"));
    assertTrue(sizes.contains("[200, 12] is required"), sizes);
    float[] power = new float[SIMULATIONS * WIDTH];
    Arrays.fill(power, 1);
    power[3 * WIDTH + 5] = -2;
    NumPy.write(file("Toy", 24), NumericArray.of(Shape.of(SIMULATIONS, WIDTH), power));
    String negative = message(() -> SpectrumSet.read(folder, "Toy"));
    assertTrue(negative.contains("power 5 of simulation 3 is -2.0"), negative);
    Files.writeString(folder.resolve("k_values.txt"), "0.3\nwide\n");
    assertTrue(message(() -> SpectrumSet.read(folder, "Toy")).contains("line 2"));
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static String message(Reading reading) {
    return String.valueOf(assertThrows(FormatException.class, reading::run).getMessage());
  }
}
