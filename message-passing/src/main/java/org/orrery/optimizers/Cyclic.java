package org.orrery.optimizers;

import org.orrery.nn.Require;

/// A cyclic rate: from `base` in a straight line to `highest` in `up` steps and back in `down`; each cycle's height
/// follows the shape.
///
/// Smith 2017, in the form of `torch.optim.lr_scheduler.CyclicLR`. Momentum is not cycled.
///
/// @param base the rate at the ends of a cycle
/// @param highest the rate at the top of the first cycle
/// @param up steps from base to top
/// @param down steps from top to base
/// @param shape how the height changes
public record Cyclic(double base, double highest, int up, int down, Shape shape) implements Schedule {
  /// How the height of cycles changes.
  public sealed interface Shape {
    /// What the height is multiplied by.
    ///
    /// @param cycle counted from 1
    double scale(long cycle, long step);
  }

  /// Cycles of one height.
  public record Triangular() implements Shape {
    @Override
    public double scale(long cycle, long step) {
      return 1;
    }
  }

  /// Each cycle half as high as the last.
  public record Halving() implements Shape {
    @Override
    public double scale(long cycle, long step) {
      return StrictMath.pow(0.5, (double) (cycle - 1));
    }
  }

  /// The height falls with each step by a factor.
  ///
  /// @param factor below 1 to fall
  public record Exponential(double factor) implements Shape {
    @Override
    public double scale(long cycle, long step) {
      return StrictMath.pow(factor, (double) step);
    }
  }

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException unless up and down are positive
  public Cyclic {
    Require.positive("cyclic", "up", up);
    Require.positive("cyclic", "down", down);
  }

  /// Cycles of one height, as long up as down.
  public Cyclic(double base, double highest, int up) {
    this(base, highest, up, up, new Triangular());
  }

  @Override
  public double rate(long step) {
    long length = (long) up + down;
    long within = step % length;
    double height = within <= up ? within / (double) up : (length - within) / (double) down;
    return base + (highest - base) * height * shape.scale(1 + step / length, step);
  }
}
