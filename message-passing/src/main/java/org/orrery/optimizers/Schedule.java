package org.orrery.optimizers;

import java.util.List;
import java.util.Map;
import org.orrery.nn.Require;

/// The learning rate at each step, counted from 0; a step is whatever the caller counts, an optimizer's step or an epoch.
///
/// Every schedule but [ReduceOnPlateau] is a pure function. The forms are those of `torch.optim.lr_scheduler`. The text of
/// a schedule says its numbers, by which a [org.orrery.training.Trainer] that resumes knows it again; a lambda has no such text.
@FunctionalInterface
public interface Schedule {
  /// The rate at a step.
  double rate(long step);

  /// Tells a metric of the epoch that ended. Pure schedules do not listen.
  ///
  /// @param step the last whose rate was used in that epoch
  default void observe(long step, double metric) {
  }

  /// What it remembers between epochs; empty for a pure schedule.
  default Map<String, Double> state() {
    return Map.of();
  }

  /// Takes over what another remembered.
  ///
  /// @throws IllegalArgumentException where the names are others
  default void restore(Map<String, Double> state) {
    Require.that(state.isEmpty(), "schedule", "a state " + state.keySet() + "; this one remembers nothing");
  }

  /// The same rate always.
  static Schedule constant(double rate) {
    Require.notNegative("schedule", "rate", rate);
    return new Formula("constant " + rate, step -> rate);
  }

  /// initial factor^floor(step / every).
  static Schedule stepped(double initial, int every, double factor) {
    Require.positive("schedule", "every", every);
    return new Formula("stepped " + List.of(initial, every, factor), step -> {
      long falls = step / every;
      return initial * StrictMath.pow(factor, (double) falls);
    });
  }

  /// initial factor^m where m of the milestones have been reached.
  static Schedule milestones(double initial, List<Integer> milestones, double factor) {
    List<Integer> copy = List.copyOf(milestones);
    return new Formula("milestones " + List.of(initial, copy, factor), step -> initial
        * StrictMath.pow(factor, (double) copy.stream().filter(milestone -> step >= milestone).count()));
  }

  /// initial factor^step.
  static Schedule exponential(double initial, double factor) {
    return new Formula("exponential " + List.of(initial, factor),
        step -> initial * StrictMath.pow(factor, (double) step));
  }

  /// initial (start + (end - start) min(step, length) / length).
  static Schedule linear(double initial, double start, double end, int length) {
    Require.positive("schedule", "length", length);
    return new Formula("linear " + List.of(initial, start, end, length),
        step -> initial * (start + (end - start) * Math.min(step, length) / length));
  }

  /// initial factor before step `length`, then initial.
  static Schedule constantFactor(double initial, double factor, int length) {
    return new Formula("reduced " + List.of(initial, factor, length),
        step -> step < length ? initial * factor : initial);
  }

  /// initial (1 - min(step, length) / length)^power.
  static Schedule polynomial(double initial, int length, double power) {
    Require.positive("schedule", "length", length);
    return new Formula("polynomial " + List.of(initial, length, power),
        step -> initial * StrictMath.pow(1 - Math.min(step, length) / (double) length, power));
  }

  /// lowest + (initial - lowest) (1 + cos(pi step / length)) / 2, which rises again after `length`.
  static Schedule cosine(double initial, int length, double lowest) {
    Require.positive("schedule", "length", length);
    return new Formula("cosine " + List.of(initial, length, lowest),
        step -> lowest + (initial - lowest) * (1 + StrictMath.cos(Math.PI * step / length)) / 2);
  }

  /// A first schedule up to, not including, a step; then a second one that counts from 0 again.
  static Schedule sequence(Schedule first, long length, Schedule second) {
    return new ScheduleSequence(first, length, second);
  }

  /// A rise from start times the next one's first rate to that rate, in a straight line over `length` steps; then the
  /// next one from its beginning.
  static Schedule warmUp(int length, double start, Schedule next) {
    Require.positive("schedule", "length", length);
    return sequence(new Formula("warm-up " + List.of(length, start),
        step -> next.rate(0) * (start + (1 - start) * step / length)), length, next);
  }

  /// initial times the product of rate(step) / initial over the parts, each of which starts from `initial`.
  static Schedule chained(double initial, List<Schedule> parts) {
    Require.positive("schedule", "initial rate", initial);
    return new ScheduleProduct(initial, parts);
  }
}
