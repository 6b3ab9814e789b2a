package org.orrery.tensor.cpu;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Fork and join over chunks. The size of a chunk is the caller's and follows from shapes alone, so that results do not
/// depend on the number of threads. Each thread begins with a range of chunks of its own, the same in every job of so many
/// chunks: what it wrote in the last job is still in its cache. Then it helps with the ranges of others.
///
/// The process has one pool, which kernels, neighbor searches and whatever else takes several threads share: as many threads
/// as the system property `orrery.threads` or the environment variable `ORRERY_THREADS` says, else one for each processor.
public final class Parallel {
  /// Work that is shared out in ranges.
  public interface Body {
    /// The work on the places `from` up to, not including, `to`.
    void run(int from, int to);
  }

  /// More than any machine has.
  private static final int MOST_THREADS = 4096;

  /// How often a thread looks for work, or for the end of others' work, before it sleeps: some hundred microseconds.
  private static final int LOOKS = 4000;

  /// So many numbers fill a cache line.
  private static final int LINE = 16;

  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

  private static final ScopedValue<Parallel> CHOSEN = ScopedValue.newInstance();

  private static @Nullable Parallel process;

  private final int threads;
  private final @Nullable ThreadPoolExecutor helpers;

  Parallel(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads; at least 1 is required");
    }
    this.threads = threads;
    this.helpers = threads == 1 ? null : helpers(threads - 1);
  }

  /// The pool of the process, unless another is asked for around here.
  ///
  /// @throws IllegalArgumentException where the property or the variable does not say how many threads
  public static Parallel current() {
    return CHOSEN.isBound() ? CHOSEN.get() : ofProcess();
  }

  /// Runs the body with a pool of this many threads, the caller's included: for tests, since results are the same.
  ///
  /// @throws IllegalArgumentException for fewer than 1
  public static <T> T with(int threads, Supplier<T> body) {
    return ScopedValue.where(CHOSEN, new Parallel(threads)).call(body::get);
  }

  /// The pool of the process.
  static synchronized Parallel ofProcess() {
    if (process == null) {
      process = new Parallel(threadsOfProcess());
    }
    return process;
  }

  private static int threadsOfProcess() {
    String wanted = System.getProperty("orrery.threads", System.getenv("ORRERY_THREADS"));
    if (wanted == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      int threads = Integer.parseInt(wanted.strip());
      if (threads >= 1 && threads <= MOST_THREADS) {
        return threads;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(threadsMessage(wanted), notANumber);
    }
    throw new IllegalArgumentException(threadsMessage(wanted));
  }

  private static String threadsMessage(String wanted) {
    return "orrery.threads (or ORRERY_THREADS): " + wanted + "; a whole number from 1 to " + MOST_THREADS
        + " is required";
  }

  private static ThreadPoolExecutor helpers(int count) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool = new ThreadPoolExecutor(count, count, 30, TimeUnit.SECONDS, new Waiting(),
        work -> new Worker(work, 1 + number.getAndIncrement() % count));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /// A thread with a number, which says where it begins.
  private static final class Worker extends Thread {
    private final int number;

    Worker(Runnable work, int number) {
      super(work, "orrery-" + number);
      setDaemon(true);
      this.number = number;
    }
  }

  /// Work to be done; who finds none looks again for a while before it sleeps, for the next job often comes within
  /// microseconds and waking up takes tens of them.
  private static final class Waiting extends LinkedBlockingQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Runnable poll(long time, TimeUnit unit) throws InterruptedException {
      for (int look = 0; look < LOOKS; look++) {
        Runnable work = poll();
        if (work != null) {
          return work;
        }
        Thread.onSpinWait();
      }
      return super.poll(time, unit);
    }
  }

  /// How many threads share the work, the caller's included.
  public int threads() {
    return threads;
  }

  /// Runs the body for each of 0 to count - 1, as [#forChunks(int, int, Body)] does with chunks of one.
  public void forEach(int count, IntConsumer body) {
    forChunks(count, 1, (from, to) -> body.accept(from));
  }

  /// Runs the body on each chunk of 0 to size - 1. The calling thread takes part; a call from within a body runs inline.
  /// What a body throws is thrown here, after the other chunks have ended.
  public void forChunks(int size, int chunk, Body body) {
    int chunks = (int) ((size + (long) chunk - 1) / chunk);
    if (helpers == null || chunks <= 1 || INSIDE.get()) {
      for (int c = 0; c < chunks; c++) {
        runChunk(c, size, chunk, body);
      }
      return;
    }
    Job job = new Job(size, chunk, chunks, Math.min(threads, chunks), body);
    for (int t = 1; t < Math.min(threads, chunks); t++) {
      helpers.execute(job);
    }
    job.run();
    job.await();
  }

  private static void runChunk(int c, int size, int chunk, Body body) {
    int from = c * chunk;
    body.run(from, (int) Math.min(size, from + (long) chunk));
  }

  /// Chunks are counted, not helpers: a helper that wakes up late finds nothing to do, and nobody waits for it.
  private static final class Job implements Runnable {
    private final int size;
    private final int chunk;
    private final int chunks;
    private final Body body;
    private final int ranges;
    /// The next chunk of each range, a cache line apart.
    private final AtomicIntegerArray next;
    private final CountDownLatch open;
    private final AtomicReference<@Nullable RuntimeException> exception = new AtomicReference<>();
    private final AtomicReference<@Nullable Error> error = new AtomicReference<>();

    Job(int size, int chunk, int chunks, int ranges, Body body) {
      this.size = size;
      this.chunk = chunk;
      this.chunks = chunks;
      this.ranges = ranges;
      this.body = body;
      this.open = new CountDownLatch(chunks);
      this.next = new AtomicIntegerArray(ranges * LINE);
      for (int range = 0; range < ranges; range++) {
        next.set(range * LINE, start(range));
      }
    }

    private int start(int range) {
      return (int) ((long) chunks * range / ranges);
    }

    @Override
    public void run() {
      INSIDE.set(true);
      try {
        int first = Thread.currentThread() instanceof Worker worker ? worker.number % ranges : 0;
        for (int r = 0; r < ranges; r++) {
          runRange((first + r) % ranges);
        }
      } finally {
        INSIDE.set(false);
      }
    }

    private void runRange(int range) {
      int end = start(range + 1);
      for (int c = next.getAndIncrement(range * LINE); c < end; c = next.getAndIncrement(range * LINE)) {
        runOne(c);
      }
    }

    private void runOne(int c) {
      try {
        if (exception.get() == null && error.get() == null) {
          runChunk(c, size, chunk, body);
        }
      } catch (RuntimeException thrown) {
        exception.compareAndSet(null, thrown);
      } catch (Error thrown) {
        error.compareAndSet(null, thrown);
      } finally {
        open.countDown();
      }
    }

    void await() {
      for (int look = 0; look < LOOKS && open.getCount() > 0; look++) {
        Thread.onSpinWait();
      }
      boolean interrupted = false;
      while (true) {
        try {
          open.await();
          break;
        } catch (InterruptedException wait) {
          interrupted = true; // the chunks write to arrays of ours: they must end before we go
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      Error failure = error.get();
      if (failure != null) {
        throw failure;
      }
      RuntimeException thrown = exception.get();
      if (thrown != null) {
        throw thrown;
      }
    }
  }
}
