package violations.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Vector operations, of which only `largest` is allowed.
public final class Lanes {
  private Lanes() {}

  static FloatVector exponential(FloatVector x) { return x.lanewise(VectorOperators.EXP); }

  static float sum(FloatVector x) { return x.reduceLanes(VectorOperators.ADD); }

  static float anyReduction(FloatVector x, VectorOperators.Associative operator) { return x.reduceLanes(operator); }

  static float largest(FloatVector x) { return x.reduceLanes(VectorOperators.MAX); }
}
