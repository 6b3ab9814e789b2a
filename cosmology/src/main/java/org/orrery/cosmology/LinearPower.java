package org.orrery.cosmology;

/// The linear power spectrum of matter today, P(k) = A k^n_s T(k)^2, with the transfer function of Eisenstein & Hu 1998
/// without acoustic oscillations (their eqs. 26 and 28 to 31, for a background of 2.7255 K). A is such that
/// sigma(8 Mpc/h) is the cosmology's sigma8.
///
/// Wave numbers k in h/Mpc, powers in (Mpc/h)^3, radii in Mpc/h.
public final class LinearPower {
  private static final double TEMPERATURE = 2.7255 / 2.7;
  private static final double LOWEST_LOG = Math.log(1e-5);
  private static final double STEP = 0.01;

  private final Cosmology cosmology;
  private final double soundHorizon;
  private final double suppression;
  private final double amplitude;

  /// The power of this universe.
  public LinearPower(Cosmology cosmology) {
    this.cosmology = cosmology;
    double square = cosmology.h() * cosmology.h();
    double matter = cosmology.omegaM() * square;
    double baryons = cosmology.omegaB() * square;
    double share = baryons / matter;
    soundHorizon = 44.5 * Math.log(9.83 / matter) / Math.sqrt(1 + 10 * Math.pow(baryons, 0.75));
    suppression = 1 - 0.328 * Math.log(431 * matter) * share + 0.38 * Math.log(22.3 * matter) * share * share;
    amplitude = cosmology.sigma8() * cosmology.sigma8() / shapeVariance(8);
  }

  /// The universe.
  public Cosmology cosmology() {
    return cosmology;
  }

  /// T(k): 1 for the largest scales.
  public double transfer(double k) {
    double h = cosmology.h();
    double bend = 0.43 * k * h * soundHorizon;
    double shape = cosmology.omegaM() * h * (suppression + (1 - suppression) / (1 + bend * bend * bend * bend));
    double q = k * TEMPERATURE * TEMPERATURE / shape;
    double log = Math.log(2 * Math.E + 1.8 * q);
    return log / (log + (14.2 + 731 / (1 + 62.5 * q)) * q * q);
  }

  /// P(k) today.
  public double at(double k) {
    return amplitude * shape(k);
  }

  private double shape(double k) {
    double t = transfer(k);
    return Math.pow(k, cosmology.spectralIndex()) * t * t;
  }

  /// The root mean square of the linear density today in spheres of radius R:
  /// sigma^2 = 1 / (2 pi^2) int k^2 P(k) W(k R)^2 dk, W the transform of a sphere.
  ///
  /// @throws IllegalArgumentException unless the radius is positive and finite
  public double sigma(double radius) {
    if (!(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("sigma: radius " + radius + "; a positive finite one is required");
    }
    return Math.sqrt(amplitude * shapeVariance(radius));
  }

  /// The same for the sphere that holds this mass on average.
  public double sigmaOfMass(double mass) {
    return sigma(radiusOf(mass));
  }

  /// The radius of the sphere of mean density that holds this mass, (3 M / (4 pi rho))^(1/3).
  public double radiusOf(double mass) {
    return Math.cbrt(mass / (4 * Math.PI / 3 * cosmology.matterDensity()));
  }

  /// The mass in a sphere of mean density.
  public double massOf(double radius) {
    return 4 * Math.PI / 3 * cosmology.matterDensity() * radius * radius * radius;
  }

  /// Trapezoids in ln k up to where the window has fallen below 1e-3.
  private double shapeVariance(double radius) {
    double sum = 0;
    double highest = Math.log(100 / radius + 10);
    for (double log = LOWEST_LOG; log < highest; log += STEP) {
      double k = Math.exp(log);
      double window = sphere(k * radius);
      sum += k * k * k * shape(k) * window * window;
    }
    return sum * STEP / (2 * Math.PI * Math.PI);
  }

  /// The transform of a sphere: 3 (sin x - x cos x) / x^3.
  static double sphere(double x) {
    return x < 0.01 ? 1 - x * x / 10 : 3 * (Math.sin(x) - x * Math.cos(x)) / (x * x * x);
  }
}
