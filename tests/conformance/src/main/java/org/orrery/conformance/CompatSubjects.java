package org.orrery.conformance;

import java.util.Map;
import org.orrery.compat.SinusoidalPositions;

/// Layers of the area `compat`.
final class CompatSubjects {
  private CompatSubjects() {
  }

  static void register(Map<String, Subject> all) {
    ConvolutionSubjects.register(all);
    RecurrentSubjects.register(all);
    TransformerSubjects.register(all);
    all.put("sinusoidal_position", in -> Answer
        .of(new SinusoidalPositions(in.config().integer("d_model")).rows(0, in.config().integer("length"))));
  }
}
