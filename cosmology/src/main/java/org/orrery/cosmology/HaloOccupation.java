package org.orrery.cosmology;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.Erf;
import org.orrery.tensor.Key;

/// Galaxies in halos, after Zheng et al. 2005: a halo of mass M has a central galaxy with probability
/// `N_c = (1 + erf((log10 M - logMin) / sigma)) / 2`, and then Poisson many satellites of mean `((M - M_0) / M_1)^alpha`.
///
/// The central galaxy has the halo's position and velocity. Satellites follow the profile of Navarro, Frenk & White 1997
/// within the radius of 200 times the mean density, with the concentration 10.14 (M / 2e12 M_sun/h)^-0.081 (Duffy et al.
/// 2008, z = 0), and move with a normal dispersion of sqrt(G M / (2 R)) along each axis about the halo.
///
/// @param logMin log10 of the mass in M_sun/h at which half of the halos have a central galaxy
/// @param sigma width of that step in log10 of the mass; 0 for a sharp one
/// @param logCut log10 of M_0, below which there are no satellites
/// @param logOne log10 of M_1
/// @param alpha slope of the satellites
public record HaloOccupation(double logMin, double sigma, double logCut, double logOne, double alpha) {
  /// G in Mpc (km/s)^2 / M_sun.
  private static final double GRAVITY = 4.30091e-9;

  private static final double OVERDENSITY = 200;

  /// @throws IllegalArgumentException where a number is not finite, or sigma or alpha is negative
  public HaloOccupation {
    for (double number : new double[] {logMin, sigma, logCut, logOne, alpha}) {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException(
            "halo occupation: " + number + " among its numbers; finite ones are required");
      }
    }
    if (sigma < 0 || alpha < 0) {
      throw new IllegalArgumentException(
          "halo occupation: sigma " + sigma + " and alpha " + alpha + "; 0 or more is required");
    }
  }

  /// The probability of a central galaxy.
  public double centrals(double mass) {
    double above = Math.log10(mass) - logMin;
    return sigma == 0 ? (above >= 0 ? 1 : 0) : 0.5 * (1 + Erf.value(above / sigma));
  }

  /// The mean number of satellites of a halo that has a central galaxy.
  public double satellites(double mass) {
    double cut = Math.pow(10, logCut);
    return mass <= cut ? 0 : Math.pow((mass - cut) / Math.pow(10, logOne), alpha);
  }

  /// The galaxies of these halos, halo by halo, the central one first.
  public Catalog populate(Catalog halos, Cosmology cosmology, Key key) {
    Growing x = new Growing();
    Growing v = new Growing();
    Growing m = new Growing();
    for (int halo = 0; halo < halos.size(); halo++) {
      double mass = halos.mass(halo);
      Draws draws = new Draws(key.fold(halo));
      if (draws.uniform() < centrals(mass)) {
        add(halos, halo, new double[3], 0, draws, x, v, m);
        int count = draws.poisson(satellites(mass));
        double radius = Math.cbrt(mass / (4 * Math.PI / 3 * OVERDENSITY * cosmology.matterDensity()));
        double concentration = 10.14 * Math.pow(mass / 2e12, -0.081);
        double dispersion = Math.sqrt(GRAVITY * mass / (2 * radius));
        for (int s = 0; s < count; s++) {
          add(halos, halo, place(radius, concentration, draws), dispersion, draws, x, v, m);
        }
      }
    }
    return Catalog.of(halos.side(), halos.space().wrap(x.numbers()), v.numbers(), m.numbers());
  }

  private static void add(Catalog halos, int halo, double[] offset, double dispersion, Draws draws, Growing x,
      Growing v, Growing m) {
    for (int axis = 0; axis < 3; axis++) {
      x.add(halos.position(halo, axis) + offset[axis]);
      v.add(halos.velocity(halo, axis) + (dispersion == 0 ? 0 : dispersion * draws.normal()));
    }
    m.add(halos.mass(halo));
  }

  /// A direction on the sphere, and the radius that holds a uniform part of the mass.
  private static double[] place(double radius, double concentration, Draws draws) {
    double r = radius * radiusHolding(draws.uniform(), concentration);
    double z = 2 * draws.uniform() - 1;
    double across = Math.sqrt(1 - z * z);
    double angle = 2 * Math.PI * draws.uniform();
    return new double[] {r * across * Math.cos(angle), r * across * Math.sin(angle), r * z};
  }

  /// x of 0 to 1 with mu(c x) = share mu(c), mu(y) = ln(1 + y) - y / (1 + y), by bisection.
  static double radiusHolding(double share, double concentration) {
    double target = share * enclosed(concentration);
    double low = 0;
    double high = 1;
    for (int step = 0; step < 40; step++) {
      double middle = (low + high) / 2;
      if (enclosed(concentration * middle) < target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  static double enclosed(double y) {
    return Math.log1p(y) - y / (1 + y);
  }

  /// An array that grows.
  private static final class Growing {
    private double[] numbers = new double[64];
    private int size;

    void add(double number) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      numbers[size++] = number;
    }

    double[] numbers() {
      return Arrays.copyOf(numbers, size);
    }
  }
}
