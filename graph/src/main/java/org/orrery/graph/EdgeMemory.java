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
  /// One part in so many of the heap is left to what is not a list.
  private static final int REST = 4;

  private EdgeMemory() {
  }

  /// How many edges a list can have in this process: as many as an array holds, and as three quarters of the heap have
  /// room for.
  public static long most() {
    return Math.min(LARGEST_LIST, forLists(Runtime.getRuntime().maxMemory()) / BYTES);
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
    if (edges > LARGEST_LIST || edges * BYTES > forLists(memory)) {
      throw new ArithmeticException(String.format(Locale.ROOT,
          "%s: %.0f %s need %s; a list holds at most %d, and lists may take %s, 3/4 of -Xmx; %s", operation, edges,
          what,
          gigabytes(edges * BYTES), LARGEST_LIST, gigabytes((double) forLists(memory)), instead));
    }
  }

  private static long forLists(long memory) { return memory - memory / REST; }

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
