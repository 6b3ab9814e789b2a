package org.orrery.cosmology;

/// Where Lagrangian perturbation theory moves the matter of a field, and how fast it goes, today.
///
/// First order (Zel'dovich 1970): psi_1 = i k / k^2 delta. Second order (Bouchet et al. 1995):
/// psi_2 = -3/7 omegaM^(-1/143) grad nabla^-2 sum_(a<b) (phi_aa phi_bb - phi_ab^2) with nabla^2 phi = delta. Positions are
/// q + psi_1 + psi_2, velocities 100 (f_1 psi_1 + f_2 psi_2) km/s. Odd derivatives vanish at the highest wave number along
/// an axis.
///
/// Components are `[n, n, n]`, Mpc/h and km/s.
public final class Displacement {
  private final float[][] shift;
  private final float[][] velocity;

  private Displacement(float[][] shift, float[][] velocity) {
    this.shift = shift;
    this.velocity = velocity;
  }

  /// To which order of perturbation theory.
  public enum Order {
    /// Zel'dovich
    FIRST,
    /// with tides
    SECOND
  }

  /// Displaces a field that is smoothed by exp(-k^2 R^2 / 2) first.
  ///
  /// @param smoothing the radius R, Mpc/h; 0 for none
  /// @throws IllegalArgumentException where the radius is negative or not finite
  public static Displacement of(LinearField field, double smoothing, Order order) {
    if (!(smoothing >= 0 && smoothing < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("displacement: a smoothing of " + smoothing + " Mpc/h; 0 or more is required");
    }
    Cosmology cosmology = field.power().cosmology();
    Derivatives derivatives = new Derivatives(field);
    float[] modes = field.smoothed(smoothing);
    float[][] shift = new float[3][];
    float[][] velocity = new float[3][];
    for (int axis = 0; axis < 3; axis++) {
      shift[axis] = derivatives.inverseGradient(modes, axis, -1);
      velocity[axis] = scaled(shift[axis], 100 * cosmology.growthRate(0));
    }
    if (order == Order.SECOND) {
      float[] tides = field.transform().forward(derivatives.tides(modes));
      float rate = (float) (100 * cosmology.secondOrderGrowthRate(0));
      for (int axis = 0; axis < 3; axis++) {
        float[] second = derivatives.inverseGradient(tides, axis, -cosmology.secondOrderFactor(0));
        for (int i = 0; i < second.length; i++) {
          shift[axis][i] += second[i];
          velocity[axis][i] += rate * second[i];
        }
      }
    }
    return new Displacement(shift, velocity);
  }

  private static float[] scaled(float[] values, double factor) {
    float by = (float) factor;
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = by * values[i];
    }
    return result;
  }

  /// The displacement along an axis of what began at each cell's center, Mpc/h.
  public float[] along(int axis) {
    return shift[axis].clone();
  }

  /// Its peculiar velocity along an axis, km/s.
  public float[] velocityAlong(int axis) {
    return velocity[axis].clone();
  }

  float at(int axis, int cell) {
    return shift[axis][cell];
  }

  float velocityAt(int axis, int cell) {
    return velocity[axis][cell];
  }
}
