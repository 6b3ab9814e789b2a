package org.orrery.examples.trees;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.orrery.cosmology.Cosmology;
import org.orrery.cosmology.LinearPower;
import org.orrery.cosmology.MergerTree;
import org.orrery.cosmology.MergerTrees;
import org.orrery.inference.PriorBox;
import org.orrery.tensor.Key;
import org.orrery.tensor.cpu.Parallel;

/// Sets of Monte Carlo merger trees, each of one universe: Omega_m and sigma_8 in strata of the prior, the same masses of the halos in every
/// set, redshifts 0 to 5.
public final class UniverseSet {
  /// The parameters of a set.
  public static final List<String> PARAMETERS = List.of("Omega_m", "sigma_8");
  /// Where they lie.
  public static final PriorBox PRIOR = PriorBox.of(new double[] {0.1, 0.6}, new double[] {0.5, 1.0});
  /// log10 of M_sun/h at which a mass is 0 for networks.
  public static final double MASS_UNIT = 13;

  private static final double[] REDSHIFTS = {0, 0.1, 0.25, 0.4, 0.6, 0.8, 1, 1.3, 1.6, 2, 2.5, 3, 4, 5};
  private static final double LIGHTEST = 12.3;
  private static final double HEAVIEST = 13.7;
  private static final double USUAL_OMEGA_M = 0.3;

  private final Recipe recipe;
  private final List<TreeExample> examples;

  /// The lightest halo that is kept.
  public enum Resolution {
    /// The same mass in every universe: it tells nothing of the parameters.
    FIXED,
    /// So many particles, whose mass is proportional to Omega_m, as in simulations of one box and number of particles: it gives Omega_m
    /// away, however few trees there are.
    PARTICLES;

    /// The resolution of a name, in lower case.
    ///
    /// @throws IllegalArgumentException where it is none
    public static Resolution parse(String name) {
      for (Resolution each : values()) {
        if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
          return each;
        }
      }
      throw new IllegalArgumentException("resolution: " + name + "; fixed or particles is required");
    }
  }

  /// What is grown.
  ///
  /// @param sets how many
  /// @param trees of each set
  /// @param resolution how the lightest halo depends on the universe
  /// @param lightest its mass, M_sun/h, at Omega_m = 0.3
  /// @param seed of everything
  public record Recipe(int sets, int trees, Resolution resolution, double lightest, long seed) {
    /// @throws IllegalArgumentException where a number is out of range
    public Recipe {
      if (sets < 1 || trees < 1 || !(lightest >= 1e8 && lightest <= 1e12)) {
        throw new IllegalArgumentException("tree sets: " + sets + " sets of " + trees + " trees down to " + lightest
            + " M_sun/h; at least 1 of each and 1e8 to 1e12 M_sun/h are required");
      }
    }
  }

  private UniverseSet(Recipe recipe, List<TreeExample> examples) {
    this.recipe = recipe;
    this.examples = List.copyOf(examples);
  }

  /// Grows all sets, several at once.
  public static UniverseSet grow(Recipe recipe) {
    Key key = Key.of(recipe.seed());
    int[][] strata = {key.fold("first").permutation(recipe.sets()), key.fold("second").permutation(recipe.sets())};
    TreeExample[] made = new TreeExample[recipe.sets()];
    Parallel.current().forEach(made.length, i -> {
      double[] parameters = new double[PARAMETERS.size()];
      for (int p = 0; p < parameters.length; p++) {
        parameters[p] = PRIOR.low(p) + (PRIOR.high(p) - PRIOR.low(p)) * (strata[p][i] + 0.5) / recipe.sets();
      }
      made[i] = set(recipe, parameters, key.fold("trees").fold(i));
    });
    return new UniverseSet(recipe, List.of(made));
  }

  private static TreeExample set(Recipe recipe, double[] parameters, Key key) {
    double lightest = recipe.resolution() == Resolution.FIXED
        ? recipe.lightest()
        : recipe.lightest() * parameters[0] / USUAL_OMEGA_M;
    MergerTrees universe = MergerTrees.of(new LinearPower(Cosmology.of(parameters[0], parameters[1])), lightest,
        Math.pow(10, HEAVIEST) * 1.01);
    List<MergerHistory> trees = new ArrayList<>();
    for (int t = 0; t < recipe.trees(); t++) {
      double mass = Math.pow(10, LIGHTEST + (HEAVIEST - LIGHTEST) * (t + 0.5) / recipe.trees());
      trees.add(history(universe.grow(mass, REDSHIFTS, key.fold(t))));
    }
    return new TreeExample(trees, parameters);
  }

  private static MergerHistory history(MergerTree tree) {
    double[] logMasses = Arrays.stream(tree.masses()).map(Math::log10).toArray();
    double[] redshifts = Arrays.stream(tree.snapshots()).mapToDouble(s -> REDSHIFTS[s]).toArray();
    return new MergerHistory(tree.descendants(), logMasses, redshifts);
  }

  /// What was grown.
  public Recipe recipe() {
    return recipe;
  }

  /// The sets, in no order of their parameters.
  public List<TreeExample> examples() {
    return examples;
  }

  /// log10 of the lightest mass in a set, M_sun/h.
  static double lightest(TreeExample set) {
    double lightest = Double.POSITIVE_INFINITY;
    for (MergerHistory tree : set.trees()) {
      for (int node = 0; node < tree.size(); node++) {
        lightest = Math.min(lightest, tree.logMass(node));
      }
    }
    return lightest;
  }
}
