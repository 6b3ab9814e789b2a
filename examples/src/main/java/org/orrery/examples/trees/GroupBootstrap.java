package org.orrery.examples.trees;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.orrery.inference.Predictions;
import org.orrery.tensor.Key;

/// The error of a model over that of a baseline on resamples of whole groups of examples: halos of one tree share progenitors, so that
/// resampling each alone would make the interval too narrow. With a group for each example it is the usual paired bootstrap.
final class GroupBootstrap {
  private static final int RESAMPLES = 2000;

  private GroupBootstrap() {
  }

  /// Low end, value and high end of RMSE / RMSE at 95 %.
  static List<Double> errorRatio(Predictions model, Predictions baseline, int[] groups, int parameter, Key key) {
    TreeMap<Integer, double[]> sums = new TreeMap<>();
    for (int i = 0; i < groups.length; i++) {
      double truth = model.truth(i)[parameter];
      double[] sum = sums.computeIfAbsent(groups[i], group -> new double[2]);
      sum[0] += square(model.posterior(i).mean()[parameter] - truth);
      sum[1] += square(baseline.posterior(i).mean()[parameter] - truth);
    }
    List<double[]> each = new ArrayList<>(sums.values());
    double[] ratios = new double[RESAMPLES];
    for (int b = 0; b < RESAMPLES; b++) {
      ratios[b] = ratio(each, key.fold(b).integers(each.size(), each.size()));
    }
    Arrays.sort(ratios);
    int[] all = new int[each.size()];
    Arrays.setAll(all, i -> i);
    return List.of(ratios[RESAMPLES / 40], ratio(each, all), ratios[RESAMPLES - 1 - RESAMPLES / 40]);
  }

  private static double ratio(List<double[]> each, int[] chosen) {
    double model = 0;
    double baseline = 0;
    for (int group : chosen) {
      model += each.get(group)[0];
      baseline += each.get(group)[1];
    }
    return Math.sqrt(model / baseline);
  }

  private static double square(double x) {
    return x * x;
  }
}
