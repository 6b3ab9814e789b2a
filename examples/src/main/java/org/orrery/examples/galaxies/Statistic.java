package org.orrery.examples.galaxies;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.orrery.cosmology.Catalog;
import org.orrery.cosmology.TwoPointStatistics;

/// What a simpler method than a network of halos would look at: numbers of a box that see the same data.
public enum Statistic {
  /// log10 of the number of halos
  COUNT("counts alone"),
  /// and the mean and spread of what is known of each halo, without its place
  MEANS("means of the features"),
  /// and the power spectrum, pairs by separation, with velocities what pairs do, and with masses the same of the heavier half
  TWO_POINT("two-point statistics");

  private static final int SHELLS = 16;
  private static final int BINS = 14;
  private static final int CELLS = 64;

  private final String title;

  Statistic(String title) {
    this.title = title;
  }

  /// What a table calls it.
  public String title() {
    return title;
  }

  /// The numbers of a box, all finite.
  public double[] of(Catalog halos, Set<Feature> features) {
    double[] count = {Math.log10(halos.size())};
    return switch (this) {
      case COUNT -> count;
      case MEANS -> joined(count, means(halos, features));
      case TWO_POINT -> joined(count, means(halos, features), pairs(halos, features));
    };
  }

  private static double[] joined(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] means(Catalog halos, Set<Feature> features) {
    DoubleStream result = DoubleStream.empty();
    double[] v = halos.velocities();
    if (features.contains(Feature.VELOCITIES)) {
      double[] speeds = new double[halos.size()];
      Arrays.setAll(speeds, i -> Math.sqrt(
          v[3 * i] * v[3 * i] + v[3 * i + 1] * v[3 * i + 1] + v[3 * i + 2] * v[3 * i + 2]));
      result = DoubleStream.concat(result, DoubleStream.of(moments(speeds)));
    }
    if (features.contains(Feature.LINE_OF_SIGHT_VELOCITIES)) {
      double[] speeds = new double[halos.size()];
      Arrays.setAll(speeds, i -> Math.abs(v[3 * i + 2]));
      result = DoubleStream.concat(result, DoubleStream.of(moments(speeds)));
    }
    if (features.contains(Feature.MASSES)) {
      double[] masses = Arrays.stream(halos.masses()).map(Math::log10).toArray();
      result = DoubleStream.concat(result, DoubleStream.of(moments(masses)));
    }
    return result.toArray();
  }

  /// Mean, standard deviation and skewness.
  private static double[] moments(double[] x) {
    double mean = Arrays.stream(x).average().orElse(0);
    double variance = Arrays.stream(x).map(value -> (value - mean) * (value - mean)).average().orElse(0);
    double third = Arrays.stream(x).map(value -> Math.pow(value - mean, 3)).average().orElse(0);
    double spread = Math.sqrt(variance);
    return new double[] {mean, spread, spread == 0 ? 0 : third / (spread * variance)};
  }

  private static double[] pairs(Catalog halos, Set<Feature> features) {
    double[] all = pairsOf(halos, features);
    return features.contains(Feature.MASSES)
        ? joined(all, pairsOf(halos.heaviest((halos.size() + 1) / 2), features))
        : all;
  }

  private static double[] pairsOf(Catalog halos, Set<Feature> features) {
    TwoPointStatistics.Settings settings = TwoPointStatistics.Settings.of(halos.side(), SHELLS, BINS, CELLS);
    if (features.contains(Feature.VELOCITIES)) {
      TwoPointStatistics real = TwoPointStatistics.of(halos, settings);
      return joined(logarithms(real.power()), real.excess(), real.infall(), real.dispersion());
    }
    if (features.contains(Feature.LINE_OF_SIGHT_VELOCITIES)) {
      TwoPointStatistics seen = TwoPointStatistics.of(alongTheLineOfSight(halos), settings);
      TwoPointStatistics distorted = TwoPointStatistics.of(halos.inRedshiftSpace(2), settings);
      return joined(logarithms(seen.power()), seen.excess(), seen.infall(), seen.dispersion(),
          logarithms(distorted.power()), ratios(distorted.quadrupole(), distorted.power()));
    }
    TwoPointStatistics real = TwoPointStatistics.of(halos, settings);
    return joined(logarithms(real.power()), real.excess());
  }

  private static double[] logarithms(double[] positive) {
    return Arrays.stream(positive).map(p -> Math.log(Math.max(p, 1e-3))).toArray();
  }

  private static double[] ratios(double[] over, double[] under) {
    double[] result = new double[over.length];
    Arrays.setAll(result, i -> under[i] == 0 ? 0 : over[i] / under[i]);
    return result;
  }

  private static Catalog alongTheLineOfSight(Catalog halos) {
    double[] v = halos.velocities();
    for (int i = 0; i < v.length; i++) {
      v[i] = i % 3 == 2 ? v[i] : 0;
    }
    return Catalog.of(halos.side(), halos.positions(), v, halos.masses());
  }
}
