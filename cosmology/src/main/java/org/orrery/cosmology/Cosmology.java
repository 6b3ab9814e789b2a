package org.orrery.cosmology;

/// A flat universe of matter and a cosmological constant.
///
/// @param omegaM matter today, over the critical density
/// @param omegaB baryons today, over the critical density
/// @param h Hubble's constant over 100 km/s/Mpc
/// @param spectralIndex of the primordial power, n_s
/// @param sigma8 root mean square of the linear density in spheres of 8 Mpc/h today
public record Cosmology(double omegaM, double omegaB, double h, double spectralIndex, double sigma8) {
  /// The density of matter where omegaM is 1, in M_sun/h over (Mpc/h)^3.
  static final double CRITICAL_DENSITY = 2.77536627e11;

  /// The linear density at which a sphere collapses where omegaM is 1: 3/20 (12 pi)^(2/3).
  static final double COLLAPSE = 1.686470199841145;

  /// @throws IllegalArgumentException where a number is out of range, naming it
  public Cosmology {
    require("omegaM", omegaM, omegaM > 0 && omegaM <= 1, "above 0 and at most 1");
    require("omegaB", omegaB, omegaB > 0 && omegaB < omegaM, "above 0 and below omegaM = " + omegaM);
    require("h", h, h > 0 && h < Double.POSITIVE_INFINITY, "positive and finite");
    require("spectralIndex", spectralIndex, spectralIndex > -3 && spectralIndex < 4, "above -3 and below 4");
    require("sigma8", sigma8, sigma8 > 0 && sigma8 < Double.POSITIVE_INFINITY, "positive and finite");
  }

  /// The universe of the CAMELS simulations (Villaescusa-Navarro et al. 2021): omegaB 0.049, h 0.6711, n_s 0.9624.
  public static Cosmology of(double omegaM, double sigma8) {
    return new Cosmology(omegaM, 0.049, 0.6711, 0.9624, sigma8);
  }

  /// The mean density of matter, in M_sun/h over (Mpc/h)^3 of comoving volume.
  public double matterDensity() {
    return CRITICAL_DENSITY * omegaM;
  }

  /// H(z) over H(0): E = sqrt(omegaM (1 + z)^3 + 1 - omegaM).
  public double expansion(double redshift) {
    double a = 1 + requireRedshift(redshift);
    return Math.sqrt(omegaM * a * a * a + 1 - omegaM);
  }

  /// Matter over the critical density of that time.
  public double omegaM(double redshift) {
    double a = 1 + requireRedshift(redshift);
    double matter = omegaM * a * a * a;
    return matter / (matter + 1 - omegaM);
  }

  /// The linear growth of density, 1 today: Carroll, Press & Turner 1992, eq. 29, within 1 % for omegaM above 0.1.
  public double growth(double redshift) {
    return unscaledGrowth(redshift) / unscaledGrowth(0);
  }

  private double unscaledGrowth(double redshift) {
    double matter = omegaM(redshift);
    double vacuum = 1 - matter;
    return 2.5 * matter / (Math.pow(matter, 4.0 / 7) - vacuum + (1 + matter / 2) * (1 + vacuum / 70)) / (1 + redshift);
  }

  /// d ln D / d ln a of the first order, omegaM(z)^(5/9): Bouchet et al. 1995, eq. A.
  public double growthRate(double redshift) {
    return Math.pow(omegaM(redshift), 5.0 / 9);
  }

  /// d ln D_2 / d ln a of the second order, 2 omegaM(z)^(6/11): Bouchet et al. 1995.
  public double secondOrderGrowthRate(double redshift) {
    return 2 * Math.pow(omegaM(redshift), 6.0 / 11);
  }

  /// -D_2 / D^2 = 3/7 omegaM(z)^(-1/143): Bouchet et al. 1995.
  double secondOrderFactor(double redshift) {
    return 3.0 / 7 * Math.pow(omegaM(redshift), -1.0 / 143);
  }

  static double requireRedshift(double redshift) {
    require("redshift", redshift, redshift >= 0 && redshift < Double.POSITIVE_INFINITY, "finite and not below 0");
    return redshift;
  }

  private static void require(String name, double value, boolean holds, String range) {
    if (!holds) {
      throw new IllegalArgumentException("cosmology: " + name + " is " + value + "; it must be " + range);
    }
  }
}
