package org.orrery.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.report.GalaxyResult.Audit;
import org.orrery.report.GalaxyResult.Comparison;
import org.orrery.report.GalaxyResult.Estimate;
import org.orrery.report.GalaxyResult.Expected;
import org.orrery.report.GalaxyResult.Method;
import org.orrery.report.GalaxyResult.Quantity;
import org.orrery.report.GalaxyResult.Score;
import org.orrery.report.GalaxyResult.Sees;
import org.orrery.report.GalaxyResult.TestBox;
import org.orrery.report.GalaxyResult.Tree;
import org.orrery.report.GalaxyResult.Web;

/// A made-up galaxy run of the right shape: nothing in it was measured.
final class SampleGalaxies {
  static final List<Quantity> QUANTITIES = List.of(new Quantity("Omega_m", "Ω", "m", "", 0.1, 0.5),
      new Quantity("sigma_8", "σ", "8", "", 0.6, 1.0));
  private static final int BOXES = 200;
  private static final double SIDE = 200;
  private static final double RADIUS = 35;
  private static final double FACTOR = 1.12;

  private final Noise noise;

  private SampleGalaxies(long seed) {
    noise = new Noise(seed);
  }

  static GalaxyResult result() {
    return new SampleGalaxies(5).make(true);
  }

  static GalaxyResult withoutTreesAndInfluence() {
    return new SampleGalaxies(5).make(false);
  }

  private GalaxyResult make(boolean extras) {
    List<TestBox> boxes = IntStream.range(0, BOXES).mapToObj(i -> box()).toList();
    double[][] network = errors(boxes, 0, 0, true);
    double[][] twoPoint = errors(boxes, 0.033, 0.049, false);
    double[][] twoPointPlaces = errors(boxes, 0.062, 0.112, false);
    double[][] networkPlaces = errors(boxes, 0.064, 0.116, false);
    List<Method> methods = List.of(
        method("count", "Counts alone", Sees.COUNT, false, errors(boxes, 0.115, 0.115, false), null),
        method("means", "Mean features", Sees.FEATURES, false, errors(boxes, 0.099, 0.083, false), null),
        method("network-x", "Network", Sees.POSITIONS, true, networkPlaces, null),
        method("two-x", "Two-point", Sees.POSITIONS, false, twoPointPlaces, null),
        method("two-v", "Two-point", Sees.VELOCITIES, false, twoPoint, null),
        method("network-v", "Network", Sees.VELOCITIES, true, network, new Expected(0.94, "an earlier run")));
    List<Comparison> comparisons = List.of(compare("network-v", network, "two-v", twoPoint),
        compare("network-x", networkPlaces, "two-x", twoPointPlaces));
    return new GalaxyResult("orrery galaxies",
        new GalaxyResult.Setup(1600, 200, BOXES, 300, true, SIDE, RADIUS, Sees.VELOCITIES), QUANTITIES, boxes,
        new GalaxyResult.Calibration(FACTOR, audit(boxes, 1), audit(boxes, FACTOR)), methods, comparisons,
        new GalaxyResult.Seeds(2, 0.98,
            List.of(new GalaxyResult.Seed(List.of(0.94, 0.88), List.of(0.028, 0.040)),
                new GalaxyResult.Seed(List.of(0.92, 0.90), List.of(0.032, 0.036)))),
        training(), List.of(web(0.12, 250, extras), web(0.48, 430, extras)),
        List.of(new GalaxyResult.Claim("permutation of halos", 2.4e-7, 1e-5, null),
            new GalaxyResult.Claim("rotation", 6.1e-7, 1e-5, null),
            new GalaxyResult.Claim("reflection", 4.8e-7, 1e-5, null),
            new GalaxyResult.Claim("periodic translation", 9.3e-7, 1e-5, null)),
        List.of(new GalaxyResult.Stage("simulate 2,000 boxes", 330.0, 341), new GalaxyResult.Stage("link", 10.0, 8),
            new GalaxyResult.Stage("train", 165.0, 171), new GalaxyResult.Stage("baselines", 60.0, 64),
            new GalaxyResult.Stage("infer and audit", null, 12)),
        new GalaxyResult.Memory(1_900_000_000L, 1_600_000_000L),
        extras
            ? List.of(new GalaxyResult.Input("an N-body catalog", List.of(0.31, 0.83), List.of(0.03, 0.05), 4.1, 3.2,
                0.004))
            : List.of(),
        extras ? List.of(tree("10¹⁴ M☉/h", 14), tree("10¹² M☉/h", 12)) : List.of(),
        new GalaxyResult.Provenance(List.of("./orrery galaxies --simulations 2000 --seed 1"), 1,
            new java.util.TreeMap<>(Map.of("orrery", "0.1.0", "Java", "25")),
            Map.of("data", "sha256 of nothing"), "2026-11-30T10:16:00Z"));
  }

  private TestBox box() {
    double[] truth = {0.1 + 0.4 * noise.uniform(), 0.6 + 0.4 * noise.uniform()};
    double[] sd = {0.012 + 0.05 * truth[0], 0.036 + 0.01 * noise.uniform()};
    double rho = -0.75 + 0.05 * noise.normal();
    double u = noise.normal();
    double v = rho * u + Math.sqrt(1 - rho * rho) * noise.normal();
    double c = rho * sd[0] * sd[1];
    return new TestBox(List.of(round(truth[0]), round(truth[1])),
        List.of(round(truth[0] + FACTOR * sd[0] * u), round(truth[1] + FACTOR * sd[1] * v)),
        List.of(List.of(sd[0] * sd[0], c), List.of(c, sd[1] * sd[1])));
  }

  private double[][] errors(List<TestBox> boxes, double first, double second, boolean own) {
    double[] size = {first, second};
    double[][] errors = new double[2][BOXES];
    for (int k = 0; k < 2; k++) {
      for (int i = 0; i < BOXES; i++) {
        double network = boxes.get(i).mean().get(k) - boxes.get(i).truth().get(k);
        errors[k][i] = own ? network : 0.8 * network / 0.035 * size[k] + 0.6 * size[k] * noise.normal();
      }
      double rmse = rms(errors[k], IntStream.range(0, BOXES).toArray());
      for (int i = 0; i < BOXES && !own; i++) {
        errors[k][i] *= size[k] / rmse;
      }
    }
    return errors;
  }

  private Method method(String id, String label, Sees sees, boolean network, double[][] errors,
      @Nullable Expected expected) {
    List<Score> scores = IntStream.range(0, 2).mapToObj(k -> {
      double sd = 0.4 / Math.sqrt(12);
      Estimate rmse = interval(resample(draw -> rms(errors[k], draw)), rms(errors[k], all()));
      return new Score(map(rmse, x -> 1 - x * x / (sd * sd)), rmse, map(rmse, x -> 0.8 * x / (k == 0 ? 0.3 : 0.8)),
          network ? 0.0008 : null, k == 0 ? expected : null);
    }).toList();
    return new Method(id, label, sees, network, 1600, scores);
  }

  private Comparison compare(String method, double[][] mine, String baseline, double[][] theirs) {
    int better = 0;
    double[][] change = new double[2][1000];
    for (int d = 0; d < 1000; d++) {
      int[] draw = draw();
      boolean all = true;
      for (int k = 0; k < 2; k++) {
        change[k][d] = rms(mine[k], draw) / rms(theirs[k], draw) - 1;
        all &= change[k][d] < 0;
      }
      better += all ? 1 : 0;
    }
    return new Comparison(method, baseline, 1000, better, IntStream.range(0, 2)
        .mapToObj(k -> interval(change[k], rms(mine[k], all()) / rms(theirs[k], all()) - 1)).toList());
  }

  private static Estimate map(Estimate e, DoubleUnaryOperator f) {
    double[] ends = {f.applyAsDouble(e.low()), f.applyAsDouble(e.high())};
    return new Estimate(f.applyAsDouble(e.value()), Math.min(ends[0], ends[1]), Math.max(ends[0], ends[1]));
  }

  private double[] resample(java.util.function.ToDoubleFunction<int[]> statistic) {
    return IntStream.range(0, 1000).mapToDouble(d -> statistic.applyAsDouble(draw())).toArray();
  }

  private int[] draw() {
    return IntStream.range(0, BOXES).map(i -> (int) (noise.uniform() * BOXES)).toArray();
  }

  private static int[] all() {
    return IntStream.range(0, BOXES).toArray();
  }

  private static Estimate interval(double[] draws, double value) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    return new Estimate(value, sorted[sorted.length / 40], sorted[sorted.length - 1 - sorted.length / 40]);
  }

  private static double rms(double[] errors, int[] chosen) {
    return Math.sqrt(Arrays.stream(chosen).mapToDouble(i -> errors[i] * errors[i]).average().orElse(0));
  }

  private Audit audit(List<TestBox> boxes, double factor) {
    List<Double> coverage68 = new ArrayList<>();
    List<Double> coverage95 = new ArrayList<>();
    List<Double> chi = new ArrayList<>();
    List<List<Integer>> pit = new ArrayList<>();
    for (int k = 0; k < 2; k++) {
      int quantity = k;
      double[] z = boxes.stream().mapToDouble(
          b -> (b.truth().get(quantity) - b.mean().get(quantity)) / (factor * b.sd(quantity))).toArray();
      coverage68.add(DoubleStream.of(z).filter(x -> Math.abs(x) < 0.9945).count() / (double) BOXES);
      coverage95.add(DoubleStream.of(z).filter(x -> Math.abs(x) < 1.96).count() / (double) BOXES);
      chi.add(DoubleStream.of(z).map(x -> x * x).average().orElse(0));
      List<Integer> counts = new ArrayList<>(Collections.nCopies(10, 0));
      DoubleStream.of(z).forEach(x -> {
        int bin = Math.min(9, (int) (10 * Normal.below(x)));
        counts.set(bin, counts.get(bin) + 1);
      });
      pit.add(counts);
    }
    List<Double> tarp = IntStream.rangeClosed(0, 50)
        .mapToObj(i -> round(Math.pow(i / 50.0, factor > 1 ? 1.02 : 1.12))).toList();
    return new Audit(coverage68, coverage95, chi, pit, tarp);
  }

  private GalaxyResult.Training training() {
    List<Double> seconds = new ArrayList<>();
    List<Double> train = new ArrayList<>();
    List<Double> validation = new ArrayList<>();
    List<List<Double>> r2 = List.of(new ArrayList<>(), new ArrayList<>());
    List<Double> rate = new ArrayList<>();
    for (int e = 1; e <= 40; e++) {
      double rough = 0.1 * (1 - e / 40.0);
      seconds.add(round(4.3 * e));
      train.add(round(0.6 - 1.5 * (1 - Math.exp(-e / 12.0)) + 0.2 * rough * noise.normal()));
      validation.add(round(0.62 - 1.5 * (1 - Math.exp(-e / 12.0)) + rough * noise.normal()));
      r2.get(0).add(round(0.95 - Math.exp(-e / 3.0) - 0.4 * rough * noise.uniform()));
      r2.get(1).add(round(0.89 - 0.9 * Math.exp(-e / 6.0) - 0.4 * rough * noise.uniform()));
      rate.add(4e-3 * (e < 8 ? e / 8.0 : Math.pow(Math.cos(Math.PI / 2 * (e - 8) / 33.0), 2)));
    }
    return new GalaxyResult.Training(seconds, train, validation, r2, rate, 39);
  }

  /// Halos along random filaments.
  private Web web(double omega, double speed, boolean extras) {
    int n = 300;
    List<Double> positions = new ArrayList<>();
    List<Double> velocities = new ArrayList<>();
    List<Double> masses = new ArrayList<>();
    double[][] nodes = new double[14][];
    for (int a = 0; a < nodes.length; a++) {
      nodes[a] = new double[] {SIDE * noise.uniform(), SIDE * noise.uniform(), SIDE * noise.uniform()};
    }
    for (int i = 0; i < n; i++) {
      double[] from = nodes[i % nodes.length];
      double[] to = nodes[(i * 5 + i / 3) % nodes.length];
      double t = noise.uniform() * noise.uniform();
      for (int c = 0; c < 3; c++) {
        double x = from[c] + t * (to[c] - from[c]) + 6 * noise.normal();
        positions.add(Math.min(199.9, round(x - SIDE * Math.floor(x / SIDE))));
        velocities.add((double) Math.round(speed / 1.6 * noise.normal()));
      }
      masses.add(round((omega < 0.3 ? 13.3 : 13.9) - 0.4 * Math.log(noise.uniform()) / 2));
    }
    List<Integer> links = new ArrayList<>();
    List<Double> influence = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double square = 0;
        for (int c = 0; c < 3; c++) {
          double d = positions.get(3 * i + c) - positions.get(3 * j + c);
          square += Math.pow(d - SIDE * Math.rint(d / SIDE), 2);
        }
        if (square < RADIUS * RADIUS && square > 0 && noise.uniform() < 0.5) {
          links.add(i);
          links.add(j);
          influence.add(round(0.05 * -Math.log(noise.uniform()) * Math.exp(-square / 300)));
        }
      }
    }
    List<Double> attribution = IntStream.range(0, n).mapToObj(i -> round(-0.02 * Math.log(noise.uniform()))).toList();
    return new Web(List.of(omega, 0.8), positions, velocities, masses, links, extras ? influence : List.of(),
        extras ? attribution : List.of());
  }

  private Tree tree(String title, double mass) {
    List<Double> redshifts = new ArrayList<>(List.of(0.0));
    List<Double> masses = new ArrayList<>(List.of(mass));
    List<Integer> descendants = new ArrayList<>(List.of(-1));
    List<Integer> front = List.of(0);
    for (int step = 1; step <= 12; step++) {
      List<Integer> next = new ArrayList<>();
      for (int node : front) {
        double share = 0.55 + 0.45 * noise.uniform();
        for (double part : new double[] {share, (1 - share) * 0.9}) {
          if (masses.get(node) + Math.log10(part) > mass - 2.2) {
            next.add(masses.size());
            redshifts.add(0.3 * step);
            masses.add(masses.get(node) + Math.log10(part) - 0.02);
            descendants.add(node);
          }
        }
      }
      front = next;
    }
    return new Tree(title, redshifts, masses, descendants);
  }

  private static double round(double x) {
    return Math.rint(x * 1e4) / 1e4;
  }

  /// Numbers that look random and are the same everywhere.
  static final class Noise {
    private long state;

    Noise(long seed) {
      state = seed;
    }

    double uniform() {
      state += 0x9e3779b97f4a7c15L;
      long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
      z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
      return ((z ^ z >>> 31) >>> 11) * 0x1p-53 + 0x1p-54;
    }

    double normal() {
      return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    }
  }
}
