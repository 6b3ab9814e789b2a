package org.orrery.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Multiply-adds in registers alone: what no kernel can exceed.
final class FmaLoop {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  /// So many rounds a call: a call that begins before the loop is compiled allocates each vector.
  private static final int ROUNDS = 10_000;

  private FmaLoop() {
  }

  /// Runs about `rounds` times twelve independent multiply-adds, and says something of the result so that none is left out.
  static float run(int rounds) {
    float sum = 0;
    for (int call = 0; call < calls(rounds); call++) {
      sum += chains();
    }
    return sum;
  }

  private static int calls(int rounds) { return Math.max(1, rounds / ROUNDS); }

  private static float chains() {
    FloatVector a0 = FloatVector.broadcast(SPECIES, 1f);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector a6 = a0;
    FloatVector a7 = a0;
    FloatVector a8 = a0;
    FloatVector a9 = a0;
    FloatVector a10 = a0;
    FloatVector a11 = a0;
    FloatVector m = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector c = FloatVector.broadcast(SPECIES, 0.001f);
    for (int i = 0; i < ROUNDS; i++) {
      a0 = a0.fma(m, c);
      a1 = a1.fma(m, c);
      a2 = a2.fma(m, c);
      a3 = a3.fma(m, c);
      a4 = a4.fma(m, c);
      a5 = a5.fma(m, c);
      a6 = a6.fma(m, c);
      a7 = a7.fma(m, c);
      a8 = a8.fma(m, c);
      a9 = a9.fma(m, c);
      a10 = a10.fma(m, c);
      a11 = a11.fma(m, c);
    }
    return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).add(a8).add(a9).add(a10).add(a11).lane(0);
  }

  /// Floating-point operations of that many rounds.
  static double flops(int rounds) {
    return 2.0 * CHAINS * SPECIES.length() * ROUNDS * calls(rounds);
  }
}
