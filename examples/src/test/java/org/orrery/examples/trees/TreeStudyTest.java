package org.orrery.examples.trees;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.examples.trees.TreeResult.Row;
import org.orrery.examples.trees.TreeResult.Verdict;
import org.orrery.examples.trees.UniverseSet.Recipe;
import org.orrery.examples.trees.UniverseSet.Resolution;
import org.orrery.inference.GaussianMixture;
import org.orrery.inference.Predictions;
import org.orrery.tensor.Key;
import org.orrery.training.TrainingRun;

/// Studies of merger trees, small.
class TreeStudyTest {
  private static TreeStudy.Options options(TreeTraining training, TreeNetwork.Kind... kinds) {
    return new TreeStudy.Options(List.of(kinds), 8, training.withEpochs(3), 1, 2);
  }

  private static TreeStudy.Outcome universes(Recipe recipe) {
    return new TreeStudy(options(TreeTraining.SETS, TreeNetwork.Kind.MAIN_BRANCH_LSTM),
        new PrintWriter(new StringWriter())).universes(UniverseSet.grow(recipe), (n, title) -> TrainingRun.silent(),
            "command");
  }

  /// The mass of a particle is proportional to Omega_m: so is the lightest halo where particles are counted, and not where masses are.
  @Test
  void aResolutionInParticlesGivesTheDensityAway() {
    for (Resolution resolution : Resolution.values()) {
      List<TreeExample> sets = UniverseSet.grow(new Recipe(12, 3, resolution, 1e11, 3)).examples();
      double[] omega = sets.stream().mapToDouble(set -> Math.log10(set.truth()[0] / 0.3)).toArray();
      double[] above = sets.stream().mapToDouble(set -> UniverseSet.lightest(set) - 11).toArray();
      for (int i = 0; i < omega.length; i++) {
        assertEquals(resolution == Resolution.PARTICLES ? omega[i] : 0, above[i], 0.03);
      }
    }
  }

  @Test
  void parametersFillThePriorAndTreesAreThoseOfTheSeed() {
    Recipe recipe = new Recipe(8, 2, Resolution.FIXED, 3e11, 5);
    List<TreeExample> sets = UniverseSet.grow(recipe).examples();
    double[] omega = sets.stream().mapToDouble(set -> set.truth()[0]).sorted().toArray();
    assertArrayEquals(IntStream.range(0, 8).mapToDouble(i -> 0.125 + 0.05 * i).toArray(), omega, 1e-12);
    List<TreeExample> again = UniverseSet.grow(recipe).examples();
    for (int i = 0; i < 8; i++) {
      MergerHistory tree = sets.get(i).trees().getFirst();
      MergerHistory twin = again.get(i).trees().getFirst();
      assertEquals(tree.size(), twin.size());
      assertEquals(tree.logMass(tree.size() - 1), twin.logMass(tree.size() - 1));
    }
  }

  @Test
  void aStudyOfSetsIsTheSameTwiceAndIsWrittenWhole(@TempDir Path folder) throws IOException {
    Recipe recipe = new Recipe(24, 2, Resolution.FIXED, 2e11, 5);
    TreeResult result = universes(recipe).result();
    assertEquals(universes(recipe).result().rows(), result.rows());
    assertEquals(List.of("main-branch LSTM", "ridge on the main branch", "ridge with node counts", "DeepSets"),
        result.rows().stream().map(Row::name).toList());
    assertEquals(2, result.rows().getFirst().seeds());
    assertEquals(3, result.examples().size());
    TreePage.write(result, folder.resolve("report.html"));
    String page = Files.readString(folder.resolve("report.html"));
    assertTrue(page.contains("A resolution that gives the answer away") && page.contains("main-branch LSTM"));
    assertTrue(Files.readString(folder.resolve("result.json")).contains("errorRatio"));
    assertTrue(TreePage.text(result).contains("The lightest node alone gives Omega_m with R2"));
  }

  @Test
  void tooFewSetsOrNetworksAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> universes(new Recipe(8, 1, Resolution.FIXED, 2e11, 5)));
    assertThrows(IllegalArgumentException.class, () -> options(TreeTraining.SETS));
    assertThrows(IllegalArgumentException.class,
        () -> options(TreeTraining.SETS, TreeNetwork.Kind.SAGE, TreeNetwork.Kind.SAGE));
    assertThrows(IllegalArgumentException.class, () -> new Recipe(10, 1, Resolution.FIXED, 1e13, 5));
    assertThrows(IllegalArgumentException.class, () -> Resolution.parse("fine"));
    assertThrows(IllegalArgumentException.class, () -> TreeNetwork.Kind.parse("gpt"));
  }

  /// Four forests whose halos are the larger the faster they grew: every halo is estimated, by a ridge nearly exactly.
  @Test
  void halosAreEstimatedByModelsThatHaveNotSeenTheirTrees(@TempDir Path folder) throws IOException {
    StringBuilder[] files = new StringBuilder[6];
    double[] draws = Key.of(4).uniformDouble(240);
    for (int i = 0; i < 240; i++) {
      int f = i % files.length;
      if (files[f] == null) {
        files[f] = new StringBuilder(
            "node,descendant,redshift,mass_msun_h,np,x_mpc_h,y_mpc_h,z_mpc_h,vx_kms,vy_kms,vz_kms,"
                + "halfmass_radius_mpc_h\n");
      }
      String rest = "1,1,1,0,0,0,";
      files[f].append(2 * i).append(",-1,0,1e12,1000,").append(rest).append(Math.pow(10, draws[i])).append('\n');
      files[f].append(2 * i + 1).append(',').append(2 * i).append(",0.5,1e11,")
          .append(Math.round(100 * Math.pow(10, 0.9 * draws[i]))).append(',').append(rest).append("0.1\n");
    }
    List<Path> paths = IntStream.range(0, files.length).mapToObj(f -> folder.resolve(f + ".csv")).toList();
    for (int f = 0; f < files.length; f++) {
      Files.writeString(paths.get(f), files[f]);
    }
    RadiusSet set = RadiusSet.read(paths, RadiusSet.Cut.USUAL);
    TreeResult result = new TreeStudy(options(TreeTraining.TREES, TreeNetwork.Kind.TREE_GRU),
        new PrintWriter(new StringWriter())).radii(set, (n, title) -> TrainingRun.silent(), "command").result();
    assertEquals(240, result.examples().size());
    Row ridge = result.rows().get(1);
    assertEquals("ridge on the main branch", ridge.name());
    assertTrue(ridge.r2().getFirst() > 0.99, ridge.toString());
    assertEquals(Verdict.WORSE, TreeResult.verdict(result.rows().getFirst()));
    assertFalse(TreePage.html(result).contains("gives the answer away"));
  }

  @Test
  void theVerdictFollowsTheIntervals() {
    assertEquals(Verdict.BETTER, verdict(0.95, 0.7, 0.99));
    assertEquals(Verdict.NOT_WORSE, verdict(0.95, 0.9, 1.1));
    assertEquals(Verdict.WORSE, verdict(0.95, 1.01, 1.2));
    assertThrows(IllegalArgumentException.class, () -> TreeResult
        .verdict(new Row("ridge", false, List.of(), List.of(), List.of(), List.of(), 1, List.of())));
  }

  /// Of a ratio from 0.8 to `firstHigh` for one parameter, and another for the other.
  private static Verdict verdict(double firstHigh, double low, double high) {
    return TreeResult.verdict(new Row("network", true, List.of(), List.of(), List.of(), List.of(), 1,
        List.of(List.of(0.8, 0.9, firstHigh), List.of(low, (low + high) / 2, high))));
  }

  /// Errors 1 of the model and 2 of the baseline in every group: the ratio is 1/2 in every resample. Of two groups, one with 1 and 2, one
  /// with 2 and 1, the ends are 1/2 and 2, however many examples each has.
  @Test
  void wholeGroupsAreResampled() {
    assertEquals(List.of(0.5, 0.5, 0.5), ratio(new double[] {1, 1, 1}, new double[] {2, 2, 2}, 0, 1, 2));
    List<Double> ends = ratio(new double[] {1, 1, 1, 2}, new double[] {2, 2, 2, 1}, 0, 0, 0, 1);
    assertEquals(0.5, ends.get(0), 1e-12);
    assertEquals(2, ends.get(2), 1e-12);
  }

  private static List<Double> ratio(double[] model, double[] baseline, int... groups) {
    return GroupBootstrap.errorRatio(off(model), off(baseline), groups, 0, Key.of(6));
  }

  private static Predictions off(double[] errors) {
    return Predictions.of(
        Arrays.stream(errors).mapToObj(e -> GaussianMixture.normal(new double[] {e}, new double[][] {{1}})).toList(),
        new double[errors.length][1]);
  }

  /// By hand: a halo of 1000 with progenitors of 600 and 200 at z = 1, the first of which had 60 at z = 3.
  @Test
  void statisticsAreThoseOfTheMainBranchAndCounts() {
    MergerHistory tree = new MergerHistory(new int[] {-1, 0, 0, 1},
        new double[] {3, Math.log10(600), Math.log10(200), Math.log10(60)}, new double[] {0, 1, 1, 3});
    double[] all = TreeStatistics.NODE_COUNTS.of(new TreeExample(List.of(tree), 0));
    Map<Integer, Double> expected = Map.of(0, 3.0, 1, 0.0, 7, Math.log10(0.6), 8, Math.log10(0.06), 13, -2.0, 15,
        Math.log10(2), 21, Math.log10(3), 26, Math.log10(2));
    expected.forEach((at, value) -> assertEquals(value, all[at], 1e-12, "statistic " + at));
    assertEquals(29, all.length);
    assertArrayEquals(Arrays.copyOf(all, 15), TreeStatistics.MAIN_BRANCH.of(new TreeExample(List.of(tree), 0)));
  }
}
