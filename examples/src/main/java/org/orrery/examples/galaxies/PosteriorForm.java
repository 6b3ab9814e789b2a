package org.orrery.examples.galaxies;

import java.util.Arrays;
import java.util.Locale;
import org.orrery.inference.FlowHead;
import org.orrery.inference.GaussianHead;
import org.orrery.inference.GaussianHead.Covariance;
import org.orrery.inference.MixtureHead;
import org.orrery.inference.MomentHead;
import org.orrery.inference.PosteriorHead;
import org.orrery.nn.Activation;
import org.orrery.nn.Mlp;
import org.orrery.tensor.Key;
import org.orrery.training.Scaler;

/// The form of a posterior.
public enum PosteriorForm {
  /// normal, with a full covariance: the default
  NORMAL,
  /// normal, each parameter by itself
  DIAGONAL,
  /// mean and standard deviation of each parameter, fitted as moments
  MOMENT,
  /// three normal components
  MIXTURE,
  /// a neural spline flow
  FLOW;

  private static final int COMPONENTS = 3;

  PosteriorHead head(int width, int channels, Key key) {
    Scaler scaler = SimulationSet.PRIOR.scaler();
    int parameters = SimulationSet.PRIOR.dimensions();
    return switch (this) {
      case NORMAL -> new GaussianHead(readout(width, channels, GaussianHead.numbers(parameters, Covariance.FULL), key),
          scaler, Covariance.FULL);
      case DIAGONAL -> new GaussianHead(
          readout(width, channels, GaussianHead.numbers(parameters, Covariance.DIAGONAL), key), scaler,
          Covariance.DIAGONAL);
      case MOMENT -> new MomentHead(readout(width, channels, 2 * parameters, key), scaler);
      case MIXTURE -> new MixtureHead(readout(width, channels, MixtureHead.numbers(parameters, COMPONENTS), key),
          scaler, COMPONENTS);
      case FLOW -> FlowHead.create(width, scaler, FlowHead.Form.USUAL, key);
    };
  }

  private static Mlp readout(int width, int channels, int numbers, Key key) {
    return Mlp.create(key, width, 2 * channels, channels, numbers).withActivation(Activation.SILU);
  }

  /// As a command spells it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The form of this name.
  ///
  /// @throws IllegalArgumentException listing the names, where there is none
  public static PosteriorForm parse(String text) {
    return Arrays.stream(values()).filter(form -> form.toString().equals(text)).findFirst().orElseThrow(
        () -> new IllegalArgumentException(
            "posterior '" + text + "'; one of " + Arrays.toString(values()) + " is required"));
  }
}
