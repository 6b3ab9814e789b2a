package org.orrery.cosmology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.orrery.cosmology.MergerTrees.Correction;
import org.orrery.tensor.Key;

/// Monte Carlo merger trees against what they must keep and against the theory that they draw from.
class MergerTreesTest {
  private static final LinearPower POWER = new LinearPower(new Cosmology(0.25, 0.045, 0.73, 1, 0.9));
  private static final double[] REDSHIFTS = {0, 0.5, 1, 2};

  @Test
  void progenitorsWeighNoMoreThanWhatTheyBecame() {
    MergerTrees trees = MergerTrees.of(POWER, 1e11, 1e13);
    for (int seed = 0; seed < 20; seed++) {
      MergerTree tree = trees.grow(1e13, REDSHIFTS, Key.of(seed));
      double[] sums = new double[tree.size()];
      double[] masses = tree.masses();
      int[] into = tree.descendants();
      for (int node = 1; node < tree.size(); node++) {
        sums[into[node]] += masses[node];
        assertTrue(masses[node] >= 1e11, "seed " + seed);
        assertEquals(tree.snapshots()[into[node]] + 1, tree.snapshots()[node], "seed " + seed);
        assertTrue(into[node] < node);
      }
      for (int node = 0; node < tree.size(); node++) {
        assertTrue(sums[node] <= masses[node] * (1 + 1e-12), "seed " + seed + ", node " + node);
      }
      assertEquals(1, tree.forest().roots().size());
    }
  }

  @Test
  void aKeyGrowsTheSameTree() {
    MergerTrees trees = MergerTrees.of(POWER, 1e11, 1e13);
    assertArrayEquals(trees.grow(1e13, REDSHIFTS, Key.of(4)).masses(),
        trees.grow(1e13, REDSHIFTS, Key.of(4)).masses());
  }

  @Test
  void theMainBranchFollowsTheHeaviest() {
    MergerTree.Growing growing = new MergerTree.Growing();
    growing.add(-1, 10, 0);
    growing.add(0, 4, 1);
    growing.add(0, 5, 1);
    growing.add(1, 3, 2);
    growing.add(2, 1, 2);
    growing.add(2, 3, 2);
    growing.add(2, 3, 2);
    assertArrayEquals(new int[] {0, 2, 5}, growing.grown().mainBranch());
  }

  /// Without correction the mean mass in progenitors is that of extended Press-Schechter theory (Lacey & Cole 1993, eq. 2.15):
  /// f(M_1) = sqrt(2 / pi) nu sigma_1^2 alpha_1 / (sigma_1^2 - sigma_2^2) exp(-nu^2 / 2) per ln M_1, with
  /// nu = (delta_1 - delta_2) / sqrt(sigma_1^2 - sigma_2^2). Binary splits give it within some 15 % where progenitors are light.
  @Test
  void withoutCorrectionProgenitorsFollowExtendedPressSchechter() {
    agreesWithin(0.2, Correction.NONE, (nu, factor) -> Math.sqrt(2 / Math.PI) * nu * Math.exp(-nu * nu / 2) * factor);
  }

  /// The fit of Cole et al. 2008, eq. 7, to the Millennium simulation, f = 0.4 nu^(3/4) exp(-nu^3 / 10), which the correction was
  /// made for.
  @Test
  void withTheCorrectionProgenitorsFollowTheMillenniumSimulation() {
    agreesWithin(0.25, Correction.PARKINSON_2008,
        (nu, factor) -> 0.4 * Math.pow(nu, 0.75) * Math.exp(-nu * nu * nu / 10) * factor);
  }

  private interface Fraction {
    double at(double nu, double factor);
  }

  private static void agreesWithin(double tolerance, Correction correction, Fraction theory) {
    double mass = 1e13;
    MergerTrees trees = MergerTrees.of(POWER, 1e10, mass, correction);
    int count = 300;
    int bins = 10;
    double width = Math.log(1e3) / bins;
    double[][] found = new double[REDSHIFTS.length][bins];
    for (int t = 0; t < count; t++) {
      MergerTree tree = trees.grow(mass, REDSHIFTS, Key.of(t));
      double[] masses = tree.masses();
      int[] snapshots = tree.snapshots();
      for (int node = 0; node < tree.size(); node++) {
        int bin = Math.min(bins - 1, (int) (Math.log(mass / masses[node]) / width));
        found[snapshots[node]][bin] += masses[node] / mass / count / width;
      }
    }
    double sigma = trees.sigma(Math.log(mass));
    for (int s = 1; s < REDSHIFTS.length; s++) {
      double apart = trees.collapse(REDSHIFTS[s]) - trees.collapse(0);
      for (int bin = 4; bin < bins; bin++) {
        double log = Math.log(mass) - (bin + 0.5) * width;
        double first = trees.sigma(log) * trees.sigma(log);
        double difference = first - sigma * sigma;
        double expected = theory.at(apart / Math.sqrt(difference), first / difference * trees.slope(log));
        assertEquals(1, found[s][bin] / expected, tolerance, "redshift " + REDSHIFTS[s] + ", bin " + bin);
      }
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    MergerTrees trees = MergerTrees.of(POWER, 1e11, 1e13);
    assertEquals("merger trees: a halo of 2.0E13 M_sun/h; 1.0E11 to 1.0E13 is required",
        assertThrows(IllegalArgumentException.class, () -> trees.grow(2e13, REDSHIFTS, Key.of(0))).getMessage());
    assertThrows(IllegalArgumentException.class, () -> trees.grow(1e12, new double[] {0, 1, 1}, Key.of(0)));
    assertThrows(IllegalArgumentException.class, () -> trees.grow(1e12, new double[] {}, Key.of(0)));
    assertThrows(IllegalArgumentException.class, () -> MergerTrees.of(POWER, 1e12, 1e11));
  }
}
