package org.orrery.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Tensor;

/// Lets an [BlockObserver] see every module of a model by its dotted name while a body runs.
///
/// ```java
/// Observed.with(application -> System.out.println(application), model, () -> model.apply(graph, Mode.inference()));
/// ```
/// A [Layer] and a graph layer take part by themselves. A block of another kind takes part with one line, in which the
/// last arguments are what it reads:
/// ```java
/// public Tensor apply(Tensor x, Tensor y, Mode mode) {
///   return Observed.call(this, () -> second.apply(first.apply(x, mode).add(y), mode), x, y);
/// }
/// ```
/// What the model does not list has no name and is not seen, nor is a part whose weights its owner reads itself instead
/// of applying it. A module that is listed under several names is seen under that of the place where it is used: the
/// names within the module that applies it, in the order described, then from the first again.
///
/// The observer is a [ScopedValue]: it sees what is called in the body on the same thread. Where nobody observes, the
/// one line costs a look at it.
public final class Observed {
  private static final ScopedValue<Observed> CURRENT = ScopedValue.newInstance();

  private final BlockObserver observer;
  private final IdentityHashMap<Block, List<String>> names = new IdentityHashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Deque<Frame> open = new ArrayDeque<>();

  /// A module that runs, and how often it applied each of its parts so far.
  private record Frame(String name, Map<String, Integer> applied) {
    private Frame(String name) {
      this(name, new HashMap<>());
    }
  }

  private Observed(BlockObserver observer, Block model) {
    this.observer = observer;
    Parts parts = Parts.of(model);
    names.put(model, new ArrayList<>(List.of("")));
    parts.inner().forEach((name, module) -> {
      names.computeIfAbsent(module, m -> new ArrayList<>()).add(name);
      owners.put(name, ownerOf(name, parts));
    });
  }

  private static String ownerOf(String name, Parts parts) {
    String owner = name;
    do {
      owner = owner.substring(0, Math.max(0, owner.lastIndexOf('.')));
    } while (!owner.isEmpty() && !parts.inner().containsKey(owner));
    return owner;
  }

  /// Runs the body; the observer sees each use of the model and of what it lists.
  public static <T extends @Nullable Object> T with(BlockObserver observer, Block model, Supplier<T> body) {
    return ScopedValue.where(CURRENT, new Observed(observer, model)).call(body::get);
  }

  /// Whether somebody wants to see each part: those that could run as one then run one by one.
  public static boolean wantsEveryPart() {
    return CURRENT.isBound() && CURRENT.get().observer.wantsEveryPart();
  }

  /// Runs a module from tensors to a tensor, under observation where there is any.
  ///
  /// @param module that runs
  /// @param body what it does
  /// @param inputs what it reads; null for what is not there
  public static Tensor call(Block module, Supplier<Tensor> body, @Nullable Tensor... inputs) {
    return CURRENT.isBound()
        ? CURRENT.get().observed(module, body, Stream.of(inputs).filter(input -> input != null).toList(), List::of)
        : body.get();
  }

  /// Runs a module that reads rows of any form, under observation where there is any.
  public static Tensor call(Block module, Supplier<Tensor> body, Rows input) {
    return CURRENT.isBound() ? CURRENT.get().observed(module, body, input.tensors(), List::of) : body.get();
  }

  /// Runs a module with any result, under observation where there is any.
  ///
  /// @param outputs the tensors in the result
  public static <T> T call(Block module, Supplier<T> body, List<Tensor> inputs,
      Function<T, List<Tensor>> outputs) {
    return CURRENT.isBound() ? CURRENT.get().observed(module, body, inputs, outputs) : body.get();
  }

  private <T> T observed(Block module, Supplier<T> body, List<Tensor> inputs, Function<T, List<Tensor>> outputs) {
    List<String> candidates = names.get(module);
    if (candidates == null) {
      return body.get();
    }
    String name = nameHere(candidates);
    int use = uses.merge(name, 1, Integer::sum) - 1;
    open.push(new Frame(name));
    observer.entered(name, use, module);
    try {
      T result = body.get();
      observer.applied(new BlockObserver.Application(name, use, module, inputs, outputs.apply(result)));
      return result;
    } finally {
      open.pop();
      observer.left(name, use, module);
    }
  }

  /// Which of the names of a module is meant where it is applied now.
  private String nameHere(List<String> candidates) {
    for (Frame frame : open) {
      List<String> own = candidates.stream().filter(name -> frame.name().equals(owners.get(name))).toList();
      if (!own.isEmpty()) {
        String name = leastUsed(own, frame.applied());
        frame.applied().merge(name, 1, Integer::sum);
        return name;
      }
    }
    return leastUsed(candidates, uses);
  }

  private static String leastUsed(List<String> candidates, Map<String, Integer> counts) {
    String least = candidates.getFirst();
    for (String name : candidates) {
      least = counts.getOrDefault(name, 0) < counts.getOrDefault(least, 0) ? name : least;
    }
    return least;
  }
}
