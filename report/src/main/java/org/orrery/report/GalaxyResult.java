package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that a galaxy run found, as numbers: what [GalaxyPage] shows and what `result.json` holds. Lists over the
/// unknown quantities follow the order of `quantities`. Lengths are in Mpc/h, velocities in km/s, masses in M_sun/h,
/// times in seconds. Numbers are finite: a page cannot be made of others.
///
/// @param title what ran, such as `orrery galaxies`
/// @param comparisons paired comparisons on the same test boxes; the first is the one that the verdict states
/// @param webs examples of the input, drawn in three dimensions: none, one or two
/// @param inputs catalogs besides the simulated ones that the model was asked about; may be empty
/// @param trees merger trees to draw; may be empty
public record GalaxyResult(String title, Setup setup, List<Quantity> quantities, List<TestBox> boxes,
    Calibration calibration, List<Method> methods, List<Comparison> comparisons, @Nullable Seeds seeds,
    Training training, List<Web> webs, List<Claim> symmetries, List<Stage> stages, @Nullable Memory memory,
    List<Input> inputs, List<Tree> trees, Provenance provenance) {

  /// Checks that the parts fit together.
  public GalaxyResult {
    quantities = List.copyOf(quantities);
    boxes = List.copyOf(boxes);
    methods = List.copyOf(methods);
    comparisons = List.copyOf(comparisons);
    webs = List.copyOf(webs);
    symmetries = List.copyOf(symmetries);
    stages = List.copyOf(stages);
    inputs = List.copyOf(inputs);
    trees = List.copyOf(trees);
    int p = quantities.size();
    require(p >= 1, "result", "no quantities", "at least one is estimated");
    require(boxes.size() == setup.test(), "result", boxes.size() + " test boxes",
        "the setup says " + setup.test());
    boxes.forEach(box -> require(box.mean().size() == p, "test box", box.mean().size() + " means",
        p + " quantities"));
    methods.forEach(method -> require(method.scores().size() == p, "method " + method.id(),
        method.scores().size() + " scores", p + " quantities"));
    require(methods.stream().map(Method::id).distinct().count() == methods.size(), "result",
        "methods " + methods.stream().map(Method::id).toList(), "ids must differ");
    for (Comparison comparison : comparisons) {
      require(comparison.change().size() == p, "comparison", comparison.change().size() + " changes",
          p + " quantities");
      for (String id : List.of(comparison.method(), comparison.baseline())) {
        require(methods.stream().anyMatch(method -> method.id().equals(id)), "comparison", "method " + id,
            "one of " + methods.stream().map(Method::id).toList());
      }
    }
    calibration.before().checkQuantities(p);
    calibration.after().checkQuantities(p);
    require(training.r2().size() == p, "training", training.r2().size() + " curves of R2", p + " quantities");
    if (seeds != null) {
      seeds.each().forEach(seed -> require(seed.r2().size() == p && seed.rmse().size() == p, "seed",
          seed.r2().size() + " R2 and " + seed.rmse().size() + " errors", p + " quantities"));
    }
    webs.forEach(web -> require(web.values().size() == p, "web", web.values().size() + " values",
        p + " quantities"));
    inputs.forEach(input -> require(input.mean().size() == p, "input " + input.name(),
        input.mean().size() + " means", p + " quantities"));
  }

  /// The method of this name.
  ///
  /// @throws IllegalArgumentException where there is none
  public Method method(String id) {
    return methods.stream().filter(method -> method.id().equals(id)).findFirst()
        .orElseThrow(() -> Checks.failure("method", id, "one of " + methods.stream().map(Method::id).toList()));
  }

  /// The same with another hash of data or model in the provenance.
  public GalaxyResult withHash(String name, String hash) {
    Map<String, String> hashes = new LinkedHashMap<>(provenance.hashes());
    hashes.put(name, hash);
    return new GalaxyResult(title, setup, quantities, boxes, calibration, methods, comparisons, seeds, training, webs,
        symmetries, stages, memory, inputs, trees, new Provenance(provenance.commands(), provenance.seed(),
            provenance.versions(), hashes, provenance.date()));
  }

  /// What a method is shown of a box.
  public enum Sees {
    /// The number of halos and nothing else.
    COUNT("the number of halos"),
    /// Means and spreads of features, without places.
    FEATURES("mean features"),
    /// Places.
    POSITIONS("positions"),
    /// Places, displaced along the line of sight by velocities.
    REDSHIFT_SPACE("positions in redshift space"),
    /// Places and one component of the velocity.
    LINE_OF_SIGHT("positions and one velocity component"),
    /// Places and velocities.
    VELOCITIES("positions and velocities"),
    /// Places, velocities and masses.
    MASSES("positions, velocities and masses");

    private final String words;

    Sees(String words) {
      this.words = words;
    }

    /// As a sentence says it.
    public String words() {
      return words;
    }
  }

  /// What was simulated and linked.
  ///
  /// @param training, validation and test count boxes
  /// @param halos in a box; the largest number where the count is free
  /// @param countIsFixed whether every box has the same number of halos
  /// @param side of a box
  /// @param radius within which pairs are linked
  /// @param sees what the network of the headline is shown
  public record Setup(int training, int validation, int test, int halos, boolean countIsFixed, double side,
      double radius, Sees sees) {
    /// Checks the sizes.
    public Setup {
      require(test >= 1 && halos >= 1, "setup", test + " test boxes of " + halos + " halos", "at least one of each");
      require(side > 0 && radius > 0, "setup", "side " + side + ", radius " + radius, "positive lengths");
    }
  }

  /// An unknown quantity and its uniform prior.
  ///
  /// @param name in plain letters, such as `Omega_m`
  /// @param symbol set in italics, such as `Ω`
  /// @param subscript such as `m`; may be empty
  /// @param unit such as `Mpc/h`; empty for a pure number
  public record Quantity(String name, String symbol, String subscript, String unit, double low, double high) {
    /// Checks the range.
    public Quantity {
      require(low < high, "quantity " + name, "prior from " + low + " to " + high, "low < high");
    }
  }

  /// Truth and posterior of one test box, as the network gives it before the factor of [Calibration].
  ///
  /// @param covariance rows of the full matrix
  public record TestBox(List<Double> truth, List<Double> mean, List<List<Double>> covariance) {
    /// Checks sizes and variances.
    public TestBox {
      truth = List.copyOf(truth);
      mean = List.copyOf(mean);
      covariance = covariance.stream().map(List::copyOf).toList();
      int p = mean.size();
      require(truth.size() == p && covariance.size() == p && covariance.stream().allMatch(row -> row.size() == p),
          "test box", truth.size() + " truths and " + covariance.size() + " rows of the covariance",
          "as many as means");
      for (int k = 0; k < p; k++) {
        require(covariance.get(k).get(k) > 0, "test box", "variance " + covariance.get(k).get(k), "a positive one");
      }
    }

    /// Standard deviation of a quantity.
    public double sd(int quantity) {
      return Math.sqrt(covariance.get(quantity).get(quantity));
    }

    /// Correlation of two quantities.
    public double correlation(int first, int second) {
      return covariance.get(first).get(second) / (sd(first) * sd(second));
    }
  }

  /// Posteriors held against the truth, before and after their widths were multiplied by a factor that was fitted on
  /// validation boxes.
  public record Calibration(double factor, Audit before, Audit after) {
    /// Checks the factor.
    public Calibration {
      require(factor > 0, "calibration", "factor " + factor, "a positive one");
    }
  }

  /// One audit on the test boxes.
  ///
  /// @param coverage68 share of truths in the central 68 % interval, one a quantity
  /// @param coverage95 the same for 95 %
  /// @param chiSquared mean square of (truth - mean) / sd, one a quantity
  /// @param pit counts of the share of the posterior below the truth in equal bins, one list a quantity
  /// @param tarp share of truths inside at equally spaced credibilities from 0 to 1, for all quantities jointly
  public record Audit(List<Double> coverage68, List<Double> coverage95, List<Double> chiSquared,
      List<List<Integer>> pit, List<Double> tarp) {
    /// Copies the lists.
    public Audit {
      coverage68 = List.copyOf(coverage68);
      coverage95 = List.copyOf(coverage95);
      chiSquared = List.copyOf(chiSquared);
      pit = pit.stream().map(List::copyOf).toList();
      tarp = List.copyOf(tarp);
      require(tarp.size() >= 2, "audit", tarp.size() + " points of TARP", "at least two");
    }

    void checkQuantities(int p) {
      require(coverage68.size() == p && coverage95.size() == p && chiSquared.size() == p && pit.size() == p, "audit",
          coverage68.size() + ", " + coverage95.size() + ", " + chiSquared.size() + " and " + pit.size() + " entries",
          p + " quantities");
    }
  }

  /// A number with its 95 % interval.
  public record Estimate(double value, double low, double high) {
    /// Checks the order of the limits.
    public Estimate {
      require(low <= high, "estimate", low + " to " + high, "low <= high");
    }
  }

  /// What a method scores in one quantity, with 95 % intervals of the bootstrap over test boxes.
  ///
  /// @param r2 share of the variance of the truth explained
  /// @param rmse root-mean-square error
  /// @param relative mean of |mean - truth| / truth
  /// @param seedSpread standard deviation of the RMSE over seeds of training, where several ran
  /// @param expected a figure to hold this against, where there is one
  public record Score(Estimate r2, Estimate rmse, Estimate relative, @Nullable Double seedSpread,
      @Nullable Expected expected) {
  }

  /// A published or expected figure.
  ///
  /// @param source where it stands, such as `Villanueva-Domingo et al. 2022, table 2`
  public record Expected(double r2, String source) {
  }

  /// A row of the table: the network or a baseline.
  ///
  /// @param id unique in the result
  /// @param network whether it passes messages; a baseline otherwise
  /// @param trainingBoxes how many boxes it was fitted to
  /// @param scores one a quantity
  public record Method(String id, String label, Sees sees, boolean network, int trainingBoxes, List<Score> scores) {
    /// Copies the list.
    public Method {
      scores = List.copyOf(scores);
    }
  }

  /// Two methods on the same boxes, resampled together, so that hard boxes cancel.
  ///
  /// @param method and baseline are ids of [Method]
  /// @param draws of the bootstrap
  /// @param better in how many draws the method has the lower error in every quantity
  /// @param change RMSE of the method over that of the baseline, less one; one a quantity
  public record Comparison(String method, String baseline, int draws, int better, List<Estimate> change) {
    /// Checks the counts.
    public Comparison {
      change = List.copyOf(change);
      require(draws >= 1 && better >= 0 && better <= draws, "comparison", better + " of " + draws + " draws",
          "0 <= better <= draws");
    }
  }

  /// What more seeds of training bring.
  ///
  /// @param count seeds trained
  /// @param errorCorrelation of the errors of two seeds on the same boxes, averaged
  /// @param each what every seed reaches
  public record Seeds(int count, double errorCorrelation, List<Seed> each) {
    /// Checks the count.
    public Seeds {
      each = List.copyOf(each);
      require(count == each.size() && count >= 1, "seeds", each.size() + " entries of " + count + " seeds", "one each");
    }
  }

  /// What the network of one seed reaches on the test boxes.
  ///
  /// @param r2 one a quantity
  /// @param rmse one a quantity
  public record Seed(List<Double> r2, List<Double> rmse) {
    /// Copies the lists.
    public Seed {
      r2 = List.copyOf(r2);
      rmse = List.copyOf(rmse);
    }
  }

  /// Curves over epochs.
  ///
  /// @param seconds when each epoch ended
  /// @param r2 on validation boxes, one list a quantity
  /// @param learningRate at the end of each epoch
  /// @param bestEpoch the one whose weights were kept, counted from 1
  public record Training(List<Double> seconds, List<Double> trainingLoss, List<Double> validationLoss,
      List<List<Double>> r2, List<Double> learningRate, int bestEpoch) {
    /// Checks the lengths.
    public Training {
      seconds = List.copyOf(seconds);
      trainingLoss = List.copyOf(trainingLoss);
      validationLoss = List.copyOf(validationLoss);
      r2 = r2.stream().map(List::copyOf).toList();
      learningRate = List.copyOf(learningRate);
      int epochs = seconds.size();
      require(epochs >= 1 && trainingLoss.size() == epochs && validationLoss.size() == epochs
          && learningRate.size() == epochs && r2.stream().allMatch(curve -> curve.size() == epochs), "training",
          "curves of " + epochs + ", " + trainingLoss.size() + ", " + validationLoss.size() + " and "
              + learningRate.size() + " epochs",
          "one length of at least 1");
      require(bestEpoch >= 1 && bestEpoch <= epochs, "training", "best epoch " + bestEpoch, "1.." + epochs);
    }
  }

  /// A box and its links, to be drawn. Halos are counted from 0.
  ///
  /// @param values of the quantities
  /// @param positions x, y and z of each halo in turn, in [0, side)
  /// @param velocities likewise; empty where the network sees none
  /// @param logMasses decimal logarithm of each mass
  /// @param links pairs of halos, each pair once: two numbers a link
  /// @param influence how far the posterior mean moves when a link is removed, in standard deviations of the
  ///     posterior; one a link, or empty
  /// @param attribution how much the posterior mean owes to a halo, in the same unit; one a halo, or empty
  public record Web(List<Double> values, List<Double> positions, List<Double> velocities, List<Double> logMasses,
      List<Integer> links, List<Double> influence, List<Double> attribution) {
    /// Checks sizes and links.
    public Web {
      values = List.copyOf(values);
      positions = List.copyOf(positions);
      velocities = List.copyOf(velocities);
      logMasses = List.copyOf(logMasses);
      links = List.copyOf(links);
      influence = List.copyOf(influence);
      attribution = List.copyOf(attribution);
      int halos = logMasses.size();
      require(positions.size() == 3 * halos, "web", positions.size() + " coordinates of " + halos + " halos",
          "three each");
      require(velocities.isEmpty() || velocities.size() == 3 * halos, "web",
          velocities.size() + " velocity components of " + halos + " halos", "three each, or none");
      require(links.size() % 2 == 0 && links.stream().allMatch(i -> i >= 0 && i < halos), "web",
          links.size() + " ends of links", "pairs of 0.." + (halos - 1));
      require(influence.isEmpty() || influence.size() == links.size() / 2, "web",
          influence.size() + " influences of " + links.size() / 2 + " links", "one each, or none");
      require(attribution.isEmpty() || attribution.size() == halos, "web",
          attribution.size() + " attributions of " + halos + " halos", "one each, or none");
    }

    /// Number of halos.
    public int halos() {
      return logMasses.size();
    }
  }

  /// A symmetry that the trained model claims, tried with random group elements.
  ///
  /// @param group such as `rotation`
  /// @param error largest relative change of the output
  /// @param brokenBy dotted name of the first part that breaks it; null where it holds
  public record Claim(String group, double error, double tolerance, @Nullable String brokenBy) {
    /// Whether the error is within the tolerance.
    public boolean holds() {
      return error <= tolerance;
    }
  }

  /// A stage of the run in processor seconds.
  ///
  /// @param planned before it ran; null where nothing was planned
  public record Stage(String name, @Nullable Double planned, double seconds) {
  }

  /// Peak memory in bytes.
  public record Memory(long planned, long measured) {
  }

  /// A catalog that the model was asked about, and how unlike the training boxes it is.
  ///
  /// @param distance of its features from those of the training boxes
  /// @param limit the distance that 99 % of the validation boxes stay below
  /// @param share of the validation boxes that are at least as far away
  public record Input(String name, List<Double> mean, List<Double> sd, double distance, double limit, double share) {
    /// Checks the sizes.
    public Input {
      mean = List.copyOf(mean);
      sd = List.copyOf(sd);
      require(mean.size() == sd.size(), "input " + name, mean.size() + " means and " + sd.size() + " deviations",
          "as many");
    }
  }

  /// A merger tree.
  ///
  /// @param redshifts of each node
  /// @param logMasses of each node
  /// @param descendants the node that each merges into; -1 for the root, of which there is one
  public record Tree(String title, List<Double> redshifts, List<Double> logMasses, List<Integer> descendants) {
    /// Checks that every node leads to the root.
    public Tree {
      redshifts = List.copyOf(redshifts);
      logMasses = List.copyOf(logMasses);
      descendants = List.copyOf(descendants);
      int nodes = redshifts.size();
      require(nodes >= 1 && logMasses.size() == nodes && descendants.size() == nodes, "tree " + title,
          nodes + " redshifts, " + logMasses.size() + " masses and " + descendants.size() + " descendants",
          "as many, at least one");
      TreeLayout.rootOf(title, descendants);
    }
  }

  /// What another needs to make the page again.
  ///
  /// @param commands in their order
  /// @param versions of the project, of Java and of what else matters, by name
  /// @param hashes of data and model, by name
  /// @param date when the run ended, as ISO 8601
  public record Provenance(List<String> commands, long seed, Map<String, String> versions, Map<String, String> hashes,
      String date) {
    /// Copies the collections, whose order is kept.
    public Provenance {
      commands = List.copyOf(commands);
      versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
      hashes = Collections.unmodifiableMap(new LinkedHashMap<>(hashes));
    }
  }
}
