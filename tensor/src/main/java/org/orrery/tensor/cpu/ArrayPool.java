package org.orrery.tensor.cpu;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Arrays that are not in use, by size class. Memory-bound work runs at half its speed on a fresh array, which the
/// machine must map and clear first; so results are written where earlier results were.
///
/// A class is a multiple of a thirty-second of a power of 2, and an idle array up to an eighth longer does as well. Idle arrays
/// are held softly: whoever allocates, the pool included, gets their memory before it runs out. A few small ones stay
/// with the thread that gave them back.
final class ArrayPool {
  private static final int LEAST_STEP = 16;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final TreeMap<Integer, ArrayDeque<Idle>> idle = new TreeMap<>();
  private final boolean poisoning;
  private final long mostBytes;
  private final LongSupplier clock;
  private long bytes;
  private long lastSweep;

  /// The longest array that a thread keeps for itself.
  private static final int MOST_AT_HAND = 1 << 15;
  private static final int PLACES = 8;

  private final ThreadLocal<AtHand> atHand = ThreadLocal.withInitial(AtHand::new);

  /// A few small arrays of one thread: what a piece of work holds beside its result, thousands of times a second.
  private static final class AtHand {
    private final float[] @Nullable [] arrays = new float[PLACES][];

    float @Nullable [] poll(int length) {
      for (int i = 0; i < PLACES; i++) {
        float[] values = arrays[i];
        if (values != null && values.length >= length && values.length <= longest(length)) {
          arrays[i] = null;
          return values;
        }
      }
      return null;
    }

    boolean keep(float[] values) {
      for (int i = 0; i < PLACES; i++) {
        if (arrays[i] == null) {
          arrays[i] = values;
          return true;
        }
      }
      return false;
    }
  }

  private record Idle(SoftReference<float[]> values, int length, long since) {
  }

  /// @param poisoning whether arrays are handed out full of NaN, so that a kernel that relies on zeros is found out
  /// @param mostBytes how much is kept at most
  ArrayPool(boolean poisoning, long mostBytes) {
    this(poisoning, mostBytes, System::nanoTime);
  }

  /// @param clock in nanoseconds
  ArrayPool(boolean poisoning, long mostBytes, LongSupplier clock) {
    this.poisoning = poisoning;
    this.mostBytes = mostBytes;
    this.clock = clock;
    this.lastSweep = clock.getAsLong();
  }

  /// An array of at least this length, with anything in it.
  float[] take(int size) {
    int capacity = capacity(size);
    float[] values = capacity <= MOST_AT_HAND ? atHand.get().poll(capacity) : null;
    values = values == null ? poll(capacity) : values;
    if (values == null) {
      values = new float[capacity];
    }
    if (poisoning) {
      Arrays.fill(values, Float.NaN);
    }
    return values;
  }

  private synchronized float @Nullable [] poll(int capacity) {
    sweep(clock.getAsLong());
    for (ArrayDeque<Idle> arrays : idle.subMap(capacity, true, longest(capacity), true).values()) {
      while (!arrays.isEmpty()) {
        Idle last = arrays.removeLast();
        bytes -= bytes(last.length);
        float[] values = last.values.get();
        if (values != null) {
          return values;
        }
      }
    }
    return null;
  }

  /// The longest array that is handed out where one of this length would do.
  private static int longest(int capacity) {
    return (int) Math.min(Integer.MAX_VALUE, capacity + (long) capacity / 8);
  }

  /// Takes an array back. One that has no size class was made elsewhere and is left to the garbage collector.
  void give(float[] values) {
    if (poisoning) {
      Arrays.fill(values, Float.NaN);
    }
    if (values.length == capacity(values.length)
        && !(values.length <= MOST_AT_HAND && atHand.get().keep(values))) {
      keep(values, clock.getAsLong());
    }
  }

  private synchronized void keep(float[] values, long now) {
    sweep(now);
    if (bytes + bytes(values.length) <= mostBytes) {
      idle.computeIfAbsent(values.length, capacity -> new ArrayDeque<>())
          .addLast(new Idle(new SoftReference<>(values), values.length, now));
      bytes += bytes(values.length);
    }
  }

  private void sweep(long now) {
    if (now - lastSweep > IDLE_NANOS / 4) {
      lastSweep = now;
      dropSince(now - IDLE_NANOS);
    }
  }

  private void dropSince(long time) {
    for (Iterator<ArrayDeque<Idle>> classes = idle.values().iterator(); classes.hasNext();) {
      ArrayDeque<Idle> arrays = classes.next();
      for (Idle first = arrays.peekFirst(); first != null && first.since - time < 0; first = arrays.peekFirst()) {
        bytes -= bytes(first.length);
        arrays.removeFirst();
      }
      if (arrays.isEmpty()) {
        classes.remove();
      }
    }
  }

  synchronized long retainedBytes() {
    return bytes;
  }

  private static long bytes(int length) {
    return (long) Float.BYTES * length;
  }

  /// The smallest size class that holds `size` numbers.
  static int capacity(int size) {
    int step = Math.max(LEAST_STEP, Integer.highestOneBit(size) / 32);
    long capacity = Math.max(1, (size + (long) step - 1) / step) * step;
    return (int) Math.min(capacity, Integer.MAX_VALUE - 8);
  }
}
