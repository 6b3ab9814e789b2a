package violations.graph;

import violations.tensor.Lanes;

/// Downwards, which is allowed.
public record KnowsTensor(Class<Lanes> downwards) {
  static Class<?> allowed() { return Lanes.class; }
}
