package org.orrery.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parts of a model by dotted name: found in its fields, renamed by [Block#describe(Parts)].
public final class Parts {
  private static final int MOST_DEPTH = 500; // a stack of 1 MB, the usual size, bears 900

  private final Root root;
  private final String prefix;
  private final Block owner;
  private final Set<Object> described = Collections.newSetFromMap(new IdentityHashMap<>());

  /// What the parts of one model are collected in.
  private static final class Root {
    private final Map<String, Parameter> named = new LinkedHashMap<>();
    private final Map<String, Block> inner = new LinkedHashMap<>();
    private final List<PartFinder.Place> elsewhere = new ArrayList<>();
    private final Set<Block> open = Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private Parts(Root root, String prefix, Block owner) {
    this.root = root;
    this.prefix = prefix;
    this.owner = owner;
  }

  /// The parts of a model.
  ///
  /// @throws IllegalStateException where two parts have one name, a part would be overlooked (see [Block]), or blocks stand
  ///     in each other more than 500 deep
  public static Parts of(Block model) {
    Parts parts = new Parts(new Root(), "", model);
    parts.collect();
    parts.requireNothingHidden();
    return parts;
  }

  /// Gives a parameter or running statistic this name.
  ///
  /// @param parameter null where there is none
  /// @throws IllegalStateException where the name is taken
  public Parts parameter(String name, @Nullable Parameter parameter) {
    if (parameter != null) {
      described.add(parameter);
      Parameter before = root.named.putIfAbsent(prefix + name, parameter);
      if (before != null) {
        throw new IllegalStateException("two parameters are called " + prefix + name);
      }
    }
    return this;
  }

  /// Gives an inner block this name; its parts are named `name.part`.
  ///
  /// @param block null where there is none
  public Parts block(String name, @Nullable Block block) {
    if (block != null) {
      described.add(block);
      root.inner.put(prefix + name, block);
      new Parts(root, prefix + name + ".", block).collect();
    }
    return this;
  }

  /// Gives inner blocks the names `name.0`, `name.1`, ...
  public Parts blocks(String name, List<? extends Block> list) {
    for (int i = 0; i < list.size(); i++) {
      block(name + "." + i, list.get(i));
    }
    return this;
  }

  /// Takes the parts of an inner block for parts of this one, without a name in front.
  ///
  /// @param block null where there is none
  public Parts inline(@Nullable Block block) {
    if (block != null) {
      described.add(block);
      new Parts(root, prefix, block).collect();
    }
    return this;
  }

  /// Gives no name to an inner block that has no parameters, so that summaries and observers pass over it.
  ///
  /// @throws IllegalStateException where it has some
  public Parts unnamed(Block block) {
    if (!block.parameters().isEmpty()) {
      throw new IllegalStateException(kind() + ": " + block.getClass().getSimpleName() + " has parameters "
          + block.parameters().keySet() + "; without a name they would be lost");
    }
    described.add(block);
    return this;
  }

  private void collect() {
    if (!root.open.add(owner)) {
      throw new IllegalStateException(kind() + " contains itself, as " + place());
    }
    if (root.open.size() > MOST_DEPTH) {
      throw new IllegalStateException(kind() + ": blocks stand in each other more than " + MOST_DEPTH
          + " deep; a list of layers, as in one Sequential, may be of any length");
    }
    owner.describe(this);
    PartFinder.Found found = PartFinder.in(owner);
    Set<Object> before = Collections.newSetFromMap(new IdentityHashMap<>());
    before.addAll(described); // a part in two fields has both names
    found.parts().forEach((name, part) -> {
      if (!before.contains(part)) {
        switch (part) {
          case Parameter parameter -> parameter(name, parameter);
          case Block block -> block(name, block);
          default -> throw new AssertionError(part);
        }
      }
    });
    for (PartFinder.Place place : found.elsewhere()) {
      root.elsewhere.add(new PartFinder.Place(prefix + place.name(), place.object()));
    }
    root.open.remove(owner);
  }

  /// Checks that what stands in places that are not looked into are parts that have a name.
  private void requireNothingHidden() {
    Set<Parameter> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(root.named.values());
    List<String> complaints = new ArrayList<>();
    for (PartFinder.Place place : root.elsewhere) {
      PartFinder.reachable(place).forEach((name, parameter) -> {
        if (known.add(parameter)) {
          complaints.add("the parameter " + parameter.shape() + " at " + name);
        }
      });
    }
    if (!complaints.isEmpty()) {
      throw new IllegalStateException(kind() + ": " + String.join(", ", complaints)
          + " would be neither trained nor saved. Parts belong in final fields of blocks, or in arrays, lists, maps or "
          + "optionals there; a lambda gets them handed, as in Message.of(network, (network, ...) -> ...)");
    }
  }

  private String kind() {
    return owner.getClass().getSimpleName();
  }

  private String place() {
    return prefix.isEmpty() ? "the whole" : prefix.substring(0, prefix.length() - 1);
  }

  /// The parameters by dotted name, each once, under its first name.
  public Map<String, Parameter> named() {
    Map<String, Parameter> once = new LinkedHashMap<>();
    Set<Parameter> seen = new LinkedHashSet<>();
    root.named.forEach((name, parameter) -> {
      if (seen.add(parameter)) {
        once.put(name, parameter);
      }
    });
    return Collections.unmodifiableMap(once);
  }

  /// The parameters by every dotted name, those of tied weights included.
  public Map<String, Parameter> everyName() {
    return Collections.unmodifiableMap(root.named);
  }

  /// The inner blocks by dotted name.
  public Map<String, Block> inner() {
    return Collections.unmodifiableMap(root.inner);
  }
}
