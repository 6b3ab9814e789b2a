package org.orrery.tensor;

import java.util.IdentityHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Storage;

/// A stretch of work whose results give their memory back at its end, to be used again by the next: a training step.
///
/// Every tensor made inside belongs to the innermost open scope. What must outlive it is promoted with [#keep(Tensor)].
/// Reading any other tensor of a closed scope throws. Without a scope the garbage collector does the work.
public final class Scope {
  private static final ScopedValue<Scope> CURRENT = ScopedValue.newInstance();
  /// Stands for "no scope" inside [#outside].
  private static final Scope NONE = new Scope(null);

  private final @Nullable Scope parent;
  private final IdentityHashMap<Storage, Backend> owned = new IdentityHashMap<>();
  private long liveBytes;
  private long peakBytes;

  private Scope(@Nullable Scope parent) {
    this.parent = parent;
  }

  /// Runs the body in a scope of its own and closes it.
  public static <T extends @Nullable Object> T within(Function<Scope, T> body) {
    Scope scope = new Scope(current());
    try {
      return ScopedValue.where(CURRENT, scope).call(() -> body.apply(scope));
    } finally {
      scope.close();
    }
  }

  /// Runs the body in a scope of its own and closes it.
  public static void run(Consumer<Scope> body) {
    within(scope -> {
      body.accept(scope);
      return 0;
    });
  }

  /// Runs the body outside every scope: for what is made once and kept, such as a cached structure.
  public static <T extends @Nullable Object> T outside(Supplier<T> body) {
    return ScopedValue.where(CURRENT, NONE).call(body::get);
  }

  /// The same values, to be read after this scope has closed (in the scope around it, where there is one). Its history
  /// ends here: no gradient flows through the kept tensor. It may also be called from a scope inside this one.
  public Tensor keep(Tensor tensor) {
    Storage buffer = tensor.data();
    for (Scope scope = current(); scope != null; scope = scope.parent) {
      if (scope == this || scope.owns(buffer)) {
        handUp(scope, buffer);
        break;
      }
    }
    return tensor.detach();
  }

  /// The bytes of the tensors that this scope holds now, those of scopes inside it included.
  public long liveBytes() {
    return liveBytes;
  }

  /// The most bytes that it ever held.
  public long peakBytes() {
    return peakBytes;
  }

  static @Nullable Scope current() {
    Scope scope = CURRENT.isBound() ? CURRENT.get() : null;
    return scope == NONE ? null : scope;
  }

  /// Gives a fresh buffer to the innermost scope. One that already belongs to somebody stays where it is.
  static void register(Storage buffer, Backend backend) {
    Scope scope = current();
    if (buffer.adopt() && scope != null) {
      scope.own(buffer, backend);
    }
  }

  /// Whether the buffer was made in this scope, not in one around it.
  boolean owns(Storage buffer) {
    return owned.containsKey(buffer);
  }

  /// Hands the buffer to the scope around this one, if it is owned here.
  void promote(Storage buffer) {
    handUp(this, buffer);
  }

  /// Hands a buffer of a scope inside this one (or of this one) to the scope around this one.
  private void handUp(Scope owner, Storage buffer) {
    Backend backend = owner.disown(buffer);
    if (backend != null && parent != null) {
      parent.own(buffer, backend);
    }
  }

  /// Gives the buffer back before the scope closes.
  void release(Storage buffer) {
    Backend backend = disown(buffer);
    if (backend != null) {
      backend.release(buffer);
    }
  }

  private void own(Storage buffer, Backend backend) {
    if (owned.put(buffer, backend) == null) {
      count(Float.BYTES * (long) buffer.size());
    }
  }

  /// Takes a buffer off the books without giving its memory back.
  @Nullable
  Backend disown(Storage buffer) {
    Backend backend = owned.remove(buffer);
    if (backend != null) {
      count(-Float.BYTES * (long) buffer.size());
    }
    return backend;
  }

  private void count(long bytes) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      scope.liveBytes += bytes;
      scope.peakBytes = Math.max(scope.peakBytes, scope.liveBytes);
    }
  }

  private void close() {
    owned.forEach((buffer, backend) -> {
      count(-Float.BYTES * (long) buffer.size());
      backend.release(buffer);
    });
    owned.clear();
  }
}
