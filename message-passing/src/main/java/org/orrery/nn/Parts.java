package org.orrery.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The list of a module's parts, filled by [Block#describe(Parts)].
public final class Parts {
  private final String prefix;
  private final Map<String, Parameter> named;
  private final Map<String, Block> modules;

  /// An empty list.
  public Parts() {
    this("", new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  private Parts(String prefix, Map<String, Parameter> named, Map<String, Block> modules) {
    this.prefix = prefix;
    this.named = named;
    this.modules = modules;
  }

  /// A parameter or running statistic.
  ///
  /// @throws IllegalStateException where the name is taken
  public Parts parameter(String name, Parameter parameter) {
    Parameter before = named.putIfAbsent(prefix + name, parameter);
    if (before != null) {
      throw new IllegalStateException("two parameters are called " + prefix + name);
    }
    return this;
  }

  /// An inner module; its parts are named `name.part`.
  public Parts module(String name, Block module) {
    String path = prefix + name;
    modules.put(path, module);
    module.describe(new Parts(path + ".", named, modules));
    return this;
  }

  /// Inner modules named `name.0`, `name.1`, ...
  public Parts modules(String name, List<? extends Block> list) {
    for (int i = 0; i < list.size(); i++) {
      module(name + "." + i, list.get(i));
    }
    return this;
  }

  /// The parameters by dotted name, in the order described.
  public Map<String, Parameter> named() {
    return Collections.unmodifiableMap(named);
  }

  /// The modules inside by dotted name, in the order described.
  public Map<String, Block> inner() {
    return Collections.unmodifiableMap(modules);
  }
}
