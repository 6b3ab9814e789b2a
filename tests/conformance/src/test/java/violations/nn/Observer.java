package violations.nn;

import violations.graph.KnowsTensor;

/// Called like a type of java.util, and knows a graph.
public record Observer(Class<KnowsTensor> upwards) {}
