package org.orrery.report;

import static org.orrery.report.Checks.require;

/// The normal distribution and bands of the binomial one, to the accuracy of a figure.
final class Normal {
  /// Half width of the central 68 % interval in standard deviations.
  static final double HALF_68 = 0.99445788;
  /// Half width of the central 95 % interval.
  static final double HALF_95 = 1.95996398;

  private Normal() {
  }

  /// Probability below z: a rational approximation of the error function (Abramowitz & Stegun 7.1.26, 1.5e-7).
  static double below(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + 0.3275911 * x);
    double tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
        * Math.exp(-x * x);
    return z > 0 ? 1 - tail / 2 : tail / 2;
  }

  /// Probability inside of +-z.
  static double inside(double z) {
    return 2 * below(Math.abs(z)) - 1;
  }

  /// Limits that a share of n independent trials of probability p keeps in 95 % of cases: the 2.5 % and 97.5 %
  /// quantiles, computed below p = 1/2 and mirrored above, where (1 - p)^n would underflow.
  static double[] binomial95(int n, double p) {
    require(n >= 1 && p >= 0 && p <= 1, "binomial band", n + " trials of " + p, "a trial, a probability");
    if (p == 0 || p == 1) {
      return new double[] {p, p};
    }
    if (p > 0.5) {
      double[] mirrored = binomial95(n, 1 - p);
      return new double[] {1 - mirrored[1], 1 - mirrored[0]};
    }
    double logOdds = Math.log(p / (1 - p));
    double logTerm = n * Math.log1p(-p);
    double sum = 0;
    int low = -1;
    for (int k = 0; k < n; k++) {
      sum += Math.exp(logTerm);
      if (low < 0 && sum >= 0.025) {
        low = k;
      }
      if (sum >= 0.975) {
        return new double[] {low / (double) n, k / (double) n};
      }
      logTerm += Math.log((n - k) / (k + 1.0)) + logOdds;
    }
    return new double[] {low < 0 ? 1 : low / (double) n, 1};
  }
}
