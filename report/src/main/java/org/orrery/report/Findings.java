package org.orrery.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.report.GalaxyResult.Audit;
import org.orrery.report.GalaxyResult.Claim;
import org.orrery.report.GalaxyResult.Comparison;
import org.orrery.report.GalaxyResult.Estimate;
import org.orrery.report.GalaxyResult.Expected;
import org.orrery.report.GalaxyResult.Input;
import org.orrery.report.GalaxyResult.Method;
import org.orrery.report.GalaxyResult.Quantity;
import org.orrery.report.GalaxyResult.Score;
import org.orrery.report.GalaxyResult.Seeds;
import org.orrery.report.GalaxyResult.Sees;
import org.orrery.report.GalaxyResult.Stage;
import org.orrery.report.Verdicts.Fit;
import org.orrery.report.Verdicts.Outcome;

/// The sentences of a galaxy page, chosen from its numbers by [Verdicts]. All text is HTML.
final class Findings {
  private final GalaxyResult result;

  Findings(GalaxyResult result) {
    this.result = result;
  }

  /// A sentence and what backs it.
  record Finding(String title, String text) {
  }

  /// The method of the headline: that of the first comparison, or the first network, or the first row.
  Method headliner() {
    if (!result.comparisons().isEmpty()) {
      return result.method(result.comparisons().getFirst().method());
    }
    return result.methods().stream().filter(Method::network).findFirst().orElse(result.methods().getFirst());
  }

  String heading() {
    Method network = headliner();
    List<String> known = new ArrayList<>();
    List<String> open = new ArrayList<>();
    for (int k = 0; k < quantities(); k++) {
      Score score = network.scores().get(k);
      if (Verdicts.leavesOpen(score.r2())) {
        open.add(symbol(k));
      } else {
        known.add(
            "<span class=\"" + tone(k) + " nb\">" + bare(k) + " to ±" + Numbers.significant(score.rmse().value(), 2)
                + unit(k) + "</span>");
      }
    }
    String halos = capital(counted(result.setup().halos())) + " halos";
    if (known.isEmpty()) {
      return halos + " leave " + and(open) + " open";
    }
    return halos + " give " + and(known) + (open.isEmpty() ? "" : " and leave " + and(open) + " open");
  }

  String verdict() {
    if (result.comparisons().isEmpty()) {
      return "<b>No baseline was run on the same boxes</b>, so nothing says whether the network was needed.";
    }
    Comparison comparison = result.comparisons().getFirst();
    Method baseline = result.method(comparison.baseline());
    boolean same = baseline.sees() == headliner().sees();
    String asked = "Does the network beat " + (same
        ? "the best baseline that sees the same data? "
        : "a baseline that sees " + baseline.sees().words() + "? ");
    String answer = switch (Verdicts.outcome(comparison.change())) {
      case BEATS -> "Yes.";
      case BEATS_IN_PART -> "In " + and(where(comparison, Verdicts::isBetter)) + ".";
      case TIES -> "No: it is a tie.";
      case MIXED -> "In " + and(where(comparison, Verdicts::isBetter)) + ", and it loses in "
          + and(where(comparison, Verdicts::isWorse)) + ".";
      case LOSES -> "No: it loses.";
    };
    List<String> parts = IntStream.range(0, quantities()).mapToObj(k -> change(comparison, k)).toList();
    return "<b>" + asked + answer + "</b> Against " + lower(name(baseline)) + " its error is " + and(parts)
        + "; it is lower in "
        + "every quantity in " + Numbers.grouped(comparison.better()) + " of " + Numbers.grouped(comparison.draws())
        + " paired bootstraps.";
  }

  private String change(Comparison comparison, int k) {
    Estimate change = comparison.change().get(k);
    String size = Numbers.percent(Math.abs(change.value())) + (change.value() < 0 ? " lower" : " higher");
    return size + " in " + symbol(k) + " (95 %: " + signed(change.low()) + " to " + signed(change.high()) + ")";
  }

  private List<String> where(Comparison comparison, Predicate<Estimate> holds) {
    return IntStream.range(0, quantities()).filter(k -> holds.test(comparison.change().get(k)))
        .mapToObj(this::symbol).toList();
  }

  /// What the network gains where it sees positions alone; null where that was not tried.
  @Nullable
  Finding positionsAlone() {
    for (Comparison comparison : result.comparisons()) {
      if (result.method(comparison.method()).sees() == Sees.POSITIONS) {
        String baseline = Escape.text(result.method(comparison.baseline()).label().toLowerCase(Locale.ROOT));
        return switch (Verdicts.outcome(comparison.change())) {
          case BEATS -> new Finding("a gain", "over " + baseline + " in every quantity");
          case BEATS_IN_PART -> new Finding("a gain in part",
              "in " + and(where(comparison, Verdicts::isBetter)) + "; " + baseline + " is level elsewhere");
          case TIES -> new Finding("no gain", baseline + " is as good there");
          case MIXED -> new Finding("mixed", "better in " + and(where(comparison, Verdicts::isBetter)) + ", worse in "
              + and(where(comparison, Verdicts::isWorse)));
          case LOSES -> new Finding("a loss", baseline + " is better in " + and(where(comparison, Verdicts::isWorse)));
        };
      }
    }
    return null;
  }

  String comparisonHeading() {
    if (result.comparisons().isEmpty()) {
      return "Scores";
    }
    String first = "With " + headliner().sees().words() + " " + verb(result.comparisons().getFirst());
    for (Comparison other : result.comparisons().subList(1, result.comparisons().size())) {
      Method method = result.method(other.method());
      if (method.sees() != headliner().sees()) {
        return first + "; with " + (method.sees() == Sees.POSITIONS ? "positions alone" : method.sees().words()) + " "
            + verb(other).replace("the network", "it");
      }
    }
    return first;
  }

  private static String verb(Comparison comparison) {
    return switch (Verdicts.outcome(comparison.change())) {
      case BEATS -> "the network wins";
      case BEATS_IN_PART -> "the network wins in part";
      case TIES -> "the network ties";
      case MIXED -> "the network wins some and loses some";
      case LOSES -> "the network loses";
    };
  }

  Fit before() {
    return Verdicts.fit(result.calibration().before().coverage68(), result.setup().test());
  }

  Fit after() {
    return Verdicts.fit(result.calibration().after().coverage68(), result.setup().test());
  }

  String calibrationHeading() {
    String factor = Numbers.fixed(result.calibration().factor(), 2);
    if (after() != Fit.CALIBRATED) {
      return "Error bars are " + length(after()) + ", also after a factor " + factor;
    }
    return before() == Fit.CALIBRATED
        ? "Error bars hold, before and after a factor " + factor
        : "Error bars were " + length(before()) + "; with a factor " + factor + " they hold";
  }

  private static String length(Fit fit) {
    return switch (fit) {
      case CALIBRATED -> "right";
      case OVERCONFIDENT -> "too short";
      case UNDERCONFIDENT -> "too long";
      case MIXED -> "too short for some quantities and too long for others";
    };
  }

  String calibrationText() {
    Audit before = result.calibration().before();
    Audit after = result.calibration().after();
    double[] band = Normal.binomial95(result.setup().test(), 0.68);
    return "As trained, the 68 % intervals hold " + and(percents(before.coverage68()))
        + " of the truths; with one factor "
        + "on every width, fitted on validation boxes and never on these, " + and(percents(after.coverage68()))
        + ". Chance allows " + Numbers.percent(band[0]) + " to " + Numbers.percent(band[1]) + " with "
        + Numbers.grouped(result.setup().test()) + " boxes.";
  }

  String tarpText() {
    double outside = Verdicts.outsideBand(result.calibration().after().tarp(), result.setup().test());
    return outside == 0
        ? "The joint curve stays within chance."
        : "The joint curve leaves the band of chance at " + Numbers.percent(outside)
            + " of its points: the joint posterior does not hold as well as each interval.";
  }

  String trainingHeading() {
    double seconds = result.training().seconds().getLast();
    String time = seconds < 100
        ? Numbers.fixed(seconds, 0) + " seconds"
        : seconds < 6000 ? Numbers.fixed(seconds / 60, 0) + " minutes" : Numbers.fixed(seconds / 3600, 1) + " hours";
    return "Trained in " + time
        + (Verdicts.memorized(result.training()) ? ", and it knows its training boxes too well" : "");
  }

  String trainingText() {
    int best = result.training().bestEpoch();
    int epochs = result.training().seconds().size();
    String kept = "The dots mark the weights that were kept, those of epoch " + best + " of " + epochs + ". ";
    String together = Verdicts.memorized(result.training())
        ? "Training and validation part: the network has memorized some of its boxes, and more of them would help. "
        : "Training and validation stay together: nothing was memorized. ";
    return kept + together + (Verdicts.stillImproving(result.training())
        ? "The best epoch is among the last, so a longer run may gain a little."
        : "Later epochs brought nothing.");
  }

  /// What a reader should hear without asking.
  List<Finding> unasked() {
    List<Finding> found = new ArrayList<>();
    for (int k = 0; k < quantities(); k++) {
      giveaways(k, found);
      published(k, found);
    }
    otherData(found);
    boxes(found);
    strongerBaseline(found);
    seeds(found);
    edges(found);
    result.inputs().forEach(input -> found.add(foreign(input)));
    symmetries(found);
    plan(found);
    return found;
  }

  private void giveaways(int k, List<Finding> found) {
    for (Method method : result.methods()) {
      Estimate r2 = method.scores().get(k).r2();
      if (method.sees() == Sees.COUNT && Verdicts.nearlyTheAnswer(r2)) {
        found.add(new Finding("The number of halos is nearly the answer.", "Alone it gives R² = " + r2(r2) + " for "
            + symbol(k) + "; what a network adds must be measured against that."));
      } else if (method.sees() == Sees.FEATURES && Verdicts.nearlyTheAnswer(r2)) {
        found.add(new Finding("Features inform without places.", name(method) + " give R² = " + r2(r2) + " for "
            + symbol(k) + " before any graph is made."));
      }
    }
    List<Method> places = result.methods().stream().filter(method -> method.sees() == Sees.POSITIONS).toList();
    if (result.setup().countIsFixed() && !places.isEmpty()
        && places.stream().allMatch(method -> Verdicts.leavesOpen(method.scores().get(k).r2()))) {
      double best = places.stream().mapToDouble(method -> method.scores().get(k).r2().value()).max().orElse(0);
      Estimate mine = headliner().scores().get(k).r2();
      boolean back = headliner().sees() != Sees.POSITIONS && Verdicts.nearlyTheAnswer(mine);
      found.add(new Finding("A fixed number of halos leaves little of " + symbol(k) + ".",
          "From positions alone the best method reaches R² = " + Numbers.fixed(best, 3)
              + ": bias times " + symbol(k) + " stays nearly constant."
              + (back ? " With " + headliner().sees().words() + " it is " + r2(mine) + "." : "")));
    }
  }

  private void published(int k, List<Finding> found) {
    for (Method method : result.methods()) {
      Expected expected = method.scores().get(k).expected();
      if (expected != null) {
        Estimate r2 = method.scores().get(k).r2();
        String how = expected.r2() < r2.low() ? "above" : expected.r2() > r2.high() ? "below" : "in agreement with";
        found.add(new Finding(name(method) + " in " + symbol(k) + ": " + how + " the expected figure.",
            "R² = " + r2(r2) + " (95 %: " + Numbers.fixed(r2.low(), 3) + " to " + Numbers.fixed(r2.high(), 3)
                + "), expected " + Numbers.fixed(expected.r2(), 3) + " (" + Escape.text(expected.source()) + ")."));
      }
    }
  }

  private void otherData(List<Finding> found) {
    for (Comparison comparison : result.comparisons().stream().skip(1).toList()) {
      Method method = result.method(comparison.method());
      Method baseline = result.method(comparison.baseline());
      Outcome outcome = Verdicts.outcome(comparison.change());
      String title = switch (outcome) {
        case BEATS -> "The network also wins with ";
        case BEATS_IN_PART -> "The network wins in part with ";
        case TIES -> "No gain with ";
        case MIXED -> "Gains and losses with ";
        case LOSES -> "The network loses with ";
      };
      found.add(new Finding(title + method.sees().words() + ".", name(method) + ": R² = "
          + and(r2s(method)) + "; " + lower(name(baseline)) + ": " + and(r2s(baseline)) + "."));
    }
  }

  private void boxes(List<Finding> found) {
    Method network = headliner();
    result.methods().stream().filter(method -> method.network() && method.sees() == network.sees()
        && method.trainingBoxes() < network.trainingBoxes()).forEach(fewer -> {
          boolean worse = IntStream.range(0, quantities()).anyMatch(
              k -> fewer.scores().get(k).rmse().value() > network.scores().get(k).rmse().high());
          found.add(new Finding(worse ? "It needs the boxes." : "Fewer boxes do nearly as well.",
              "With " + Numbers.grouped(fewer.trainingBoxes()) + " to train, R² = " + and(r2s(fewer)) + " instead of "
                  + and(r2s(network)) + "."));
        });
  }

  private void strongerBaseline(List<Finding> found) {
    if (result.comparisons().isEmpty()) {
      return;
    }
    Method baseline = result.method(result.comparisons().getFirst().baseline());
    for (int k = 0; k < quantities(); k++) {
      int quantity = k;
      result.methods().stream().filter(method -> !method.network() && method.sees() == headliner().sees()
          && method.scores().get(quantity).rmse().value() < baseline.scores().get(quantity).rmse().value())
          .forEach(method -> found.add(new Finding("A stronger baseline exists for " + symbol(quantity) + ".",
              name(method) + " has an error of " + Numbers.significant(method.scores().get(quantity).rmse().value(), 3)
                  + "; the verdict is against " + name(baseline) + ".")));
    }
  }

  private void seeds(List<Finding> found) {
    Seeds seeds = result.seeds();
    if (seeds != null && seeds.count() > 1) {
      boolean same = seeds.errorCorrelation() >= Verdicts.SAME_ERRORS;
      List<String> reached = IntStream.range(0, quantities()).mapToObj(k -> "R² = " + meanAndSpread(
          seeds.each().stream().mapToDouble(seed -> seed.r2().get(k)).toArray(), 3) + " and an error of "
          + meanAndSpread(seeds.each().stream().mapToDouble(seed -> seed.rmse().get(k)).toArray(), 4) + " in "
          + symbol(k)).toList();
      found.add(new Finding("Over " + seeds.count() + " seeds of training, mean ± standard deviation:",
          and(reached) + "."));
      found.add(new Finding(same ? "Ensembles of seeds gain nothing." : "Seeds differ: an ensemble would gain.",
          "The errors of " + seeds.count() + " seeds correlate at " + Numbers.fixed(seeds.errorCorrelation(), 2)
              + (same ? ": they come from the boxes." : ": some of them come from training.")));
    }
  }

  private static String meanAndSpread(double[] values, int digits) {
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Numbers.fixed(mean, digits) + " ± " + Numbers.fixed(Math.sqrt(squares / Math.max(1, values.length - 1)),
        digits);
  }

  private void edges(List<Finding> found) {
    List<String> leaning = IntStream.range(0, quantities()).filter(k -> {
      Quantity q = result.quantities().get(k);
      return Verdicts.leansInward(result.boxes().stream().mapToDouble(box -> box.truth().get(k)).toArray(),
          result.boxes().stream().mapToDouble(box -> box.mean().get(k)).toArray(), q.low(), q.high());
    }).mapToObj(this::symbol).toList();
    if (!leaning.isEmpty()) {
      found.add(new Finding("The mean leans inward at the edges of the prior.", "So it does in " + and(leaning)
          + ": no training box lies beyond."));
    }
  }

  private Finding foreign(Input input) {
    boolean foreign = Verdicts.isForeign(input);
    List<String> values = IntStream.range(0, quantities()).mapToObj(k -> symbol(k) + " = "
        + Numbers.significant(input.mean().get(k), 3) + " ± " + Numbers.significant(input.sd().get(k), 2)).toList();
    return new Finding(Escape.text(capital(input.name())) + (foreign
        ? " is unlike the training boxes."
        : " looks like the training boxes."), "Distance " + Numbers.significant(input.distance(), 3) + ", limit "
            + Numbers.significant(input.limit(), 3) + ", reached by " + Numbers.fixed(100 * input.share(), 1)
            + " % of the validation boxes. The network says " + and(values)
            + (foreign ? ", and that is not to be trusted." : "."));
  }

  private void symmetries(List<Finding> found) {
    result.symmetries().stream().filter(claim -> !claim.holds()).forEach(claim -> found.add(new Finding(
        "The claim of " + Escape.text(claim.group()) + " does not hold.", "The output changes by "
            + Numbers.significant(claim.error(), 2) + ", allowed are " + Numbers.significant(claim.tolerance(), 2)
            + part(claim) + ".")));
  }

  private static String part(Claim claim) {
    return claim.brokenBy() == null
        ? ""
        : "; the first part that breaks it is <code>" + Escape.text(claim.brokenBy())
            + "</code>";
  }

  private void plan(List<Finding> found) {
    List<String> wrong = result.stages().stream().filter(stage -> !Verdicts.planHeld(stage))
        .map(stage -> Escape.text(stage.name()) + " took " + Numbers.duration(stage.seconds()) + planned(stage))
        .toList();
    if (!wrong.isEmpty()) {
      found.add(new Finding("The plan was wrong.", capital(and(wrong)) + "."));
    }
  }

  private static String planned(Stage stage) {
    Double planned = stage.planned();
    return planned == null ? "" : ", planned " + Numbers.duration(planned);
  }

  String symmetryHeading() {
    return Verdicts.symmetriesHold(result.symmetries())
        ? "Symmetries hold on the trained model"
        : "Not every symmetry holds on the trained model";
  }

  private int quantities() {
    return result.quantities().size();
  }

  private List<String> r2s(Method method) {
    return IntStream.range(0, quantities()).mapToObj(k -> r2(method.scores().get(k).r2())).toList();
  }

  private static String r2(Estimate r2) {
    return Numbers.fixed(r2.value(), 3);
  }

  static List<String> percents(List<Double> shares) {
    return shares.stream().map(Numbers::percent).toList();
  }

  private static String signed(double change) {
    return (change > 0 ? "+" : "") + Numbers.percent(change);
  }

  static String name(Method method) {
    return Escape.text(method.label());
  }

  /// A symbol in the color of its quantity.
  String symbol(int k) {
    return "<span class=\"" + tone(k) + "\">" + bare(k) + "</span>";
  }

  private String bare(int k) {
    return label(k).html();
  }

  Label label(int k) {
    Quantity quantity = result.quantities().get(k);
    return Label.symbol(quantity.symbol(), quantity.subscript());
  }

  private static String lower(String text) {
    return text.isEmpty() ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  String unit(int k) {
    String unit = result.quantities().get(k).unit();
    return unit.isEmpty() ? "" : "\u00a0" + Escape.text(unit);
  }

  static String tone(int k) {
    return Tone.of(k).name().toLowerCase(Locale.ROOT);
  }

  /// Joined by commas and `and`; equal texts once where all are equal.
  static String and(List<String> parts) {
    if (parts.size() > 1 && parts.stream().distinct().count() == 1) {
      return parts.getFirst();
    }
    return parts.size() < 2
        ? String.join("", parts)
        : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
  }

  static String each(int count, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
  }

  private static String capital(String text) {
    return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /// Whole hundreds below a thousand in words.
  static String counted(int count) {
    String[] hundreds = {"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    return count % 100 == 0 && count > 0 && count < 1000 ? hundreds[count / 100] + " hundred" : Numbers.grouped(count);
  }
}
