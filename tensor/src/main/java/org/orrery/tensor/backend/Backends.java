package org.orrery.tensor.backend;

import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which backend computes: the CPU, unless another is asked for.
///
/// The choice is a [ScopedValue]: `Backends.with(backend, () -> ...)` holds for what is called inside and for nothing
/// else.
public final class Backends {
  private static final ScopedValue<Backend> CHOSEN = ScopedValue.newInstance();

  private static volatile @Nullable Backend cpu;

  private Backends() {
  }

  /// The backend on which new tensors are made.
  public static Backend current() {
    return CHOSEN.isBound() ? CHOSEN.get() : cpu();
  }

  /// Where the work on what lives on this backend is done: there, unless a backend stands in for all
  /// ([Backend#standsInForAll()]).
  public static Backend working(Backend home) {
    return CHOSEN.isBound() && CHOSEN.get().standsInForAll() ? CHOSEN.get() : home;
  }

  /// Runs the body with another backend.
  public static <T> T with(Backend backend, Supplier<T> body) {
    return ScopedValue.where(CHOSEN, backend).call(body::get);
  }

  /// The backend of that name.
  ///
  /// @throws IllegalArgumentException listing the names there are
  /// @throws IllegalStateException where this machine cannot run it
  public static Backend named(String name) {
    TreeSet<String> names = new TreeSet<>();
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())) {
      if (provider.name().equals(name)) {
        return provider.backend();
      }
      names.add(provider.name());
    }
    throw new IllegalArgumentException("no backend is called '" + name + "'; there are " + names);
  }

  private static Backend cpu() {
    Backend known = cpu;
    if (known == null) {
      known = named("cpu"); // the provider gives the same one each time, so that a race does no harm
      cpu = known;
    }
    return known;
  }
}
