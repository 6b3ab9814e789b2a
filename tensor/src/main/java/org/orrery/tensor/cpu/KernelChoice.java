package org.orrery.tensor.cpu;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.orrery.tensor.cpu.loops.Loops;
import org.orrery.tensor.cpu.loops.ScalarLoops;
import org.orrery.tensor.cpu.loops.VectorLoops;

/// Decides once whether the vector kernels can run. Classes that mention vectors are loaded after that only: without
/// the module they cannot be. The system property `orrery.kernels` set to `scalar` leaves them out where they could run,
/// for comparisons.
final class KernelChoice {
  static final String MODULE = "jdk.incubator.vector";
  /// What is to be done where the module is absent.
  static final String CURE = "module " + MODULE + " is absent; add --add-modules " + MODULE;

  private static final Logger LOGGER = System.getLogger(KernelChoice.class.getName());

  private KernelChoice() {
  }

  private static final class Holder {
    static final Loops BEST = choose();
  }

  /// The fastest kernels that this virtual machine can run.
  static Loops best() {
    return Holder.BEST;
  }

  static boolean vectorsPresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static Loops choose() {
    String wanted = System.getProperty("orrery.kernels", "vector");
    if (!wanted.equals("vector") && !wanted.equals("scalar")) {
      throw new IllegalArgumentException("orrery.kernels: " + wanted + "; vector or scalar is required");
    }
    if (wanted.equals("scalar")) {
      return new ScalarLoops();
    }
    if (vectorsPresent()) {
      return new VectorLoops();
    }
    LOGGER.log(Level.WARNING, "the cpu backend runs scalar kernels, 3 to 6 times slower: {0}", CURE);
    return new ScalarLoops();
  }
}
