package org.orrery.cosmology;

import java.util.Arrays;
import org.orrery.tensor.Key;

/// Monte Carlo merger trees by extended Press-Schechter theory with the correction of Parkinson, Cole & Helly 2008.
///
/// While the collapse density delta = 1.686 / D(z) rises by one, a halo of mass M_2 splits off progenitors of mass M_1 at the rate
///
/// dN/dM_1 = G sqrt(2 / pi) alpha_1 sigma_1^2 / (sigma_1^2 - sigma_2^2)^(3/2) M_2 / M_1^2,
/// G = G_0 (sigma_1 / sigma_2)^gamma_1 (delta / sigma_2)^gamma_2, alpha = -d ln sigma / d ln M
///
/// (their eqs. 2 and 3). Progenitors below the resolution are smooth accretion,
/// `F = G_0 sqrt(2 / pi) (delta / sigma_2)^gamma_2 / sigma_2 int_0^u_res (1 + 1 / u^2)^(gamma_1 / 2) du` with
/// `u = sigma_2 / sqrt(sigma_1^2 - sigma_2^2)`. A step is short enough that a split has at most the chance 0.1.
///
/// The rates are tabulated when an instance is made; it can then be used by many threads.
public final class MergerTrees {
  private static final int VARIANCES = 400;
  private static final int MASSES = 160;
  private static final int SPLITS = 64;
  private static final int ACCRETION = 400;
  private static final double SHORT_STEP = 0.1;
  private static final double LARGEST_CHANCE = 0.1;

  private final Cosmology cosmology;
  private final Correction correction;
  private final double resolution;
  private final double heaviest;
  private final double lowestLog;
  private final double highestLog;
  private final double[] logSigma = new double[VARIANCES];
  private final double[] slope = new double[VARIANCES];
  private final double[] splitRate = new double[MASSES];
  private final double[] accretion = new double[MASSES];
  private final double[][] cumulative = new double[MASSES][SPLITS];
  private final double[][] logSplit = new double[MASSES][SPLITS];

  /// The factor on the rates of extended Press-Schechter theory: G_0 (sigma_1 / sigma_2)^gamma_1 (delta_2 / sigma_2)^gamma_2.
  ///
  /// @param factor G_0
  /// @param firstPower gamma_1
  /// @param secondPower gamma_2
  public record Correction(double factor, double firstPower, double secondPower) {
    /// No correction.
    public static final Correction NONE = new Correction(1, 0, 0);
    /// The fit of Parkinson, Cole & Helly 2008 to the Millennium simulation.
    public static final Correction PARKINSON_2008 = new Correction(0.57, 0.38, -0.01);
  }

  private MergerTrees(LinearPower power, double resolution, double heaviest, Correction correction) {
    cosmology = power.cosmology();
    this.correction = correction;
    this.resolution = resolution;
    this.heaviest = heaviest;
    lowestLog = Math.log(resolution * 0.3);
    highestLog = Math.log(heaviest * 2);
    double step = (highestLog - lowestLog) / (VARIANCES - 1);
    for (int i = 0; i < VARIANCES; i++) {
      logSigma[i] = Math.log(power.sigmaOfMass(Math.exp(lowestLog + i * step)));
    }
    for (int i = 0; i < VARIANCES; i++) {
      int before = Math.max(0, i - 1);
      int after = Math.min(VARIANCES - 1, i + 1);
      slope[i] = (logSigma[before] - logSigma[after]) / ((after - before) * step);
    }
    for (int j = 0; j < MASSES; j++) {
      tabulate(j);
    }
  }

  /// Trees of halos up to a mass, with the correction of Parkinson, Cole & Helly.
  ///
  /// @param resolution the lightest progenitor that is kept, M_sun/h
  /// @param heaviest the heaviest halo that will be grown, M_sun/h
  /// @throws IllegalArgumentException unless 0 < resolution < heaviest < infinity
  public static MergerTrees of(LinearPower power, double resolution, double heaviest) {
    return of(power, resolution, heaviest, Correction.PARKINSON_2008);
  }

  /// The same with another correction.
  public static MergerTrees of(LinearPower power, double resolution, double heaviest, Correction correction) {
    if (!(resolution > 0 && heaviest > resolution && heaviest < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("merger trees: resolution " + resolution + " and heaviest " + heaviest
          + "; 0 < resolution < heaviest < infinity is required");
    }
    return new MergerTrees(power, resolution, heaviest, correction);
  }

  /// Splits and accretion of the j-th mass, per unit of delta, without the power of delta / sigma_2.
  private void tabulate(int j) {
    double log = Math.log(resolution) + logMassStep() * j;
    double mass = Math.exp(log);
    double sigma = sigma(log);
    double low = Math.log(resolution);
    double high = log - Math.log(2);
    if (high > low) {
      double step = (high - low) / (SPLITS - 1);
      double sum = 0;
      double previous = 0;
      for (int q = 0; q < SPLITS; q++) {
        double logProgenitor = low + q * step;
        double density = rate(logProgenitor, mass, sigma) * Math.exp(logProgenitor);
        if (q > 0) {
          sum += (density + previous) / 2 * step;
        }
        previous = density;
        cumulative[j][q] = sum;
        logSplit[j][q] = logProgenitor;
      }
      splitRate[j] = sum;
      for (int q = 0; q < SPLITS; q++) {
        cumulative[j][q] /= sum;
      }
    }
    double edge = sigma(Math.min(low, high));
    double limit = sigma / Math.sqrt(edge * edge - sigma * sigma);
    double sum = 0;
    for (int q = 0; q < ACCRETION; q++) {
      double u = limit * (q + 0.5) / ACCRETION;
      sum += Math.pow(1 + 1 / (u * u), correction.firstPower() / 2);
    }
    accretion[j] = correction.factor() * Math.sqrt(2 / Math.PI) / sigma * sum * limit / ACCRETION;
  }

  private double logMassStep() {
    return Math.log(heaviest * 1.01 / resolution) / (MASSES - 1);
  }

  private double rate(double logProgenitor, double mass, double sigma) {
    double first = sigma(logProgenitor);
    double progenitor = Math.exp(logProgenitor);
    double apart = first * first - sigma * sigma;
    return correction.factor() * Math.pow(first / sigma, correction.firstPower()) * Math.sqrt(2 / Math.PI)
        * interpolated(slope, logProgenitor) * first * first / (apart * Math.sqrt(apart)) * mass
        / (progenitor * progenitor);
  }

  /// sigma at a ln M.
  double sigma(double logMass) {
    return Math.exp(interpolated(logSigma, logMass));
  }

  /// alpha at a ln M.
  double slope(double logMass) {
    return interpolated(slope, logMass);
  }

  private double interpolated(double[] table, double logMass) {
    double at = (logMass - lowestLog) / (highestLog - lowestLog) * (VARIANCES - 1);
    int i = Math.clamp((int) at, 0, VARIANCES - 2);
    return table[i] + (at - i) * (table[i + 1] - table[i]);
  }

  /// The linear density of collapse at a redshift, in units of today's field: 1.686 / D(z).
  double collapse(double redshift) {
    return Cosmology.COLLAPSE / cosmology.growth(redshift);
  }

  /// Grows the tree of a halo back in time.
  ///
  /// @param mass at the first redshift, M_sun/h
  /// @param redshifts at which progenitors are noted, ascending
  /// @throws IllegalArgumentException unless the mass is between resolution and heaviest, and the redshifts ascend from 0 or
  ///   more
  public MergerTree grow(double mass, double[] redshifts, Key key) {
    if (!(mass >= resolution && mass <= heaviest)) {
      throw new IllegalArgumentException("merger trees: a halo of " + mass + " M_sun/h; " + resolution + " to "
          + heaviest + " is required");
    }
    double[] barriers = new double[redshifts.length];
    for (int s = 0; s < redshifts.length; s++) {
      barriers[s] = collapse(redshifts[s]);
      if (s > 0 && !(redshifts[s] > redshifts[s - 1])) {
        throw new IllegalArgumentException("merger trees: redshift " + redshifts[s] + " after " + redshifts[s - 1]
            + "; ascending ones are required");
      }
    }
    if (redshifts.length == 0) {
      throw new IllegalArgumentException("merger trees: no redshifts; one or more are required");
    }
    Draws draws = new Draws(key);
    MergerTree.Growing tree = new MergerTree.Growing();
    tree.add(-1, mass, 0);
    for (int node = 0; node < tree.size(); node++) {
      int snapshot = tree.snapshot(node);
      if (snapshot + 1 < redshifts.length) {
        growProgenitors(tree, node, barriers[snapshot], barriers[snapshot + 1], draws);
      }
    }
    return tree.grown();
  }

  /// Pieces of a halo on their way back from one barrier to the next.
  private void growProgenitors(MergerTree.Growing tree, int node, double from, double to, Draws draws) {
    double[] masses = new double[16];
    double[] barriers = new double[16];
    masses[0] = tree.mass(node);
    barriers[0] = from;
    int waiting = 1;
    while (waiting > 0) {
      waiting--;
      double mass = masses[waiting];
      double barrier = barriers[waiting];
      while (barrier < to && mass >= resolution) {
        double logMass = Math.log(mass);
        double at = (logMass - Math.log(resolution)) / logMassStep();
        int j = Math.clamp((int) at, 0, MASSES - 2);
        double weight = at - j;
        double sigma = sigma(logMass);
        double power = Math.pow(barrier / sigma, correction.secondPower());
        double splits = ((1 - weight) * splitRate[j] + weight * splitRate[j + 1]) * power;
        double smooth = ((1 - weight) * accretion[j] + weight * accretion[j + 1]) * power;
        double half = sigma(logMass - Math.log(2));
        double step = Math.min(to - barrier, SHORT_STEP * Math.sqrt(2 * (half * half - sigma * sigma)));
        if (splits > 0) {
          step = Math.min(step, LARGEST_CHANCE / splits);
        }
        barrier += step;
        double lighter = draws.uniform() < splits * step ? split(j, weight, draws) : 0;
        double rest = mass * (1 - smooth * step) - lighter;
        mass = Math.max(rest, lighter);
        lighter = Math.min(rest, lighter);
        if (lighter >= resolution) {
          if (waiting == masses.length) {
            masses = Arrays.copyOf(masses, 2 * waiting);
            barriers = Arrays.copyOf(barriers, 2 * waiting);
          }
          masses[waiting] = lighter;
          barriers[waiting++] = barrier;
        }
      }
      if (mass >= resolution) {
        tree.add(node, mass, tree.snapshot(node) + 1);
      }
    }
  }

  /// The mass that splits off, by the inverse of the cumulative rate of one of the two masses around.
  private double split(int j, double weight, Draws draws) {
    int table = splitRate[j] > 0 && draws.uniform() >= weight ? j : j + 1;
    double share = draws.uniform();
    double[] c = cumulative[table];
    int q = 1;
    while (q < SPLITS - 1 && c[q] < share) {
      q++;
    }
    double within = (share - c[q - 1]) / (c[q] - c[q - 1]);
    return Math.exp(logSplit[table][q - 1] + within * (logSplit[table][q] - logSplit[table][q - 1]));
  }
}
