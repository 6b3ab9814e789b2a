package org.orrery.graph;

import java.util.Locale;

/// Whether a list of edges fits into memory: asked before it is made, so that what does not fit is an error that says how many
/// edges there would be, and not the end of the process.
public final class EdgeMemory {
  /// What an edge takes, in bytes, while a list is made: its sender and its receiver, once as they are found and once as
  /// they are kept.
  public static final int BYTES = 16;
  /// Arrays hold no more.
  private static final long LARGEST_LIST = Integer.MAX_VALUE - 8;

  private EdgeMemory() {
  }

  /// How many edges a list can have in this process: as many as an array holds, and as the heap has room for.
  public static long most() {
    return Math.min(LARGEST_LIST, Runtime.getRuntime().maxMemory() / BYTES);
  }

  /// Checks that so many edges fit.
  ///
  /// @param operation what makes them
  /// @param what they are: edges, or pairs
  /// @param instead what can be done where they don't fit
  /// @throws ArithmeticException where they don't, with their number, the memory that they need and the limits
  public static void require(String operation, String what, double edges, String instead) {
    require(operation, what, edges, instead, Runtime.getRuntime().maxMemory());
  }

  /// The same in so many bytes.
  static void require(String operation, String what, double edges, String instead, long memory) {
    if (edges > LARGEST_LIST || edges * BYTES > memory) {
      throw new ArithmeticException(String.format(Locale.ROOT,
          "%s: %.0f %s need %s; a list holds at most %d, and this process has %s (-Xmx); %s", operation, edges, what,
          gigabytes(edges * BYTES), LARGEST_LIST, gigabytes((double) memory), instead));
    }
  }

  /// A number of edges, nodes or the like as an int.
  ///
  /// @throws ArithmeticException where it is none, with the number
  static int count(String operation, String what, double count) {
    if (count > Integer.MAX_VALUE) {
      throw new ArithmeticException(
          String.format(Locale.ROOT, "%s: %.0f %s; at most %d can be counted", operation, count, what,
              Integer.MAX_VALUE));
    }
    return (int) count;
  }

  private static String gigabytes(double bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
