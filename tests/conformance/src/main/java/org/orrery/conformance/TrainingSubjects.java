package org.orrery.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.orrery.metrics.RocCurve;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Adagrad;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.CosineRestarts;
import org.orrery.optimizers.Cyclic;
import org.orrery.optimizers.OneCycle;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.ParameterGroup;
import org.orrery.optimizers.RmsProp;
import org.orrery.optimizers.Schedule;
import org.orrery.optimizers.Sgd;
import org.orrery.optimizers.UpdateRule;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// The area `train`.
final class TrainingSubjects {
  private TrainingSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("optimizer_sgd", in -> descend(in, in.config().number("lr"), sgd(in.config())));
    all.put("optimizer_adam", in -> {
      Config c = in.config();
      List<Double> betas = betas(c);
      return descend(in, 1e-3, new Adam(betas.get(0), betas.get(1), c.number("eps", 1e-8), c.flag("amsgrad", false),
          c.number("weight_decay", 0)));
    });
    all.put("optimizer_adamw", in -> {
      Config c = in.config();
      List<Double> betas = betas(c);
      return descend(in, 1e-3, new AdamW(betas.get(0), betas.get(1), c.number("eps", 1e-8), c.flag("amsgrad", false),
          c.number("weight_decay", 0.01)));
    });
    all.put("optimizer_rmsprop", in -> {
      Config c = in.config();
      return descend(in, 1e-2, new RmsProp(c.number("alpha", 0.99), c.number("eps", 1e-8), c.number("momentum", 0),
          c.flag("centered", false), c.number("weight_decay", 0)));
    });
    all.put("optimizer_adagrad", in -> {
      Config c = in.config();
      return descend(in, 1e-2, new Adagrad(c.number("lr_decay", 0), c.number("initial_accumulator_value", 0),
          c.number("eps", 1e-10), c.number("weight_decay", 0)));
    });
    schedules(all);
    all.put("lens_metrics", in -> {
      in.config().ignore("tpr0", "tpr10");
      RocCurve curve = RocCurve.of(in.indices("label"), in.array("in.score").doubles());
      return new Answer().with("out.auroc", Tensor.of(curve.area()))
          .with("out.tpr0", Tensor.of(curve.truePositiveRate(0)))
          .with("out.tpr10", Tensor.of(curve.truePositiveRate(10)));
    });
  }

  private static UpdateRule sgd(Config c) {
    return new Sgd(c.number("momentum", 0), c.number("dampening", 0), c.flag("nesterov", false),
        c.number("weight_decay", 0));
  }

  private static List<Double> betas(Config c) {
    return c.isList("betas") ? c.numbers("betas") : List.of(0.9, 0.999);
  }

  /// Steps down mean (a w - b)^2 from w0, or up where the reference maximizes; the parameter after each.
  ///
  /// @param usual the rate where the configuration says none
  private static Answer descend(Case in, double usual, UpdateRule rule) {
    double rate = in.config().number("lr", usual);
    double direction = in.config().flag("maximize", false) ? -1 : 1;
    int steps = in.config().integer("steps", in.array("out.trajectory").shape().size(0));
    Tensor a = in.tensor("a").detach();
    Tensor b = in.tensor("b").detach();
    Parameter w = Parameter.of(in.tensor("w0").detach());
    Optimizer optimizer = rule.on(List.of(new ParameterGroup(List.of(w), rule.weightDecay(), 1)));
    List<Tensor> trajectory = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Tensor loss = a.matmul(w.value().unsqueeze(1)).squeeze(1).subtract(b).square().mean();
      optimizer.step(Gradients.of(loss.multiply(direction), w.value()), rate);
      trajectory.add(Tensor.of(w.value().toDoubles()));
    }
    return new Answer().with("out.trajectory", Tensor.stack(0, trajectory));
  }

  private static void schedules(Map<String, Subject> all) {
    schedule(all, "schedule_step",
        (c, rate) -> Schedule.stepped(rate, c.integer("step_size"), c.number("gamma", 0.1)));
    schedule(all, "schedule_exponential", (c, rate) -> Schedule.exponential(rate, c.number("gamma", 0.1)));
    schedule(all, "schedule_cosine",
        (c, rate) -> Schedule.cosine(rate, c.integer("T_max"), c.number("eta_min", 0)));
    schedule(all, "schedule_cosine_restarts", (c, rate) -> new CosineRestarts(rate, c.integer("T_0"),
        c.integer("T_mult", 1), c.number("eta_min", 0)));
    schedule(all, "schedule_linear", (c, rate) -> Schedule.linear(rate, c.number("start_factor", 1.0 / 3),
        c.number("end_factor", 1), c.integer("total_iters", 5)));
    schedule(all, "schedule_cyclic", (c, rate) -> {
      c.ignore("cycle_momentum", "base_momentum", "max_momentum", "scale_mode"); // of the momentum, or of scale_fn
      int up = c.integer("step_size_up", 2000);
      Cyclic.Shape shape = switch (c.text("mode", "triangular")) {
        case "triangular" -> new Cyclic.Triangular();
        case "triangular2" -> new Cyclic.Halving();
        case "exp_range" -> new Cyclic.Exponential(c.number("gamma", 1));
        default -> throw new Unsupported("no such mode");
      };
      return new Cyclic(c.number("base_lr"), c.number("max_lr"), up, c.integer("step_size_down", up), shape);
    });
    schedule(all, "schedule_one_cycle", (c, rate) -> {
      c.ignore("cycle_momentum", "base_momentum", "max_momentum"); // of the momentum
      c.require("anneal_strategy", "cos", "linear");
      OneCycle.Curve curve = c.text("anneal_strategy", "cos").equals("cos")
          ? OneCycle.Curve.COSINE
          : OneCycle.Curve.LINEAR;
      int steps = c.has("total_steps")
          ? c.integer("total_steps")
          : c.integer("epochs") * c.integer("steps_per_epoch");
      c.ignore("epochs", "steps_per_epoch");
      return new OneCycle(c.number("max_lr"), steps, c.number("pct_start", 0.3),
          c.number("div_factor", 25), c.number("final_div_factor", 1e4), curve,
          c.flag("three_phase", false) ? OneCycle.Phases.THREE : OneCycle.Phases.TWO);
    });
    schedule(all, "schedule_multi_step", (c, rate) -> Schedule.milestones(rate,
        c.numbers("milestones").stream().map(Double::intValue).toList(), c.number("gamma", 0.1)));
    schedule(all, "schedule_constant",
        (c, rate) -> Schedule.constantFactor(rate, c.number("factor", 1.0 / 3), c.integer("total_iters", 5)));
    schedule(all, "schedule_polynomial",
        (c, rate) -> Schedule.polynomial(rate, c.integer("total_iters", 5), c.number("power", 1)));
  }

  private interface ScheduleOf {
    Schedule make(Config config, double initialRate);
  }

  private static void schedule(Map<String, Subject> all, String op, ScheduleOf maker) {
    all.put(op, in -> {
      in.config().ignore("name");
      Schedule schedule = maker.make(in.config(), in.config().number("initial_lr", 0));
      int steps = in.config().integer("steps", Indices.of(in.array("out.lr").shape().toArray()).at(0));
      double[] rates = new double[steps];
      for (int t = 0; t < steps; t++) {
        rates[t] = schedule.rate(t);
      }
      return new Answer().with("out.lr", Tensor.of(rates));
    });
  }
}
