package org.orrery.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.Aggregation.Flow;
import org.orrery.messagepassing.LstmAggregation;
import org.orrery.tensor.Key;

/// Aggregations by PyTorch Geometric's names, alone and as options of layers.
final class AggregationSubjects {
  private AggregationSubjects() {
  }

  static void register(Map<String, Subject> all) {
    for (String name : List.of("sum", "add", "mean", "max", "min", "mul", "var", "std", "softmax", "median",
        "power_mean", "lstm")) {
      all.put("aggregate_" + name, in -> {
        Aggregation aggregation = aggregation(name, in.config());
        in.load(aggregation);
        return Answer.of(aggregation.apply(in.tensor("x"), GraphSubjects.rows(in)));
      });
    }
  }

  /// What a layer's `aggr` and `aggr_kwargs` say.
  static Aggregation of(Config c, String otherwise) {
    Config arguments = c.part("aggr_kwargs");
    Aggregation aggregation = c.isList("aggr")
        ? several(c.texts("aggr"), arguments)
        : aggregation(c.text("aggr", otherwise), arguments);
    arguments.requireAllRead();
    return aggregation;
  }

  /// The same for a layer that needs the width kept.
  static Aggregation ofOneWidth(Config c, String otherwise) {
    Aggregation aggregation = of(c, otherwise);
    if (aggregation.width(1) != 1) {
      throw new Unsupported("no option aggr with " + aggregation.width(1) + " aggregations");
    }
    return aggregation;
  }

  private static Aggregation several(List<String> names, Config arguments) {
    arguments.require("mode", "cat");
    List<Config> each = arguments.parts("aggrs_kwargs");
    List<Aggregation> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      parts.add(each.isEmpty() ? aggregation(names.get(i)) : aggregation(names.get(i), each.get(i)));
    }
    each.forEach(Config::requireAllRead);
    return Aggregation.several(parts.toArray(Aggregation[]::new));
  }

  /// The aggregation of this name as the reference makes it without arguments.
  static Aggregation aggregation(String name) {
    return switch (name) {
      case "sum", "add" -> Aggregation.sum();
      case "mean" -> Aggregation.mean();
      case "max" -> Aggregation.max();
      case "min" -> Aggregation.min();
      case "mul", "prod" -> Aggregation.product();
      case "var" -> Aggregation.variance();
      case "std" -> Aggregation.standardDeviation();
      case "softmax" -> Aggregation.softmax(1);
      case "median" -> Aggregation.median();
      case "powermean", "power_mean" -> Aggregation.powerMean(1);
      default -> throw new Unsupported("no aggregation " + name);
    };
  }

  private static Aggregation aggregation(String name, Config c) {
    Flow flow = c.flag("semi_grad", false) ? Flow.PARTIAL : Flow.FULL;
    return switch (name) {
      case "var" -> Aggregation.variance(flow);
      case "std" -> Aggregation.standardDeviation(flow);
      case "softmax" -> c.flag("learn", false)
          ? Aggregation.learnedSoftmax(c.number("t", 1), c.integer("channels", 1))
          : Aggregation.softmax(c.number("t", 1), flow);
      case "powermean", "power_mean" -> c.flag("learn", false)
          ? Aggregation.learnedPowerMean(c.number("p", 1), c.integer("channels", 1))
          : Aggregation.powerMean(c.number("p", 1));
      case "lstm" -> LstmAggregation.create(c.integer("in_channels"), c.integer("out_channels"), Key.of(1));
      default -> aggregation(name);
    };
  }
}
